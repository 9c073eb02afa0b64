//! What development needs and a project does not say: mounts, reloaders, quick health checks,
//! profiles - as plain data.
//!
//! Everything is derived from the project and carries its reason. A [`DevForm`] says only what is
//! needed: what is mounted, reloads or is fast already is left as it is, and where nothing is known
//! nothing is said. [`target`] decides in which file it goes, [`mod@write`] turns it into edits.

use std::sync::Arc;

use crate::compose::{self, Condition};
use crate::diagnostic::{Edit, Fix, Safety};
use crate::links::bringing::Bringer;
use crate::links::reload::brought_without_restart;
use crate::links::replaced_command::replaced_reloader;
use crate::process::{Process, Reload};
use crate::project::overlays;
use crate::project::user_annotations::Mode;
use crate::project::{Project, Service};
use crate::repository::override_files;
use crate::roles::{self, Split};
use crate::text::Span;

mod code;
mod container;
mod health;
mod manifests;
mod mounts;
mod reload;
mod servers;
mod soften;
mod spring;
mod stage;
mod tag;
pub mod target;
mod watch;
pub mod write;

pub use health::SLOW;
pub use manifests::{HostManifest, manifests, unwatched_manifests};
pub use soften::soften;

/// What development needs of each service of a project that lacks something, by mounts.
pub struct DevForms(Vec<DevForm>);

impl DevForms {
    /// Works it out, once a project.
    pub fn of(project: &Project<'_>) -> Arc<DevForms> {
        project.once(|| DevForms(forms(project, Mode::Mount)))
    }

    /// All of them, in the order of the services.
    pub fn all(&self) -> &[DevForm] {
        &self.0
    }

    /// That of one service.
    pub fn of_service(&self, service: &str) -> Option<&DevForm> {
        self.0.iter().find(|form| form.service == service)
    }
}

/// The stage of the Dockerfile that would notice edits of the mounted code where the selected one
/// does not. Where the code is not mounted either, there is more to do than to choose another
/// stage.
pub fn unused_stage(project: &Project<'_>, form: &DevForm) -> Option<String> {
    let stage = &form.build_target.as_ref()?.value;
    let is_unused = form.binds.is_empty() && !overlays::builds_stage_elsewhere(project, stage);
    is_unused.then(|| stage.clone())
}

/// What brings edits of its code to a process that keeps the code it started with. Where the
/// Dockerfile has a stage that notices edits, it is that which is missing.
pub fn brought_but_not_reloaded(service: Service<'_>, process: &Process) -> Option<Bringer> {
    let bringer = brought_without_restart(service, process)?;
    if process.reload != Reload::None || replaced_reloader(service).is_some() {
        return None;
    }
    let project = service.project();
    let forms = DevForms::of(project);
    let form = forms.of_service(service.name());
    let has_stage = form.is_some_and(|form| unused_stage(project, form).is_some());
    (!has_stage).then_some(bringer)
}

/// A value, and why it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reasoned<T> {
    /// The value.
    pub value: T,
    /// Why, in a few words: Dockerfile `COPY . .` (WORKDIR /app).
    pub why: String,
}

impl<T> Reasoned<T> {
    fn new(value: T, why: impl Into<String>) -> Self {
        Reasoned {
            value,
            why: why.into(),
        }
    }
}

