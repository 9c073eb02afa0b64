//! Text to trees with spans. Each parser knows its own language and nothing else: no schema, no
//! other syntax, no files.
//!
//! A parser never fails: it returns what it could read and a diagnostic for what it could not.

pub mod dockerfile;
pub mod dotenv;
pub mod ignore;
pub mod json;
pub mod makefile;
pub mod markdown;
pub mod pragma;
pub mod shell;
pub mod shellwords;
pub mod toml;
pub mod yaml;

/// The rule that reports text which a parser cannot read.
pub const INVALID_SYNTAX: &str = "invalid-syntax";

/// The rule that reports keys that are set twice.
pub const DUPLICATE_KEY: &str = "duplicate-key";

/// The rule that reports instructions that cannot stand behind ONBUILD.
pub const FORBIDDEN_ONBUILD_TRIGGER: &str = "forbidden-onbuild-trigger";

/// The rule that reports Dockerfiles that do not begin with a FROM.
pub const INSTRUCTION_BEFORE_FROM: &str = "instruction-before-from";

/// Whether what a file means is not known where this rule has something to say.
pub fn hides_meaning(rule: &str) -> bool {
    rule == INVALID_SYNTAX || rule == DUPLICATE_KEY
}
