//! A trigger of `develop.watch`, or a pattern of it, that nothing ever sets off.

use std::path::Path;

use crate::compose::{Value, Watch, WatchAction};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::links::compose_watch;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::yaml::edit;
use crate::text::Span;

const ID: &str = "watch-rule-dead";

/// Judges the triggers of every service.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.services() {
        for watch in service
            .spec()
            .watch
            .iter()
            .filter(|watch| !watch.path.origin.is_unknown())
        {
            let path = Path::new(&watch.path.value);
            if !project.workspace().files().exists(path) {
                findings.extend(missing(project, service, watch));
                continue;
            }
            findings.extend(ignored(service, watch));
            findings.extend(elsewhere(project, service, watch));
            findings.extend(
                watch
                    .include
                    .iter()
                    .filter_map(|pattern| included(project, service, watch, pattern)),
            );
            findings.extend(wrong_base(project, service, watch, true));
            findings.extend(wrong_base(project, service, watch, false));
        }
    }
}

fn missing(project: &Project<'_>, service: Service<'_>, watch: &Watch) -> Option<Diagnostic> {
    let path = Path::new(&watch.path.value);
    let span = watch
        .path
        .span()
        .filter(|_| project.owns(path) && !project.is_made_later(path))?;
    let message = format!(
        "`{}` watches {}, which does not exist: the trigger never fires",
        service.name(),
        project.written(path)
    );
    let finding = Diagnostic::new(ID, span, message)
        .note("nothing is there")
        .service(service.name());
    Some(finding.help("Correct the path: it is relative to the compose file"))
}

/// The ignore file of the build holds for every trigger.
fn ignored(service: Service<'_>, watch: &Watch) -> Option<Diagnostic> {
    let line = compose_watch::ignored_by(service, watch)?;
    let message = format!(
        "`{}` never notices edits here: the ignore file of its build holds for triggers, too",
        service.name()
    );
    let finding = Diagnostic::new(ID, watch.path.span()?, message)
        .note("never fires")
        .label(line, "leaves it out")
        .service(service.name());
    Some(
        finding
            .help("Take the line out of the ignore file, or the trigger out of the compose file"),
    )
}

/// Files are synced where nothing reads them.
fn elsewhere(project: &Project<'_>, service: Service<'_>, watch: &Watch) -> Option<Diagnostic> {
    let is_sync = matches!(
        watch.action.value,
        WatchAction::Sync | WatchAction::SyncRestart
    );
    let target = watch
        .target
        .as_ref()
        .filter(|target| is_sync && target.origin.is_fixed())?;
    let copies = compose_watch::copies_of(service, Path::new(&watch.path.value));
    let clean = target.value.trim_end_matches('/');
    let is_near = |place: &str| {
        let under = |one: &str, other: &str| {
            one == other || one.starts_with(&format!("{}/", other.trim_end_matches('/')))
        };
        under(place, clean) || under(clean, place)
    };
    let runs_near = service.processes().iter().any(|process| {
        process.unknown.is_some()
            || is_near(&process.cwd)
            || process.words().iter().any(|word| word.contains(clean))
    });
    let mounts_near = service
        .spec()
        .mounts
        .iter()
        .any(|mount| is_near(mount.target.value.trim_end_matches('/')));
    let (place, copy) = copies.first().filter(|_| {
        !runs_near && !mounts_near && !copies.iter().any(|(place, _)| is_near(place))
    })?;
    let span = target.span()?;
    let message = format!(
        "`{}` gets edits at {}, but its image has these files at {place}",
        service.name(),
        target.value
    );
    let finding = Diagnostic::new(ID, span, message)
        .note("nothing reads them here")
        .label(*copy, format!("copied to {place}"));
    let parsed = project.yaml_of(span);
    let node = parsed
        .tree
        .node_at(span.start)
        .filter(|node| node.text() == target.value);
    let fix = node.and_then(|node| {
        Fix::of(
            format!("Sync to {place}"),
            Safety::Unsafe,
            edit::set_scalar(node, place),
        )
    });
    Some(
        finding
            .service(service.name())
            .help(format!("Write `target: {place}`"))
            .fix(fix),
    )
}

