//! The signs by which the purpose of compose files is judged, as one table.

use std::path::{Path, PathBuf};

use super::Intent::{Ci, Development, Production, Test};
use super::{Evidence, Seen, Sign};
use crate::knowledge::images::purposes;
use crate::repository::recipes::{ComposeCall, Recipe, RecipeKind, Tool};
use crate::syntax::yaml;
use crate::text::Source;

mod content;

use content::{
    always_restarted, certificates, debug, deploy, host_directories, images, localhost, mode,
    mounted_sources, published, released_images, reloader, replicas, target, watched,
};

/// All signs.
pub const SIGNS: &[Sign] = &[
    // What the files are called and where they lie.
    Sign {
        towards: Development,
        weight: 6,
        find: |e| last_file(e, DEVELOPMENT),
    },
    Sign {
        towards: Production,
        weight: 6,
        find: |e| last_file(e, PRODUCTION),
    },
    Sign {
        towards: Test,
        weight: 6,
        find: |e| last_file(e, TEST),
    },
    Sign {
        towards: Ci,
        weight: 6,
        find: |e| last_file(e, CI),
    },
    Sign {
        towards: Development,
        weight: 3,
        find: |e| earlier_files(e, DEVELOPMENT),
    },
    Sign {
        towards: Production,
        weight: 3,
        find: |e| earlier_files(e, PRODUCTION),
    },
    Sign {
        towards: Test,
        weight: 3,
        find: |e| earlier_files(e, TEST),
    },
    Sign {
        towards: Ci,
        weight: 3,
        find: |e| earlier_files(e, CI),
    },
    Sign {
        towards: Development,
        weight: 4,
        find: |e| directories(e, &["dev", "development", "local", "devcontainer"]),
    },
    Sign {
        towards: Production,
        weight: 4,
        find: |e| directories(e, PRODUCTION),
    },
    Sign {
        towards: Test,
        weight: 4,
        find: |e| directories(e, TEST),
    },
    Sign {
        towards: Ci,
        weight: 4,
        find: |e| directories(e, CI),
    },
    Sign {
        towards: Development,
        weight: 3,
        find: |e| sibling_for_production(e),
    },
    Sign {
        towards: Production,
        weight: 3,
        find: |e| sibling_for_development(e),
    },
    Sign {
        towards: Production,
        weight: 3,
        find: |e| overlay_for_development(e),
    },
    Sign {
        towards: Production,
        weight: 2,
        find: |e| fragment_for_development(e),
    },
    // What the files say of themselves.
    Sign {
        towards: Development,
        weight: 4,
        find: |e| header(e, &["development", "local dev", "for dev"]),
    },
    Sign {
        towards: Production,
        weight: 4,
        find: |e| header(e, &["production", "deployment", "staging", "self-host"]),
    },
    Sign {
        towards: Development,
        weight: 3,
        find: |e| project_name(e, DEVELOPMENT),
    },
    Sign {
        towards: Production,
        weight: 3,
        find: |e| project_name(e, PRODUCTION),
    },
    Sign {
        towards: Test,
        weight: 3,
        find: |e| project_name(e, TEST),
    },
    // Who loads them.
    Sign {
        towards: Development,
        weight: 6,
        find: |e| {
            calls(
                e,
                |_, call| call.tool == Tool::DevContainer,
                "is opened as a development container",
            )
        },
    },
    Sign {
        towards: Development,
        weight: 5,
        find: |e| {
            calls(
                e,
                |_, call| call.is("watch") || call.has(&["-w", "--watch"]),
                "is run with watch",
            )
        },
    },
    Sign {
        towards: Development,
        weight: 3,
        find: |e| named_recipes(e, DEVELOPMENT, &[RecipeKind::Runnable]),
    },
    Sign {
        towards: Development,
        weight: 2,
        find: |e| named_recipes(e, DEVELOPMENT, &[RecipeKind::Document]),
    },
    Sign {
        towards: Development,
        weight: 1,
        find: |e| calls(e, is_quick_start, "is what the documents say to start"),
    },
    Sign {
        towards: Production,
        weight: 6,
        find: |e| {
            calls(
                e,
                |_, call| call.tool == Tool::Stack,
                "is deployed as a stack",
            )
        },
    },
    Sign {
        towards: Production,
        weight: 4,
        find: |e| {
            calls(
                e,
                |_, call| call.remote && call.starts(),
                "is started on another machine",
            )
        },
    },
    Sign {
        towards: Production,
        weight: 4,
        find: |e| calls(e, is_unit, "is started by systemd"),
    },
    Sign {
        towards: Production,
        weight: 3,
        find: |e| named_recipes(e, PRODUCTION, &[RecipeKind::Runnable, RecipeKind::Ci]),
    },
    Sign {
        towards: Production,
        weight: 1,
        find: |e| named_recipes(e, PRODUCTION, &[RecipeKind::Document]),
    },
    Sign {
        towards: Test,
        weight: 4,
        find: |e| {
            calls(
                e,
                |_, call| call.has(&["--abort-on-container-exit", "--exit-code-from"]),
                "ends with a test",
            )
        },
    },
    Sign {
        towards: Ci,
        weight: 3,
        find: |e| only_pipelines(e),
    },
    Sign {
        towards: Development,
        weight: 3,
        find: |e| env_files(e, DEVELOPMENT),
    },
    Sign {
        towards: Production,
        weight: 4,
        find: |e| env_files(e, PRODUCTION),
    },
    Sign {
        towards: Test,
        weight: 3,
        find: |e| env_files(e, TEST),
    },
    // What runs in them.
    Sign {
        towards: Development,
        weight: 6,
        find: |e| watched(e),
    },
    Sign {
        towards: Development,
        weight: 4,
        find: |e| mounted_sources(e),
    },
    Sign {
        towards: Development,
        weight: 4,
        find: |e| mode(e, DEVELOPMENT),
    },
    Sign {
        towards: Production,
        weight: 4,
        find: |e| mode(e, PRODUCTION),
    },
    Sign {
        towards: Test,
        weight: 3,
        find: |e| mode(e, TEST),
    },
    Sign {
        towards: Development,
        weight: 3,
        find: |e| debug(e),
    },
    Sign {
        towards: Development,
        weight: 5,
        find: |e| target(e, DEVELOPMENT),
    },
    Sign {
        towards: Production,
        weight: 3,
        find: |e| target(e, PRODUCTION),
    },
    Sign {
        towards: Test,
        weight: 3,
        find: |e| target(e, TEST),
    },
    Sign {
        towards: Development,
        weight: 4,
        find: |e| reloader(e),
    },
    Sign {
        towards: Development,
        weight: 2,
        find: |e| images(e, purposes::OF_DEVELOPMENT, "is a tool for developers"),
    },
    Sign {
        towards: Development,
        weight: 2,
        find: |e| localhost(e),
    },
    Sign {
        towards: Production,
        weight: 4,
        find: |e| images(e, purposes::OF_PRODUCTION, "serves a public site"),
    },
    Sign {
        towards: Production,
        weight: 4,
        find: |e| certificates(e),
    },
    Sign {
        towards: Production,
        weight: 1,
        find: |e| published(e, "443"),
    },
    Sign {
        towards: Production,
        weight: 4,
        find: |e| {
            deploy(
                e,
                &[
                    "placement",
                    "update_config",
                    "rollback_config",
                    "endpoint_mode",
                ],
            )
        },
    },
    Sign {
        towards: Production,
        weight: 2,
        find: |e| replicas(e),
    },
    Sign {
        towards: Production,
        weight: 2,
        find: |e| released_images(e),
    },
    Sign {
        towards: Production,
        weight: 1,
        find: |e| always_restarted(e),
    },
    Sign {
        towards: Production,
        weight: 2,
        find: |e| host_directories(e),
    },
];

