//! `RUN chmod` of a file that the COPY before it brought: its second copy lies in a layer of its
//! own.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles;
use crate::image::dockerfiles::Line;
use crate::image::path;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "chmod-after-copy";

/// Judges the RUN right behind a COPY or ADD.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        let calls = file.calls();
        for pair in file.lines.windows(2) {
            let [copy, run] = pair else { continue };
            let is_pair = matches!(copy.instruction.keyword, Keyword::Copy | Keyword::Add)
                && run.instruction.keyword == Keyword::Run;
            if !is_pair || copy.stage != run.stage || copy.instruction.flag("chmod").is_some() {
                continue;
            }
            let mut own = calls.iter().filter(|call| call.line.number == run.number);
            let Some(chmod) = own
                .next()
                .filter(|call| call.program() == "chmod" && own.next().is_none())
            else {
                continue;
            };
            let words: Vec<&str> = chmod
                .words()
                .filter(|word| !word.starts_with('-') || word.len() == 2)
                .collect();
            let [mode, target] = words.as_slice() else {
                continue;
            };
            if !is_destination(copy, target) {
                continue;
            }
            let name = dockerfiles::keyword(copy.instruction, file.source());
            let message = format!(
                "`chmod` puts a second copy of the file into a layer of its own; `{name}` can set the mode itself"
            );
            let finding = Diagnostic::new(ID, chmod.command.span, message)
                .label(copy.instruction.span, "it is copied here");
            findings
                .push(finding.help(format!("Write `{name} --chmod={mode} …` and take this out")));
        }
    }
}

/// Whether a path is what a COPY of one file made.
fn is_destination(copy: &Line<'_>, target: &str) -> bool {
    let [source, destination] = copy.instruction.words() else {
        return false;
    };
    let (source, destination) = (
        dockerfiles::unquoted(source.text.as_str()),
        dockerfiles::unquoted(destination.text.as_str()),
    );
    let in_directory = destination.ends_with('/') || matches!(destination, "." | "..");
    let made = if in_directory {
        path::join(destination, path::name(source))
    } else {
        destination.to_owned()
    };
    let plain = |text: &str| text.trim_start_matches("./").to_owned();
    plain(&made) == plain(target)
}
