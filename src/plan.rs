//! What would happen if one started the project now: what starts and what does not, what is
//! missing, how long it takes at least, and what an edit needs afterwards - before anything is
//! started.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::compose::resolve::{self, Request};
use crate::compose::unset_uses::{self, UnsetUse};
use crate::compose::value::demand;
use crate::compose::{Compose, Dialect, MountKind, Service, Value, View};
use crate::links::{self, Chain};
use crate::project::Project;
use crate::project::call::Call;
use crate::roles;
use crate::roles::{Need, NeedKind};
use crate::startup;
use crate::startup::Start;
use crate::syntax::dotenv;
use crate::text::{Source, Span};

/// What would happen.
#[derive(Debug)]
pub struct Plan {
    /// The active profiles.
    pub profiles: Vec<String>,
    /// The services that start, in the order of the document.
    pub starting: Vec<String>,
    /// Those that do not.
    pub off: Vec<Off>,
    /// What is missing for it.
    pub missing: Vec<Missing>,
    /// Who waits for whom longest.
    pub critical_path: Vec<Start>,
    /// What the code of each service that starts needs for an edit; services without code of the
    /// project left out.
    pub edits: Vec<(String, Chain)>,
    /// The command that starts what this plan says.
    pub command: String,
    /// The command that starts all services, if this plan leaves some out.
    pub full_command: Option<String>,
}

/// A service that does not start.
#[derive(Debug)]
pub struct Off {
    /// The service.
    pub service: String,
    /// The profiles that would enable it.
    pub profiles: Vec<String>,
    /// The services that start and use it.
    pub users: Vec<User>,
}

/// A service that uses one that is off.
#[derive(Debug)]
pub struct User {
    /// The service.
    pub service: String,
    /// Whether it can do without by what the compose file says; otherwise Docker Compose refuses
    /// the project.
    pub is_optional: bool,
    /// Where it says so.
    pub span: Option<Span>,
}

/// Something that is missing.
#[derive(Debug, PartialEq, Eq)]
pub struct Missing {
    /// What, and what comes of it.
    pub text: String,
    /// Whether nothing starts for it.
    pub refuses: bool,
    /// Where it is asked for.
    pub span: Option<Span>,
}

/// Plans the start of a project. `view` is what it was loaded from.
pub fn plan(project: &Project<'_>, view: &View) -> Option<Plan> {
    let compose = project.compose()?;
    let starts = startup::starts(project);
    let edits = project
        .services()
        .filter(|service| service.spec().active)
        .filter_map(|service| {
            let chains = links::chains_of_code(service);
            if chains.iter().all(|chain| chain.host.is_none()) {
                return None;
            }
            let effect = links::deciding(&chains)?.clone();
            Some((service.name().to_owned(), effect))
        });
    let off = off(compose);
    let call = |profiles: &[String]| {
        let call = Call {
            profiles: profiles.to_vec(),
            ..project.call().clone()
        };
        format!("{call} up -d --build --wait")
    };
    Some(Plan {
        profiles: view.profiles.clone(),
        starting: compose
            .active_services()
            .map(|service| service.name.value.clone())
            .collect(),
        missing: missing(project, compose, view),
        critical_path: startup::critical_path(&starts)
            .into_iter()
            .cloned()
            .collect(),
        edits: edits.collect(),
        command: call(&view.profiles),
        full_command: (!off.is_empty()).then(|| call(&["*".to_owned()])),
        off,
    })
}

fn off(compose: &Compose) -> Vec<Off> {
    let needs = roles::needs(compose);
    let mut found: Vec<Off> = Vec::new();
    for service in compose.services.iter().filter(|service| !service.active) {
        let name = service.name.as_str();
        let needing = needs.iter().filter(|need| {
            need.to == name
                && compose
                    .service(&need.from)
                    .is_some_and(|service| service.active)
        });
        let users = needing.map(|need| User {
            service: need.from.clone(),
            is_optional: !matches!(need.kind, NeedKind::DependsOn(_) | NeedKind::Fixed(_)),
            span: need.span,
        });
        found.push(Off {
            service: name.to_owned(),
            profiles: service
                .profiles
                .iter()
                .map(|profile| profile.value.clone())
                .collect(),
            users: users.collect(),
        });
    }
    for user in compose.active_services() {
        for (to, span) in roles::references(compose, user) {
            let off = found.iter_mut().find(|off| off.service == to);
            // What is said twice is said by the need.
            if let Some(off) = off.filter(|off| {
                !off.users
                    .iter()
                    .any(|known| known.service == user.name.value && !known.is_optional)
            }) {
                off.users.retain(|known| known.service != user.name.value);
                off.users.push(User {
                    service: user.name.value.clone(),
                    is_optional: true,
                    span,
                });
            }
        }
    }
    found
}

