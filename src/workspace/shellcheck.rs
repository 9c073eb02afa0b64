//! What is asked of ShellCheck, and what it answers. The program itself is run by whoever may start
//! one.

use crate::diagnostic::Severity;

/// Something that judges scripts of shells as ShellCheck does.
pub trait ShellCheck: Sync {
    /// What it says of each script, in the order of the scripts.
    ///
    /// # Errors
    /// Why it says nothing, in words for the user.
    fn check(&self, scripts: &[String]) -> Result<Vec<Vec<Remark>>, String>;
}

/// One remark on a script. Lines and columns count from 1, columns in characters; the end is behind
/// the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The number behind `SC`.
    pub code: u32,
    /// How bad ShellCheck finds it.
    pub severity: Severity,
    /// What it says.
    pub message: String,
    /// Line and column where it begins.
    pub start: (usize, usize),
    /// Line and column where it ends.
    pub end: (usize, usize),
}
