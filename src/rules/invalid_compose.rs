//! A compose file that Docker Compose refuses to load.

use crate::compose::{INVALID_COMPOSE, Value};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::Style;
use crate::text::Span;

/// Passes on what the loader found; what it says of watch triggers has a rule of its own.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let items = project
        .services()
        .flat_map(|service| service.spec().watch_items());
    let triggers: Vec<_> = items.filter_map(|item| item.span()).collect();
    let is_own = |problem: &&Diagnostic| {
        problem.rule == INVALID_COMPOSE && !triggers.contains(&problem.span)
    };
    for problem in project.problems().filter(is_own) {
        let mut finding = problem.clone();
        if finding.fix.is_none() {
            finding.fix =
                test_command(project, problem.span).or_else(|| last_marker(project, problem.span));
        }
        findings.push(finding);
    }
}

/// A `---` at the end of a file begins one more document, in which nothing stands.
fn last_marker(project: &Project<'_>, empty: Span) -> Option<Fix> {
    let parsed = project.yaml_of(empty);
    let source = parsed.tree.source();
    let documents: Vec<Span> = parsed.tree.documents().map(|root| root.span()).collect();
    let [.., before, last] = documents.as_slice() else {
        return None;
    };
    let text = source.text();
    let marker = text.get(before.end as usize..)?.find("\n---")? + before.end as usize + 1;
    let behind = &text[marker + "---".len()..];
    if *last != empty || !last.is_empty() || !behind.trim().is_empty() {
        return None;
    }
    let span = Span::new(
        empty.file,
        crate::text::offset(marker),
        crate::text::offset(text.len()),
    );
    Some(Fix::new(
        "Take the last `---` out".to_owned(),
        Safety::Safe,
        Edit::replace(span, ""),
    ))
}

/// The word that a health check's `test` lacks, put in front of the item that stands here.
fn test_command(project: &Project<'_>, first: Span) -> Option<Fix> {
    let tests = project.services().filter_map(|service| {
        service
            .spec()
            .data
            .get("healthcheck")?
            .get("test")?
            .as_list()
    });
    let items = tests
        .into_iter()
        .find(|items| items.first().and_then(Value::span) == Some(first))?;
    // One item with blanks is a line for a shell; several are the words of a command.
    let is_line = items.len() == 1 && items[0].value.scalar_text()?.contains(char::is_whitespace);
    let word = if is_line { "CMD-SHELL" } else { "CMD" };
    let source = project.workspace().sources().get(first.file);
    let parsed = project.yaml_of(first);
    let text = match parsed.tree.item_at(first)?.parent()?.style() {
        Style::Flow => format!("\"{word}\", "),
        _ => {
            let line = source.lines().start(source.lines().line(first.start));
            let before = &source.text()[line as usize..first.start as usize];
            let is_alone = before.trim() == "-";
            is_alone.then(|| {
                format!(
                    "{word}{}{before}",
                    if source.text().contains("\r\n") {
                        "\r\n"
                    } else {
                        "\n"
                    }
                )
            })?
        }
    };
    let edits = vec![Edit::insert_before(first, text)];
    Some(Fix {
        title: format!("Put {word} first"),
        safety: Safety::Safe,
        edits,
    })
}
