//! Env files (`.env`, `env_file`, `label_file`) as compose-go reads them, with spans.
//!
//! Variables in values are not expanded here: that takes an environment, which `compose` has.

use crate::diagnostic::Diagnostic;
use crate::text::{Cooked, Source, Span};

mod raw;
mod standard;

/// One `KEY=value` line.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key; empty for a line that starts with `=`.
    pub key: String,
    /// The span of the key.
    pub key_span: Span,
    /// The value; `None` for a bare key, which takes its value from the environment.
    pub value: Option<Value>,
}

/// A value as far as it can be known without an environment.
#[derive(Clone, Debug)]
pub struct Value {
    /// Quotes taken off and escapes resolved; a `$` that must stay one is `$$`, as in a compose
    /// file.
    pub text: Cooked,
    /// Whether `$VAR` is expanded in it: not in single quotes.
    pub expand: bool,
}

/// How an env file is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// With quotes, comments and variables.
    #[default]
    Standard,
    /// `format: raw`: everything behind `=` is the value.
    Raw,
}

/// Reads an env file, as compose-go's `dotenv` (standard) and docker/cli's `kvfile` (raw) do.
///
/// Docker Compose stops at the first line it cannot read; here each such line is reported and left
/// out. A last line without `=` and without a line end is, as there, the value of a variable
/// without a name.
pub fn parse(source: &Source, format: Format) -> (Vec<Entry>, Vec<Diagnostic>) {
    match format {
        Format::Standard => standard::parse(source),
        Format::Raw => raw::parse(source),
    }
}

#[cfg(test)]
mod tests;
