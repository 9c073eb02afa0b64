//! Why is my container running old code, and what is the least I must do for my edit to take
//! effect?
//!
//! composelint reads compose files, Dockerfiles and everything around them as *one project*. An
//! edit reaches a running process over four links: it **arrives** in the container (through a mount,
//! a sync, or a rebuild), nothing **hides** it there, the process **reads** that path and not a copy
//! of it, and something makes the process **read it again**. Every cause of old code breaks one of
//! the four. A rule finds the broken link and proves it with the lines of all files that take part.
//!
//! # Bird's eye
//!
//! ```text
//! files ─▶ syntax ─▶ compose ─┐                               ┌─▶ rules ─▶ lint ─▶ fix
//!          trees     one      ├─▶ project ─▶ links ─▶ further │              │
//!          with      resolved │   services   the      ques-   ├─▶ overrides  └─▶ report
//!          spans     document │   join all   chain    tions   │   the development
//!                    repository             of an             │   override
//!                    image    │             edit              └─▶ plan
//!                    process ─┘
//! ```
//!
//! Text comes in through one door, [`files::Files`], and a [`workspace::Workspace`] reads and parses
//! every file once. Each parser returns a tree and diagnostics and never fails. [`compose`] merges
//! many files into one document and keeps where each value was written. [`project`] joins it with
//! what the Dockerfiles build and what the containers run, and answers questions. A rule is a plain
//! function over those answers. Whatever anybody says is a [`diagnostic::Diagnostic`]; whatever
//! anybody changes is a [`diagnostic::Edit`]: a span and its new text.
//!
//! # The layers, from the ground to the roof
//!
//! A module imports only modules above it in this table.
//!
//! | module | the question it answers |
//! |---|---|
//! | [`text`] | Where is a byte: which file, line and column? |
//! | [`diagnostic`] | What can be said about a project and changed in it, as plain data? |
//! | [`files`] | What is on the disk, in memory, in an open editor? |
//! | [`syntax`] | What does a text say in its own language: YAML, Dockerfile, shell, JSON, …? |
//! | [`workspace`] | What has been read and parsed already? |
//! | [`knowledge`] | What do the world's tools do: package managers, servers, base images? |
//! | [`compose`] | What do many compose files say together, and where is each value written? |
//! | [`repository`] | What surrounds a project: scripts, documents, manifests, git's ignore files? |
//! | [`image`] | What does a Dockerfile build, step by step, and what is in the image? |
//! | [`process`] | Which program does a command start, and does it reload? |
//! | [`project`] | What are the services of one set of files, with their images, mounts and processes? |
//! | [`links`] | How does an edit of one path take effect in one service? |
//! | [`intent`] | What is a set of files for: development, tests, production? |
//! | [`network`] | Who reaches whom, under which name, at which port? |
//! | [`startup`] | Who waits for whom, for how long, and does the health check work? |
//! | [`cache`] | Which build steps run again after an edit, and can that be avoided safely? |
//! | [`roles`] | Which services does a developer need, and which are optional? |
//! | [`dev`] | What does development need that the project does not say? |
//! | [`overrides`] | What is the development override that the project lacks, as a file? |
//! | [`rules`] | What is wrong? One file a rule |
//! | [`plan`] | What happens on `docker compose up`? |
//! | [`config`] | What did the user choose in `composelint.toml`? |
//! | [`lint`] | Which projects are there, and what do the rules say about each? |
//! | [`fix`] | Which edits repair them, and do the files still say the same? |
//! | [`report`] | How do the findings look: text, JSON, GitHub annotations? |
//! | [`disk`], [`cli`] | How does the program talk to the outside? |
//!
//! # Where to look
//!
//! | you want to know | read |
//! |---|---|
//! | how one finding comes about | `rules/missing-dev-mount.md`, `src/rules/missing_dev_mount.rs`, then what the rule asks |
//! | why `composelint why` says what it says | `src/cli/why.rs`, then [`links`] |
//! | how several compose files become one | `src/compose/load.rs`, `src/compose/merge.rs` |
//! | what a RUN, COPY or ENV does to an image | `src/image/step.rs` |
//! | how a command becomes a process | `src/process/step.rs` |
//! | whether a repair is safe | `src/cache/proof.rs` for Dockerfiles, `src/dev/` for overrides |
//! | how to add a package manager, a server, a base image or a rule | `.github/CONTRIBUTING.md` |
//!
//! # What never happens, and the test that makes sure
//!
//! | promise | held by |
//! |---|---|
//! | a module imports only modules below it, so there is no cycle of modules | `architecture::a_module_imports_only_what_its_layer_may_see` |
//! | no parser knows a schema or another parser; no rule knows another rule | the same, and `architecture::siblings_that_must_not_know_each_other_do_not` |
//! | no rule knows the configuration or a report; no report knows a rule or a project | the same two |
//! | no two files import each other, not even by a detour | `architecture::no_files_import_each_other_in_a_circle` |
//! | a type has its methods in its own module, and [`project::Service`] only what it is made of | `architecture::a_type_has_its_methods_in_its_own_room` |
//! | only [`disk`], [`cli`] and the program touch disk, environment or terminal | `architecture::only_the_roof_reaches_outside` |
//! | a file is opened by `disk::read` only, which waits for no pipe, and a program started by `cli::program` only, which takes none from the project | `architecture::the_outside_has_one_door`, `hostile` |
//! | the types of the core are not serialised: each format has its own | `architecture::the_core_is_not_serialised` |
//! | a rule is a document, a source file and two lines, and every example in its document is true | `rule_documents` |
//! | compose files mean what they mean to Docker Compose, and Dockerfiles what they mean to BuildKit | `oracle` |
//! | no input, however hostile, makes the program hang or crash | `hostile` |
//! | the picture in the README is what the program prints | `picture` |
//! | the demo at the root is clean, and `fix` and `override` turn the stack it was before into it | `demo` |
//!
//! All of them are in `tests/it/`. Unit tests are beside what they test, in `src/x/tests.rs`; a
//! project in memory is one call of `testing::project`.

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
