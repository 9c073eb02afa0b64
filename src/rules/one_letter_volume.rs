//! A named volume of one letter in the short form, which Docker Compose reads as a drive of Windows.

use crate::compose::{Mount, MountKind, Service};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit::{Insert, render};

const ID: &str = "one-letter-volume";

/// Looks for mounts that begin with the name of a declared volume.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else { return };
    for service in &compose.services {
        for mount in service.mounts.iter().filter(|mount| !mount.origin.is_unknown()) {
            let Some((letter, target)) = drive(mount) else { continue };
            if compose.volumes.iter().any(|volume| volume.name.value == letter) {
                findings.extend(report(project, service, mount, &letter, &target));
            }
        }
    }
}

/// The letter and the path behind it: of `v:/data` in the target of an anonymous volume, of `v:/data:ro` in a source.
fn drive(mount: &Mount) -> Option<(String, String)> {
    let text = match mount.kind {
        MountKind::AnonymousVolume => mount.target.value.as_str(),
        // The third part, which should be options, has become the target.
        MountKind::Bind if !mount.target.value.contains('/') => mount.source.as_ref()?.value.as_str(),
        _ => return None,
    };
    let (letter, target) = text.split_once(':')?;
    let is_letter = letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_letter && target.starts_with('/')).then(|| (letter.to_owned(), target.to_owned()))
}

fn report(project: &Project<'_>, service: &Service, mount: &Mount, letter: &str, target: &str) -> Option<Diagnostic> {
    let span = mount.origin.span?;
    let name = service.name.as_str();
    let message = format!("Docker Compose takes `{letter}:` for a drive of Windows: the volume `{letter}` is not mounted at `{target}`");
    let parsed = project.yaml_of(span);
    let item = parsed.tree.item_at(span).filter(|_| mount.kind == MountKind::AnonymousVolume && mount.origin.is_fixed());
    let long = Insert::flow_mapping([("type", Insert::text("volume")), ("source", Insert::text(letter)), ("target", Insert::text(target))]);
    let fix = item.map(|item| {
        let edits = vec![Edit::replace(item.span(), render(&long, 0).trim_end())];
        Fix { title: "Write the long form".to_owned(), safety: Safety::Safe, edits }
    });
    let help = "Give the volume a name of two letters or more, or use the long form: `{type: volume, source: …, target: …}`";
    Some(Diagnostic::new(ID, span, message).note("an anonymous volume, or a path of the host").service(name).help(help).fix(fix))
}