/// What a development override says of one service. Texts are as the container gets them: where
/// they are written, `$` is doubled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DevForm {
    /// The service.
    pub service: String,
    /// `image`: a tag of its own, so that no released one is overwritten.
    pub image: Option<Reasoned<String>>,
    /// `pull_policy`
    pub pull_policy: Option<Reasoned<&'static str>>,
    /// `build.target`
    pub build_target: Option<Reasoned<String>>,
    /// `entrypoint`
    pub entrypoint: Option<Reasoned<Vec<String>>>,
    /// `command`
    pub command: Option<Reasoned<Command>>,
    /// `ports`, in the place of those that are published so far.
    pub ports: Option<Reasoned<Vec<String>>>,
    /// Directories of the host, mounted over the copies that the image holds.
    pub binds: Vec<Reasoned<Bind>>,
    /// Directories of the host that `docker compose watch` copies into the container.
    pub syncs: Vec<Reasoned<Sync>>,
    /// Directories of the container that stay the image's own under a mount: anonymous volumes.
    pub protected: Vec<Reasoned<String>>,
    /// Caches of compilers and package managers: named volumes.
    pub caches: Vec<Reasoned<Cache>>,
    /// `environment`
    pub environment: Vec<Reasoned<Variable>>,
    /// Whether the health check is to be asked every two seconds.
    pub quick_health: Option<Reasoned<()>>,
    /// Dependencies that it can start without.
    pub softened: Vec<Reasoned<Softened>>,
    /// Directories of the host whose edits ask for a restart of the container, though they are
    /// mounted.
    pub restart_on: Vec<Reasoned<Restart>>,
    /// Host paths whose change asks for a new image, as written in a compose file.
    pub rebuild_on: Vec<Reasoned<String>>,
    /// `profiles`
    pub profiles: Option<Reasoned<Vec<String>>>,
    /// What development needs and nothing here can give.
    pub notes: Vec<String>,
}

/// `command`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// These words.
    Words(Vec<String>),
    /// That of the image: `command: null` takes an earlier one away.
    OfImage,
}

/// A bind mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bind {
    /// The host's directory, as written in a compose file.
    pub host: String,
    /// Where it lies in the container.
    pub container: String,
}

/// A directory that `docker compose watch` keeps copied into the container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sync {
    /// The host's directory, as written in a compose file.
    pub host: String,
    /// Where it lies in the container.
    pub container: String,
    /// What happens once an edit is copied.
    pub then: Then,
    /// What is not copied: patterns relative to the directory.
    pub ignore: Vec<String>,
}

/// What `docker compose watch` does once it has copied an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// Nothing: the process notices the edit.
    Nothing,
    /// It restarts the container.
    Restart,
    /// It runs a command in the container.
    Run(String),
}

impl Then {
    /// The `action` of such a trigger.
    pub fn action(&self) -> &'static str {
        match self {
            Then::Nothing => "sync",
            Then::Restart => "sync+restart",
            Then::Run(_) => "sync+exec",
        }
    }
}

/// A directory in which an edit of a source file makes `docker compose watch` restart the
/// container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restart {
    /// The host's directory, as written in a compose file.
    pub host: String,
    /// Which files: patterns relative to the directory.
    pub include: Vec<String>,
}

/// A named volume for a cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    /// The volume's name.
    pub volume: &'static str,
    /// Where it lies in the container.
    pub container: String,
}

/// A variable of `environment`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value; `None` passes on what the host says, if it says anything.
    pub value: Option<String>,
}

/// A dependency with `required: false`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Softened {
    /// The service that is not needed.
    pub service: String,
    /// What it is waited for, when it is there.
    pub condition: Condition,
}

/// A file with more services was not written by a person, and a form for each would cost more than
/// it helps.
const MOST_SERVICES: usize = 1000;

/// What development needs of every service that lacks something, in the order of the document.
/// `mode` says how edits are to arrive where the user does not state it of a service.
pub fn forms(project: &Project<'_>, mode: Mode) -> Vec<DevForm> {
    let Some(compose) = project
        .compose()
        .filter(|compose| compose.services.len() <= MOST_SERVICES)
    else {
        return Vec::new();
    };
    let split = roles::missing_split(
        compose,
        project.recipes(),
        &roles::stated(project.stated()),
        || roles::RoleEvidence::of(project),
    );
    let stages = stage::choose(project);
    let mut forms = Vec::new();
    for service in project.services() {
        let mut form = DevForm {
            service: service.name().to_owned(),
            ..DevForm::default()
        };
        let mode = service
            .stated()
            .mode
            .as_ref()
            .map_or(mode, |stated| stated.value);
        match stages.iter().find(|stage| stage.service == form.service) {
            _ if !service.is_developed() => {}
            Some(stage) => {
                stage.say(project, service, &mut form);
                code::say(project, &stage.container(), mode, &mut form);
            }
            None if spring::say(project, service, &mut form) => {}
            None => code::say(
                project,
                &container::Container::of_service(service),
                mode,
                &mut form,
            ),
        }
        health::say(project, service, &mut form);
        if let Some(split) = &split {
            say_profiles(service, split, &mut form);
        }
        forms.push(form);
    }
    forms.retain(|form| !form.is_empty() || !form.notes.is_empty());
    forms
}

