//! Whether a shell stays in front of a process and keeps the signals from it.

use crate::knowledge::{self, shells};
use crate::process::{Process, Step};
use crate::project::Service;

/// The script whose shell stays as process 1 while it waits for a process that it did not start
/// with `exec`.
pub fn shell_that_stays<'p>(service: Service<'_>, process: &'p Process) -> Option<&'p Step> {
    let spec = service.spec();
    let is_told = |key: &str| spec.data.get(key).is_some();
    if is_told("init") || is_told("stop_grace_period") || is_told("stop_signal") {
        return None;
    }
    let start = process.first_word()?;
    let is_shell = shells::is_shell(start);
    let mut scripts = process
        .chain
        .iter()
        .filter(|step| step.what.starts_with("script "));
    let step = scripts.next().filter(|_| scripts.next().is_none())?;
    let source = service.project().workspace().sources().get(step.span.file);
    if process.written_at.file != step.span.file
        || !(is_shell || start.ends_with(knowledge::file_name(source.path().to_str()?)))
    {
        return None;
    }
    // The last command of the script, from its own first word.
    let line_start = source.text()[..process.written_at.start as usize]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let before = &source.text()[line_start..process.written_at.start as usize];
    let hands_over =
        before.split_whitespace().any(|word| word == "exec") || source.text().contains("trap ");
    (!hands_over && !before.trim_end().ends_with('\\')).then_some(step)
}
