//! A directory that is mounted and does not exist, over code of the image.

use std::path::{Path, PathBuf};

use crate::compose::Mount;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::path;
use crate::project::filesystem::Part;
use crate::project::host_paths;
use crate::project::{Project, Service, mounts};
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "bind-source-missing";

/// Judges every service. A directory for data is made by Docker, and is no mistake.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let candidates: Vec<(Service<'_>, &Mount)> = project
        .services()
        .flat_map(|service| {
            service
                .spec()
                .mounts
                .iter()
                .map(move |mount| (service, mount))
        })
        .collect();
    let missing = candidates.into_iter().filter_map(|(service, mount)| {
        let source = mounts::bind_source(mount).filter(|source| project.owns(source))?;
        let is_known = mount
            .source
            .as_ref()
            .is_some_and(|source| source.origin.is_fixed())
            && mount.target.origin.is_fixed();
        (is_known && !project.workspace().files().exists(source))
            .then_some((service, mount, source))
    });
    let missing: Vec<(Service<'_>, &Mount, &Path)> = missing.collect();
    if missing.is_empty() {
        return;
    }
    let elsewhere = project.elsewhere();
    for (service, mount, source) in missing {
        let Some(part) = hidden(service, mount) else {
            continue;
        };
        if findings.is_new(source) && !elsewhere.is_ignored(source) {
            findings.extend(report(project, service, mount, source, part));
        }
    }
}

/// The code of the image that an empty directory hides.
fn hidden<'p>(service: Service<'p>, mount: &Mount) -> Option<&'p Part> {
    service.parts().iter().find(|part| {
        let is_over = path::below(&part.baked.container, &mount.target).is_some();
        let is_inside = path::below(&mount.target, &part.baked.container).is_some();
        let is_code = || part.census.interpreted() > 0 && part.baked.is_directory;
        // A directory below the copy hides something only if the copy has it.
        let shows_some = || {
            let rest = path::below(&mount.target, &part.baked.container).unwrap_or_default();
            host_paths::host_of_copy(service, &part.baked, rest).is_some()
        };
        is_code() && (is_over || is_inside && shows_some())
    })
}

fn report(
    project: &Project<'_>,
    service: Service<'_>,
    mount: &Mount,
    source: &Path,
    part: &Part,
) -> Option<Diagnostic> {
    let (name, target) = (service.name(), mount.target.as_str());
    let message = format!(
        "there is no {}: Docker makes an empty directory, which hides the code of `{name}` at {target}",
        project.written(source)
    );
    let span = mount
        .source
        .as_ref()
        .and_then(|source| source.span())
        .or(mount.origin.span)?;
    let mut finding = Diagnostic::new(ID, span, message)
        .note("no such directory")
        .service(name);
    finding = finding.label(
        part.baked.from_context,
        format!("{} is copied here", project.written(&part.baked.host)),
    );
    let near = near(project, source);
    let help = match &near {
        Some(near) => format!("Perhaps {} is meant", project.written(&near.host)),
        None => "Correct the path; it is relative to the compose file".to_owned(),
    };
    let fix = near.and_then(|near| fix(project, mount, &near));
    Some(finding.help(help).fix(fix))
}

/// A name that is wrong on the way to a missing directory, and the one that is nearly it.
struct Near {
    wrong: String,
    right: String,
    /// The directory that is meant.
    host: PathBuf,
}

/// The one directory beside the missing one with nearly its name, or beside the first missing one
/// above it.
fn near(project: &Project<'_>, source: &Path) -> Option<Near> {
    let files = project.workspace().files();
    let missing = source
        .ancestors()
        .take_while(|path| !files.exists(path))
        .last()?;
    let (wrong, parent) = (missing.file_name()?.to_str()?, missing.parent()?);
    let rest = source.strip_prefix(missing).ok()?;
    let entries = files.list(parent);
    let meant = |name: &str| mounts::inside(&parent.join(name), rest);
    let mut near = entries.iter().filter(|entry| {
        entry.is_directory && is_near(&entry.name, wrong) && files.exists(&meant(&entry.name))
    });
    let right = near.next()?.name.clone();
    near.next().is_none().then(|| Near {
        wrong: wrong.to_owned(),
        host: meant(&right),
        right,
    })
}

/// Whether two names differ by their case, a plural, or one letter.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    if one == other {
        return true;
    }
    let (short, long) = if one.len() <= other.len() {
        (one.as_bytes(), other.as_bytes())
    } else {
        (other.as_bytes(), one.as_bytes())
    };
    let start = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let end = short
        .iter()
        .rev()
        .zip(long.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    long.len() > 3 && long.len() - short.len() <= 1 && start + end + 1 >= long.len()
}

fn fix(project: &Project<'_>, mount: &Mount, near: &Near) -> Option<Fix> {
    let span = mount.source.as_ref()?.span()?;
    let sources = project.workspace().sources();
    let written = sources.get(span.file);
    let at = written.slice(span).rfind(&near.wrong)?;
    let start = span.start + u32::try_from(at).ok()?;
    let place = Span {
        start,
        end: start + u32::try_from(near.wrong.len()).ok()?,
        ..span
    };
    let title = format!("Mount {}", project.written(&near.host));
    Some(Fix {
        title,
        safety: Safety::Safe,
        edits: vec![Edit::replace(place, near.right.as_str())],
    })
}
