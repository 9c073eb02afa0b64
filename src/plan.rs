//! What would happen if one started the project now: what starts and what does not, what is missing, how long it takes at
//! least, and what an edit needs afterwards - before anything is started.

use std::path::{Path, PathBuf};

use crate::compose::value::{Step, VariableSource, demand};
use crate::compose::{Compose, Data, MountKind, Service, Value, View, ViewKind};
use crate::links::{self, Effect};
use crate::project::Project;
use crate::project::roles::{self, NeedKind};
use crate::project::startup::{self, Start};
use crate::text::Span;

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
    /// What the code of each service that starts needs for an edit; services without code of the project left out.
    pub edits: Vec<(String, Effect)>,
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
    /// Whether it can do without by what the compose file says; otherwise Docker Compose refuses the project.
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
    let edits = project.services().filter(|service| service.spec().active).filter_map(|service| {
        let chains = links::chains(project, service, None);
        let effect = chains.into_iter().filter(|chain| chain.host.is_some()).map(|chain| chain.effect).max()?;
        Some((service.name().to_owned(), effect))
    });
    let off = off(compose);
    let call = |profiles: &[String]| {
        let files = if view.kind == ViewKind::Default { Vec::new() } else { named(project, view) };
        let profiles = profiles.iter().map(|profile| format!(" --profile {}", quoted(profile)));
        let options: String = files.into_iter().chain(profiles).collect();
        format!("docker compose{options} up -d --build --wait")
    };
    Some(Plan {
        profiles: view.profiles.clone(),
        starting: compose.active_services().map(|service| service.name.value.clone()).collect(),
        missing: missing(project, compose, view),
        critical_path: startup::critical_path(&starts).into_iter().cloned().collect(),
        edits: edits.collect(),
        command: call(&view.profiles),
        full_command: (!off.is_empty()).then(|| call(&["*".to_owned()])),
        off,
    })
}

/// The `-f` options of a call.
fn named(project: &Project<'_>, view: &View) -> Vec<String> {
    let name = |path: &PathBuf| format!(" -f {}", quoted(project.written(path).trim_start_matches("./")));
    view.files.iter().map(name).collect()
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | ':' | '@' | '+' | ',' | '=');
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false if word == "*" => "\"*\"".to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

fn off(compose: &Compose) -> Vec<Off> {
    let needs = roles::needs(compose);
    let mut found: Vec<Off> = Vec::new();
    for service in compose.services.iter().filter(|service| !service.active) {
        let name = service.name.as_str();
        let is_on = |user: &str| compose.service(user).is_some_and(|user| user.active);
        let needing = needs.iter().filter(|need| need.to == name && is_on(&need.from));
        let users = needing.map(|need| User {
            service: need.from.clone(),
            is_optional: !matches!(need.kind, NeedKind::DependsOn(_) | NeedKind::Fixed(_)),
            span: need.span,
        });
        found.push(Off {
            service: name.to_owned(),
            profiles: service.profiles.iter().map(|profile| profile.value.clone()).collect(),
            users: users.collect(),
        });
    }
    for user in compose.active_services() {
        for (to, span) in roles::references(compose, user) {
            let off = found.iter_mut().find(|off| off.service == to);
            // What is said twice is said by the need.
            if let Some(off) = off.filter(|off| !off.users.iter().any(|known| known.service == user.name.value && !known.is_optional)) {
                off.users.retain(|known| known.service != user.name.value);
                off.users.push(User { service: user.name.value.clone(), is_optional: true, span });
            }
        }
    }
    found
}

fn missing(project: &Project<'_>, compose: &Compose, view: &View) -> Vec<Missing> {
    let mut found = Vec::new();
    for profile in view.profiles.iter().filter(|profile| *profile != "*") {
        if !compose.services.iter().any(|service| service.profiles.iter().any(|known| known.value == *profile)) {
            found.push(Missing {
                text: format!("no service has the profile `{profile}`, and Docker Compose does not say so"),
                refuses: false,
                span: None,
            });
        }
    }
    found.extend(env_template(project));
    found.extend(variables(project, compose));
    for service in compose.active_services() {
        found.extend(files(project, service));
        found.extend(unbuilt(compose, service));
    }
    found.extend(["secrets", "configs"].into_iter().flat_map(|section| granted(project, compose, section)));
    found.dedup();
    found
}

/// A template of a `.env` that is not there.
fn env_template(project: &Project<'_>) -> Option<Missing> {
    const TEMPLATES: [&str; 6] = [".env.example", ".env.sample", ".env.template", ".env.dist", "env.example", "example.env"];
    let exists = |name: &str| project.workspace().files().is_file(&project.directory().join(name));
    let template = TEMPLATES.into_iter().find(|name| exists(name)).filter(|_| !exists(".env"))?;
    Some(Missing { text: format!("there is no `.env`: `cp {template} .env`"), refuses: false, span: None })
}

