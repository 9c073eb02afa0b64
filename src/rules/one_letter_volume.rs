//! A named volume of one letter in the short form, which Docker Compose reads as a drive of
//! Windows.

use crate::compose::{Mount, MountKind, Service};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit::{self, Insert};

const ID: &str = "one-letter-volume";

/// Looks for mounts that begin with the name of a declared volume.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    for service in &compose.services {
        for mount in service
            .mounts
            .iter()
            .filter(|mount| !mount.origin.is_unknown())
        {
            let Some((letter, target)) = drive(mount) else {
                continue;
            };
            if compose
                .volumes
                .iter()
                .any(|volume| volume.name.value == letter)
            {
                findings.extend(report(project, service, mount, &letter, &target));
            }
        }
    }
}

/// The letter and the path behind it: of `v:/data` in the target of an anonymous volume, of
/// `v:/data:ro` in a source.
fn drive(mount: &Mount) -> Option<(String, String)> {
    let text = match mount.kind {
        MountKind::AnonymousVolume => mount.target.value.as_str(),
        // The third part, which should be options, has become the target.
        MountKind::Bind if !mount.target.value.contains('/') => {
            mount.source.as_ref()?.value.as_str()
        }
        _ => return None,
    };
    let (letter, target) = text.split_once(':')?;
    let is_letter = letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_letter && target.starts_with('/')).then(|| (letter.to_owned(), target.to_owned()))
}

fn report(
    project: &Project<'_>,
    service: &Service,
    mount: &Mount,
    letter: &str,
    target: &str,
) -> Option<Diagnostic> {
    let span = mount.origin.span?;
    let name = service.name.as_str();
    let message = format!(
        "Docker Compose takes `{letter}:` for a drive of Windows: the volume `{letter}` is not mounted at `{target}`"
    );
    let parsed = project.yaml_of(span);
    let item = parsed
        .tree
        .item_at(span)
        .filter(|_| mount.origin.is_fixed());
    let is_read_only = match (mount.kind, mount.target.value.as_str()) {
        (MountKind::AnonymousVolume, _) => Some(None),
        (_, "rw") => Some(None),
        (_, "ro") => Some(Some(("read_only", Insert::plain("true")))),
        _ => None,
    };
    let fix = item.zip(is_read_only).and_then(|(item, read_only)| {
        let parts = [
            ("type", Insert::text("volume")),
            ("source", Insert::text(letter)),
            ("target", Insert::text(target)),
        ];
        let long = Insert::mapping(parts.into_iter().chain(read_only));
        Fix::of(
            "Write the long form",
            Safety::Safe,
            edit::replace_item(item, &long),
        )
    });
    let help = "Give the volume a name of two letters or more, or use the long form: `{type: volume, source: …, target: …}`";
    Some(
        Diagnostic::new(ID, span, message)
            .note("an anonymous volume, or a path of the host")
            .service(name)
            .help(help)
            .fix(fix),
    )
}