/// A pattern of `include` that fits no file, or none of the many that it is meant for.
fn included(
    project: &Project<'_>,
    service: Service<'_>,
    watch: &Watch,
    pattern: &Value<String>,
) -> Option<Diagnostic> {
    let span = pattern.span().filter(|_| pattern.origin.is_fixed())?;
    let text = pattern.value.trim_start_matches("./");
    let name = service.name();
    let report = |message: String, better: &str, safety: Safety| {
        let parsed = project.yaml_of(span);
        let node = parsed
            .tree
            .node_at(span.start)
            .filter(|node| node.text() == pattern.value);
        let fix = node.and_then(|node| {
            Fix::of(
                format!("Include `{better}`"),
                safety,
                edit::set_scalar(node, better),
            )
        });
        let finding = Diagnostic::new(ID, span, message)
            .note("fits too little")
            .service(name);
        Some(
            finding
                .help(format!(
                    "Write `{better}`: a star does not go into directories"
                ))
                .fix(fix),
        )
    };
    if text == "*" {
        return report(
            format!(
                "`{name}` includes `*`, which `docker compose watch` takes for nothing: the trigger never fires"
            ),
            "**",
            Safety::Safe,
        );
    }
    if !text.contains('*') || text.contains('/') || text.contains("**") || text.starts_with('!') {
        return None;
    }
    let deep = format!("**/{text}");
    let (flat, recursive) = (compose_watch::pattern(text), compose_watch::pattern(&deep));
    let files = compose_watch::files_below(project, watch);
    let (top, below): (Vec<&String>, Vec<&String>) = files
        .iter()
        .filter(|file| recursive.is_ignored(file))
        .partition(|file| flat.is_ignored(file));
    let example = below
        .first()
        .filter(|_| top.is_empty() || text.starts_with("*."))?;
    let message = match top.len() {
        0 => format!(
            "`{name}` includes `{}`, which fits no file: {} lies in a directory",
            pattern.value, example
        ),
        _ => format!(
            "`{name}` includes `{}`, which fits {} and not {}, for that lies in a directory",
            pattern.value, top[0], example
        ),
    };
    // Where it does fit something, more would be brought in than before.
    report(
        message,
        &deep,
        if top.is_empty() {
            Safety::Safe
        } else {
            Safety::Unsafe
        },
    )
}

/// Patterns of `include` or `ignore` that are written from where the compose file lies, and not
/// from the path of the trigger.
fn wrong_base(
    project: &Project<'_>,
    service: Service<'_>,
    watch: &Watch,
    included: bool,
) -> Option<Diagnostic> {
    let path = Path::new(&watch.path.value);
    let own = path
        .strip_prefix(project.directory())
        .ok()?
        .to_str()
        .filter(|own| !own.is_empty())?;
    let meant = |pattern: &Value<String>| {
        let rest = pattern
            .value
            .trim_start_matches("./")
            .strip_prefix(own)?
            .strip_prefix('/')?
            .to_owned();
        let first = own.split('/').next().unwrap_or(own);
        let is_wrong = !rest.is_empty()
            && pattern.origin.is_fixed()
            && !project.workspace().files().exists(&path.join(first));
        pattern
            .span()
            .filter(|_| is_wrong)
            .map(|span| (span, pattern.value.clone(), rest))
    };
    let patterns = if included {
        &watch.include
    } else {
        &watch.ignore
    };
    let wrong: Vec<(Span, String, String)> = patterns.iter().filter_map(meant).collect();
    // One that fits includes something.
    if included && wrong.len() < patterns.len() {
        return None;
    }
    let (span, pattern, rest) = wrong.first()?;
    let place = project.written(path);
    let name = service.name();
    let message = if included {
        format!(
            "`{name}` includes `{pattern}`, which is looked for in {place}: the trigger never fires"
        )
    } else {
        format!("`{name}` ignores `{pattern}`, which is looked for in {place}: nothing is ignored")
    };
    let mut finding = Diagnostic::new(ID, *span, message)
        .note("never fits")
        .service(service.name());
    if let Some(path) = watch.path.span() {
        finding = finding.label(path, "patterns start here");
    }
    let parsed = project.yaml_of(*span);
    let edits = wrong.iter().map(|(span, pattern, rest)| {
        let node = parsed
            .tree
            .node_at(span.start)
            .filter(|node| node.text() == pattern.as_str())?;
        edit::set_scalar(node, rest).ok()
    });
    let edits: Option<Vec<Vec<Edit>>> = edits.collect();
    for (span, ..) in &wrong[1..] {
        finding = finding.label(*span, "nor this");
    }
    let fix = edits.map(|edits| Fix {
        title: format!(
            "{} what lies in {place}",
            if included { "Include" } else { "Ignore" }
        ),
        safety: Safety::Safe,
        edits: edits.into_iter().flatten().collect(),
    });
    Some(
        finding
            .help(format!(
                "Write `{rest}`: patterns are relative to the path of the trigger"
            ))
            .fix(fix),
    )
}
