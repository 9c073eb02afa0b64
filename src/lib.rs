//! composelint.
pub mod compose;
pub mod diagnostic;
pub mod files;
pub mod project;
pub mod syntax;
pub mod text;
pub mod workspace;
