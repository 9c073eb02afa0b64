//! A variable for the browser that is set when the container runs, while the bundle was built into
//! the image.

use crate::compose::KeyValue;
use crate::diagnostic::Diagnostic;
use crate::image::{Image, path};
use crate::knowledge::Family;
use crate::knowledge::makers;
use crate::knowledge::node::{BROWSER_PREFIXES, BrowserPrefix};
use crate::links::code_origin;
use crate::links::{Action, commands};
use crate::process::{Process, Reads, Reload};
use crate::project::at_start;
use crate::project::mounts;
use crate::project::{Project, Service};
use crate::repository::manifests;
use crate::rules::Findings;
use crate::syntax::shell::Command;
use crate::text::{Source, Span};

const ID: &str = "env-baked-at-build";

/// Judges every service whose image holds a bundle.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        findings.extend(judge(project, service));
    }
}

fn judge(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let image = service.image()?;
    let build = service.spec().build.as_ref();
    let is_argument = |name: &str| {
        build.is_some_and(|build| build.args.iter().any(|argument| argument.key.value == name))
    };
    let manifest = service
        .processes()
        .iter()
        .find_map(|process| code_origin::manifest_of(service, process));
    let is_inlined = |prefix: &BrowserPrefix, name: &str| {
        let uses = |manifest: &Source| {
            let manifest = manifests::of(project.workspace(), manifest);
            prefix
                .bundlers
                .iter()
                .any(|bundler| manifest.dependency(bundler).is_some())
        };
        name.starts_with(prefix.prefix) && manifest.as_ref().is_none_or(uses)
    };
    let is_baked = |entry: &&KeyValue| {
        let name = entry.key.value.as_str();
        BROWSER_PREFIXES.iter().any(|row| is_inlined(row, name))
            && !is_argument(name)
            && !is_set_in(image, entry)
    };
    let variables: Vec<&KeyValue> = service.spec().environment.iter().filter(is_baked).collect();
    let first = variables.first()?;
    if !service.processes().iter().all(serves_a_bundle)
        || at_start::makes_files(service)
        || replaces(project, service)
    {
        return None;
    }
    let bundled = bundler(image)?;
    // What a mount shows was built outside.
    if service
        .processes()
        .iter()
        .any(|process| mounts::shown(service, &process.cwd).is_some())
    {
        return None;
    }
    let rebuild = commands::command(service, &Action::Rebuild).unwrap_or_default();
    let (name, variable) = (service.name(), &first.key.value);
    let message = match variables.len() {
        1 => format!(
            "`{variable}` is set when `{name}` runs, but the pages were built before: they do not have it"
        ),
        many => {
            format!(
                "`{variable}` and {} more are set when `{name}` runs, but the pages were built before: they do not have them",
                many - 1
            )
        }
    };
    let mut finding = Diagnostic::new(ID, first.key.span()?, message)
        .note("too late")
        .service(name);
    for other in &variables[1..] {
        if let Some(span) = other.key.span() {
            finding = finding.label(span, "and this one");
        }
    }
    finding = finding.label(bundled, "its value was put in here, or nothing");
    let help = format!(
        "Pass it to the build: `build.args` with `{variable}`, and `ARG {variable}` before the step that builds the pages; a change then needs `{rebuild}`"
    );
    Some(finding.help(help))
}

/// Whether the Dockerfile gives the variable the same value, or one that nobody knows here.
fn is_set_in(image: &Image, entry: &KeyValue) -> bool {
    let name = entry.key.value.as_str();
    let set = |stage: usize| {
        let variable = image.stages[stage]
            .config
            .env
            .iter()
            .find(|variable| variable.name == name)?;
        let is_other = variable
            .value
            .as_ref()
            .zip(entry.value.as_ref())
            .is_some_and(|(built, given)| *built != given.value && !built.is_empty());
        Some(!is_other)
    };
    let defaults = image.dockerfile.tree.source.text().lines().map(str::trim);
    let default = defaults.into_iter().find_map(|line| {
        line.strip_prefix("ARG ")?
            .trim()
            .strip_prefix(name)?
            .strip_prefix('=')
    });
    let is_same = default
        .zip(entry.value.as_ref())
        .is_some_and(|(default, given)| default.trim_matches(['"', '\'']) == given.value);
    is_same || image.needed().into_iter().find_map(set).unwrap_or(false)
}

/// Whether a process gives away what a bundler wrote.
fn serves_a_bundle(process: &Process) -> bool {
    let Some(program) = process.program else {
        return false;
    };
    let is_dev_server = matches!(
        process.reload,
        Reload::Hot | Reload::Yes { .. } | Reload::Unknown(_)
    );
    let is_output = matches!(process.reads, Reads::Artifact(_)) || program.family == Family::Static;
    is_output && !is_dev_server
}

/// The command that runs a bundler, in the stages that the image is made from.
fn bundler(image: &Image) -> Option<Span> {
    let is_bundler = |command: &&Command| {
        command
            .program()
            .is_some_and(|program| makers::may_bundle(path::name(program)))
    };
    image
        .needed()
        .into_iter()
        .find_map(|stage| code_origin::builds_in(image, stage).find(is_bundler))
        .map(|command| command.span)
}

/// Whether a start script puts variables into the bundle.
fn replaces(project: &Project<'_>, service: Service<'_>) -> bool {
    const WORDS: [&str; 6] = [
        "envsubst",
        "sed ",
        "window.",
        "env.js",
        "config.js",
        "import-meta-env",
    ];
    let scripts = service
        .processes()
        .iter()
        .flat_map(|process| &process.chain)
        .map(|step| step.span.file);
    let dockerfile = service
        .image()
        .map(|image| image.dockerfile.tree.source.text().to_owned())
        .unwrap_or_default();
    let in_scripts = scripts.into_iter().any(|file| {
        let source = project.workspace().sources().get(file);
        let is_script = source
            .path()
            .extension()
            .is_some_and(|ending| ending == "sh")
            || source.text().starts_with("#!");
        is_script && WORDS.iter().any(|word| source.text().contains(word))
    });
    let copied = service
        .parts()
        .iter()
        .any(|part| path::below(&part.baked.container, "/docker-entrypoint.d").is_some());
    in_scripts
        || copied
        || dockerfile.contains("envsubst")
        || dockerfile.contains("docker-entrypoint.d")
}
