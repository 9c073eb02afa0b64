//! The signs by which the purpose of compose files is judged, as one table.

use std::path::Path;

use super::Intent::{Ci, Development, Production, Test};
use super::{Evidence, Seen, Sign};
use crate::compose::value::Value;
use crate::compose::{MountKind, Service};
use crate::project::recipes::{ComposeCall, Recipe, RecipeKind, Tool};
use crate::text::Span;

/// All signs.
pub const SIGNS: &[Sign] = &[
    // What the files are called and where they lie.
    Sign { towards: Development, weight: 6, find: |e| last_file(e, DEVELOPMENT) },
    Sign { towards: Production, weight: 6, find: |e| last_file(e, PRODUCTION) },
    Sign { towards: Test, weight: 6, find: |e| last_file(e, TEST) },
    Sign { towards: Ci, weight: 6, find: |e| last_file(e, CI) },
    Sign { towards: Development, weight: 3, find: |e| earlier_files(e, DEVELOPMENT) },
    Sign { towards: Production, weight: 3, find: |e| earlier_files(e, PRODUCTION) },
    Sign { towards: Test, weight: 3, find: |e| earlier_files(e, TEST) },
    Sign { towards: Ci, weight: 3, find: |e| earlier_files(e, CI) },
    Sign { towards: Development, weight: 4, find: |e| directories(e, &["dev", "development", "local", "devcontainer"]) },
    Sign { towards: Production, weight: 4, find: |e| directories(e, PRODUCTION) },
    Sign { towards: Test, weight: 4, find: |e| directories(e, TEST) },
    Sign { towards: Ci, weight: 4, find: |e| directories(e, CI) },
    Sign { towards: Development, weight: 3, find: |e| sibling_for_production(e) },
    Sign { towards: Production, weight: 3, find: |e| sibling_for_development(e) },
    // What the files say of themselves.
    Sign { towards: Development, weight: 4, find: |e| header(e, &["development", "local dev", "for dev"]) },
    Sign { towards: Production, weight: 4, find: |e| header(e, &["production", "deployment", "staging", "self-host"]) },
    Sign { towards: Development, weight: 3, find: |e| project_name(e, DEVELOPMENT) },
    Sign { towards: Production, weight: 3, find: |e| project_name(e, PRODUCTION) },
    Sign { towards: Test, weight: 3, find: |e| project_name(e, TEST) },
    // Who loads them.
    Sign {
        towards: Development,
        weight: 6,
        find: |e| calls(e, |_, call| call.tool == Tool::DevContainer, "is opened as a development container"),
    },
    Sign {
        towards: Development,
        weight: 5,
        find: |e| calls(e, |_, call| call.is("watch") || call.has(&["-w", "--watch"]), "is run with watch"),
    },
    Sign { towards: Development, weight: 3, find: |e| named_recipes(e, DEVELOPMENT, &[RecipeKind::Runnable]) },
    Sign { towards: Development, weight: 2, find: |e| named_recipes(e, DEVELOPMENT, &[RecipeKind::Document]) },
    Sign { towards: Development, weight: 1, find: |e| calls(e, is_quick_start, "is what the documents say to start") },
    Sign { towards: Production, weight: 6, find: |e| calls(e, |_, call| call.tool == Tool::Stack, "is deployed as a stack") },
    Sign { towards: Production, weight: 4, find: |e| calls(e, |_, call| call.remote && call.starts(), "is started on another machine") },
    Sign { towards: Production, weight: 4, find: |e| calls(e, is_unit, "is started by systemd") },
    Sign { towards: Production, weight: 3, find: |e| named_recipes(e, PRODUCTION, &[RecipeKind::Runnable, RecipeKind::Ci]) },
    Sign { towards: Production, weight: 1, find: |e| named_recipes(e, PRODUCTION, &[RecipeKind::Document]) },
    Sign {
        towards: Test,
        weight: 4,
        find: |e| calls(e, |_, call| call.has(&["--abort-on-container-exit", "--exit-code-from"]), "ends with a test"),
    },
    Sign { towards: Ci, weight: 3, find: |e| only_pipelines(e) },
    Sign { towards: Development, weight: 3, find: |e| env_files(e, DEVELOPMENT) },
    Sign { towards: Production, weight: 4, find: |e| env_files(e, PRODUCTION) },
    Sign { towards: Test, weight: 3, find: |e| env_files(e, TEST) },
    // What runs in them.
    Sign { towards: Development, weight: 6, find: |e| watched(e) },
    Sign { towards: Development, weight: 4, find: |e| mounted_sources(e) },
    Sign { towards: Development, weight: 4, find: |e| mode(e, DEVELOPMENT) },
    Sign { towards: Production, weight: 4, find: |e| mode(e, PRODUCTION) },
    Sign { towards: Test, weight: 3, find: |e| mode(e, TEST) },
    Sign { towards: Development, weight: 3, find: |e| debug(e) },
    Sign { towards: Development, weight: 5, find: |e| target(e, DEVELOPMENT) },
    Sign { towards: Production, weight: 3, find: |e| target(e, PRODUCTION) },
    Sign { towards: Test, weight: 3, find: |e| target(e, TEST) },
    Sign { towards: Development, weight: 4, find: |e| reloader(e) },
    Sign { towards: Development, weight: 2, find: |e| images(e, DEVELOPMENT_IMAGES, "is a tool for developers") },
    Sign { towards: Development, weight: 2, find: |e| localhost(e) },
    Sign { towards: Production, weight: 4, find: |e| images(e, PRODUCTION_IMAGES, "serves a public site") },
    Sign { towards: Production, weight: 4, find: |e| certificates(e) },
    Sign { towards: Production, weight: 1, find: |e| published(e, "443") },
    Sign { towards: Production, weight: 4, find: |e| deploy(e, &["placement", "update_config", "rollback_config", "endpoint_mode"]) },
    Sign { towards: Production, weight: 2, find: |e| replicas(e) },
    Sign { towards: Production, weight: 2, find: |e| released_images(e) },
    Sign { towards: Production, weight: 1, find: |e| always_restarted(e) },
    Sign { towards: Production, weight: 2, find: |e| host_directories(e) },
];