const DEVELOPMENT: &[&str] = &[
    "dev",
    "develop",
    "development",
    "devel",
    "local",
    "localhost",
    "watch",
    "hot",
    "debug",
    "override",
];
const PRODUCTION: &[&str] = &[
    "prod",
    "production",
    "prd",
    "deploy",
    "deployment",
    "deployments",
    "staging",
    "stg",
    "release",
    "swarm",
    "canary",
    "selfhost",
    "selfhosted",
    "portainer",
    "traefik",
    "letsencrypt",
    "ssl",
    "https",
    "aws",
    "ec2",
    "vps",
    "ansible",
];
const TEST: &[&str] = &[
    "test",
    "tests",
    "testing",
    "e2e",
    "integration",
    "cypress",
    "playwright",
    "benchmark",
    "bench",
    "loadtest",
];
const CI: &[&str] = &[
    "ci", "github", "gitlab", "circleci", "jenkins", "travis", "actions",
];

/// Whether a name is that of a compose file.
pub(super) fn is_compose_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("compose") && (name.ends_with(".yml") || name.ends_with(".yaml"))
}

/// The parts of a name between `.`, `-`, `_` and blanks, in lower case.
fn parts(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect()
}

/// The first part of a name that is one of `words`.
fn word_in(name: &str, words: &[&str]) -> Option<String> {
    parts(name)
        .into_iter()
        .find(|part| words.contains(&part.as_str()))
}

fn file_name(path: &Path) -> &str {
    path.file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
}

fn named(path: &Path, words: &[&str]) -> Option<Seen> {
    let name = file_name(path);
    word_in(name, words).map(|_| (format!("`{name}` is one of its files"), None))
}

