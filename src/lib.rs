//! Why is my container running old code, and what is the least I must do for my edit to take
//! effect?
//!
//! composelint reads compose files, Dockerfiles and everything around them as *one project*. An
//! edit reaches a running process over four links: it **arrives** in the container (a mount, a
//! sync, or a rebuild and a recreate), nothing **hides** it there, the process **reads** that path
//! and no copy of it, and something makes the process **read it again**. Every cause of old code
//! breaks one of the four. A rule finds the broken one and proves it with the lines of all files
//! that take part.
//!
//! # Bird's eye
//!
//! ```text
//! files ──▶ syntax ──▶ compose ──▶ project ──▶ rules ──▶ lint ──▶ fix
//!           trees      one         questions:  judge-    run,     apply edits until
//!           with       resolved    what is     ments     sort     nothing changes
//!           spans      document    baked,                  │
//!                      in which    mounted,                └────▶ report
//!                      a value     shadowed;   overrides          one file a format
//!                      knows its   what runs   write what
//!                      origin      and who     a project
//!                                  reloads it  lacks
//! ```
//!
//! Text comes in through one door, [`files::Files`], and a [`workspace::Workspace`] reads and
//! parses every file once. Each parser gives a tree and diagnostics and never fails. `compose`
//! merges many files to one document and keeps where each value was written; `project` joins it
//! with the Dockerfiles and answers questions; a rule is a plain function over those answers.
//! Everything anybody says is a [`diagnostic::Diagnostic`], everything anybody changes a
//! [`diagnostic::Edit`]: a span and its new text.
//!
//! To follow one finding through the house, read `src/rules/missing_dev_mount.rs`, its document
//! `rules/missing-dev-mount.md`, and then downwards whatever the rule asks.
//!
//! # What never happens, and the test that sees to it
//!
//! | promise | held by |
//! |---|---|
//! | a module imports only modules below it, so there is no cycle | `architecture::a_module_imports_only_what_its_layer_may_see` |
//! | a parser knows no schema, and no parser knows another | the same, and `siblings_that_must_not_know_each_other_do_not` |
//! | a rule knows no other rule, no configuration, no report | the same two |
//! | a report knows no rules and no project | the same |
//! | only `disk`, `cli` and the program touch disk, environment or terminal | `architecture::only_the_roof_reaches_outside` |
//! | the types of the core are not serialised; each format has its own | `architecture::the_core_is_not_serialised` |
//! | a rule is a document, a source file and two lines, and every example in its document is true | `rule_documents` |
//! | compose files mean what they mean to Docker Compose | `oracle` |
//! | the picture in the README is what the program prints | `picture` |
//! | the demo at the root is clean; the stack it was before becomes it by `fix` and `override` | `demo` |
//!
//! All of them lie in `tests/it/`; unit tests lie beside what they test, in `src/x/tests.rs`.

// The layers in reading order, from the ground to the roof. `tests/it/architecture.rs` says what
// each may import.

pub mod text;
pub mod diagnostic;
pub mod files;
pub mod syntax;
pub mod workspace;
pub mod knowledge;

pub mod compose;
pub mod repository;
pub mod image;
pub mod process;
pub mod project;
pub mod links;

pub mod intent;
pub mod network;
pub mod startup;
pub mod cache;
pub mod roles;
pub mod dev;
pub mod overrides;
pub mod rules;
pub mod plan;
pub mod config;

pub mod lint;
pub mod fix;

pub mod report;
pub mod disk;
pub mod cli;

#[cfg(test)]
mod testing;