fn missing(project: &Project<'_>, compose: &Compose, view: &View) -> Vec<Missing> {
    let mut found = Vec::new();
    for profile in view.profiles.iter().filter(|profile| *profile != "*") {
        if !compose
            .services
            .iter()
            .any(|service| service.profiles.iter().any(|known| known.value == *profile))
        {
            found.push(Missing {
                text: format!(
                    "no service has the profile `{profile}`, and Docker Compose does not say so"
                ),
                refuses: false,
                span: None,
            });
        }
    }
    found.extend(env_template(project));
    found.extend(env_keys(project));
    found.extend(variables(project, compose));
    found.extend(env_files(project, compose));
    found.extend(mounted(project, compose));
    found.extend(
        compose
            .active_services()
            .filter_map(|service| unbuilt(compose, service)),
    );
    found.extend(refusals(project, compose, view));
    found.extend(
        ["secrets", "configs"]
            .into_iter()
            .flat_map(|section| granted(project, compose, section)),
    );
    found
}

/// Whatever makes Docker Compose refuse the project besides: neither variables nor env files nor
/// services that are off.
fn refusals(project: &Project<'_>, compose: &Compose, view: &View) -> Vec<Missing> {
    let request = Request {
        services: Vec::new(),
        all_resources: false,
        dialect: Dialect::Yaml,
    };
    let refused = resolve::resolve(project.workspace(), view, &request).errors;
    let mut explained: Vec<Span> = unset_uses::all(&compose.data)
        .into_iter()
        .map(|used| used.span)
        .collect();
    explained.extend(
        compose
            .services
            .iter()
            .flat_map(|service| &service.env_files)
            .filter_map(|(path, _)| path.span()),
    );
    let is_off = |need: &&Need| {
        compose
            .service(&need.to)
            .is_some_and(|service| !service.active)
    };
    explained.extend(
        roles::needs(compose)
            .iter()
            .filter(is_off)
            .filter_map(|need| need.span),
    );
    let mut found: Vec<Missing> = Vec::new();
    for error in refused {
        let is_told = explained
            .iter()
            .any(|known| known.contains(error.span) || error.span.contains(*known));
        if !is_told && !found.iter().any(|known| known.text == error.message) {
            found.push(Missing {
                text: error.message,
                refuses: true,
                span: Some(error.span),
            });
        }
    }
    found
}

/// What templates of a `.env` are called.
const TEMPLATES: [&str; 6] = [
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    "env.example",
    "example.env",
];

/// Keys of a template that the `.env` made from it does not have.
fn env_keys(project: &Project<'_>) -> Option<Missing> {
    const SHOWN: usize = 8;
    let read = |name: &str| {
        project
            .workspace()
            .read(&project.directory().join(name))
            .ok()
    };
    let env = read(".env")?;
    let (name, template) = TEMPLATES
        .into_iter()
        .find_map(|name| Some((name, read(name)?)))?;
    let entries = |source: &Source| dotenv::parse(source, dotenv::Format::Standard).0;
    let here: FxHashSet<String> = entries(&env).into_iter().map(|entry| entry.key).collect();
    let mut lacking: Vec<(String, Span)> = Vec::new();
    for entry in entries(&template)
        .into_iter()
        .filter(|entry| !here.contains(&entry.key))
    {
        if !lacking.iter().any(|(known, _)| *known == entry.key) {
            lacking.push((entry.key, entry.key_span));
        }
    }
    let span = lacking.first()?.1;
    let names: Vec<String> = lacking
        .iter()
        .take(SHOWN)
        .map(|(key, _)| format!("`{key}`"))
        .collect();
    let more = lacking
        .len()
        .checked_sub(SHOWN)
        .filter(|more| *more > 0)
        .map(|more| format!(" and {more} more"))
        .unwrap_or_default();
    Some(Missing {
        text: format!(
            "`.env` lacks {}{more}, which `{name}` has",
            names.join(", ")
        ),
        refuses: false,
        span: Some(span),
    })
}

/// A template of a `.env` that is not there.
fn env_template(project: &Project<'_>) -> Option<Missing> {
    let exists = |name: &str| {
        project
            .workspace()
            .files()
            .is_file(&project.directory().join(name))
    };
    let template = TEMPLATES
        .into_iter()
        .find(|name| exists(name))
        .filter(|_| !exists(".env"))?;
    Some(Missing {
        text: format!("there is no `.env`: `cp {template} .env`"),
        refuses: false,
        span: None,
    })
}

/// Variables that the compose files use and nobody sets.
fn variables(project: &Project<'_>, compose: &Compose) -> Vec<Missing> {
    let mut demanded: Vec<(&str, Span, String)> = Vec::new();
    let mut empty: Vec<(&str, Span)> = Vec::new();
    for UnsetUse { name, span, .. } in unset_uses::all(&compose.data) {
        let source = project.workspace().sources().get(span.file);
        match demand(source.slice(span), name) {
            Some(text) if !demanded.iter().any(|(known, ..)| *known == name) => {
                demanded.push((name, span, text.to_owned()))
            }
            None if !empty.iter().any(|(known, _)| *known == name) => empty.push((name, span)),
            _ => {}
        }
    }
    empty.retain(|(name, _)| !demanded.iter().any(|(known, ..)| known == name));
    let found = demanded.into_iter().map(|(name, span, why)| {
        let why = if why.is_empty() {
            String::new()
        } else {
            format!(": {why}")
        };
        Missing {
            text: format!("`{name}` must be set and is not{why}"),
            refuses: true,
            span: Some(span),
        }
    });
    let first = empty.first().map(|(_, span)| *span);
    let names: Vec<String> = empty.iter().map(|(name, _)| format!("`{name}`")).collect();
    let verb = if names.len() == 1 {
        "is not set and becomes an empty text"
    } else {
        "are not set and become empty texts"
    };
    let blank = first.map(|span| Missing {
        text: format!("{} {verb}", names.join(", ")),
        refuses: false,
        span: Some(span),
    });
    found.chain(blank).collect()
}

