//! A volume or tmpfs inside a mount, over a directory of the host that holds code.

use std::path::Path;

use crate::compose::{Mount, MountKind};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::image::path;
use crate::knowledge::directories;
use crate::links::LinkName;
use crate::links::verdict::Verdict;
use crate::project::mounts;
use crate::project::{Project, Service};
use crate::repository::sources::Census;
use crate::rules::Findings;
use crate::syntax::yaml::edit;

const ID: &str = "mount-shadowed-by-volume";

/// Judges every volume of every service of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        let covers = |mount: &&Mount| mounts::is_volume(mount) || mount.kind == MountKind::Tmpfs;
        for mount in service.mounts().iter().filter(covers) {
            findings.extend(judge(project, service, mount));
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, mount: &Mount) -> Option<Diagnostic> {
    let target = mount.target.value.trim_end_matches('/');
    if directories::is_made(path::name(target)) || !mount.target.origin.is_fixed() {
        return None;
    }
    let files = project.workspace().files();
    let outer = service.mounts().iter().filter_map(|outer| {
        let source = mounts::bind_source(outer).filter(|source| project.owns(source))?;
        let rest = path::below(target, &outer.target.value).filter(|rest| !rest.is_empty())?;
        Some((outer, mounts::inside(source, Path::new(rest))))
    });
    let (outer, host) = outer.max_by_key(|(outer, _)| outer.target.value.len())?;
    // What git ignores is made by tools.
    let kept = files.is_directory(&host).then(|| files.walk(&host))?;
    let code = kept
        .iter()
        .find(|file| !Census::of(files, file, &|_, _| false).is_empty())?;
    let verdict = Verdict::of(service, code, &[LinkName::Visible])?;
    let (name, written) = (service.name(), project.written(&host));
    let what = if mount.kind == MountKind::Tmpfs {
        "tmpfs"
    } else {
        "volume"
    };
    let message = format!(
        "`{name}` hides {written} behind a {what}: an edit there does not reach the container"
    );
    let finding = Diagnostic::new(ID, mount.origin.span?, message).note(format!(
        "over {}, {} for one",
        written,
        project.written(code)
    ));
    let finding = finding
        .label(
            outer.origin.span?,
            "of two mounts the deeper one is to be seen",
        )
        .service(name);
    let item = mount.origin.span.map(|span| (project.yaml_of(span), span));
    let fix = item.and_then(|(parsed, span)| {
        Fix::of(
            format!("Take the {what} out"),
            Safety::Unsafe,
            edit::remove_item(parsed.tree.item_at(span)?),
        )
    });
    Some(
        finding
            .help(format!(
                "Take the {what} out, or keep what it is for in a directory without sources"
            ))
            .fix(fix)
            .remedy(verdict.remedy()),
    )
}
