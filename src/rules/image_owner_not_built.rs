//! A recipe that is to build a service which only uses the image of another one.

use crate::compose;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::{Project, Service};
use crate::repository::recipes::{Argument, ComposeCall, RecipeKind};
use crate::rules::Findings;

const ID: &str = "image-owner-not-built";

/// Judges every call that builds services of this project by name.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    let paths: Vec<std::path::PathBuf> = compose
        .files
        .iter()
        .take(compose.main_files)
        .map(|source| source.path().to_path_buf())
        .collect();
    for recipe in project.recipes() {
        let builds =
            |call: &&ComposeCall| call.is("build") || call.is("up") && call.has(&["--build"]);
        for call in recipe
            .calls
            .iter()
            .filter(builds)
            .filter(|call| call.services_known && call.loads(&paths))
        {
            findings.extend(
                call.services
                    .iter()
                    .find_map(|named| judge(project, call, named, recipe.kind)),
            );
        }
    }
}

fn judge(
    project: &Project<'_>,
    call: &ComposeCall,
    named: &Argument,
    kind: RecipeKind,
) -> Option<Diagnostic> {
    let service = project
        .service(&named.text)
        .filter(|service| service.spec().build.is_none())?;
    let image = service.image()?;
    let owner = project
        .users_of(image)
        .find(|user| user.spec().build.is_some())?;
    let is_named = call.services.iter().any(|named| named.text == owner.name());
    if is_named
        || (call.is("up") && !call.has(&["--no-deps"]) && needs(project, service, owner.name()))
    {
        return None;
    }
    let (name, other) = (service.name(), owner.name());
    let message =
        format!("this builds nothing for `{name}`: its image is the one that `{other}` builds");
    let mut finding = Diagnostic::new(ID, named.span, message)
        .note(format!("`{name}` has no `build`"))
        .service(name);
    finding = finding.label(
        owner.spec().build.as_ref()?.origin.span?,
        format!("`{other}` builds it"),
    );
    finding = finding.label(
        service.spec().image.as_ref()?.span()?,
        format!("`{name}` only uses it"),
    );
    let safety = if kind == RecipeKind::Document {
        Safety::Suggest
    } else {
        Safety::Safe
    };
    let fix = Fix {
        title: format!("Build `{other}` as well"),
        safety,
        edits: vec![Edit::insert_before(named.span, format!("{other} "))],
    };
    Some(finding.help(format!("Name `{other}` as well")).fix(fix))
}

/// Whether a service depends on another one, which `up` then builds with it.
fn needs(project: &Project<'_>, service: Service<'_>, owner: &str) -> bool {
    let mut open: Vec<&compose::Service> = vec![service.spec()];
    let mut seen: Vec<&str> = Vec::new();
    while let Some(next) = open.pop() {
        for needed in &next.depends_on {
            let name = needed.service.as_str();
            if name == owner {
                return true;
            }
            if !seen.contains(&name) {
                seen.push(name);
                open.extend(project.service(name).map(Service::spec));
            }
        }
    }
    false
}
