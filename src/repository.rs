//! What surrounds a project in its repository: how people call Docker Compose, which compose files there are, which files
//! are source code, and what is said of files that are not checked in.

pub mod compose_files;
pub mod gitignore;
pub mod manifests;
pub mod mentions;
pub mod named_images;
pub mod override_files;
pub mod recipes;
pub mod sources;
