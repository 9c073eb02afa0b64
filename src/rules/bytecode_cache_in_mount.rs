//! Python that writes compiled modules into the mounted sources.

use crate::dev;
use crate::dev::{DevForm, Reasoned, Variable};
use crate::diagnostic::Diagnostic;
use crate::links::code_origin;
use crate::process::{Process, Reads};
use crate::project::{Project, Service, mounts};
use crate::rules::Findings;

const ID: &str = "bytecode-cache-in-mount";

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
    if !code_origin::writes_bytecode(process) || process.reads != Reads::Source {
        return None;
    }
    let seen = mounts::shown(service, &process.cwd)?;
    let mount = &service.mounts()[seen.mount];
    let is_ours = project.owns(mounts::bind_source(mount)?) && !mount.read_only;
    let name = service.name();
    let message = format!(
        "`{name}` writes compiled modules into the mounted sources: an edit of the same second and size is not seen"
    );
    let finding = Diagnostic::new(ID, mount.origin.span.filter(|_| is_ours)?, message)
        .note("`__pycache__` lands here")
        .service(name);
    let finding = finding.label(
        process.written_at,
        format!("`{}` runs Python", process.name()),
    );
    let variable = Variable {
        name: "PYTHONDONTWRITEBYTECODE".to_owned(),
        value: Some("1".to_owned()),
    };
    let why = "an edit of the same second and size would be hidden by a stale .pyc".to_owned();
    let form = DevForm {
        service: name.to_owned(),
        environment: vec![Reasoned {
            value: variable,
            why,
        }],
        ..DevForm::default()
    };
    let fix = dev::fix(project, &[form], "Keep compiled modules out of the sources");
    Some(
        finding
            .help("Set `PYTHONDONTWRITEBYTECODE: \"1\"` in `environment`")
            .fix(fix),
    )
}