/// The last file has the last word, so its name says most.
fn last_file(evidence: &Evidence, words: &[&str]) -> Vec<Seen> {
    evidence
        .files
        .last()
        .and_then(|path| named(path, words))
        .into_iter()
        .collect()
}

fn earlier_files(evidence: &Evidence, words: &[&str]) -> Vec<Seen> {
    let (_, earlier) = evidence.files.split_last().unwrap_or((&evidence.root, &[]));
    earlier
        .iter()
        .filter_map(|path| named(path, words))
        .collect()
}

fn directories(evidence: &Evidence, words: &[&str]) -> Vec<Seen> {
    let directories = evidence
        .files
        .iter()
        .filter_map(|path| path.strip_prefix(evidence.root).ok()?.parent()?.to_str());
    let hits = directories.filter_map(|directory| {
        word_in(directory, words).map(|_| (format!("it lies in `{directory}`"), None))
    });
    hits.collect()
}

/// Whether only a file of an ordinary name is loaded: then the files beside it tell what it is not.
fn is_plain(evidence: &Evidence) -> bool {
    let all = [DEVELOPMENT, PRODUCTION, TEST, CI];
    evidence.files.len() == 1
        && all
            .iter()
            .all(|words| word_in(file_name(evidence.files[0]), words).is_none())
}

fn sibling(evidence: &Evidence, words: &[&str]) -> Option<String> {
    evidence
        .siblings
        .iter()
        .find(|name| word_in(name, words).is_some())
        .cloned()
}

fn sibling_for_production(evidence: &Evidence) -> Vec<Seen> {
    if !is_plain(evidence) || sibling(evidence, DEVELOPMENT).is_some() {
        return Vec::new();
    }
    sibling(evidence, PRODUCTION)
        .map(|name| (format!("`{name}` beside it is for production"), None))
        .into_iter()
        .collect()
}

fn sibling_for_development(evidence: &Evidence) -> Vec<Seen> {
    if !is_plain(evidence) {
        return Vec::new();
    }
    sibling(evidence, DEVELOPMENT)
        .map(|name| (format!("`{name}` beside it is for development"), None))
        .into_iter()
        .collect()
}

/// People add a file for development to the first of these: what they run without it is something
/// else.
fn overlay_for_development(evidence: &Evidence) -> Vec<Seen> {
    // An override is loaded by itself, so that nobody adds it.
    let is_named =
        |path: &&Path| word_in(file_name(path), DEVELOPMENT).is_some_and(|word| word != "override");
    let Some(first) = evidence
        .files
        .first()
        .filter(|_| !evidence.files.iter().any(is_named))
    else {
        return Vec::new();
    };
    let overlay = |call: &ComposeCall| {
        let (base, added) = call.paths.as_deref()?.split_first()?;
        let name = added
            .iter()
            .map(PathBuf::as_path)
            .find(|path| is_named(path))
            .map(file_name)?;
        (base == first).then(|| name.to_owned())
    };
    let hits = evidence
        .all
        .iter()
        .flat_map(|recipe| &recipe.calls)
        .filter(|call| call.starts());
    hits.filter_map(|call| {
        Some((
            format!("`{}` is added to it for development", overlay(call)?),
            Some(call.span),
        ))
    })
    .collect()
}

/// A file for development that means nothing alone: it only adds to services that are built here.
fn fragment_for_development(evidence: &Evidence) -> Vec<Seen> {
    let Some(name) = sibling(evidence, DEVELOPMENT).filter(|_| is_plain(evidence)) else {
        return Vec::new();
    };
    let path = evidence.files[0].with_file_name(&name);
    let text = evidence
        .disk
        .read(&path)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default();
    let (tree, _) = yaml::parse(&Source::detached(text));
    let is_built = |name: &str| {
        evidence
            .compose
            .services
            .iter()
            .any(|service| service.build.is_some() && service.name.value == name)
    };
    let services = tree.root().and_then(|root| root.get("services"));
    let adds = services
        .into_iter()
        .flat_map(|services| services.entries())
        .any(|entry| {
            let stands_alone = ["build", "image", "extends"]
                .iter()
                .any(|key| entry.value.get(key).is_some());
            is_built(&entry.key.text()) && !stands_alone
        });
    adds.then(|| (format!("`{name}` only adds to its services"), None))
        .into_iter()
        .collect()
}

/// The comments before the first key of the main files.
fn header(evidence: &Evidence, phrases: &[&str]) -> Vec<Seen> {
    let mut seen = Vec::new();
    for source in evidence
        .compose
        .files
        .iter()
        .take(evidence.compose.main_files)
    {
        let mut at = source.content_start() as usize;
        for line in source.text()[at..].split_inclusive('\n').take(40) {
            let text = line.trim();
            if !text.is_empty()
                && !text.starts_with('#')
                && !text.starts_with("version")
                && text != "---"
            {
                break;
            }
            let lower = text.to_lowercase();
            if phrases.iter().any(|phrase| lower.contains(phrase)) && text.starts_with('#') {
                seen.push((
                    format!(
                        "its first comment says \"{}\"",
                        text.trim_matches(['#', ' '])
                    ),
                    Some(source.span(at..at + line.trim_end().len())),
                ));
            }
            at += line.len();
        }
    }
    seen
}

