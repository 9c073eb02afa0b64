//! Stages that need each other, or a stage that takes files from itself: no build can begin
//! anywhere.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles::{BuildFile, refusals};
use crate::project::Project;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "copy-from-own-stage";

/// Judges every `from` of COPY and mounts: whether the stage it names needs the one it stands in.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        let needs: Vec<Vec<(usize, Span)>> = (0..file.stages.len())
            .map(|stage| needs(&file, stage))
            .collect();
        for (own, edges) in needs.iter().enumerate() {
            for (other, span) in edges {
                // Said once, at the stage that comes first.
                if *other < own || !reaches(&needs, *other, own) {
                    continue;
                }
                let message = if *other == own {
                    "a stage cannot copy from itself".to_owned()
                } else {
                    "this stage and the one it copies from need each other, so that neither can be built".to_owned()
                };
                let finding = Diagnostic::new(ID, *span, message);
                findings.push(
                    finding
                        .label(file.stages[*other].from.span, "the stage it copies from")
                        .help("Copy from another stage, or put a stage of its own before both"),
                );
            }
        }
    }
}

/// What a stage is built on and copies from.
fn needs(file: &BuildFile<'_>, stage: usize) -> Vec<(usize, Span)> {
    let below = file.stages[stage]
        .below
        .map(|below| (below, file.stages[stage].from.span));
    let sources = file
        .of_stage(stage)
        .filter(|line| !line.is_trigger)
        .flat_map(|line| refusals::sources(line.instruction));
    let copied = sources.filter_map(|source| {
        let name = source.name;
        if file.has_context(name) {
            return None;
        }
        let number = name
            .parse::<usize>()
            .ok()
            .filter(|number| source.may_be_number && *number < file.stages.len());
        // Its own name means the stage itself, though another stage may have had it before.
        let own = file.stages[stage]
            .name
            .filter(|own| own.text.as_str().eq_ignore_ascii_case(name))
            .map(|_| stage);
        Some((
            number.or(own).or_else(|| file.stage_named(name, stage))?,
            source.span,
        ))
    });
    below.into_iter().chain(copied).collect()
}

fn reaches(needs: &[Vec<(usize, Span)>], from: usize, to: usize) -> bool {
    let mut seen = vec![false; needs.len()];
    let mut open = vec![from];
    while let Some(stage) = open.pop() {
        if stage == to {
            return true;
        }
        if !std::mem::replace(&mut seen[stage], true) {
            open.extend(needs[stage].iter().map(|(stage, _)| *stage));
        }
    }
    false
}
