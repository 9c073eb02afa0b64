//! A value that forbids a watcher to poll, or makes it, where nothing was meant to be decided.

use crate::compose::KeyValue;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::knowledge;
use crate::process::Process;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::yaml::Kind;
use crate::syntax::yaml::edit::{Insert, replace_value};
use crate::text::Span;

const ID: &str = "polling-off-value";

/// Judges the environment of every service of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        for finding in service
            .spec()
            .environment
            .iter()
            .filter_map(|entry| judge(project, service, entry))
        {
            findings.push_shared(service, finding);
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, entry: &KeyValue) -> Option<Diagnostic> {
    let name = entry.key.value.as_str();
    let variable = knowledge::polling_variable(name)?;
    let value = entry
        .value
        .as_ref()
        .filter(|value| !value.origin.is_unknown())?;
    let lower = value.value.to_ascii_lowercase();
    let (what, note) = match (
        variable.off.contains(&lower.as_str()),
        variable.on.contains(&lower.as_str()),
    ) {
        (true, _) => (
            format!("is an order not to poll: {}", variable.undoes),
            "forbids polling",
        ),
        (_, true) => (
            "makes its watcher poll: every value but a few does".to_owned(),
            "makes it poll",
        ),
        _ => return None,
    };
    let span = entry.key.span()?;
    // Only what watches files listens to it.
    let listens = |process: &Process| {
        process
            .program
            .is_none_or(|program| program.polling.contains(&name))
    };
    if !service.processes().iter().any(listens) {
        return None;
    }
    let message = format!("`{name}={}` {what}", value.value);
    let title = format!("Pass `{name}` on from the host, when it is set there");
    // Whoever has it poll may need that, though not by that value.
    let safety = if variable.off.contains(&lower.as_str()) {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    let fix = pass_on(project, span).map(|edits| Fix {
        title,
        safety,
        edits,
    });
    let help = format!(
        "Write only the name `{name}`: then it is passed on when it is set on the host, and otherwise decides nothing"
    );
    Some(
        Diagnostic::new(ID, span, message)
            .note(note)
            .service(service.name())
            .help(help)
            .fix(fix),
    )
}

/// Takes the value of a variable away, so that the host's is passed on.
fn pass_on(project: &Project<'_>, key: Span) -> Option<Vec<Edit>> {
    let parsed = project.yaml_of(key);
    if let Some(entry) = parsed.tree.entry_at(key) {
        return replace_value(entry, &Insert::absent()).ok();
    }
    let item = parsed
        .tree
        .node_at(key.start)
        .filter(|node| node.kind() == Kind::Scalar && node.span().contains(key))?;
    let written = parsed.tree.source().slice(Span {
        start: key.end,
        ..item.span()
    });
    let value = written.trim_end_matches(['"', '\'']);
    value.starts_with('=').then(|| {
        vec![Edit::replace(
            Span {
                start: key.end,
                end: key.end + value.len() as u32,
                ..key
            },
            "",
        )]
    })
}
