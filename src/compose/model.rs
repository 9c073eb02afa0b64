//! The resolved project as types: what a service, a mount, a build is, in the words of the Compose
//! specification.
//!
//! The typed model is read from the resolved document ([`Compose::data`]), which stays beside it:
//! an attribute that no type names can be looked up there. Short forms are already long, paths
//! absolute, defaults filled in.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::compose::value::{Data, Origin, Value};
use crate::diagnostic::Diagnostic;
use crate::syntax::shell::Word;
use crate::text::{Cooked, Source, Span};

/// A resolved project: what one set of compose files means.
#[derive(Debug)]
pub struct Compose {
    /// The project name.
    pub name: Value<String>,
    /// The project directory: absolute; relative paths start here.
    pub directory: PathBuf,
    /// The files it was loaded from, in the order they were merged, each once; included and
    /// extended ones behind them.
    pub files: Vec<Source>,
    /// How many of `files` were named by the user or found by discovery (main file, overrides).
    pub main_files: usize,
    /// All services, those that no active profile enables included; in the order of the document.
    pub services: Vec<Service>,
    /// Top-level volumes.
    pub volumes: Vec<Resource>,
    /// Top-level networks.
    pub networks: Vec<Resource>,
    /// Top-level secrets.
    pub secrets: Vec<Resource>,
    /// Top-level configs.
    pub configs: Vec<Resource>,
    /// The resolved document.
    pub data: Value<Data>,
    /// Compose files that `include` or `extends` name and that could not be had: remote ones, those
    /// whose path an unknown variable hides, and missing ones. What they would add is not known.
    pub unread: Vec<Value<String>>,
    /// What Docker Compose would refuse.
    pub diagnostics: Vec<Diagnostic>,
    /// What it loads and warns of.
    pub warnings: Vec<Diagnostic>,
}

impl Compose {
    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services
            .iter()
            .find(|service| service.name.value == name)
    }

    /// Whether all of the project is known: every file that takes part in it is there and could be
    /// read to its end.
    pub fn is_whole(&self) -> bool {
        self.unread.is_empty()
            && !self
                .diagnostics
                .iter()
                .any(|diagnostic| crate::syntax::hides_meaning(diagnostic.rule))
    }

    /// The services that start with the active profiles.
    pub fn active_services(&self) -> impl Iterator<Item = &Service> {
        self.services.iter().filter(|service| service.active)
    }
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its name; the span is that of its key in the first file that has it.
    pub name: Value<String>,
    /// Its key in every file that says something of it, in the order they were merged.
    pub keys: Vec<Span>,
    /// Whether an active profile enables it, or it has no profile.
    pub active: bool,
    /// `image`
    pub image: Option<Value<String>>,
    /// `build`
    pub build: Option<Build>,
    /// `command`; empty words clear the image's CMD.
    pub command: Option<Value<CommandLine>>,
    /// `entrypoint`; empty words clear the image's ENTRYPOINT.
    pub entrypoint: Option<Value<CommandLine>>,
    /// `working_dir`
    pub working_dir: Option<Value<String>>,
    /// `user`
    pub user: Option<Value<String>>,
    /// `volumes` and `tmpfs`.
    pub mounts: Vec<Mount>,
    /// `environment` over `env_file`. A value of `None` is a name that nobody gives a value.
    pub environment: Vec<KeyValue>,
    /// `env_file` entries as written: path and whether it is required.
    pub env_files: Vec<(Value<PathBuf>, bool)>,
    /// `depends_on`, and what `links`, `network_mode: service:` and the like imply.
    pub depends_on: Vec<Dependency>,
    /// `ports`
    pub ports: Vec<Port>,
    /// `profiles`
    pub profiles: Vec<Value<String>>,
    /// `healthcheck`
    pub healthcheck: Option<Healthcheck>,
    /// `develop.watch`
    pub watch: Vec<Watch>,
    /// `post_start` and `pre_stop`, those without a command left out.
    pub hooks: Vec<Hook>,
    /// `restart`
    pub restart: Option<Value<String>>,
    /// `pull_policy`
    pub pull_policy: Option<Value<String>>,
    /// `network_mode`
    pub network_mode: Option<Value<String>>,
    /// `container_name`
    pub container_name: Option<Value<String>>,
    /// `volumes_from`
    pub volumes_from: Vec<Value<String>>,
    /// `extra_hosts`, as `host=address`.
    pub extra_hosts: Vec<Value<String>>,
    /// `labels`
    pub labels: Vec<KeyValue>,
    /// All of the service as resolved, for attributes that have no type here (`deploy`, `x-…`).
    pub data: Value<Data>,
}

