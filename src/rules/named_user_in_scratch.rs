//! A user by name in a stage on `scratch`, which has no list of users.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles;
use crate::image::dockerfiles::{BuildFile, Line};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Keyword, Word};

const ID: &str = "named-user-in-scratch";

/// Judges USER and `--chown` in the stages on `scratch` until a list of users is copied into them.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for stage in 0..file.stages.len() {
            let chain = file.chain(stage);
            let bottom = chain.first().copied().unwrap_or(stage);
            if file.stages[bottom]
                .base
                .is_none_or(|base| base.text.as_str() != "scratch")
            {
                continue;
            }
            let mut has_users = chain
                .iter()
                .filter(|below| **below != stage)
                .any(|below| file.of_stage(*below).any(|line| brings_users(&line)));
            for line in file.of_stage(stage).filter(|line| !line.is_trigger) {
                if let Some(word) = named(&line).filter(|_| !has_users) {
                    findings.push(report(&file, stage, word));
                }
                has_users |= brings_users(&line);
            }
        }
    }
}

fn report(file: &BuildFile<'_>, stage: usize, word: &Word) -> Diagnostic {
    let message = format!(
        "nobody is called `{}` in here: `scratch` has no /etc/passwd",
        word.text.as_str()
    );
    let finding = Diagnostic::new(ID, word.span, message)
        .label(file.stages[stage].from.span, "nothing is in here");
    finding.help("Write a number, such as 65532, or copy /etc/passwd and /etc/group from another stage first")
}

/// The user that an instruction names, when it is no number and no variable.
fn named<'p>(line: &Line<'p>) -> Option<&'p Word> {
    let word = match line.instruction.keyword {
        Keyword::User => line.instruction.words().first()?,
        Keyword::Copy | Keyword::Add => line.instruction.flag("chown")?.value.as_ref()?,
        _ => return None,
    };
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let text = dockerfiles::unquoted(word.text.as_str());
    let is_named = !text.contains('$') && !text.split(':').all(is_number);
    // `root` needs no list in USER: the number is known without one.
    let is_root =
        line.instruction.keyword == Keyword::User && text.split(':').all(|part| part == "root");
    (is_named && !is_root).then_some(word)
}

fn brings_users(line: &Line<'_>) -> bool {
    if !matches!(
        line.instruction.keyword,
        Keyword::Copy | Keyword::Add | Keyword::Run
    ) {
        return false;
    }
    let words = line.instruction.words();
    let may = |text: &str| {
        let text = dockerfiles::unquoted(text);
        text.contains("passwd")
            || text.contains("etc")
            || text.contains(['$', '*'])
            || matches!(text, "/" | "." | "./")
            || text.contains(".tar")
            || text.contains("rootfs")
    };
    line.instruction.keyword == Keyword::Run
        || words.iter().any(|word| may(word.text.as_str()))
        || !line.instruction.heredocs.is_empty()
}
