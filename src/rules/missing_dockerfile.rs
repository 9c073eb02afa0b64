//! A service that is built from a Dockerfile which is not there.

use crate::compose::Build;
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::{MISSING_DOCKERFILE, Project};
use crate::rules::Findings;
use crate::syntax::yaml::edit::{self, Insert};

/// Passes on what the project found when it looked for its Dockerfiles.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for problem in project
        .problems()
        .filter(|problem| problem.rule == MISSING_DOCKERFILE)
    {
        findings.push(problem.clone().fix(fix(project, problem)));
    }
}

/// The only file in the context that has the name of a Dockerfile, in the place of the one that is
/// not there.
fn fix(project: &Project<'_>, problem: &Diagnostic) -> Option<Fix> {
    let build = project
        .service(problem.service.as_deref()?)?
        .spec()
        .build
        .as_ref()?;
    let entries = project
        .workspace()
        .files()
        .list(build.context_directory.as_deref()?);
    let mut found = entries
        .iter()
        .filter(|entry| !entry.is_directory && is_dockerfile(&entry.name));
    let (only, None) = (found.next()?.name.as_str(), found.next()) else {
        return None;
    };
    Fix::of(
        format!("Build from `{only}`"),
        Safety::Unsafe,
        name(project, build, only)?,
    )
}

fn is_dockerfile(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_named = |word: &str| {
        name == word || name.starts_with(&format!("{word}.")) || name.ends_with(&format!(".{word}"))
    };
    (is_named("dockerfile") || is_named("containerfile")) && !name.ends_with(".dockerignore")
}

/// The name written where one stands, or beside the context, or with a context that was all there
/// was.
fn name(project: &Project<'_>, build: &Build, name: &str) -> Option<edit::Edits> {
    // The usual name is there without being written.
    if let Some((dockerfile, span)) = build
        .dockerfile
        .as_ref()
        .and_then(|dockerfile| Some((dockerfile, dockerfile.span()?)))
    {
        if !dockerfile.origin.is_fixed() {
            return None;
        }
        let parsed = project.yaml_of(span);
        return Some(edit::set_scalar(parsed.tree.node_at(span.start)?, name));
    }
    let span = build.context.span().or(build.origin.span)?;
    let parsed = project.yaml_of(span);
    let node = parsed.tree.node_at(span.start)?;
    let entry = node
        .parent()?
        .entries()
        .find(|entry| entry.value.id() == node.id())?;
    let dockerfile = ("dockerfile", Insert::text(name));
    Some(match entry.key.text().as_ref() {
        "build" => edit::replace_value(
            entry,
            &Insert::mapping([("context", Insert::text(node.text())), dockerfile]),
        ),
        "context" => {
            edit::insert_entries(node.parent()?, &[(dockerfile.0.to_owned(), dockerfile.1)])
        }
        _ => return None,
    })
}