/// A fix that writes forms into the file where they belong; `None` when all of it is said there
/// already. It is safe when a file comes into being that adds mounts and variables for development;
/// a command, another stage, another mode of the framework or profiles change what starts, and a
/// file that a person wrote is theirs.
pub fn fix(project: &Project<'_>, forms: &[DevForm], title: impl Into<String>) -> Option<Fix> {
    let target = target::choose(project);
    // Whoever starts several files by name loads no further one, and what lies beside the first may
    // belong to another set.
    let is_of_another_set = !target.is_loaded && target::main_files(project).len() > 1;
    if target.stands_alone
        || is_of_another_set
        || forms
            .iter()
            .any(|form| is_said_elsewhere(project, &target, &form.service))
    {
        return None;
    }
    let forms: Vec<DevForm> = forms
        .iter()
        .filter(|form| says_something(project, form))
        .cloned()
        .collect();
    let forms = forms.as_slice();
    let edits: Vec<Edit> = write::edits(project, &target, forms).edits;
    let adds_only = forms.iter().all(|form| {
        form.command.is_none()
            && form.entrypoint.is_none()
            && form.build_target.is_none()
            && form.ports.is_none()
            && form.profiles.is_none()
            && form.softened.is_empty()
    });
    let safety = if adds_only {
        target.safety
    } else {
        target.safety.min(Safety::Unsafe)
    };
    (!edits.is_empty()).then(|| Fix {
        title: title.into(),
        safety,
        edits,
    })
}

/// Whether the development file beside the loaded ones says all of this already: whoever develops
/// loads that as well.
pub fn is_settled(project: &Project<'_>, forms: &[DevForm]) -> bool {
    let says_something = !forms.is_empty() && forms.iter().all(|form| !form.is_empty());
    let is_settled = || {
        let target = target::choose(project);
        let is_beside = !target.is_loaded && target.source.exists() && !target.stands_alone;
        is_beside && write::edits(project, &target, forms).edits.is_empty()
    };
    says_something && is_settled()
}

/// Whether a file that a person wrote and that is not loaded here says where the code of a service
/// comes from: what is found without it may be settled there.
fn is_said_elsewhere(project: &Project<'_>, target: &target::Target, service: &str) -> bool {
    if target.is_loaded || !target.source.exists() || override_files::is_ours(target.source.text())
    {
        return false;
    }
    let parsed = project.workspace().yaml(&target.source);
    let entry = parsed
        .tree
        .root()
        .and_then(|root| root.get("services")?.get(service));
    entry.is_some_and(|service| {
        ["build", "command", "entrypoint", "volumes", "develop"]
            .iter()
            .any(|key| service.get(key).is_some())
    })
}

/// Whether a form says more than variables that are set already or only passed on, which change
/// nothing.
fn says_something(project: &Project<'_>, form: &DevForm) -> bool {
    let bare = DevForm {
        environment: Vec::new(),
        ..form.clone()
    };
    let own = project
        .service(&form.service)
        .map(|service| &service.spec().environment);
    let is_set = |wanted: &Variable| {
        let same = |value: &Option<compose::Value<String>>| {
            value.as_ref().map(|value| &value.value) == wanted.value.as_ref()
        };
        own.is_some_and(|own| {
            own.iter()
                .any(|variable| variable.key.value == wanted.name && same(&variable.value))
        })
    };
    let mut variables = form.environment.iter().map(|variable| &variable.value);
    !bare.is_empty() || variables.any(|variable| variable.value.is_some() && !is_set(variable))
}