/// Variables that the compose files use and nobody sets.
fn variables(project: &Project<'_>, compose: &Compose) -> Vec<Missing> {
    let mut uses: Vec<(&str, Span)> = Vec::new();
    let mut rest = vec![&compose.data];
    while let Some(value) = rest.pop() {
        for step in &value.origin.steps {
            if let Step::Variable { used, name, from: VariableSource::Unset } = step {
                uses.push((name, *used));
            }
        }
        match &value.value {
            Data::List(items) => rest.extend(items),
            Data::Map(map) => rest.extend(map.iter().map(|entry| &entry.value)),
            _ => {}
        }
    }
    uses.sort_by_key(|(_, span)| *span);
    let mut found: Vec<(&str, Missing)> = Vec::new();
    for (name, span) in uses {
        let source = project.workspace().sources().get(span.file);
        let demanded = demand(source.slice(span), name);
        let known = found.iter_mut().find(|(known, _)| *known == name);
        let new = match demanded {
            Some(text) => {
                let why = if text.is_empty() { String::new() } else { format!(": {text}") };
                Missing { text: format!("`{name}` must be set and is not{why}"), refuses: true, span: Some(span) }
            }
            None => Missing { text: format!("`{name}` is not set: it becomes an empty text"), refuses: false, span: Some(span) },
        };
        match known {
            Some((_, old)) if new.refuses && !old.refuses => *old = new,
            Some(_) => {}
            None => found.push((name, new)),
        }
    }
    found.into_iter().map(|(_, missing)| missing).collect()
}

/// Env files and sources of bind mounts that a service asks for.
fn files(project: &Project<'_>, service: &Service) -> Vec<Missing> {
    let name = service.name.as_str();
    let is_there = |path: &Path| project.workspace().files().exists(path);
    let env_files = service.env_files.iter().filter(|(path, required)| *required && !path.origin.is_unknown() && !is_there(&path.value));
    let env_files = env_files.map(|(path, _)| Missing {
        text: format!("`{name}` needs the env file {}, which does not exist", project.written(&path.value)),
        refuses: true,
        span: path.span(),
    });
    let binds = service.mounts.iter().filter(|mount| mount.kind == MountKind::Bind);
    let sources = binds.filter_map(|mount| mount.source.as_ref().filter(|source| !source.origin.is_unknown()));
    let sources = sources.filter(|source| {
        let path = Path::new(&source.value);
        path.starts_with(project.directory()) && !is_there(path)
    });
    let sources = sources.map(|source| Missing {
        text: format!(
            "`{name}` mounts {}, which does not exist: Docker makes an empty directory of it",
            project.written(Path::new(&source.value))
        ),
        refuses: false,
        span: source.span(),
    });
    env_files.chain(sources).collect()
}

/// An image that is neither built here nor ever pulled.
fn unbuilt(compose: &Compose, service: &Service) -> Option<Missing> {
    let image = service.image.as_ref().filter(|image| service.build.is_none() && !image.origin.is_unknown())?;
    let policy = service.pull_policy.as_ref().filter(|policy| policy.value == "never")?;
    let is_built =
        compose.services.iter().any(|other| other.build.is_some() && other.image.as_ref().is_some_and(|tag| tag.value == image.value));
    let text = format!("`{}` uses the image `{}`, which nobody here builds and which is never pulled", service.name.value, image.value);
    (!is_built).then_some(Missing { text, refuses: false, span: policy.span() })
}

/// Files of secrets and configs that services which start are given.
fn granted(project: &Project<'_>, compose: &Compose, section: &str) -> Vec<Missing> {
    let resources = if section == "secrets" { &compose.secrets } else { &compose.configs };
    let is_used = |name: &str| {
        compose.active_services().any(|service| {
            let items = service.data.get(section).and_then(Value::as_list).unwrap_or_default();
            items.iter().any(|item| item.get("source").and_then(Value::as_str) == Some(name))
        })
    };
    let file = |resource: &'_ crate::compose::Resource| {
        let file = resource.data.get("file").filter(|file| !file.origin.is_unknown())?;
        let path = PathBuf::from(file.as_str()?);
        (!project.workspace().files().exists(&path) && is_used(&resource.name.value)).then(|| Missing {
            text: format!(
                "the {} `{}` is read from {}, which does not exist",
                &section[..section.len() - 1],
                resource.name.value,
                project.written(&path)
            ),
            refuses: false,
            span: file.span(),
        })
    };
    resources.iter().filter_map(file).collect()
}
