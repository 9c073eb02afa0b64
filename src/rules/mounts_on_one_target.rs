//! Two mounts at one place of a container, of which only one can be seen.

use crate::compose::{Mount, MountKind, Origin, Service, Step, Value};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit;
use crate::text::Span;

const ID: &str = "mounts-on-one-target";

/// Judges every service. A mount that a later file puts over an earlier one is meant.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    for service in &compose.services {
        for mount in &service.mounts {
            let hidden = mount.origin.steps.iter().filter_map(|step| match step {
                Step::Replaced { replaced } => Some(*replaced),
                _ => None,
            });
            for hidden in hidden {
                findings.extend(report_hidden(
                    project,
                    service,
                    "mount",
                    &mount.origin,
                    &mount.target,
                    hidden,
                ));
            }
        }
        findings.extend(
            ["secrets", "configs"]
                .into_iter()
                .flat_map(|section| report_granted(project, service, section)),
        );
        findings.extend(report_memory(service));
    }
}

/// The secrets or configs of one list that are put at one path.
fn report_granted(project: &Project<'_>, service: &Service, section: &str) -> Vec<Diagnostic> {
    let items = service
        .data
        .get(section)
        .and_then(Value::as_list)
        .unwrap_or_default();
    let mut found = Vec::new();
    for item in items {
        let name = item
            .get("source")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let default = if section == "secrets" {
            format!("/run/secrets/{name}")
        } else {
            format!("/{name}")
        };
        let target = item
            .get("target")
            .and_then(Value::as_str)
            .map_or(default, str::to_owned);
        for step in &item.origin.steps {
            if let Step::Replaced { replaced } = step {
                found.extend(report_hidden(
                    project,
                    service,
                    &section[..section.len() - 1],
                    &item.origin,
                    &target,
                    *replaced,
                ));
            }
        }
    }
    found
}

/// Of two items in one list Docker Compose takes the last.
fn report_hidden(
    project: &Project<'_>,
    service: &Service,
    what: &str,
    origin: &Origin,
    target: &str,
    hidden: Span,
) -> Option<Diagnostic> {
    let span = origin.span.filter(|span| span.file == hidden.file)?;
    let parsed = project.yaml_of(span);
    let (first, second) = (parsed.tree.item_at(hidden)?, parsed.tree.item_at(span)?);
    let is_one_list = first.parent()?.id() == second.parent()?.id();
    if !is_one_list || origin.is_unknown() {
        return None;
    }
    // The same line twice does no harm.
    let source = parsed.tree.source();
    if source.slice(first.span()) == source.slice(second.span()) {
        return None;
    }
    let name = service.name.as_str();
    let message = format!(
        "`{name}` has two {what}s at `{target}`: Docker Compose takes the last and drops the other without a word"
    );
    let finding = Diagnostic::new(ID, first.span(), message)
        .note("dropped")
        .label(second.span(), "this one is there")
        .service(name);
    let fix = Fix::of(
        format!("Take out the {what} that is dropped"),
        Safety::Unsafe,
        edit::remove_item(first),
    );
    Some(
        finding
            .help(format!(
                "Keep one of them, or give one another place than `{target}`"
            ))
            .fix(fix),
    )
}

/// A `tmpfs` where a volume is makes Docker Compose refuse the project.
fn report_memory(service: &Service) -> Option<Diagnostic> {
    let place = |mount: &Mount| mount.target.value.trim_end_matches('/').to_owned();
    let is_known =
        |mount: &&Mount| !mount.target.origin.is_unknown() && mount.origin.span.is_some();
    let (memory, others): (Vec<&Mount>, Vec<&Mount>) = service
        .mounts
        .iter()
        .filter(is_known)
        .partition(|mount| mount.kind == MountKind::Tmpfs);
    let (one, two) = memory.iter().find_map(|memory| {
        Some((
            memory,
            others.iter().find(|other| place(other) == place(memory))?,
        ))
    })?;
    let (name, target) = (service.name.as_str(), one.target.as_str());
    let message = format!(
        "`{name}` has a tmpfs and a volume at `{target}`: Docker Compose refuses the project"
    );
    let finding = Diagnostic::new(ID, one.origin.span?, message)
        .note("memory here")
        .label(two.origin.span?, "and a volume here");
    Some(finding.service(name).help("Keep one of them"))
}
