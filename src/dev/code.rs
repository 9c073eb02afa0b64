//! How edits of the code take effect in a container: they come in by a mount, and the process
//! notices them.

use crate::knowledge;
use crate::knowledge::{Language, Program};
use crate::process::Process;
use crate::project::Project;
use crate::project::user_annotations::Mode;
use crate::repository::manifests as declared;

use super::container::{Brought, Container};
use super::{Command, DevForm, Reasoned, Variable, manifests, mounts, reload, watch};

/// Says what is missing for that.
pub(super) fn say(
    project: &Project<'_>,
    container: &Container<'_>,
    mode: Mode,
    form: &mut DevForm,
) {
    mounts::say(project, container, form);
    if mode == Mode::Watch {
        watch::instead_of_mounts(project, container, form);
    }
    let brought = match form.binds.is_empty() {
        false => Brought::Files,
        true if !form.syncs.is_empty() => Brought::WithRestart,
        true => container.brought(project),
    };
    if brought == Brought::Files {
        reload::say(project, container, form);
    }
    reload::widen(project, container, form);
    watch::of_compiled(project, container, form);
    if form.is_empty() {
        return;
    }
    for process in container.readers() {
        surroundings(project, container, process, form);
    }
    if !form.binds.is_empty() || !form.syncs.is_empty() {
        manifests::say(project, container, form);
    }
}

/// What a mounted program and its watcher want besides.
fn surroundings(
    project: &Project<'_>,
    container: &Container<'_>,
    process: &Process,
    form: &mut DevForm,
) {
    let language = process.language();
    if language == Some(Language::Python) && !container.has_variable("PYTHONPYCACHEPREFIX") {
        let why = "an edit of the same second and size would be hidden by a stale .pyc";
        add(container, form, "PYTHONDONTWRITEBYTECODE", Some("1"), why);
    }
    let is_new = form.command.is_some() || form.entrypoint.is_some() || form.build_target.is_some();
    if language == Some(Language::JavaScript)
        && is_new
        && container.variable("NODE_ENV") == Some("production")
    {
        let variable = Variable {
            name: "NODE_ENV".to_owned(),
            value: Some("development".to_owned()),
        };
        form.environment
            .retain(|known| known.value.name != variable.name);
        form.environment.push(Reasoned::new(
            variable,
            "it says production so far, which tools for development do not expect",
        ));
    }
    // What is copied into the container is noticed there without polling.
    if !form.syncs.is_empty() {
        return;
    }
    let words = form
        .command
        .as_ref()
        .and_then(|command| match &command.value {
            Command::Words(words) => Some(words.iter().map(String::as_str).collect::<Vec<_>>()),
            Command::OfImage => None,
        });
    let Some(program) = words
        .and_then(|words| knowledge::recognise(&words))
        .or(process.program)
    else {
        return;
    };
    for name in program
        .polling
        .iter()
        .filter(|name| watches_with(project, container, program, name))
    {
        add(
            container,
            form,
            name,
            None,
            "passed on when it is set on the host, as Docker Desktop may need",
        );
    }
}

/// Adds a variable that neither the service nor its image sets.
fn add(container: &Container<'_>, form: &mut DevForm, name: &str, value: Option<&str>, why: &str) {
    let is_known = container.has_variable(name)
        || form
            .environment
            .iter()
            .any(|known| known.value.name == name);
    if !is_known {
        let variable = Variable {
            name: name.to_owned(),
            value: value.map(str::to_owned),
        };
        form.environment.push(Reasoned::new(variable, why));
    }
}

/// Whether the watcher that a polling variable is for takes part: uvicorn has watchfiles only when
/// it is installed.
fn watches_with(
    project: &Project<'_>,
    container: &Container<'_>,
    program: &Program,
    variable: &str,
) -> bool {
    if variable != "WATCHFILES_FORCE_POLLING" || program.name == "watchfiles" {
        return true;
    }
    let workspace = project.workspace();
    manifests::of(project, container).iter().any(|manifest| {
        let Ok(source) = workspace.read(&manifest.host) else {
            return false;
        };
        let declared = declared::with_includes(workspace, &source);
        let mut dependencies = declared.iter().flat_map(|manifest| &manifest.dependencies);
        let lock = declared::lock_of(workspace, &source);
        knowledge::tool("watchfiles").is_some_and(|tool| {
            dependencies.any(|dependency| dependency.brings(tool))
                || lock.version(tool.package).is_some()
        })
    })
}
