//! A recipe that fetches new code and then starts the containers from the images that were built of
//! the old code.

use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::links::bringing;
use crate::project::{Project, Service};
use crate::repository::recipes::{ComposeCall, Recipe, RecipeKind, Tool};
use crate::rules::Findings;
use crate::text::Span;

const ID: &str = "up-without-build";

/// Commands that bring new code.
const FETCHES: [&str; 4] = ["git pull", "git fetch", "git reset --hard", "git merge"];

/// What comments and headings say of a command that is to bring new code into the containers.
const PROMISES: [&str; 16] = [
    "code change",
    "changes to the code",
    "changed the code",
    "changed code",
    "changing code",
    "changing the code",
    "change the code",
    "source change",
    "apply change",
    "apply the change",
    "apply your change",
    "apply my change",
    "pick up change",
    "pick up the change",
    "modified code",
    "new code",
];

/// Looks at every recipe that loads the files of this project.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    let paths: Vec<PathBuf> = compose
        .files
        .iter()
        .take(compose.main_files)
        .map(|source| source.path().to_path_buf())
        .collect();
    for recipe in project.recipes() {
        let call = recipe.calls.iter().find(|call| {
            call.is("up") && call.tool == Tool::Compose && call.services_known && call.loads(&paths)
        });
        findings.extend(call.and_then(|call| judge(project, recipe, call)));
    }
}

fn judge(project: &Project<'_>, recipe: &Recipe, call: &ComposeCall) -> Option<Diagnostic> {
    // First what few recipes say: what else they do is looked for in all that they have.
    let (reason, what) = fetched(recipe, call).or_else(|| promised(recipe, call))?;
    // `--watch` builds before it watches, and whoever makes or loads an image anywhere in the
    // recipe has thought of it.
    let builds = |call: &ComposeCall| {
        call.is("build")
            || call.is("watch")
            || call.has(&["--build", "--watch", "-w", "--no-build"])
    };
    if recipe.calls.iter().any(builds) || makes_images(recipe) {
        return None;
    }
    let pulls = recipe.calls.iter().any(|call| call.is("pull"));
    let covers = |name: &str| {
        call.services.is_empty() || call.services.iter().any(|named| named.text == name)
    };
    let mut stale = project.services().filter(|service| {
        let spec = service.spec();
        let is_pulled = pulls && spec.image.is_some();
        covers(service.name())
            && (spec.active || !call.services.is_empty())
            && !is_pulled
            && !builds_itself(*service)
            && bringing::runs_baked_code(*service)
    });
    let first = stale.next()?;
    let (name, more) = (first.name(), stale.count());
    let who = if more == 0 {
        format!("`{name}`")
    } else {
        format!("`{name}` and {more} more")
    };
    let message = format!(
        "`up` without `--build` starts {who} from the image that is there: the new code is not in it"
    );
    let mut finding = Diagnostic::new(ID, call.span, message)
        .note("builds nothing that has been built before")
        .service(name);
    finding = finding.label(reason, what);
    if let Some(build) = first
        .spec()
        .build
        .as_ref()
        .and_then(|build| build.origin.span)
    {
        finding = finding.label(build, format!("`{name}` runs what is built here"));
    }
    let services: String = call
        .services
        .iter()
        .map(|named| format!(" {}", named.text))
        .collect();
    Some(
        finding
            .help(format!(
                "Build as well: `docker compose up -d --build{services}`"
            ))
            .fix(fix(project, recipe, call)),
    )
}

/// `pull_policy: build` builds at each start.
fn builds_itself(service: Service<'_>) -> bool {
    service
        .spec()
        .pull_policy
        .as_ref()
        .is_some_and(|policy| policy.value == "build")
}

