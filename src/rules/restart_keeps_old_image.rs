//! A recipe that builds an image and then restarts the container, which goes on with the image that
//! it was made from.

use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::repository::recipes::{ComposeCall, Recipe, RecipeKind, Tool};
use crate::rules::Findings;

const ID: &str = "restart-keeps-old-image";

/// Words with which a document says of a command that it is of no use.
const WARNINGS: [&str; 9] = [
    "not", "don't", "doesn't", "never", "wrong", "avoid", "bad", "nicht", "inte",
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
    for recipe in project
        .recipes()
        .iter()
        .filter(|recipe| recipe.kind != RecipeKind::Ci)
    {
        let calls: Vec<&ComposeCall> = recipe
            .calls
            .iter()
            .filter(|call| call.tool == Tool::Compose && call.loads(&paths))
            .collect();
        // Whoever makes the containers anew anywhere in the recipe has thought of it.
        if calls.len() != recipe.calls.len() || calls.iter().any(|call| makes_containers(call)) {
            continue;
        }
        findings.extend(
            calls
                .iter()
                .enumerate()
                .find_map(|(at, call)| judge(project, recipe, &calls[..at], call)),
        );
    }
}

fn makes_containers(call: &ComposeCall) -> bool {
    ["up", "create", "down", "rm", "run", "watch"]
        .iter()
        .any(|name| call.is(name))
}

fn judge(
    project: &Project<'_>,
    recipe: &Recipe,
    before: &[&ComposeCall],
    call: &ComposeCall,
) -> Option<Diagnostic> {
    if !call.is("restart")
        || !call.services_known
        || (recipe.kind == RecipeKind::Document && is_warned_of(recipe, call))
    {
        return None;
    }
    let covers = |call: &ComposeCall, name: &str| {
        call.services.is_empty() || call.services.iter().any(|named| named.text == name)
    };
    let mut builds = before
        .iter()
        .filter(|earlier| earlier.is("build") && earlier.services_known);
    let (built, service) = builds.find_map(|built| {
        let is_both = |name: &str| covers(built, name) && covers(call, name);
        let service = project
            .services()
            .find(|service| service.spec().build.is_some() && is_both(service.name()))?;
        Some((*built, service))
    })?;
    let name = service.name();
    let message = format!(
        "`restart` keeps the container of `{name}` and its old image: what was built before is not used"
    );
    let finding = Diagnostic::new(ID, call.span, message)
        .label(built.span, "the new image is built here")
        .service(name);
    let services: String = call
        .services
        .iter()
        .map(|named| format!(" {}", named.text))
        .collect();
    let help =
        format!("Let Docker Compose make the container anew: `docker compose up -d{services}`");
    Some(finding.help(help).fix(fix(project, recipe, call)))
}

/// `up -d` in the place of `restart`, where that word stands as it is.
fn fix(project: &Project<'_>, recipe: &Recipe, call: &ComposeCall) -> Option<Fix> {
    let span = call.subcommand.span;
    if !call.flags.is_empty() || project.workspace().sources().slice(span) != "restart" {
        return None;
    }
    let safety = if recipe.kind == RecipeKind::Document {
        Safety::Suggest
    } else {
        Safety::Unsafe
    };
    Some(Fix {
        title: "Write `up -d`".to_owned(),
        safety,
        edits: vec![Edit::replace(span, "up -d")],
    })
}

/// Whether the comment above a command, or beside it, says that the command is of no use.
fn is_warned_of(recipe: &Recipe, call: &ComposeCall) -> bool {
    let text = recipe.source.text();
    let Some(until) = text.get(..call.span.range().end) else {
        return false;
    };
    let mut lines = until.lines().rev();
    let own = lines.next().unwrap_or_default();
    let above = lines
        .find(|line| !line.trim().is_empty())
        .filter(|line| line.trim_start().starts_with('#'))
        .unwrap_or_default();
    [own, above].iter().any(|line| {
        let words = line.split(|character: char| !character.is_alphanumeric() && character != '\'');
        line.contains('❌')
            || words
                .into_iter()
                .any(|word| WARNINGS.contains(&word.to_lowercase().as_str()))
    })
}
