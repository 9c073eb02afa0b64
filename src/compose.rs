//! Many files to one resolved document, in which every value knows where it was written.
//!
//! The steps are those of Docker Compose's own loader, in its order: discovery and `.env`, then for each file parse,
//! interpolate, include, extends, merge, canonical form; then defaults, paths, normalisation, the typed [`model`],
//! profiles. Whatever the reference refuses or warns about becomes a diagnostic, all of them at once.

pub mod model;
pub mod value;

pub use model::{
    Build, CommandLine, Compose, Condition, Dependency, Healthcheck, HealthcheckTest, KeyValue, Mount, MountKind, Port, Resource, Service,
    Watch, WatchAction,
};
pub use value::{Data, Map, Origin, Step, Value, VariableSource};
