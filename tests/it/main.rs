//! The tests of the house and of the whole program, in one binary.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod architecture;
mod builds;
mod chain;
mod cli;
mod demo;
mod fixing;
mod hostile;
mod knowledge;
mod oracle;
mod overrides;
mod picture;
mod program;
mod rule_documents;
mod shellcheck;