/// Files that services ask for and that are not there, each once, with who asks.
fn absent<'c>(
    project: &Project<'_>,
    asked: impl Iterator<Item = (&'c Service, &'c Path, Option<Span>)>,
) -> Vec<(&'c Path, Option<Span>, Vec<&'c str>)> {
    let mut found: Vec<(&Path, Option<Span>, Vec<&str>)> = Vec::new();
    for (service, path, span) in
        asked.filter(|(_, path, _)| !project.workspace().files().exists(path))
    {
        match found.iter_mut().find(|(known, ..)| *known == path) {
            Some((.., who)) => who.push(&service.name.value),
            None => found.push((path, span, vec![&service.name.value])),
        }
    }
    found
}

fn env_files(project: &Project<'_>, compose: &Compose) -> Vec<Missing> {
    let asked = compose.active_services().flat_map(|service| {
        let required = service
            .env_files
            .iter()
            .filter(|(path, required)| *required && !path.origin.is_unknown());
        required.map(move |(path, _)| (service, path.value.as_path(), path.span()))
    });
    let missing = absent(project, asked)
        .into_iter()
        .map(|(path, span, who)| Missing {
            text: format!(
                "the env file {} does not exist; {} it",
                project.written(path),
                ask("needs", &who)
            ),
            refuses: true,
            span,
        });
    missing.collect()
}

fn mounted(project: &Project<'_>, compose: &Compose) -> Vec<Missing> {
    let asked = compose.active_services().flat_map(|service| {
        let binds = service
            .mounts
            .iter()
            .filter(|mount| mount.kind == MountKind::Bind);
        let sources = binds
            .filter_map(|mount| mount.source.as_ref())
            .filter(|source| !source.origin.is_unknown());
        sources.map(move |source| (service, Path::new(source.value.as_str()), source.span()))
    });
    let inside = asked.filter(|(_, path, _)| path.starts_with(project.directory()));
    let missing = absent(project, inside)
        .into_iter()
        .map(|(path, span, who)| {
            let written = project.written(path);
            let text = format!(
                "{written} does not exist, and Docker makes an empty directory of it; {} it",
                ask("mounts", &who)
            );
            Missing {
                text,
                refuses: false,
                span,
            }
        });
    missing.collect()
}

/// `api needs`, `api and 3 more need`.
fn ask(verb: &str, who: &[&str]) -> String {
    match who {
        [] => verb.to_owned(),
        [one] => format!("{one} {verb}"),
        [one, rest @ ..] => format!(
            "{one} and {} more {}",
            rest.len(),
            verb.trim_end_matches('s')
        ),
    }
}

/// An image that is neither built here nor ever pulled.
fn unbuilt(compose: &Compose, service: &Service) -> Option<Missing> {
    let image = service
        .image
        .as_ref()
        .filter(|image| service.build.is_none() && !image.origin.is_unknown())?;
    let policy = service
        .pull_policy
        .as_ref()
        .filter(|policy| policy.value == "never")?;
    let is_built = compose.services.iter().any(|other| {
        other.build.is_some()
            && other
                .image
                .as_ref()
                .is_some_and(|tag| tag.value == image.value)
    });
    let text = format!(
        "`{}` uses the image `{}`, which nobody here builds and which is never pulled",
        service.name.value, image.value
    );
    (!is_built).then_some(Missing {
        text,
        refuses: false,
        span: policy.span(),
    })
}

/// Files of secrets and configs that services which start are given.
fn granted(project: &Project<'_>, compose: &Compose, section: &str) -> Vec<Missing> {
    let resources = if section == "secrets" {
        &compose.secrets
    } else {
        &compose.configs
    };
    let is_used = |name: &str| {
        compose.active_services().any(|service| {
            let items = service
                .data
                .get(section)
                .and_then(Value::as_list)
                .unwrap_or_default();
            items
                .iter()
                .any(|item| item.get("source").and_then(Value::as_str) == Some(name))
        })
    };
    let file = |resource: &'_ crate::compose::Resource| {
        let file = resource
            .data
            .get("file")
            .filter(|file| !file.origin.is_unknown())?;
        let path = PathBuf::from(file.as_str()?);
        (!project.workspace().files().exists(&path) && is_used(&resource.name.value)).then(|| {
            Missing {
                text: format!(
                    "the {} `{}` is read from {}, which does not exist",
                    &section[..section.len() - 1],
                    resource.name.value,
                    project.written(&path)
                ),
                refuses: false,
                span: file.span(),
            }
        })
    };
    resources.iter().filter_map(file).collect()
}
