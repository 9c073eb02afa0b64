//! A script that stops the project and leaves the services with profiles running.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::project::profiles::{Leak, leaks};
use crate::rules::Findings;

const ID: &str = "profiled-containers-leak";

/// Compares how the scripts of the repository start services with how they stop them.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    findings.extend(leaks(project).iter().map(|leak| report(project, leak)));
}

fn report(project: &Project<'_>, leak: &Leak<'_>) -> Diagnostic {
    let (stop, profile) = (&leak.call.subcommand, leak.profile);
    let message = format!(
        "`docker compose {}` leaves the services of the profile `{profile}` running",
        stop.text
    );
    let finding = Diagnostic::new(ID, leak.call.span, message).note("without a profile");
    let finding = finding.label(
        leak.started_by.span,
        format!("`{}` starts them here", leak.starter.title()),
    );
    let help = format!(
        "Stop all of them: `docker compose --profile \"*\" {}`",
        stop.text
    );
    finding.help(help).fix(fix(project, leak))
}

/// `--profile "*"` before the subcommand, quoted as the file asks for. Where the call is put
/// together from variables, or stands in quotes itself, nothing is written.
fn fix(project: &Project<'_>, leak: &Leak<'_>) -> Option<Fix> {
    let (source, stop) = (&leak.recipe.source, &leak.call.subcommand);
    let text = source.text();
    let span = stop.span;
    if span.file != source.id() || text.get(span.range()) != Some(stop.text.as_str()) {
        return None;
    }
    let start = text[..span.range().start]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let name = source
        .path()
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    let pattern = match name {
        "json" => r#"\"*\""#,
        _ if line.contains(['"', '\'']) => return None,
        _ => "\"*\"",
    };
    let before = project
        .workspace()
        .sources()
        .get(span.file)
        .span(span.range())
        .before();
    let edit = Edit::insert_before(before, format!("--profile {pattern} "));
    Some(Fix::new(
        "Stop the services of all profiles".to_owned(),
        Safety::Safe,
        edit,
    ))
}
