//! A health check that calls a tool which the image does not have.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::startup;
use crate::syntax::yaml::edit::{self, Insert};
use crate::text::Span;

const ID: &str = "healthcheck-tool-missing";

/// Looks at the health check of every service: its own, or that of the image it builds.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        if let Some(finding) = judge(project, service)
            && findings.is_new(finding.span)
        {
            findings.push(finding);
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let missing = startup::missing_health_tool(service)?;
    let tool = &missing.tool;
    let name = service.name();
    let message = format!(
        "the health check of `{name}` calls `{tool}`, which its image does not have: `{name}` never becomes healthy"
    );
    let mut finding = Diagnostic::new(ID, missing.span, message)
        .note(format!("no `{tool}` in the image"))
        .service(name);
    if let Some(image) = service.image() {
        let stage = &image.stages[image.target?];
        finding = finding.label(stage.span, "neither the base image nor a step brings it");
    } else if let Some(span) = service.spec().image.as_ref().and_then(|image| image.span()) {
        finding = finding.label(span, "this image does not bring it");
    }
    let Some(other) = missing.replacement else {
        return Some(finding.help(format!(
            "Install `{tool}` in the image, or check with something that it has"
        )));
    };
    let title = format!("Check with `{}`", other[0]);
    let help = format!(
        "Check with `{}`, which the image has, or install `{tool}`",
        other[0]
    );
    let fix = if missing.is_of_image {
        in_dockerfile(service, &title, &other)
    } else {
        in_compose(project, missing.span, &title, &other)
    };
    Some(finding.help(help).fix(fix))
}

fn in_compose(project: &Project<'_>, span: Span, title: &str, words: &[String]) -> Option<Fix> {
    let parsed = project.yaml_of(span);
    let mut node = parsed.tree.node_at(span.start)?;
    let entry = loop {
        node = node.parent()?;
        if let Some(entry) = node.entry("test") {
            break entry;
        }
    };
    let items = std::iter::once("CMD").chain(words.iter().map(String::as_str));
    Fix::of(
        title,
        Safety::Unsafe,
        edit::replace_value(entry, &Insert::flow_sequence(items.map(Insert::quoted))),
    )
}

fn in_dockerfile(service: Service<'_>, title: &str, words: &[String]) -> Option<Fix> {
    let image = service.image()?;
    let check = image.config()?.healthcheck.as_ref()?;
    let instruction = image
        .dockerfile
        .tree
        .instructions
        .iter()
        .find(|instruction| instruction.span == check.span)?;
    let start = instruction
        .flags
        .last()
        .map_or(instruction.keyword_span, |flag| flag.span)
        .end;
    let place = Span::new(check.span.file, start, check.span.end);
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let edit = Edit::replace(place, format!(" CMD [{}]", quoted.join(", ")));
    Some(Fix::new(title.to_owned(), Safety::Unsafe, edit))
}
