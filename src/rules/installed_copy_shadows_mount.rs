//! A package of the project that was installed as a copy, which is imported in the place of the
//! mounted sources.

use crate::dev;
use crate::dev::{DevForm, Reasoned, Variable};
use crate::diagnostic::Diagnostic;
use crate::links::LinkName;
use crate::links::installed_copies;
use crate::links::verdict::Verdict;
use crate::process::Process;
use crate::project::mounts;
use crate::project::{Project, Service};
use crate::rules::Findings;

const ID: &str = "installed-copy-shadows-mount";

/// Judges every service of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        findings.extend(
            service
                .processes()
                .iter()
                .find_map(|process| judge(project, service, process)),
        );
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let copies = installed_copies::of(service, process);
    let (copy, shown) = copies
        .iter()
        .find_map(|copy| Some((copy, copy.shown_at.as_ref()?)))?;
    let seen = mounts::shown(service, shown)?;
    let verdict = Verdict::of(service, &copy.root, &[LinkName::Read])?;
    let mount = service.mounts()[seen.mount].origin.span?;
    let (name, package, root) = (service.name(), &copy.package, project.written(&copy.root));
    let message = format!(
        "`{name}` mounts {root}, but imports `{package}` from where the image installed it: {}",
        copy.why
    );
    let finding = Diagnostic::new(ID, mount, message)
        .note("edits arrive here, and nobody imports them")
        .service(name);
    let finding = finding.label(copy.install, "installed as a copy").label(
        process.written_at,
        format!("`{}` imports that copy", process.name()),
    );
    let is_free = process.variable("PYTHONPATH").is_none();
    let variable = Variable {
        name: "PYTHONPATH".to_owned(),
        value: Some(shown.clone()),
    };
    let why = "the mounted sources go before the installed copy".to_owned();
    let form = DevForm {
        service: name.to_owned(),
        environment: vec![Reasoned {
            value: variable,
            why,
        }],
        ..DevForm::default()
    };
    let fix = if is_free {
        dev::fix(project, &[form], format!("Import `{package}` from {shown}"))
    } else {
        None
    };
    Some(
        finding
            .help(format!(
                "Set `PYTHONPATH: {shown}` for development, or install it with `-e`. {}",
                verdict.until_then("each edit")
            ))
            .fix(fix)
            .remedy(verdict.remedy()),
    )
}