impl Service {
    /// Whether the service starts with these profiles; `*` stands for all.
    pub fn is_active_with(&self, profiles: &[String]) -> bool {
        let meets = |active: &String| {
            active == "*" || self.profiles.iter().any(|profile| profile.value == *active)
        };
        self.profiles.is_empty() || profiles.iter().any(meets)
    }

    /// The items of `develop.watch` as written, those that are no trigger included.
    pub fn watch_items(&self) -> &[Value<Data>] {
        let watch = self
            .data
            .get("develop")
            .and_then(|develop| develop.get("watch"));
        watch.and_then(Value::as_list).unwrap_or_default()
    }

    /// Whether people run this service and the other one at the same time: both start by default,
    /// or some profile starts both. Services of different profiles are taken for alternatives.
    pub fn runs_beside(&self, other: &Service) -> bool {
        let shares = || {
            self.profiles.iter().any(|profile| {
                other
                    .profiles
                    .iter()
                    .any(|other| other.value == profile.value)
            })
        };
        self.profiles.is_empty() || other.profiles.is_empty() || shares()
    }

    /// The key to point at when the service as a whole is meant: the one in the first file.
    pub fn key(&self) -> Span {
        self.keys[0]
    }

    /// The value of an environment variable of the service, if it has one.
    pub fn variable(&self, name: &str) -> Option<&Value<String>> {
        self.environment
            .iter()
            .find(|entry| entry.key.value == name)?
            .value
            .as_ref()
    }
}

/// `build`
#[derive(Clone, Debug)]
pub struct Build {
    /// The context as resolved: an absolute path, or a remote one as written.
    pub context: Value<String>,
    /// The context, where it is a directory of the host whose path is known.
    pub context_directory: Option<PathBuf>,
    /// `dockerfile`, as written; relative to the context.
    pub dockerfile: Option<Value<String>>,
    /// `dockerfile_inline`
    pub dockerfile_inline: Option<Value<Cooked>>,
    /// `target`
    pub target: Option<Value<String>>,
    /// `args`, in order.
    pub args: Vec<KeyValue>,
    /// `additional_contexts`: name and path, image or service.
    pub additional_contexts: Vec<KeyValue>,
    /// Where `build` is written: its value, or the short form.
    pub origin: Origin,
}

impl Build {
    /// Where the Dockerfile is, if it is a file of the host whose path is known: `Dockerfile` in
    /// the context unless `dockerfile` says otherwise.
    pub fn dockerfile_path(&self) -> Option<PathBuf> {
        if self.dockerfile_inline.is_some() {
            return None;
        }
        let name = match &self.dockerfile {
            Some(name) if name.origin.is_unknown() => return None,
            Some(name) => name.value.as_str(),
            None => "Dockerfile",
        };
        Some(crate::files::clean(
            &self.context_directory.as_ref()?.join(Path::new(name)),
        ))
    }
}

/// What is run in a container after it has started or before it stops.
#[derive(Clone, Debug)]
pub struct Hook {
    /// The attribute that names it: `post_start` or `pre_stop`.
    pub key: &'static str,
    /// `command`
    pub command: Value<CommandLine>,
}

/// `command` or `entrypoint`: words, as the container gets them.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandLine {
    /// The words. A list's items, or the string cut into words.
    pub words: Vec<Word>,
    /// Whether it is written as one string.
    pub is_string: bool,
    /// What Docker Compose silently drops from a string: an operator and everything behind it.
    pub dropped: Option<Span>,
}

/// What is mounted into a container.
#[derive(Clone, Debug)]
pub struct Mount {
    /// What kind of mount.
    pub kind: MountKind,
    /// A bind's host path (absolute; one that is written absolute stands as written, `..` and all),
    /// a named volume's key; nothing for anonymous volumes and tmpfs. Of a bind whose path hides in
    /// an unknown variable, the text as written.
    pub source: Option<Value<String>>,
    /// Where it lies in the container.
    pub target: Value<String>,
    /// `read_only`, or `:ro`.
    pub read_only: bool,
    /// Where it is written, all of the item.
    pub origin: Origin,
    /// What puts it into the container.
    pub via: Via,
}

