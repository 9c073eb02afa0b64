//! A variable in FROM that no ARG before the first FROM declares, so that it is always empty.

use crate::diagnostic::Diagnostic;
use crate::image::AUTOMATIC;
use crate::image::dockerfiles::variables;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "undefined-arg-in-from";

/// Judges every FROM.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        let name_of = |text: &str| text.split('=').next().unwrap_or_default().to_owned();
        let args = file.each(Keyword::Arg).flat_map(|line| {
            line.instruction
                .words()
                .iter()
                .map(move |word| (line.stage, word))
        });
        let args: Vec<_> = args
            .map(|(stage, word)| (stage, name_of(word.text.as_str()), word.span))
            .collect();
        for stage in &file.stages {
            for used in variables::uses_of(file.file, stage.from) {
                let is_global = args
                    .iter()
                    .any(|(stage, name, _)| stage.is_none() && *name == used.name);
                if is_global || AUTOMATIC.contains(&used.name.as_str()) {
                    continue;
                }
                let message = format!(
                    "`{}` in `FROM` is always empty: no `ARG` before the first `FROM` declares it",
                    used.name
                );
                let mut finding = Diagnostic::new(ID, used.span, message);
                let below = args.iter().find(|(_, name, span)| {
                    *name == used.name && span.start < stage.from.span.start
                });
                let global = args
                    .iter()
                    .filter(|(stage, ..)| stage.is_none())
                    .map(|(_, name, _)| name.as_str());
                let near = variables::nearest(&used.name, global.chain(AUTOMATIC));
                finding = match (below, near) {
                    (Some((_, _, span)), _) => finding
                        .label(*span, "this one is known in its stage only")
                        .help("Declare it before the first `FROM`"),
                    (None, Some(near)) => finding.help(format!("Did you mean `{near}`?")),
                    (None, None) => finding.help(format!(
                        "Write `ARG {}=…` before the first `FROM`",
                        used.name
                    )),
                };
                findings.push(finding);
            }
        }
    }
}
