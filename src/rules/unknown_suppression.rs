//! An ignore comment that names no rule, so that it ignores nothing.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::{Findings, infos};
use crate::syntax::pragma;
use crate::text::{Source, Span, closest};

const ID: &str = "unknown-suppression";

/// Reads the comments of the compose files and Dockerfiles.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for source in project
        .compose()
        .iter()
        .flat_map(|compose| &compose.files)
        .filter(|source| source.text().contains("composelint:"))
    {
        let parsed = project.workspace().yaml(source);
        parsed
            .tree
            .comments()
            .iter()
            .for_each(|comment| judge(source, *comment, findings));
    }
    for dockerfile in project.images().iter().map(|image| &image.dockerfile.tree) {
        if findings.is_new(dockerfile.source.id()) {
            for comment in &dockerfile.comments {
                judge(&dockerfile.source, *comment, findings);
            }
        }
    }
}

fn judge(source: &Source, comment: Span, findings: &mut Findings) {
    let rules = match pragma::read(source, comment) {
        None => return,
        Some(Ok(pragma)) if pragma.rules.is_empty() => Err(pragma::Malformed),
        Some(read) => read.map(|pragma| pragma.rules),
    };
    let Ok(rules) = rules else {
        let finding = Diagnostic::new(
            ID,
            comment,
            "this comment is for composelint, and ignores nothing",
        )
        .note("names no rule");
        findings.push(finding.help(
            "Write `# composelint: ignore[rule] why`, or `file-ignore[rule]` for the whole file",
        ));
        return;
    };
    let is_known = |name: &str| {
        infos()
            .iter()
            .any(|info| info.id == name || info.aliases.contains(&name))
    };
    for (name, span) in rules.iter().filter(|(name, _)| !is_known(name)) {
        let finding = Diagnostic::new(
            ID,
            *span,
            format!("there is no rule `{name}`: this comment does not ignore it"),
        );
        findings.push(match closest(name, infos().iter().map(|info| info.id)) {
            Some(meant) => finding
                .help(format!("Did you mean `{meant}`?"))
                .fix(Fix::new(
                    format!("Write `{meant}`"),
                    Safety::Safe,
                    Edit::replace(*span, meant),
                )),
            None => finding.help("`composelint rules` lists them all"),
        });
    }
}
