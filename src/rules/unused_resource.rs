//! A volume, network, secret or config that is declared and that no service uses.

use crate::compose::Resource;
use crate::compose::references::{self, Section};
use crate::diagnostic::{Diagnostic, Fix, Label, Safety};
use crate::project::Project;
use crate::project::overlays;
use crate::rules::Findings;
use crate::syntax::yaml::edit;
use crate::text::Span;

const ID: &str = "unused-resource";

/// Compares what is declared with what all services use, those of profiles included.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    for (section, unused) in references::unused(compose) {
        let names: Vec<&str> = unused
            .iter()
            .map(|resource| resource.name.as_str())
            .collect();
        let mut told: Vec<(&str, Diagnostic)> = Vec::new();
        for resource in unused {
            let Some(span) = resource
                .name
                .span()
                .filter(|_| resource.name.origin.is_fixed())
            else {
                continue;
            };
            let Some(finding) = report(project, section, resource, span, &names) else {
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
            .any(|services| references::is_named_in(services, name))
    };
    if !is_top_level || is_in_services() || overlays::is_named_beside(project, section, span, name)
    {
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
