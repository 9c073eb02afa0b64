//! `COPY --from` of a stage on `scratch` into which nothing was put.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "copy-from-empty-stage";

/// Judges every `--from` that names a stage.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        let is_empty = |stage: usize| {
            let chain = file.chain(stage);
            let bottom = chain.first().and_then(|bottom| file.stages[*bottom].base);
            bottom.is_some_and(|base| base.text.as_str() == "scratch")
                && !chain
                    .iter()
                    .flat_map(|stage| file.of_stage(*stage))
                    .any(|line| {
                        matches!(
                            line.instruction.keyword,
                            Keyword::Copy | Keyword::Add | Keyword::Run | Keyword::Workdir
                        )
                    })
        };
        for line in &file.lines {
            let Some((flag, own)) = line.instruction.flag("from").zip(line.stage) else {
                continue;
            };
            let name = flag
                .value
                .as_ref()
                .map(|value| value.text.as_str())
                .unwrap_or_default();
            let stage = name
                .parse::<usize>()
                .ok()
                .or_else(|| file.stage_named(name, own))
                .filter(|stage| *stage < file.stages.len());
            let Some(stage) =
                stage.filter(|stage| *stage != own && is_empty(*stage) && !file.has_context(name))
            else {
                continue;
            };
            let message =
                format!("the stage `{name}` is empty, so that there is nothing to copy from it");
            let finding = Diagnostic::new(ID, flag.span, message)
                .label(file.stages[stage].from.span, "nothing is put in here");
            findings.push(finding.help("Copy from the stage that makes the files"));
        }
    }
}