fn project_name(evidence: &Evidence, words: &[&str]) -> Vec<Seen> {
    let name = &evidence.compose.name;
    // A name that nobody wrote is that of a directory.
    match name.span() {
        Some(span)
            if word_in(name, words).is_some()
                || (words == PRODUCTION && name.contains("self-host")) =>
        {
            vec![(
                format!("the project is called `{}`", name.value),
                Some(span),
            )]
        }
        _ => Vec::new(),
    }
}

fn calls(evidence: &Evidence, fits: fn(&Recipe, &ComposeCall) -> bool, what: &str) -> Vec<Seen> {
    let mut seen = Vec::new();
    for recipe in &evidence.recipes {
        let call = recipe.calls.iter().find(|call| {
            is_call_of(evidence, call) && starts_code(evidence, call) && fits(recipe, call)
        });
        seen.extend(
            call.map(|call| (format!("it {what} (`{}`)", recipe.title()), Some(call.span))),
        );
    }
    seen
}

fn is_call_of(evidence: &Evidence, call: &ComposeCall) -> bool {
    call.paths.as_ref().is_some_and(|paths| {
        paths
            .iter()
            .map(|path| path.as_path())
            .eq(evidence.files.iter().copied())
    })
}

/// Whether a call starts anything of the project's own: who starts nothing but a database works
/// outside of the containers.
fn starts_code(evidence: &Evidence, call: &ComposeCall) -> bool {
    let is_foreign = |name: &str| {
        evidence
            .compose
            .services
            .iter()
            .any(|service| service.name.value == name && service.build.is_none())
    };
    call.tool != Tool::Compose
        || call.services.is_empty()
        || !call.services_known
        || !call.services.iter().all(|named| is_foreign(&named.text))
}

/// The recipes whose name has one of `words` and that start these files.
fn named_recipes(evidence: &Evidence, words: &[&str], kinds: &[RecipeKind]) -> Vec<Seen> {
    let mut seen = Vec::new();
    for recipe in evidence
        .recipes
        .iter()
        .filter(|recipe| kinds.contains(&recipe.kind))
    {
        let file = recipe
            .source
            .path()
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let hit = recipe
            .name
            .as_ref()
            .is_some_and(|name| word_in(&name.text, words).is_some())
            || word_in(file, words).is_some();
        let call = recipe.calls.iter().find(|call| {
            call.starts() && is_call_of(evidence, call) && starts_code(evidence, call)
        });
        if let (true, Some(call)) = (hit, call) {
            seen.push((format!("`{}` starts it", recipe.title()), Some(call.span)));
        }
    }
    seen
}

fn is_quick_start(recipe: &Recipe, call: &ComposeCall) -> bool {
    recipe.kind == RecipeKind::Document && call.is("up") && !call.remote
}

fn is_unit(recipe: &Recipe, _: &ComposeCall) -> bool {
    recipe
        .source
        .path()
        .extension()
        .is_some_and(|extension| extension == "service")
}

/// Files that pipelines start and nobody else.
fn only_pipelines(evidence: &Evidence) -> Vec<Seen> {
    let starting = evidence.recipes.iter().filter(|recipe| {
        recipe
            .calls
            .iter()
            .any(|call| call.starts() && is_call_of(evidence, call))
    });
    let starting: Vec<_> = starting.collect();
    match starting.first() {
        Some(recipe) if starting.iter().all(|recipe| recipe.kind == RecipeKind::Ci) => {
            vec![(
                format!("only pipelines start it (`{}`)", recipe.title()),
                recipe.calls.first().map(|call| call.span),
            )]
        }
        _ => Vec::new(),
    }
}

fn env_files(evidence: &Evidence, words: &[&str]) -> Vec<Seen> {
    let of_services = evidence
        .compose
        .services
        .iter()
        .flat_map(|service| &service.env_files)
        .filter_map(|(path, _)| {
            word_in(file_name(path), words)
                .map(|_| (format!("it reads `{}`", file_name(path)), path.span()))
        });
    let of_calls = evidence
        .recipes
        .iter()
        .flat_map(|recipe| &recipe.calls)
        .filter(|call| is_call_of(evidence, call));
    let of_calls = of_calls
        .flat_map(|call| &call.env_files)
        .filter_map(|file| {
            word_in(file_name(Path::new(&file.text)), words)
                .map(|_| (format!("it is run with `{}`", file.text), Some(file.span)))
        });
    of_services.chain(of_calls).collect()
}