/// The part of a file that belongs to a recipe, up to a call: from its name, else from the start of
/// a script.
fn before<'r>(recipe: &'r Recipe, call: &ComposeCall) -> Option<(&'r str, usize)> {
    let text = recipe.source.text();
    let end = call.span.range().start;
    let start = match &recipe.name {
        Some(name) if name.span.file == call.span.file && name.span.range().start <= end => {
            name.span.range().start
        }
        _ if recipe.kind == RecipeKind::Document => return None,
        _ => 0,
    };
    (call.span.file == recipe.source.id()).then(|| Some((text.get(start..end)?, start)))?
}

/// The command before a call that brings new code.
fn fetched(recipe: &Recipe, call: &ComposeCall) -> Option<(Span, String)> {
    let (text, start) = before(recipe, call)?;
    let mut at = start;
    let mut found = None;
    for line in text.split_inclusive('\n') {
        let is_comment = line.trim_start().starts_with(['#', '/']);
        if let Some((offset, command)) = FETCHES
            .iter()
            .find_map(|command| Some((line.find(command)?, command)))
            .filter(|_| !is_comment)
        {
            let span = recipe.source.span(at + offset..at + offset + command.len());
            found = Some((span, "the new code comes here".to_owned()));
        }
        at += line.len();
    }
    found
}

/// The comment above a call, or beside it, that says what the call is for.
fn promised(recipe: &Recipe, call: &ComposeCall) -> Option<(Span, String)> {
    let text = recipe.source.text();
    let range = call.span.range();
    if call.span.file != recipe.source.id() {
        return None;
    }
    let line_start = text.get(..range.start)?.rfind('\n').map_or(0, |at| at + 1);
    let line_end = text
        .get(range.end..)?
        .find('\n')
        .map_or(text.len(), |at| range.end + at);
    let above_start = text[..line_start.saturating_sub(1)]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let beside = text[range.end..line_end]
        .find('#')
        .map(|at| (range.end + at, line_end));
    let above = text
        .get(above_start..line_start)
        .filter(|line| line.trim_start().starts_with('#'))
        .map(|line| (above_start, above_start + line.len()));
    let heading = recipe
        .name
        .as_ref()
        .filter(|_| recipe.kind == RecipeKind::Document)
        .map(|name| (name.span.range().start, name.span.range().end));
    [beside, above, heading]
        .into_iter()
        .flatten()
        .find_map(|(from, until)| {
            let comment = text.get(from..until)?.trim_end();
            let lower = comment.to_lowercase();
            let is_denied = ["not ", "n't ", "without", "no "]
                .iter()
                .any(|word| lower.contains(word));
            let is_promise = PROMISES.iter().any(|promise| lower.contains(promise)) && !is_denied;
            is_promise.then(|| {
                (
                    recipe.source.span(from..from + comment.len()),
                    "it is to bring new code".to_owned(),
                )
            })
        })
}

/// Whether a recipe builds, loads or removes images by other means than Docker Compose.
fn makes_images(recipe: &Recipe) -> bool {
    let text = recipe.source.text();
    let from = recipe
        .name
        .as_ref()
        .map_or(0, |name| name.span.range().start);
    let until = recipe
        .calls
        .iter()
        .map(|call| call.span.range().end)
        .max()
        .unwrap_or(text.len());
    let Some(own) = text.get(from.min(until)..until) else {
        return true;
    };
    own.lines().any(|line| {
        let is_tool = ["docker", "compose", "make", "./", "$(", "just ", "task "]
            .iter()
            .any(|tool| line.contains(tool));
        is_tool
            && ["build", "docker load", "rmi", "image prune", "system prune"]
                .iter()
                .any(|word| line.contains(word))
    })
}

/// `--build` behind `up`, where that word stands as it is.
fn fix(project: &Project<'_>, recipe: &Recipe, call: &ComposeCall) -> Option<Fix> {
    let span = call.subcommand.span;
    if project.workspace().sources().slice(span) != "up" {
        return None;
    }
    let safety = if recipe.kind == RecipeKind::Document {
        Safety::Suggest
    } else {
        Safety::Unsafe
    };
    Some(Fix {
        title: "Build before the start".to_owned(),
        safety,
        edits: vec![Edit::replace(span, "up --build")],
    })
}
