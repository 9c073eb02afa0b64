//! Many files to one resolved document, in which every value knows where it was written.
//!
//! The steps are those of Docker Compose's own loader, in its order: discovery and `.env`, then for
//! each file parse, interpolate, include, extends, merge, canonical form; then defaults, paths,
//! normalisation, the typed [`model`], profiles. Whatever the reference refuses or warns about
//! becomes a diagnostic, all of them at once.

pub mod model;
pub mod references;
pub mod resolve;
pub mod unset_uses;
pub mod value;

mod canonical;
mod cast;
mod check;
mod consistency;
mod decode;
mod discover;
mod environment;
mod extends;
mod forms;
mod include;
mod interpolate;
mod load;
mod loader;
mod locate;
mod merge;
mod name;
mod needed_files;
mod normalise;
mod paths;
mod place;
mod schema;
mod swarm;
mod tree;
mod typed;
mod unique;
mod view;

/// The rule that reports what Docker Compose refuses to load.
pub const INVALID_COMPOSE: &str = "invalid-compose";

/// The rule that reports `- NAME: value` where `- NAME=value` is meant.
pub const ENV_LIST_ITEM_IS_A_MAP: &str = "env-list-item-is-a-map";

/// The rule that reports keys that the Compose specification does not know.
pub const UNKNOWN_KEY: &str = "unknown-key";

/// The rule that reports what only Swarm heeds.
pub const SWARM_ONLY_ATTRIBUTE: &str = "swarm-only-attribute";

/// The rule that reports names that the Compose specification has given up.
pub const DEPRECATED_ATTRIBUTE: &str = "deprecated-attribute";

/// The rule that reports `yes` and `no` where `true` and `false` are meant.
pub const YES_OR_NO_BOOLEAN: &str = "yes-or-no-boolean";

/// The rule that reports the top-level `version`.
pub const OBSOLETE_VERSION: &str = "obsolete-version";

/// The rule that reports sizes that Docker Compose drops.
pub const FRACTION_WITHOUT_UNIT: &str = "fraction-without-unit";

/// The rules that report what Docker Compose loads all the same.
const WARNINGS: [&str; 5] = [
    SWARM_ONLY_ATTRIBUTE,
    DEPRECATED_ATTRIBUTE,
    YES_OR_NO_BOOLEAN,
    OBSOLETE_VERSION,
    FRACTION_WITHOUT_UNIT,
];

pub use decode::Dialect;
pub use discover::{Discovery, discover, is_compose_file};
pub use environment::EnvFiles;
pub use interpolate::Unset;
pub use load::load;
pub use locate::{
    LocateError, MAIN_NAMES, OVERRIDE_NAMES, ProjectOptions, default_files, locate, passed_over,
};
pub use needed_files::{ENV_FILE, NeededFile, needed_files};

pub use paths::is_remote_project;

pub use model::{
    Build, CommandLine, Compose, Condition, Dependency, Healthcheck, HealthcheckTest, Hook,
    KeyValue, Mount, MountKind, Port, Resource, Service, Via, Watch, WatchAction,
};
pub use value::{Data, Map, Origin, Step, Value, VariableSource};
pub use view::{View, ViewKind, Without};
