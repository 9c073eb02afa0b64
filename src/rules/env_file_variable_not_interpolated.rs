//! A variable in the compose file that only an `env_file` sets, which is read for containers and
//! not for the compose file.

use rustc_hash::FxHashMap;

use crate::compose::{Compose, Data, Service, Step, Value, VariableSource};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "env-file-variable-not-interpolated";

/// Reports each variable once.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    let set = set_by_env_files(compose);
    if set.is_empty() || names_env_files(project) {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    for service in &compose.services {
        for used in unset(&service.data) {
            let Some((name, span)) = set
                .get_key_value(used.name)
                .filter(|(name, _)| !told.contains(*name))
            else {
                continue;
            };
            told.push(name);
            findings.push(report(project, service, &used, *span));
        }
    }
}

/// A use of a variable that is not set.
struct Used<'c> {
    name: &'c str,
    span: Span,
    /// Whether a shell in the container could put it in.
    is_run: bool,
}

/// The variables of env files, each with where it is set.
fn set_by_env_files(compose: &Compose) -> FxHashMap<&str, Span> {
    let entries = compose
        .services
        .iter()
        .flat_map(|service| &service.environment);
    let from_file = entries.filter(|entry| {
        entry
            .key
            .origin
            .steps
            .iter()
            .any(|step| matches!(step, Step::EnvFile { .. }))
    });
    from_file
        .filter_map(|entry| Some((entry.key.as_str(), entry.key.span()?)))
        .collect()
}

/// Whether people give env files to Docker Compose itself, where nobody here knows which.
fn names_env_files(project: &Project<'_>) -> bool {
    project
        .recipes()
        .iter()
        .flat_map(|recipe| &recipe.calls)
        .any(|call| !call.env_files.is_empty())
}

fn unset(service: &Value<Data>) -> Vec<Used<'_>> {
    let mut found = Vec::new();
    let mut rest: Vec<(&Value<Data>, bool)> = vec![(service, false)];
    while let Some((value, is_run)) = rest.pop() {
        found.extend(value.origin.steps.iter().filter_map(|step| match step {
            Step::Variable {
                used,
                name,
                from: VariableSource::Unset,
            } => Some(Used {
                name,
                span: *used,
                is_run,
            }),
            _ => None,
        }));
        match &value.value {
            Data::List(items) => rest.extend(items.iter().map(|item| (item, is_run))),
            Data::Map(map) => {
                let is_command = |key: &str| matches!(key, "command" | "entrypoint" | "test");
                rest.extend(
                    map.iter()
                        .map(|entry| (&entry.value, is_run || is_command(&entry.key))),
                );
            }
            _ => {}
        }
    }
    found.sort_by_key(|used| (used.span.file, used.span.start));
    found
}

fn report(project: &Project<'_>, service: &Service, used: &Used<'_>, set: Span) -> Diagnostic {
    let sources = project.workspace().sources();
    let written = sources.get(used.span.file).slice(used.span).to_owned();
    let file = project.written(sources.get(set.file).path());
    let name = used.name;
    let message = format!(
        "`{written}` is empty here: `{file}` sets `{name}` in containers only, not in the compose file"
    );
    let is_own = service
        .variable(name)
        .is_some_and(|value| value.span().is_some_and(|span| span.file == set.file));
    let finding = Diagnostic::new(ID, used.span, message)
        .note("empty")
        .label(set, "set for containers")
        .service(service.name.as_str());
    if used.is_run && is_own && written.starts_with('$') {
        let edits = vec![Edit::insert_before(used.span, "$")];
        let fix = Fix {
            title: format!("Let the container put `{name}` in"),
            safety: Safety::Unsafe,
            edits,
        };
        return finding
            .help(format!(
                "Write `${written}`: a shell in the container then puts it in"
            ))
            .fix(fix);
    }
    finding.help(format!("Set `{name}` in `.env` beside the compose file, or start with `docker compose --env-file {file}`"))
}
