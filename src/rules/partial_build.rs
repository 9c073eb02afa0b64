//! A recipe that builds one of several services which are made from the same files, and leaves the
//! others as they were.

use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::links::bringing;
use crate::project::{Project, Service};
use crate::repository::recipes::{Argument, ComposeCall, Recipe, RecipeKind, Tool};
use crate::rules::Findings;

const ID: &str = "partial-build";

/// Who has read that many places knows what to look for.
const MOST_LABELS: usize = 6;

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
    let mut recipes: Vec<&Recipe> = project
        .recipes()
        .iter()
        .filter(|recipe| recipe.kind != RecipeKind::Ci)
        .collect();
    // What a script does is told first, and what documents say the same of is told with it.
    recipes.sort_by_key(|recipe| recipe.kind);
    let mut found: Vec<Diagnostic> = Vec::new();
    for recipe in recipes {
        let calls: Vec<&ComposeCall> = recipe
            .calls
            .iter()
            .filter(|call| call.tool == Tool::Compose && call.loads(&paths))
            .collect();
        let is_started = calls.iter().any(|call| call.is("up"));
        // Whoever hands the names on builds what the caller says.
        if !is_started || recipe.calls.iter().any(|call| !call.services_known) {
            continue;
        }
        let Some(finding) = judge(project, recipe, &calls) else {
            continue;
        };
        match found
            .iter_mut()
            .find(|known| known.message == finding.message)
        {
            Some(known) if known.labels.len() < MOST_LABELS => {
                *known = known.clone().label(finding.span, "and here")
            }
            Some(_) => {}
            None => found.push(finding),
        }
    }
    findings.extend(found);
}

fn builds(call: &ComposeCall) -> bool {
    call.is("build") || (call.is("up") && call.has(&["--build"]))
}

fn judge(project: &Project<'_>, recipe: &Recipe, calls: &[&ComposeCall]) -> Option<Diagnostic> {
    let building: Vec<&&ComposeCall> = calls.iter().filter(|call| builds(call)).collect();
    if building.iter().any(|call| call.services.is_empty()) {
        return None;
    }
    let mut built: Vec<&str> = Vec::new();
    for call in &building {
        let with_needed = call.is("up") && !call.has(&["--no-deps"]);
        for named in &call.services {
            built.push(&named.text);
            if with_needed {
                built.extend(
                    project
                        .service(&named.text)
                        .map(|service| needed(project, service))
                        .unwrap_or_default(),
                );
            }
        }
    }
    building
        .iter()
        .flat_map(|call| call.services.iter().map(move |named| (**call, named)))
        .find_map(|(call, named)| {
            let service = project.service(&named.text)?;
            let sibling = project.services().find(|other| {
                let is_left = !built.contains(&other.name()) && other.spec().active;
                is_left
                    && shares_build(service, *other)
                    && !shares_name(service, *other)
                    && bringing::runs_baked_code(*other)
            })?;
            report(project, recipe, call, named, service, sibling)
        })
}

/// Whether two services are built from the same files in the same way.
fn shares_build(one: Service<'_>, other: Service<'_>) -> bool {
    let images = one.image().zip(other.image());
    one.name() != other.name()
        && other.spec().build.is_some()
        && images.is_some_and(|(one, other)| std::ptr::eq(one, other))
}

/// Whether the image that the one makes is the image of the other, by its name.
fn shares_name(one: Service<'_>, other: Service<'_>) -> bool {
    let name = |service: Service<'_>| {
        service
            .spec()
            .image
            .as_ref()
            .map(|image| image.value.clone())
    };
    name(one).is_some() && name(one) == name(other)
}

/// What `up` starts, and with `--build` builds, along with a service.
fn needed<'p>(project: &'p Project<'_>, service: Service<'p>) -> Vec<&'p str> {
    let mut found: Vec<&str> = Vec::new();
    let mut open = vec![service];
    while let Some(next) = open.pop() {
        for dependency in &next.spec().depends_on {
            let name = dependency.service.as_str();
            if let Some(service) = project.service(name).filter(|_| !found.contains(&name)) {
                found.push(service.name());
                open.push(service);
            }
        }
    }
    found
}

fn report(
    project: &Project<'_>,
    recipe: &Recipe,
    call: &ComposeCall,
    named: &Argument,
    service: Service<'_>,
    sibling: Service<'_>,
) -> Option<Diagnostic> {
    let (name, other) = (service.name(), sibling.name());
    let message = format!(
        "this builds `{name}` alone: `{other}` is made from the same files and keeps its old image"
    );
    let mut finding = Diagnostic::new(ID, named.span, message)
        .note("only this one is built")
        .service(other);
    finding = finding.label(
        sibling.spec().build.as_ref()?.origin.span?,
        format!("`{other}` has an image of its own"),
    );
    let is_written = project.workspace().sources().slice(named.span) == named.text
        && call.span.contains(named.span);
    let safety = if recipe.kind == RecipeKind::Document {
        Safety::Suggest
    } else {
        Safety::Unsafe
    };
    let edits = vec![Edit::replace(named.span, format!("{name} {other}"))];
    let fix = is_written.then(|| Fix {
        title: format!("Build `{other}` as well"),
        safety,
        edits,
    });
    Some(
        finding
            .help(format!(
                "Name `{other}` as well, or give both the same `image` and let one of them build it"
            ))
            .fix(fix),
    )
}
