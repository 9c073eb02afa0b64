//! A service that another one needs, or that a script names, and that the project does not have.

use std::path::PathBuf;

use crate::compose::references::{self, Section, Undefined};
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Safety};
use crate::project::Project;
use crate::repository::recipes::{Argument, ComposeCall, RecipeKind, Tool};
use crate::rules::Findings;
use crate::text::closest;

const ID: &str = "undefined-service";

/// Reports each missing service once, however many services need it.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    let mut missing: Vec<(&str, Vec<Undefined<'_>>)> = Vec::new();
    for undefined in references::undefined(compose)
        .into_iter()
        .filter(|undefined| undefined.section == Section::Services)
    {
        match missing.iter_mut().find(|(name, _)| *name == undefined.name) {
            Some((_, uses)) => uses.push(undefined),
            None => missing.push((undefined.name, vec![undefined])),
        }
    }
    let names: Vec<&str> = compose
        .services
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    let paths: Vec<PathBuf> = compose
        .files
        .iter()
        .take(compose.main_files)
        .map(|source| source.path().to_path_buf())
        .collect();
    // One service in a file that nothing here loads is a piece of something bigger, which has the
    // others.
    let is_loaded = || {
        project
            .recipes()
            .iter()
            .flat_map(|recipe| &recipe.calls)
            .any(|call| call.loads(&paths))
    };
    if names.len() > 1 || !project.intent().is_some_and(|intent| intent.is_aside) || is_loaded() {
        findings.extend(
            missing
                .iter()
                .map(|(name, uses)| report(project, name, uses, &names)),
        );
    }
    let scripts = project
        .recipes()
        .iter()
        .filter(|recipe| recipe.kind != RecipeKind::Document);
    let calls = scripts
        .flat_map(|recipe| &recipe.calls)
        .filter(|call| call.tool == Tool::Compose && !call.remote && call.loads(&paths));
    let mut told: Vec<(&str, Diagnostic)> = Vec::new();
    for (name, finding) in calls.filter_map(|call| judge_call(project, call, &names)) {
        match told
            .iter_mut()
            .find(|(other, first)| *other == name && first.span.file == finding.span.file)
        {
            Some((_, first)) => first.labels.push(Label {
                span: finding.span,
                message: "and here".to_owned(),
            }),
            None => told.push((name, finding)),
        }
    }
    findings.extend(told.into_iter().map(|(_, finding)| finding));
}

/// A call in a script, which Docker Compose refuses as a whole, and the first name that is wrong. A
/// name that another compose file of the repository has may be meant for that one.
fn judge_call<'c>(
    project: &Project<'_>,
    call: &'c ComposeCall,
    names: &[&str],
) -> Option<(&'c str, Diagnostic)> {
    let is_unknown = |named: &&Argument| {
        !names.contains(&named.text.as_str()) && !project.neighbours().has_service(&named.text)
    };
    let unknown: Vec<&Argument> = call.services.iter().filter(is_unknown).collect();
    let (first, others) = unknown.split_first()?;
    let (name, subcommand) = (&first.text, &call.subcommand.text);
    let message = format!(
        "`docker compose {subcommand}` names `{name}`, which is no service of this project"
    );
    let mut finding = Diagnostic::new(ID, first.span, message).note("no service has this name");
    for other in others {
        finding = finding.label(other.span, "nor this one");
    }
    let meant = closest(name, names.iter().copied()).filter(|_| others.is_empty());
    let help = match (meant, others) {
        (Some(meant), _) => {
            format!("Did you mean `{meant}`? Docker Compose refuses the whole command")
        }
        (None, []) => {
            "Correct the name, or take it out: Docker Compose refuses the whole command".to_owned()
        }
        (None, _) => {
            "Correct the names, or take them out: Docker Compose refuses the whole command"
                .to_owned()
        }
    };
    Some((name, finding.help(help)))
}

fn report(project: &Project<'_>, name: &str, uses: &[Undefined<'_>], names: &[&str]) -> Diagnostic {
    let mut finding = uses[0].diagnostic().note("no service has this name");
    for other in uses[1..].iter().filter(|other| other.span != uses[0].span) {
        finding = finding.label(
            other.span,
            format!("`{}` needs it, too", other.service.name.value),
        );
    }
    let others = names
        .iter()
        .copied()
        .filter(|other| uses.iter().all(|used| used.service.name.value != *other));
    let Some(similar) = closest(name, others) else {
        return finding.help(format!(
            "Add a service `{name}`, or take the name out: Docker Compose refuses the project"
        ));
    };
    let sources = project.workspace().sources();
    let edits: Vec<Edit> = uses
        .iter()
        .filter_map(|used| {
            // Of `service:NAME`, `NAME:alias` and text in quotes only the name changes.
            let source = sources.get(used.span.file);
            let written = source.slice(used.span);
            let mut places = written.match_indices(name);
            let (at, None) = (places.next()?.0, places.next()) else {
                return None;
            };
            let start = used.span.start + crate::text::offset(at);
            Some(Edit::replace(
                crate::text::Span::new(
                    used.span.file,
                    start,
                    start + crate::text::offset(name.len()),
                ),
                similar,
            ))
        })
        .collect();
    let fix = (edits.len() == uses.len()).then(|| Fix {
        title: format!("Write `{similar}`"),
        safety: Safety::Unsafe,
        edits,
    });
    finding
        .help(format!(
            "Did you mean `{similar}`? Docker Compose refuses the project"
        ))
        .fix(fix)
}
