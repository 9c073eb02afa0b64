//! ARG and ENV whose names say that they hold a secret: whoever has the image can read them.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::project::dockerfiles;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Keyword};
use crate::text::Span;

const ID: &str = "secret-in-arg-or-env";

/// Parts of names that speak of a secret.
const SECRET: [&str; 10] = ["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];

/// Parts of names that say it is none.
const HARMLESS: [&str; 3] = ["public", "file", "version"];

/// Judges the names of every ARG and ENV; the words are those of BuildKit.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        let mut found: Vec<(String, &str, Span)> = Vec::new();
        for line in &file.lines {
            let names: Vec<(&str, Span)> = match (&line.instruction.arguments, line.instruction.keyword) {
                (Arguments::Pairs(pairs), Keyword::Env) => pairs.iter().map(|pair| (pair.key.text.as_str(), pair.key.span)).collect(),
                (_, Keyword::Arg) => {
                    let words = line.instruction.words().iter();
                    words.map(|word| (word.text.as_str().split('=').next().unwrap_or_default(), word.span)).collect()
                }
                _ => continue,
            };
            let keyword = dockerfiles::keyword(line.instruction, file.source());
            found.extend(names.into_iter().filter(|(name, _)| is_secret(name)).map(|(name, span)| (keyword.clone(), name, span)));
        }
        findings.extend(report(&found));
    }
}

/// One finding for a Dockerfile: an ARG that an ENV hands on is one secret, and so it is in the next stage.
fn report(found: &[(String, &str, Span)]) -> Option<Diagnostic> {
    let ((keyword, name, span), others) = found.split_first()?;
    let message = match others.len() {
        0 => format!("`{keyword} {name}` looks like a secret, and everybody who has the image can read it"),
        more => format!("`{keyword} {name}` and {more} more look like secrets, and everybody who has the image can read them"),
    };
    let help = match found.iter().all(|(keyword, ..)| keyword == "ARG") {
        true => "Give it to the RUN that needs it: `RUN --mount=type=secret,id=…`, and `secrets:` in the compose file",
        false => "Give it to the container when it starts: `environment:` or `secrets:` in the compose file",
    };
    let finding = Diagnostic::new(ID, *span, message).help(help);
    Some(others.iter().fold(finding, |finding, (_, _, span)| finding.label(*span, "and this one")))
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| name.split('_').any(|part| words.contains(&part));
    has(&SECRET) && !has(&HARMLESS)
}