const DEVELOPMENT: &[&str] = &["dev", "develop", "development", "devel", "local", "localhost", "watch", "hot", "debug", "override"];
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
const TEST: &[&str] = &["test", "tests", "testing", "e2e", "integration", "cypress", "playwright", "benchmark", "bench", "loadtest"];
const CI: &[&str] = &["ci", "github", "gitlab", "circleci", "jenkins", "travis", "actions"];

/// Images that only developers look at.
const DEVELOPMENT_IMAGES: &[&str] = &[
    "mailhog",
    "mailpit",
    "maildev",
    "mailcatcher",
    "adminer",
    "phpmyadmin",
    "pgadmin",
    "pgadmin4",
    "mongo-express",
    "redis-commander",
    "redisinsight",
    "localstack",
    "dynamodb-local",
    "azurite",
    "fake-gcs-server",
    "swagger-ui",
    "pgweb",
];

/// Images that a public site needs and a developer's machine does not.
const PRODUCTION_IMAGES: &[&str] = &[
    "certbot",
    "watchtower",
    "acme-companion",
    "letsencrypt-nginx-proxy-companion",
    "docker-letsencrypt-nginx-proxy-companion",
    "nginx-certbot",
    "cloudflared",
    "https-portal",
];

/// Whether a name is that of a compose file.
pub(super) fn is_compose_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("compose") && (name.ends_with(".yml") || name.ends_with(".yaml"))
}

/// The parts of a name between `.`, `-`, `_` and blanks, in lower case.
fn parts(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(str::to_ascii_lowercase).collect()
}