/// What puts a mount into a container, the weakest first: of two mounts at one path the stronger
/// one is there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Via {
    /// `VOLUME` of the image.
    ImageVolume,
    /// `volumes_from`
    VolumesFrom,
    /// `configs`
    Config,
    /// `secrets`
    Secret,
    /// `volumes` or `tmpfs`
    Volumes,
}

/// Kinds of mounts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MountKind {
    /// A path of the host.
    Bind,
    /// A named volume.
    Volume,
    /// A volume without a name.
    AnonymousVolume,
    /// Memory.
    Tmpfs,
    /// `image`, `npipe`, `cluster`, and the text of a config or secret that no file holds.
    Other,
}

/// A name with an optional value: `environment`, `args`, `labels`.
#[derive(Clone, Debug)]
pub struct KeyValue {
    /// The name.
    pub key: Value<String>,
    /// The value; `None` for a bare name that takes it from outside and found none.
    pub value: Option<Value<String>>,
}

/// One edge of `depends_on`.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// The service that is needed.
    pub service: Value<String>,
    /// What it waits for.
    pub condition: Condition,
    /// False when the project may start without it.
    pub required: bool,
    /// `restart: true`
    pub restart: bool,
    /// The attribute that implies it (`links`, `network_mode`, …) when `depends_on` does not say
    /// it.
    pub implied_by: Option<&'static str>,
    /// Where it is written.
    pub origin: Origin,
}

/// What a dependent waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Condition {
    /// `service_started`
    Started,
    /// `service_healthy`
    Healthy,
    /// `service_completed_successfully`
    Completed,
}

/// A published or exposed port.
#[derive(Clone, Debug)]
pub struct Port {
    /// The host's address.
    pub host_ip: Option<Value<String>>,
    /// The host's port, or a range.
    pub published: Option<Value<String>>,
    /// The container's port; `None` when it is not known.
    pub target: Option<Value<u16>>,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
    /// Where it is written, all of the item.
    pub origin: Origin,
}

/// `healthcheck`
#[derive(Clone, Debug)]
pub struct Healthcheck {
    /// `test`
    pub test: Option<Value<HealthcheckTest>>,
    /// `interval`
    pub interval: Option<Value<Duration>>,
    /// `timeout`
    pub timeout: Option<Value<Duration>>,
    /// `retries`
    pub retries: Option<Value<u64>>,
    /// `start_period`
    pub start_period: Option<Value<Duration>>,
    /// `start_interval`
    pub start_interval: Option<Value<Duration>>,
    /// `disable: true`
    pub disable: bool,
    /// Where it is written.
    pub origin: Origin,
}

/// What a health check runs.
#[derive(Clone, Debug, PartialEq)]
pub enum HealthcheckTest {
    /// `NONE`
    None,
    /// `CMD`: words.
    Exec(Vec<Word>),
    /// `CMD-SHELL`, or a string.
    Shell(Cooked),
}

/// One trigger of `develop.watch`.
#[derive(Clone, Debug)]
pub struct Watch {
    /// The host path, absolute.
    pub path: Value<String>,
    /// What happens on a change.
    pub action: Value<WatchAction>,
    /// Where files are synced to.
    pub target: Option<Value<String>>,
    /// `ignore` patterns, relative to `path`.
    pub ignore: Vec<Value<String>>,
    /// `include` patterns, relative to `path`.
    pub include: Vec<Value<String>>,
    /// `initial_sync`
    pub initial_sync: bool,
    /// `exec.command`
    pub exec: Option<Value<CommandLine>>,
    /// Where it is written.
    pub origin: Origin,
}

/// What a watch trigger does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WatchAction {
    /// `rebuild`
    Rebuild,
    /// `restart`
    Restart,
    /// `sync`
    Sync,
    /// `sync+restart`
    SyncRestart,
    /// `sync+exec`
    SyncExec,
}

/// A top-level volume, network, secret or config.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its key.
    pub name: Value<String>,
    /// Whether it is made outside of the project.
    pub external: bool,
    /// All of it as resolved.
    pub data: Value<Data>,
}
