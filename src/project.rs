//! One view of a repository as a project: services, what their images hold, what is mounted, what runs - as questions.
//!
//! A project joins the resolved compose model with the Dockerfiles it builds and with how people call it. Rules judge it;
//! whatever two rules would both derive is a question asked here.

pub mod image;
pub mod intent;
pub mod knowledge;
pub mod process;
pub mod recipes;
pub mod roles;
