//! A mount over the directory in which the image installed packages, and nothing that keeps them in
//! sight.

use crate::compose::Mount;
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::image::path;
use crate::knowledge::{Manager, manager};
use crate::project::at_start;
use crate::project::mounts;
use crate::project::packages::{self, Packages};
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::yaml::edit::{self, Insert};

const ID: &str = "mount-hides-dependencies";

/// Judges every service.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project
        .services()
        .filter(|service| !at_start::installs_packages_later(*service))
    {
        for packages in packages::of(service)
            .into_iter()
            .filter(|packages| packages.language.is_some())
        {
            if let Some(finding) = judge(project, service, &packages) {
                findings.push(finding);
                break;
            }
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, packages: &Packages) -> Option<Diagnostic> {
    let runs_them = service
        .processes()
        .iter()
        .any(|process| process.program.is_some() && packages::may_run(process, packages.language));
    let seen = mounts::shown(service, &packages.container).filter(|_| runs_them)?;
    let files = project.workspace().files();
    let mount = &service.mounts()[seen.mount];
    let source = mounts::bind_source(mount)?;
    let is_ours =
        project.owns(source) && files.is_directory(source) && mount.target.origin.is_fixed();
    // A host that has the packages shows its own.
    if !is_ours || files.exists(&seen.host) || is_installed_by_script(project, packages) {
        return None;
    }
    let (name, hidden) = (service.name(), &packages.container);
    let message = format!(
        "`{name}` mounts {} over the packages that its image installed at {hidden}: they are not to be seen",
        project.written(source)
    );
    let finding = Diagnostic::new(ID, mount.origin.span?, message)
        .note(format!("there is no {}", project.written(&seen.host)));
    let finding = finding
        .label(packages.made, format!("installed here, to {hidden}"))
        .service(name);
    let help = format!(
        "Keep the image's own with a volume behind the mount, `- {hidden}`, or install them outside of the mount"
    );
    Some(finding.help(help).fix(fix(project, mount, hidden)))
}

/// Whether a script installs on the host. What a document says of work without containers does not
/// help here.
fn is_installed_by_script(project: &Project<'_>, packages: &Packages) -> bool {
    let managers = manager::managers_that_fill(path::name(&packages.container));
    let mut phrases = managers.flat_map(Manager::phrases);
    let elsewhere = project.elsewhere();
    phrases.any(|phrase| elsewhere.has_script_with(phrase))
}

fn fix(project: &Project<'_>, mount: &Mount, hidden: &str) -> Option<Fix> {
    let span = mount.origin.span?;
    let parsed = project.yaml_of(span);
    let list = parsed.tree.item_at(span)?.parent()?;
    Fix::of(
        format!("Keep the image's own {hidden}"),
        Safety::Unsafe,
        edit::append_item(list, &Insert::text(hidden)),
    )
}
