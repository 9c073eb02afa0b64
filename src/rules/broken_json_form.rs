//! Arguments that look like the JSON form but are no JSON, so that a shell gets them.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::dockerfiles;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Instruction, Keyword};
use crate::text::{Cooked, Span};

const ID: &str = "broken-json-form";

/// Judges the instructions that have a JSON form.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in &file.lines {
            let Some((text, span)) = looks_like_json(line.instruction) else {
                continue;
            };
            let name = dockerfiles::keyword(line.instruction, file.source());
            let message = match line.instruction.keyword {
                Keyword::Copy | Keyword::Add | Keyword::Volume => {
                    format!("`{name}` takes `[` and `]` for parts of file names: this is no JSON")
                }
                _ => format!(
                    "a shell gets this with its brackets: it is no JSON, so that `{name}` takes it for a command line"
                ),
            };
            let repaired = repaired(&text);
            let finding = Diagnostic::new(ID, span, message);
            let help = match &repaired {
                Some(json) => format!("Write `{json}`"),
                None => "JSON wants double quotes around every word, a comma between two, and none behind the last".to_owned(),
            };
            let fix = repaired.map(|json| {
                Fix::new(
                    "Write JSON".to_owned(),
                    Safety::Unsafe,
                    Edit::replace(span, json),
                )
            });
            findings.push(finding.help(help).fix(fix));
        }
    }
}

/// The arguments when they begin with `[` and end with `]` and no shell could mean them so:
/// `[ -f x ]` is a test.
fn looks_like_json(instruction: &Instruction) -> Option<(String, Span)> {
    let (text, span) = match (&instruction.arguments, instruction.keyword) {
        (
            Arguments::Shell(text),
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck,
        ) => (Cooked::as_str(text).to_owned(), text.span()),
        (Arguments::Words(words), Keyword::Copy | Keyword::Add | Keyword::Volume) => {
            let (first, last) = (words.first()?, words.last()?);
            let text: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            (text.join(" "), first.span.cover(last.span))
        }
        _ => return None,
    };
    let inner = text.strip_prefix('[')?.trim_end().strip_suffix(']')?;
    let begins = inner.trim_start().starts_with(['"', '\'', '“', '‘']) || inner.contains(',');
    let is_test =
        inner.starts_with([' ', '[']) && !inner.trim_start().starts_with(['"', '\'', '“']);
    // A glob such as `[ab].txt [cd].txt` or `[a-z]` in COPY.
    (begins && !is_test && (inner.contains(',') || !inner.contains(']'))).then_some((text, span))
}

/// The array that is meant, where single quotes, words without quotes or a comma too many are all
/// that is wrong.
fn repaired(text: &str) -> Option<String> {
    let inner = text.strip_prefix('[')?.trim_end().strip_suffix(']')?.trim();
    let inner = inner.strip_suffix(',').unwrap_or(inner);
    let words = inner.split(',').map(|word| {
        let word = word.trim();
        let plain = dockerfiles::unquoted(word);
        let is_safe =
            !plain.is_empty() && !plain.contains(['"', '\'', '\\', '“', '”', '‘', '’', '\n']);
        let is_one = plain.len() < word.len() || !word.contains(char::is_whitespace);
        (is_safe && is_one).then(|| dockerfiles::json(plain))
    });
    Some(format!(
        "[{}]",
        words.collect::<Option<Vec<_>>>()?.join(", ")
    ))
}
