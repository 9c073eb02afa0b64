//! A volume, network, secret or config that is declared and that no service uses.

use rustc_hash::FxHashSet;

use crate::compose::references::{Section, undefined, used};
use crate::compose::{Compose, Resource, Value};
use crate::diagnostic::{Diagnostic, Fix, Label, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::{Kind, Node, edit};
use crate::text::Span;

const ID: &str = "unused-resource";

/// Compares what is declared with what all services use, those of profiles included.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    let has_jobs = compose.data.get("jobs").is_some();
    if compose.services.is_empty() || has_jobs {
        return;
    }
    let names: FxHashSet<(Section, &str)> = compose
        .services
        .iter()
        .flat_map(used)
        .map(|(section, name, _)| (section, name))
        .collect();
    let undefined: Vec<Section> = undefined(compose)
        .iter()
        .map(|undefined| undefined.section)
        .collect();
    let sections = [
        (Section::Volumes, &compose.volumes),
        (Section::Networks, &compose.networks),
        (Section::Secrets, &compose.secrets),
        (Section::Configs, &compose.configs),
    ];
    for (section, declared) in sections {
        // Where a name is wrong, the right one is not used: that is one mistake, not two.
        if hides_names(compose, section) || undefined.contains(&section) {
            continue;
        }
        let is_unused = |resource: &&Resource| !names.contains(&(section, resource.name.as_str()));
        let unused: Vec<&str> = declared
            .iter()
            .filter(is_unused)
            .map(|resource| resource.name.as_str())
            .collect();
        let mut told: Vec<(&str, Diagnostic)> = Vec::new();
        for resource in declared.iter().filter(is_unused) {
            let Some(span) = resource
                .name
                .span()
                .filter(|_| resource.name.origin.is_fixed())
            else {
                continue;
            };
            let Some(finding) = report(project, section, resource, span, &unused) else {
                continue;
            };
            match told
                .iter_mut()
                .find(|(_, known)| known.span.file == span.file)
            {
                Some((first, known)) => join(known, first, finding, section),
                None => told.push((resource.name.as_str(), finding)),
            }
        }
        findings.extend(told.into_iter().map(|(_, finding)| finding));
    }
}

/// Adds another resource of the section to a finding: they are taken out together, or not at all.
fn join(finding: &mut Diagnostic, first: &str, other: Diagnostic, section: Section) {
    finding.labels.push(Label {
        span: other.span,
        message: "nor this one".to_owned(),
    });
    let others = finding.labels.len();
    let noun = if others == 1 {
        section.noun().to_owned()
    } else {
        format!("{}s", section.noun())
    };
    finding.message = format!(
        "no service uses the {} `{first}` and {others} other {noun}: Docker Compose does not make them",
        section.noun()
    );
    finding.help = Some(format!(
        "Take them out of `{}`, or use them in a service",
        section.key()
    ));
    if let (Some(fix), Some(more)) = (&mut finding.fix, other.fix) {
        fix.title = format!("Take the unused {}s out", section.noun());
        fix.edits.extend(more.edits);
    }
}

/// Whether a variable decides which of them a service uses.
fn hides_names(compose: &Compose, section: Section) -> bool {
    let services = || compose.services.iter();
    match section {
        Section::Volumes => {
            services()
                .flat_map(|service| &service.mounts)
                .any(|mount| match &mount.source {
                    Some(source) => source.origin.is_unknown(),
                    None => mount.origin.is_unknown(),
                })
        }
        _ => services().any(|service| {
            let uses = service.data.get(section.key());
            uses.and_then(Value::as_list)
                .unwrap_or_default()
                .iter()
                .any(|item| item.origin.is_unknown())
        }),
    }
}

fn report(
    project: &Project<'_>,
    section: Section,
    resource: &Resource,
    span: Span,
    unused: &[&str],
) -> Option<Diagnostic> {
    let (key, noun, name) = (section.key(), section.noun(), resource.name.as_str());
    let parsed = project.yaml_of(span);
    // What comes by `<<` or an alias, or from a file that others share, is not theirs alone.
    let entry = parsed
        .tree
        .entry_at(span)
        .filter(|entry| entry.key.text() == name)?;
    let top = entry.key.parent()?.parent()?;
    let is_top_level = top.parent().is_none()
        && top
            .get(key)
            .is_some_and(|section| Some(section.id()) == entry.key.parent().map(|node| node.id()));
    let is_in_services = || {
        parsed
            .tree
            .documents()
            .filter_map(|root| root.get("services"))
            .any(|services| uses(services, name))
    };
    if !is_top_level || is_in_services() || is_named_elsewhere(project, section, span, name) {
        return None;
    }
    let message = format!("no service uses the {noun} `{name}`: Docker Compose does not make it");
    let fix = match entry
        .key
        .parent()?
        .entries()
        .all(|entry| unused.contains(&entry.key.text().as_ref()))
    {
        // Nothing would be left of the section, which must not be empty: the first one takes it
        // along.
        true if entry.key.parent()?.entries().next()?.key.id() != entry.key.id() => None,
        true => Fix::of(
            format!("Take `{key}` out"),
            Safety::Safe,
            edit::remove_entry(top.entry(key)?),
        ),
        false => Fix::of(
            format!("Take the {noun} `{name}` out"),
            Safety::Safe,
            edit::remove_entry(entry),
        ),
    };
    Some(
        Diagnostic::new(ID, span, message)
            .note("never used")
            .help(format!("Take it out of `{key}`, or use it in a service"))
            .fix(fix),
    )
}

/// Whether a service of the file names it, though a later file takes that back.
fn uses(services: Node<'_>, name: &str) -> bool {
    let names_it = |node: Node<'_>| {
        let text = node.text();
        node.kind() == Kind::Scalar
            && (text == name
                || text
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with(':')))
    };
    let is_service = |node: Node<'_>| {
        node.parent()
            .is_some_and(|parent| parent.id() == services.id())
    };
    let inside = services
        .tree()
        .all()
        .filter(|node| services.span().contains(node.span()));
    inside
        .into_iter()
        .any(|node| names_it(node) && !is_service(node))
}

/// Whether another compose file of the directory uses it, which may be loaded together with this
/// one: it names it and does not declare it itself.
fn is_named_elsewhere(project: &Project<'_>, section: Section, span: Span, name: &str) -> bool {
    let workspace = project.workspace();
    let here = workspace.sources().get(span.file);
    let Some(directory) = here.path().parent() else {
        return false;
    };
    let entries = workspace.files().list(directory);
    let is_yaml = |name: &str| name.ends_with(".yml") || name.ends_with(".yaml");
    let others = entries
        .iter()
        .filter(|entry| !entry.is_directory && is_yaml(&entry.name))
        .map(|entry| directory.join(&entry.name));
    let mut others = others
        .filter(|path| path != here.path())
        .filter_map(|path| workspace.read(&path).ok());
    others.any(|other| {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let is_word = |at: usize| {
            !other.text()[..at].ends_with(part)
                && !other.text()[at + name.len()..].starts_with(part)
        };
        let declares = || {
            let parsed = workspace.yaml(&other);
            parsed
                .tree
                .documents()
                .filter_map(|root| root.get(section.key()))
                .any(|section| section.get(name).is_some())
        };
        other.text().match_indices(name).any(|(at, _)| is_word(at)) && !declares()
    })
}
