//! A variable in the compose file that only an `env_file` sets, which is read for containers and
//! not for the compose file.

use crate::compose::Service;
use crate::compose::unset_uses::{self, UnsetUse};
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
    let set = unset_uses::set_by_env_files(compose);
    if set.is_empty() || names_env_files(project) {
        return;
    }
    for service in &compose.services {
        for used in unset_uses::all(&service.data) {
            if let Some(span) = set.get(used.name)
                && findings.is_new(used.name)
            {
                findings.push(report(project, service, &used, *span));
            }
        }
    }
}

/// Whether people give env files to Docker Compose itself, where nobody here knows which.
fn names_env_files(project: &Project<'_>) -> bool {
    project
        .recipes()
        .iter()
        .flat_map(|recipe| &recipe.calls)
        .any(|call| !call.env_files.is_empty())
}

fn report(project: &Project<'_>, service: &Service, used: &UnsetUse<'_>, set: Span) -> Diagnostic {
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
