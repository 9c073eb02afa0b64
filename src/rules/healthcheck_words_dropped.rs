//! A health check whose command is cut into words, of which the shell runs the first alone.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "healthcheck-words-dropped";

/// Looks at the health check of every service, and tells of a place that several share once.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for finding in project.services().filter_map(judge) {
        if findings.is_new(finding.span) {
            findings.push(finding);
        }
    }
}

/// `sh -c LINE WORD…` gives the words to the line as `$0`, `$1` and so on.
fn judge(service: Service<'_>) -> Option<Diagnostic> {
    let items = service
        .spec()
        .data
        .get("healthcheck")?
        .get("test")?
        .as_list()?;
    let (kind, [line, dropped @ ..]) = items.split_first()? else {
        return None;
    };
    if kind.as_str() != Some("CMD-SHELL") || items.iter().any(|item| item.origin.is_unknown()) {
        return None;
    }
    let text = line.as_str()?;
    let first = dropped.first()?;
    // Such a line may ask for them.
    if text.contains(['$', '`']) {
        return None;
    }
    let message = format!(
        "the health check of `{}` runs `{text}` alone: behind CMD-SHELL one text is the whole command",
        service.name()
    );
    let mut finding = Diagnostic::new(ID, first.span()?, message)
        .note("the shell does not run this")
        .service(service.name());
    if let Some(span) = kind.span() {
        finding = finding.label(span, "the next item is the line for a shell");
    }
    let is_plain = items.iter().all(|item| {
        item.as_str().is_some_and(|word| {
            !word.contains(|c: char| c.is_whitespace() || "|&;<>$`\"'()*".contains(c))
        })
    });
    let (help, fix) = match kind
        .span()
        .filter(|_| is_plain && kind.origin.steps.is_empty())
    {
        Some(span) => {
            let edits = vec![Edit::replace(span, "\"CMD\"")];
            (
                "Write CMD, which takes a command in words",
                Some(Fix {
                    title: "Write CMD".to_owned(),
                    safety: Safety::Unsafe,
                    edits,
                }),
            )
        }
        None => ("Write the command as one text behind CMD-SHELL", None),
    };
    Some(finding.help(help).fix(fix))
}
