//! `COPY a b || true`: COPY is no command of a shell, so that these are names of files.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Keyword};

const ID: &str = "shell-operator-in-copy";

/// Judges the words of every COPY and ADD; one finding each.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in file
            .lines
            .iter()
            .filter(|line| matches!(line.instruction.keyword, Keyword::Copy | Keyword::Add))
        {
            let Arguments::Words(words) = &line.instruction.arguments else {
                continue;
            };
            let Some(word) = words
                .iter()
                .find(|word| dockerfiles::is_shell_operator(word.text.as_str()))
            else {
                continue;
            };
            let name = dockerfiles::keyword(line.instruction, file.source());
            let text = word.text.as_str();
            let message = format!(
                "`{text}` is the name of a file here: no shell runs `{name}`, and the build fails without the file"
            );
            let help = "A file that may be missing can be copied by a pattern beside one that is there: `COPY needed.txt optional.tx[t] ./`";
            findings.push(Diagnostic::new(ID, word.span, message).help(help));
        }
    }
}
