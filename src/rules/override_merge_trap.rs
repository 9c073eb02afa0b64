//! An override that does not do what it says, for what several files say is added up.

use std::path::Path;

use crate::compose::{Port, Service};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::network::merge_traps;
use crate::project::Project;
use crate::project::overlays::{Kept, kept};
use crate::rules::Findings;
use crate::syntax::yaml::edit;
use crate::text::Span;

const ID: &str = "override-merge-trap";

/// Judges the services as merged.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    findings.extend(kept(project).iter().map(|kept| report_kept(project, kept)));
    let Some(compose) = project.compose().filter(|compose| compose.main_files > 1) else {
        return;
    };
    findings.extend(
        compose
            .services
            .iter()
            .filter_map(|service| report_port(project, service)),
    );
    findings.extend(
        compose
            .services
            .iter()
            .flat_map(|service| report_watch(project, service)),
    );
}

/// Two triggers of different files for one path: the lists are added up, and both are carried out.
fn report_watch(project: &Project<'_>, service: &Service) -> Option<Diagnostic> {
    let (first, later) = merge_traps::contradicting_triggers(service)?;
    let (span, earlier) = (later.action.span()?, first.action.span()?);
    let action = |span: Span| project.workspace().sources().slice(span).to_owned();
    let (name, path) = (
        service.name.as_str(),
        project.written(Path::new(&later.path.value)),
    );
    let (old, new) = (action(earlier), action(span));
    let message = format!(
        "an edit in {path} makes `docker compose watch` do both `{old}` and `{new}` for `{name}`"
    );
    let finding = Diagnostic::new(ID, span, message)
        .note("added to the earlier rule")
        .label(earlier, "still carried out")
        .service(name);
    Some(finding.help("The rules of all files are added up. Write `watch: !override` in the later file, which needs Docker Compose 2.24.4"))
}

fn report_kept(project: &Project<'_>, kept: &Kept<'_>) -> Diagnostic {
    let Kept {
        service,
        key,
        span,
        kept,
    } = *kept;
    let message =
        format!("`{service}` keeps its `{key}`: an empty list adds nothing and takes nothing away");
    let finding = Diagnostic::new(ID, span, message)
        .note("clears nothing")
        .label(kept, "still there")
        .service(service);
    let parsed = project.yaml_of(span);
    let list = parsed
        .tree
        .node_at(span.start)
        .filter(|node| node.span() == span);
    let fix = list.and_then(|list| {
        Fix::of(
            format!("Clear the `{key}`"),
            Safety::Unsafe,
            edit::set_tag(list, "!reset"),
        )
    });
    finding
        .help("Write `!reset []`, which needs Docker Compose 2.24.4")
        .fix(fix)
}

/// A port that is published on all addresses by one file and on one of them by another: the second
/// cannot be bound.
fn report_port(project: &Project<'_>, service: &Service) -> Option<Diagnostic> {
    let (all, one) = merge_traps::port_added_twice(service)?;
    let name = service.name.as_str();
    let message = format!(
        "`{name}` publishes one port twice, on all addresses and on one of them: its container cannot start"
    );
    let finding = Diagnostic::new(ID, one, message)
        .note("already taken")
        .label(all, "on all addresses here")
        .service(name);
    let edits = overriding(project, service, [one, all]);
    let fix =
        edits.and_then(|edits| Fix::of("Take the ports of this file alone", Safety::Unsafe, edits));
    let help = "The ports of all files are added up. Write `ports: !override` in the later file, or the same address in both";
    Some(finding.fix(fix).help(help))
}

/// `!override` before the list of the later file, where that publishes every port that would go
/// with those of the earlier.
fn overriding(project: &Project<'_>, service: &Service, ports: [Span; 2]) -> Option<edit::Edits> {
    let files = &project.compose()?.files;
    let later = ports
        .into_iter()
        .max_by_key(|span| files.iter().position(|source| source.id() == span.file))?;
    let target = |port: &Port| {
        port.target
            .as_ref()
            .map(|target| (target.value, port.protocol.clone()))
    };
    let is_later = |port: &&Port| port.origin.span.is_some_and(|span| span.file == later.file);
    let (own, others): (Vec<&Port>, Vec<&Port>) = service.ports.iter().partition(is_later);
    let is_published = |port: &&Port| {
        target(port)
            .is_some_and(|wanted| own.iter().any(|own| target(own).as_ref() == Some(&wanted)))
    };
    let parsed = project.yaml_of(later);
    let list = parsed.tree.item_at(later)?.parent()?;
    let is_plain = list.tag().is_none() && edit::shared_by(list).is_none();
    Some(if others.iter().all(is_published) && is_plain {
        edit::set_tag(list, "!override")
    } else {
        Ok(Vec::new())
    })
}
