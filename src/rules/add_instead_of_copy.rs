//! ADD of local files, which COPY does without ADD's surprises.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::dockerfiles;
use crate::image::dockerfiles::{BuildFile, Line};
use crate::knowledge::paths;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Keyword, Word};

const ID: &str = "add-instead-of-copy";

/// Endings of files that ADD unpacks.
const ARCHIVES: [&str; 15] = [
    ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tzst", ".gz", ".bz2", ".xz", ".zst", ".lzma", ".lz",
    ".lzo", ".Z", ".tlz",
];

/// Judges every ADD.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in file.each(Keyword::Add) {
            let Some((_, sources)) = line
                .instruction
                .words()
                .split_last()
                .filter(|(_, sources)| !sources.is_empty())
            else {
                continue;
            };
            let opened = |word: &Word| {
                line.instruction
                    .heredocs
                    .iter()
                    .any(|heredoc| heredoc.opener == word.span)
            };
            if !sources
                .iter()
                .any(|word| !opened(word) && is_local(dockerfiles::unquoted(word.text.as_str())))
            {
                continue;
            }
            let message = "`ADD` unpacks archives and fetches addresses; for files of the context there is `COPY`";
            findings.push(
                Diagnostic::new(ID, line.instruction.keyword_span, message)
                    .help("Write `COPY`")
                    .fix(fix(&file, line, sources)),
            );
        }
    }
}

fn is_local(source: &str) -> bool {
    let is_remote = source.contains("://") || source.starts_with("git@");
    let is_archive = ARCHIVES.iter().any(|ending| source.ends_with(ending));
    !is_remote && !is_archive && !source.starts_with('$')
}

/// COPY does the same with names that can be no archive. What a pattern or a variable stands for is
/// not known.
fn fix(file: &BuildFile<'_>, line: Line<'_>, sources: &[Word]) -> Option<Fix> {
    let has_own_flag = line
        .instruction
        .flags
        .iter()
        .any(|flag| matches!(flag.name.as_str(), "keep-git-dir" | "checksum" | "unpack"));
    // A file without an ending, or with one that we do not know, may still be an archive: ADD looks
    // at the contents.
    let is_no_archive = |word: &Word| {
        let text = dockerfiles::unquoted(word.text.as_str());
        let name = text
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default();
        text == "."
            || text.ends_with('/')
            || name
                .rsplit_once('.')
                .is_some_and(|(_, ending)| paths::NO_ARCHIVES.contains(&ending))
    };
    let is_known = sources.iter().all(|word| {
        is_local(dockerfiles::unquoted(word.text.as_str()))
            && !word.text.as_str().contains(['$', '*', '?', '['])
    });
    if has_own_flag || !is_known {
        return None;
    }
    let is_same = sources.iter().all(is_no_archive);
    let written = file.slice(line.instruction.keyword_span);
    let copy = if written == written.to_lowercase() {
        "copy"
    } else {
        "COPY"
    };
    let safety = if is_same {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    Some(Fix {
        title: "Write `COPY`".to_owned(),
        safety,
        edits: vec![Edit::replace(line.instruction.keyword_span, copy)],
    })
}