/// The first part of a name that is one of `words`.
fn word_in(name: &str, words: &[&str]) -> Option<String> {
    parts(name).into_iter().find(|part| words.contains(&part.as_str()))
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn named(path: &Path, words: &[&str]) -> Option<Seen> {
    let name = file_name(path);
    word_in(name, words).map(|_| (format!("`{name}` is one of its files"), None))
}

/// The last file has the last word, so its name says most.
fn last_file(evidence: &Evidence, words: &[&str]) -> Vec<Seen> {
    evidence.files.last().and_then(|path| named(path, words)).into_iter().collect()
}

fn earlier_files(evidence: &Evidence, words: &[&str]) -> Vec<Seen> {
    let (_, earlier) = evidence.files.split_last().unwrap_or((&evidence.root, &[]));
    earlier.iter().filter_map(|path| named(path, words)).collect()
}

fn directories(evidence: &Evidence, words: &[&str]) -> Vec<Seen> {
    let directories = evidence.files.iter().filter_map(|path| path.strip_prefix(evidence.root).ok()?.parent()?.to_str());
    let hits = directories.filter_map(|directory| word_in(directory, words).map(|_| (format!("it lies in `{directory}`"), None)));
    hits.collect()
}

/// Whether only a file of an ordinary name is loaded: then the files beside it tell what it is not.
fn is_plain(evidence: &Evidence) -> bool {
    let all = [DEVELOPMENT, PRODUCTION, TEST, CI];
    evidence.files.len() == 1 && all.iter().all(|words| word_in(file_name(evidence.files[0]), words).is_none())
}

fn sibling(evidence: &Evidence, words: &[&str]) -> Option<String> {
    evidence.siblings.iter().find(|name| word_in(name, words).is_some()).cloned()
}

fn sibling_for_production(evidence: &Evidence) -> Vec<Seen> {
    if !is_plain(evidence) || sibling(evidence, DEVELOPMENT).is_some() {
        return Vec::new();
    }
    sibling(evidence, PRODUCTION).map(|name| (format!("`{name}` beside it is for production"), None)).into_iter().collect()
}

fn sibling_for_development(evidence: &Evidence) -> Vec<Seen> {
    if !is_plain(evidence) {
        return Vec::new();
    }
    sibling(evidence, DEVELOPMENT).map(|name| (format!("`{name}` beside it is for development"), None)).into_iter().collect()
}

/// The comments before the first key of the main files.
fn header(evidence: &Evidence, phrases: &[&str]) -> Vec<Seen> {
    let mut seen = Vec::new();
    for source in evidence.compose.files.iter().take(evidence.compose.main_files) {
        let mut at = source.content_start() as usize;
        for line in source.text()[at..].split_inclusive('\n').take(40) {
            let text = line.trim();
            if !text.is_empty() && !text.starts_with('#') && !text.starts_with("version") && text != "---" {
                break;
            }
            let lower = text.to_lowercase();
            if phrases.iter().any(|phrase| lower.contains(phrase)) && text.starts_with('#') {
                seen.push((
                    format!("its first comment says \"{}\"", text.trim_matches(['#', ' '])),
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
        Some(span) if word_in(name, words).is_some() || (words == PRODUCTION && name.contains("self-host")) => {
            vec![(format!("the project is called `{}`", name.value), Some(span))]
        }
        _ => Vec::new(),
    }
}

fn calls(evidence: &Evidence, fits: fn(&Recipe, &ComposeCall) -> bool, what: &str) -> Vec<Seen> {
    let mut seen = Vec::new();
    for recipe in &evidence.recipes {
        let call = recipe.calls.iter().find(|call| is_call_of(evidence, call) && fits(recipe, call));
        seen.extend(call.map(|call| (format!("it {what} (`{}`)", recipe.title()), Some(call.span))));
    }
    seen
}

fn is_call_of(evidence: &Evidence, call: &ComposeCall) -> bool {
    call.paths.as_ref().is_some_and(|paths| paths.iter().map(|path| path.as_path()).eq(evidence.files.iter().copied()))
}

/// The recipes whose name has one of `words` and that start these files.
fn named_recipes(evidence: &Evidence, words: &[&str], kinds: &[RecipeKind]) -> Vec<Seen> {
    let mut seen = Vec::new();
    for recipe in evidence.recipes.iter().filter(|recipe| kinds.contains(&recipe.kind)) {
        let file = recipe.source.path().file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let hit = recipe.name.as_ref().is_some_and(|name| word_in(&name.text, words).is_some()) || word_in(file, words).is_some();
        let call = recipe.calls.iter().find(|call| call.starts() && is_call_of(evidence, call));
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
    recipe.source.path().extension().is_some_and(|extension| extension == "service")
}

/// Files that pipelines start and nobody else.
fn only_pipelines(evidence: &Evidence) -> Vec<Seen> {
    let starting = evidence.recipes.iter().filter(|recipe| recipe.calls.iter().any(|call| call.starts() && is_call_of(evidence, call)));
    let starting: Vec<_> = starting.collect();
    match starting.first() {
        Some(recipe) if starting.iter().all(|recipe| recipe.kind == RecipeKind::Ci) => {
            vec![(format!("only pipelines start it (`{}`)", recipe.title()), recipe.calls.first().map(|call| call.span))]
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
        .filter_map(|(path, _)| word_in(file_name(path), words).map(|_| (format!("it reads `{}`", file_name(path)), path.span())));
    let of_calls = evidence.recipes.iter().flat_map(|recipe| &recipe.calls).filter(|call| is_call_of(evidence, call));
    let of_calls = of_calls.flat_map(|call| &call.env_files).filter_map(|file| {
        word_in(file_name(Path::new(&file.text)), words).map(|_| (format!("it is run with `{}`", file.text), Some(file.span)))
    });
    of_services.chain(of_calls).collect()
}

/// The services whose code is the project's own.
fn built<'e>(evidence: &'e Evidence) -> impl Iterator<Item = &'e Service> {
    // A project all of whose services have profiles shows itself only by those.
    let is_built = |service: &&Service| service.build.is_some();
    let any_active = evidence.compose.active_services().any(|service| is_built(&service));
    evidence.compose.services.iter().filter(is_built).filter(move |service| service.active || !any_active)
}

fn watched(evidence: &Evidence) -> Vec<Seen> {
    let services = built(evidence).filter_map(|service| service.watch.first().map(|watch| (service, watch)));
    services.map(|(service, watch)| (format!("`{}` is watched", service.name.value), watch.origin.span)).collect()
}

fn mounted_sources(evidence: &Evidence) -> Vec<Seen> {
    let mut seen = Vec::new();
    for service in built(evidence) {
        let Some(context) = service.build.as_ref().and_then(|build| build.context_directory.as_deref()) else { continue };
        for mount in service.mounts.iter().filter(|mount| mount.kind == MountKind::Bind && !mount.read_only) {
            let Some(source) = &mount.source else { continue };
            let path = Path::new(&source.value);
            let is_source = path == context || (path.starts_with(context) && matches!(file_name(path), "src" | "app" | "lib" | "source"));
            if is_source && !source.origin.is_unknown() {
                seen.push((format!("the sources of `{}` are mounted", service.name.value), mount.origin.span));
            }
        }
    }
    seen
}

/// Variables by which frameworks are told what they run for.
const MODES: [&str; 16] = [
    "NODE_ENV",
    "APP_ENV",
    "FLASK_ENV",
    "RAILS_ENV",
    "RACK_ENV",
    "DJANGO_ENV",
    "MIX_ENV",
    "GO_ENV",
    "ENV",
    "ENVIRONMENT",
    "STAGE",
    "ASPNETCORE_ENVIRONMENT",
    "DOTNET_ENVIRONMENT",
    "SPRING_PROFILES_ACTIVE",
    "APP_ENVIRONMENT",
    "DEPLOYMENT_ENVIRONMENT",
];

fn variables<'e>(evidence: &'e Evidence) -> impl Iterator<Item = (&'e str, &'e Value<String>)> {
    let entries = built(evidence).flat_map(|service| &service.environment);
    entries.filter_map(|entry| Some((entry.key.value.as_str(), entry.value.as_ref()?))).filter(|(_, value)| !value.origin.is_unknown())
}

fn mode(evidence: &Evidence, words: &[&str]) -> Vec<Seen> {
    let modes = variables(evidence).filter(|(key, value)| MODES.contains(key) && word_in(value, words).is_some());
    modes.map(|(key, value)| (format!("`{key}` is `{}`", value.value), value.span())).collect()
}

fn debug(evidence: &Evidence) -> Vec<Seen> {
    let is_on = |value: &str| matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on" | "*");
    let hits = variables(evidence).filter(|(key, value)| parts(key).iter().any(|part| part == "debug") && is_on(value));
    hits.map(|(key, value)| (format!("`{key}` is `{}`", value.value), value.span())).collect()
}

fn target(evidence: &Evidence, words: &[&str]) -> Vec<Seen> {
    let targets = built(evidence).filter_map(|service| service.build.as_ref()?.target.as_ref());
    let hits = targets.filter(|target| !target.origin.is_unknown() && word_in(target, words).is_some());
    hits.map(|target| (format!("the stage `{}` is built", target.value), target.span())).collect()
}

/// Words of commands that only make sense while code is edited.
const RELOADERS: [&str; 17] = [
    "--reload",
    "nodemon",
    "watchfiles",
    "watchmedo",
    "ts-node-dev",
    "tsx",
    "air",
    "reflex",
    "CompileDaemon",
    "runserver",
    "run dev",
    "start:dev",
    "dev",
    "next dev",
    "vite",
    "cargo-watch",
    "--watch",
];

fn reloader(evidence: &Evidence) -> Vec<Seen> {
    let mut seen = Vec::new();
    for command in built(evidence).flat_map(|service| [&service.entrypoint, &service.command]).flatten() {
        let words: Vec<&str> = command.words.iter().flat_map(|word| word.text.as_str().split_whitespace()).collect();
        if let Some(word) = words.iter().find(|word| RELOADERS.contains(*word)) {
            seen.push((format!("a command has `{word}`"), command.span()));
        }
    }
    seen
}

/// The last part of an image's repository: `grafana` of `docker.io/grafana/grafana:11`.
fn image_name(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or(image).rsplit('/').next().unwrap_or(image);
    name.split(':').next().unwrap_or(name)
}

fn images(evidence: &Evidence, names: &[&str], what: &str) -> Vec<Seen> {
    let images = evidence.compose.active_services().filter_map(|service| service.image.as_ref());
    let hits = images.filter(|image| names.contains(&image_name(image)));
    hits.map(|image| (format!("`{}` {what}", image_name(image)), image.span())).collect()
}

fn localhost(evidence: &Evidence) -> Vec<Seen> {
    let hits = variables(evidence).filter(|(_, value)| value.contains("://localhost") || value.contains("://127.0.0.1"));
    hits.map(|(key, value)| (format!("`{key}` is `{}`", value.value), value.span())).collect()
}

fn certificates(evidence: &Evidence) -> Vec<Seen> {
    let marks = |text: &str| text.contains("certresolver") || text.contains("certificatesresolvers") || text.contains("LETSENCRYPT_");
    let mut seen = Vec::new();
    for service in evidence.compose.active_services() {
        let labels = service.labels.iter().filter(|label| marks(&label.key)).map(|label| label.key.span());
        let variables = service.environment.iter().filter(|entry| marks(&entry.key)).map(|entry| entry.key.span());
        let command = service.command.iter().filter(|command| command.words.iter().any(|word| marks(word.text.as_str())));
        let spans = labels.chain(variables).chain(command.map(|command| command.span()));
        seen.extend(spans.map(|span| (format!("`{}` gets certificates", service.name.value), span)));
    }
    seen
}

fn published(evidence: &Evidence, port: &str) -> Vec<Seen> {
    let ports = evidence.compose.active_services().flat_map(|service| &service.ports);
    let hits = ports.filter(|entry| entry.published.as_ref().is_some_and(|published| published.value == port));
    hits.map(|entry| (format!("port {port} is published"), entry.origin.span)).collect()
}

fn deploy(evidence: &Evidence, keys: &[&str]) -> Vec<Seen> {
    let mut seen = Vec::new();
    for service in evidence.compose.active_services() {
        let deploy = service.data.get("deploy");
        let hit = keys.iter().find_map(|key| Some((key, deploy?.get(key)?)));
        seen.extend(hit.map(|(key, value)| (format!("`{}` has `deploy.{key}`", service.name.value), value.span())));
    }
    seen
}

fn replicas(evidence: &Evidence) -> Vec<Seen> {
    let counts = evidence.compose.active_services().filter_map(|service| service.data.get("deploy")?.get("replicas"));
    let hits = counts.filter(|count| matches!(count.value, crate::compose::Data::Int(2..)));
    hits.map(|count| ("it runs several replicas".to_owned(), count.span())).collect()
}

/// A built image that also has the name and the tag of a release.
fn released_images(evidence: &Evidence) -> Vec<Seen> {
    let mut seen: Vec<(String, Option<Span>)> = Vec::new();
    for image in built(evidence).filter_map(|service| service.image.as_ref()) {
        let (registry, _) = image.split_once('/').unwrap_or(("", ""));
        if registry.contains('.') && !image.origin.is_fixed() {
            seen.push((format!("`{}` is pushed to a registry", image_name(image)), image.span()));
        }
    }
    seen
}

fn always_restarted(evidence: &Evidence) -> Vec<Seen> {
    let all = built(evidence).count();
    let always: Vec<_> =
        built(evidence).filter_map(|service| service.restart.as_ref()).filter(|restart| *restart.value == *"always").collect();
    match always.first() {
        Some(first) if always.len() * 2 > all => vec![("its services are always restarted".to_owned(), first.span())],
        _ => Vec::new(),
    }
}

/// Binds of places that exist on servers.
fn host_directories(evidence: &Evidence) -> Vec<Seen> {
    let mut seen = Vec::new();
    for mount in evidence.compose.active_services().flat_map(|service| &service.mounts) {
        let Some(source) = mount.source.as_ref().filter(|_| mount.kind == MountKind::Bind) else { continue };
        let is_outside = !Path::new(&source.value).starts_with(&evidence.compose.directory);
        if is_outside && ["/opt/", "/srv/", "/etc/letsencrypt", "/etc/ssl", "/var/www/"].iter().any(|place| source.starts_with(place)) {
            seen.push((format!("`{}` of the host is mounted", source.value), mount.origin.span));
        }
    }
    seen
}
