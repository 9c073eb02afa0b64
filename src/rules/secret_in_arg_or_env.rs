//! ARG and ENV whose names say that they hold a secret: whoever has the image can read them.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Keyword};
use crate::text::Span;

const ID: &str = "secret-in-arg-or-env";

/// Parts of names that speak of a secret.
const SECRET: [&str; 10] = [
    "apikey",
    "auth",
    "credential",
    "credentials",
    "key",
    "password",
    "pword",
    "passwd",
    "secret",
    "token",
];

/// Parts of names that say it is none.
const HARMLESS: [&str; 3] = ["public", "file", "version"];

/// Judges the names of every ARG and ENV; the words are those of BuildKit.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in &file.lines {
            let names: Vec<(&str, Span)> =
                match (&line.instruction.arguments, line.instruction.keyword) {
                    (Arguments::Pairs(pairs), Keyword::Env) => pairs
                        .iter()
                        .map(|pair| (pair.key.text.as_str(), pair.key.span))
                        .collect(),
                    (_, Keyword::Arg) => {
                        let words = line.instruction.words().iter();
                        words
                            .map(|word| {
                                (
                                    word.text.as_str().split('=').next().unwrap_or_default(),
                                    word.span,
                                )
                            })
                            .collect()
                    }
                    _ => continue,
                };
            let secrets = names.into_iter().filter(|(name, _)| is_secret(name));
            findings
                .extend(secrets.map(|(name, span)| report(line.instruction.keyword, name, span)));
        }
    }
}

/// The name is in the message, so that every secret is told, and one that is ARG and ENV is told
/// once. The name alone is judged, so the words have to be true of an empty value, too.
fn report(keyword: Keyword, name: &str, span: Span) -> Diagnostic {
    let help = match keyword {
        Keyword::Arg => {
            "Give it to the RUN that needs it: `RUN --mount=type=secret,id=…`, and `secrets:` in the compose file"
        }
        _ => {
            "Give it to the container when it starts: `environment:` or `secrets:` in the compose file"
        }
    };
    Diagnostic::new(
        ID,
        span,
        format!(
            "{name} is named like a secret, and everybody who has the image can read its value"
        ),
    )
    .help(help)
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| name.split('_').any(|part| words.contains(&part));
    has(&SECRET) && !has(&HARMLESS)
}