fn say_profiles(service: Service<'_>, split: &Split, form: &mut DevForm) {
    if let Some(profiles) = split.profiles_of(service.name()) {
        let role = split
            .roles
            .iter()
            .find(|role| role.service == service.name());
        let reason = role.and_then(|role| Some((role.role.as_str(), role.reasons.first()?)));
        let why = reason
            .map(|(role, reason)| format!("{role}: {}", reason.text))
            .unwrap_or_default();
        form.profiles = Some(Reasoned::new(profiles.to_vec(), why));
    }
    for edge in split
        .softened
        .iter()
        .filter(|edge| edge.from == service.name())
    {
        let dependency = service
            .spec()
            .depends_on
            .iter()
            .find(|dependency| dependency.service.value == edge.to);
        let condition = dependency.map_or(Condition::Started, |dependency| dependency.condition);
        let why = format!(
            "`{}` is optional: without this line nothing would start while it is off",
            edge.to
        );
        form.softened.push(Reasoned::new(
            Softened {
                service: edge.to.clone(),
                condition,
            },
            why,
        ));
    }
}

impl DevForm {
    /// Whether it says nothing. Notes are not said, they only explain.
    pub fn is_empty(&self) -> bool {
        let other = DevForm {
            service: self.service.clone(),
            notes: self.notes.clone(),
            ..DevForm::default()
        };
        *self == other
    }

    /// What makes edits of the code take effect: mounts, reloaders, and what belongs to them.
    pub fn code_only(&self) -> DevForm {
        DevForm {
            quick_health: None,
            softened: Vec::new(),
            profiles: None,
            ..self.clone()
        }
    }

    /// What makes the process notice edits: variables, a command. Where it is that of another
    /// stage, that stage as well. Variables that are only passed on switch nothing on by
    /// themselves.
    pub fn reload_only(&self) -> DevForm {
        let form = self.stage_only();
        let (entrypoint, command) = (self.entrypoint.clone(), self.command.clone());
        let form = DevForm {
            entrypoint,
            command,
            ..form
        };
        match form.is_empty()
            && self
                .environment
                .iter()
                .all(|variable| variable.value.value.is_none())
        {
            true => form,
            false => DevForm {
                environment: self.environment.clone(),
                ..form
            },
        }
    }

    /// What lets others start sooner: a health check that is asked often.
    pub fn health_only(&self) -> DevForm {
        DevForm {
            service: self.service.clone(),
            quick_health: self.quick_health.clone(),
            ..DevForm::default()
        }
    }

    /// What keeps optional services out of the way: profiles, and dependencies that are not
    /// required.
    pub fn profiles_only(&self) -> DevForm {
        DevForm {
            service: self.service.clone(),
            profiles: self.profiles.clone(),
            softened: self.softened.clone(),
            ..DevForm::default()
        }
    }

    /// Another stage of the Dockerfile with all that belongs to it.
    fn stage_only(&self) -> DevForm {
        let form = DevForm {
            service: self.service.clone(),
            ..DevForm::default()
        };
        let is_other = self.build_target.is_some() || self.image.is_some();
        match is_other {
            false => form,
            true => DevForm {
                image: self.image.clone(),
                pull_policy: self.pull_policy.clone(),
                build_target: self.build_target.clone(),
                command: self.command.clone(),
                entrypoint: self.entrypoint.clone(),
                ports: self.ports.clone(),
                ..form
            },
        }
    }
}

/// A line of a file, short: Dockerfile `COPY . .`. Without its number, which the next edit of that
/// file would make wrong.
fn cite(project: &Project<'_>, span: Span) -> String {
    const LONGEST: usize = 60;
    let source = project.workspace().sources().get(span.file);
    let name = source
        .path()
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    // The caches of a RUN are long and not what it does.
    let says_nothing = |word: &str| word == "\\" || word.starts_with("--mount=");
    let text: String = source
        .slice(span)
        .split_whitespace()
        .filter(|word| !says_nothing(word))
        .collect::<Vec<_>>()
        .join(" ");
    let short: String = text.chars().take(LONGEST).collect();
    let dots = if short.len() < text.len() { "…" } else { "" };
    format!("{name} `{short}{dots}`")
}

/// Whether a service is built here: `build`, not only a tag that another service builds.
fn is_built(service: &compose::Service) -> bool {
    service.build.is_some()
}

#[cfg(test)]
mod tests;
