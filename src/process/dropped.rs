//! Whether the entrypoint ever runs the command that is written for a service.

use super::start::expand;
use super::task::join;
use super::{Argv, Input, PathContent};
use crate::knowledge;
use crate::knowledge::file_name;
use crate::knowledge::shells;
use crate::syntax::shell::Word;
use crate::text::{Source, Span};

/// A `command:` that the container's entrypoint does not run.
#[derive(Clone, Debug)]
pub struct DroppedCommand {
    /// Why, a clause with the entrypoint as its subject.
    pub why: String,
    /// Where the entrypoint is written.
    pub entrypoint: Span,
    /// The script that does not hand the command on.
    pub script: Option<Source>,
}

/// Finds out whether `command:` of a service is dropped; `None` when it is run, or nothing sure can
/// be said.
pub fn dropped_command(input: &Input<'_>) -> Option<DroppedCommand> {
    let is_empty = |argv: &&Argv| matches!(argv, Argv::Exec(words, _) if words.is_empty());
    input.command.as_ref().filter(|argv| !is_empty(argv))?;
    let entrypoint = match &input.entrypoint {
        Some(own) => Some(own).filter(|argv| !is_empty(argv)),
        None => input
            .image
            .entrypoint
            .as_ref()
            .filter(|argv| !is_empty(argv)),
    }?;
    let (words, span) = match entrypoint {
        Argv::Shell(text) => {
            let why = "the entrypoint is a text for a shell, which takes no arguments".to_owned();
            return (!hands_on(text.as_str())).then(|| DroppedCommand {
                why,
                entrypoint: text.span(),
                script: None,
            });
        }
        Argv::Exec(words, span) => (words.as_slice(), *span),
    };
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let own = knowledge::wrapper(&texts).map_or(0, |(_, length)| length);
    let (words, texts) = (words.get(own..)?, texts.get(own..)?);
    let is_shell = shells::is_shell(texts.first()?);
    let behind: Vec<&Word> = words[usize::from(is_shell)..]
        .iter()
        .filter(|word| !word.text.as_str().starts_with('-'))
        .collect();
    let first = behind.first()?;
    let is_text = is_shell
        && texts
            .iter()
            .skip(1)
            .take_while(|word| word.starts_with('-'))
            .any(|flags| !flags.starts_with("--") && flags.ends_with('c'));
    if is_text {
        // Behind the text stand `$0` and then the arguments.
        let why =
            "the entrypoint gives a shell its text with `-c`, and the shell runs nothing else"
                .to_owned();
        return (!hands_on(first.text.as_str())).then_some(DroppedCommand {
            why,
            entrypoint: span,
            script: None,
        });
    }
    let name = expand(first, &input.image.environment)?;
    let cwd = input
        .working_dir
        .as_ref()
        .or(input.image.workdir.as_ref())
        .map_or("/", String::as_str);
    let found = if name.contains('/') {
        input.look(&join(cwd, &name))
    } else {
        ["/usr/local/bin", "/usr/bin", "/bin", cwd]
            .iter()
            .map(|at| input.look(&join(at, &name)))
            .find(|found| !matches!(found, PathContent::Nothing))?
    };
    let script = found.file()?;
    let text = script.text();
    let first_line = text.lines().next().unwrap_or_default();
    let is_script = is_shell
        || first_line.starts_with("#!") && first_line.contains("sh")
        || !first_line.starts_with("#!") && name.ends_with(".sh");
    // What another file does with the arguments is not to be seen here.
    let reads_others = text
        .lines()
        .map(str::trim_start)
        .any(|line| line.starts_with(". ") || line.starts_with("source ") || line.contains("eval"));
    if !is_script || reads_others || hands_on(text) {
        return None;
    }
    let why = format!("`{}` never runs what it is given", file_name(&name));
    Some(DroppedCommand {
        why,
        entrypoint: span,
        script: Some(script),
    })
}

/// Whether a shell text does anything with its arguments.
fn hands_on(text: &str) -> bool {
    let is_argument = |rest: &str| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        rest.starts_with(['@', '*', '#', '0', '1', '2', '3']) || rest.starts_with("$@")
    };
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    code.into_iter().any(|line| {
        line.match_indices('$')
            .any(|(at, _)| is_argument(&line[at + 1..]))
            || line
                .split_whitespace()
                .any(|word| matches!(word, "shift" | "getopts"))
    })
}
