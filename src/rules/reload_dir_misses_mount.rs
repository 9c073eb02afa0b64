//! Code that is mounted and imported, but lies where the reloader does not look.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::links::LinkName;
use crate::links::reload;
use crate::links::verdict::Verdict;
use crate::process::Process;
use crate::project::{Project, Service, host_paths};
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "reload-dir-misses-mount";

/// Judges every process of a project that may be for development.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        for finding in service
            .processes()
            .iter()
            .filter_map(|process| judge(project, service, process))
        {
            findings.push_shared(service, finding);
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>, process: &Process) -> Option<Diagnostic> {
    let unwatched = reload::unwatched_code(service, process);
    let first = unwatched.first()?;
    let host = host_paths::host_of(service, &first.directory)?;
    let verdict = Verdict::of(service, &host, &[LinkName::ReadAgain])?;
    let (name, program) = (service.name(), process.name());
    let mount = service.mounts()[first.mount].origin.span?;
    let directories: Vec<&str> = unwatched
        .iter()
        .map(|unwatched| unwatched.directory.as_str())
        .collect();
    let listed = directories.join(", ");
    let message = format!(
        "`{program}` of `{name}` reloads for edits below {}, but not for those in {listed}",
        reload::watch_roots(process)?.join(", ")
    );
    let in_compose = reload::says_in_compose(service, process);
    let span = if in_compose {
        process.written_at
    } else {
        mount
    };
    let mut finding = Diagnostic::new(ID, span, message).service(name);
    finding = match in_compose {
        true => finding
            .note("its reloader does not look there")
            .label(mount, "edits arrive here"),
        false => finding
            .note("edits arrive here")
            .label(process.written_at, "its reloader does not look there"),
    };
    if !first.imported_by.contains(process.written_at)
        && !process.written_at.contains(first.imported_by)
    {
        finding = finding.label(
            first.imported_by,
            format!("this makes it import from {}", first.directory),
        );
    }
    let flags = reload::flags_to_watch(process, &directories);
    let edit = flags
        .as_ref()
        .filter(|_| in_compose)
        .and_then(|flags| append(project, process, flags));
    let title = format!("Let `{program}` watch {listed} as well");
    let fix = edit.map(|edit| Fix {
        title,
        safety: Safety::Unsafe,
        edits: vec![edit],
    });
    let how = flags.map_or_else(
        || format!("Let it watch {listed} as well"),
        |flags| format!("Add `{}`", flags.join(" ")),
    );
    Some(
        finding
            .help(format!("{how}. {}", verdict.until_then("an edit there")))
            .fix(fix)
            .remedy(verdict.remedy()),
    )
}

/// Writes arguments behind the last one of a command, as the others are written.
fn append(project: &Project<'_>, process: &Process, words: &[String]) -> Option<Edit> {
    let (before, last) = match process.argv.as_slice() {
        [.., before, last] => (before, last),
        _ => return None,
    };
    let between = Span {
        start: before.span.end,
        end: last.span.start,
        ..last.span
    };
    if before.span.file != last.span.file || between.start >= between.end {
        return None;
    }
    let source = project.workspace().sources().get(last.span.file);
    let text = match source.slice(between).trim() {
        "" => words
            .iter()
            .map(|word| format!(" {word}"))
            .collect::<String>(),
        "," => words
            .iter()
            .map(|word| format!(", {word:?}"))
            .collect::<String>(),
        _ => return None,
    };
    Some(Edit::replace(
        Span {
            start: last.span.end,
            ..last.span
        },
        text,
    ))
}
