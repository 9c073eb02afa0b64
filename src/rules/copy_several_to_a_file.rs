//! COPY or ADD of several files to a destination that is not written as a directory.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::dockerfiles;
use crate::image::dockerfiles::{BuildFile, Line};
use crate::image::path;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Keyword};

const ID: &str = "copy-several-to-a-file";

/// Judges every COPY and ADD.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in file
            .lines
            .iter()
            .filter(|line| matches!(line.instruction.keyword, Keyword::Copy | Keyword::Add))
        {
            let Some((destination, sources)) = line
                .instruction
                .words()
                .split_last()
                .filter(|(_, sources)| sources.len() > 1)
            else {
                continue;
            };
            // `COPY a b || true` is told of by `shell-operator-in-copy`.
            if sources
                .iter()
                .any(|word| dockerfiles::is_shell_operator(word.text.as_str()))
            {
                continue;
            }
            let text = destination.text.as_str();
            let path = dockerfiles::unquoted(text);
            // A variable may end with a `/`, and these are directories.
            if path.ends_with(['/', '\\'])
                || path.ends_with('}')
                || last_part(path).starts_with('$')
                || matches!(last_part(path), "." | "..")
            {
                continue;
            }
            if is_directory(&file, line, path) {
                continue;
            }
            let name = dockerfiles::keyword(line.instruction, file.source());
            let message = format!(
                "`{name}` has {} sources, but `{path}` is not written as a directory",
                sources.len()
            );
            let quoted =
                matches!(line.instruction.arguments, Arguments::Json(_)) || path.len() < text.len();
            let mut at = destination.span.after();
            if quoted {
                at.start -= 1;
                at.end -= 1;
            }
            let fix = Fix {
                title: format!("Write `{path}/`"),
                safety: Safety::Safe,
                edits: vec![Edit {
                    span: at,
                    text: "/".to_owned(),
                }],
            };
            findings.push(
                Diagnostic::new(ID, destination.span, message)
                    .help(format!("Write `{path}/`"))
                    .fix(fix),
            );
        }
    }
}

/// Directories that images begin with.
const OF_SYSTEM: [&str; 9] = [
    "/tmp", "/opt", "/etc", "/bin", "/root", "/home", "/srv", "/usr", "/var",
];

/// Whether the destination is a directory already: a WORKDIR has made it, or every image has it.
fn is_directory(file: &BuildFile<'_>, line: &Line<'_>, written: &str) -> bool {
    let clean = |text: &str| path::join("/", dockerfiles::unquoted(text));
    let wanted = clean(written);
    let is_of_system = OF_SYSTEM.contains(&wanted.as_str())
        || wanted.starts_with("/usr/")
        || wanted.starts_with("/etc/");
    let chain = line
        .stage
        .map(|stage| file.chain(stage))
        .unwrap_or_default();
    let before = file
        .each(Keyword::Workdir)
        .filter(|other| other.number < line.number);
    let mut before = before.filter(|other| other.stage.is_some_and(|stage| chain.contains(&stage)));
    is_of_system
        || before.any(|other| {
            other
                .instruction
                .words()
                .first()
                .is_some_and(|word| path::below(&clean(word.text.as_str()), &wanted).is_some())
        })
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
