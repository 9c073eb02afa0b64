//! A user that nothing in the image creates.

use crate::diagnostic::Diagnostic;
use crate::image::Image;
use crate::knowledge::images;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;
use crate::text::Span;

const ID: &str = "user-missing";

/// Looks at USER in the stages that are built, then at `user` of every service. Numbers need no
/// entry anywhere.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for image in project.images() {
        findings.extend(
            image
                .needed()
                .into_iter()
                .filter_map(|stage| in_stage(project, image, stage)),
        );
    }
    findings.extend(project.services().filter_map(of_service));
}

/// The first USER of a stage that is not there.
fn in_stage(project: &Project<'_>, image: &Image, stage: usize) -> Option<Diagnostic> {
    if image.dockerfile.tree.is_of_another_language() {
        return None;
    }
    let users = image.stages[stage]
        .steps
        .iter()
        .filter(|step| step.keyword == Keyword::User && !step.is_trigger);
    let mut users = users.filter_map(|step| {
        let word = image.instruction(step).words().first()?;
        Some((word.text.as_str(), word.span))
    });
    let (user, span) =
        users.find_map(|(written, span)| Some((missing(image, stage, written)?, span)))?;
    let message = format!("the build uses `{user}`, and nothing creates this user");
    let finding = report(image, stage, user, span, message);
    Some(match project.users_of(image).next() {
        Some(service) => finding.service(service.name()),
        None => finding,
    })
}

fn of_service(service: Service<'_>) -> Option<Diagnostic> {
    let written = service
        .spec()
        .user
        .as_ref()
        .filter(|user| !user.origin.is_unknown())?;
    let span = written.span()?;
    if service
        .spec()
        .mounts
        .iter()
        .any(|mount| mount.target.value.starts_with("/etc"))
    {
        return None;
    }
    let message = |user: &str| {
        format!(
            "`{}` cannot start: it runs as `{user}`, and its image has no such user",
            service.name()
        )
    };
    if let Some(image) = service.image() {
        let stage = image.target?;
        let user = missing(image, stage, &written.value)?;
        return Some(report(image, stage, user, span, message(user)).service(service.name()));
    }
    let image = service
        .spec()
        .image
        .as_ref()
        .filter(|image| service.spec().build.is_none() && !image.origin.is_unknown())?;
    let user = named(&written.value).filter(|user| images::has_user(image, user) == Some(false))?;
    let finding = Diagnostic::new(ID, span, message(user))
        .note("no such user")
        .service(service.name());
    Some(finding.help("Write the number of a user, or the name of one that the image has"))
}

fn report(image: &Image, stage: usize, user: &str, span: Span, message: String) -> Diagnostic {
    let finding = Diagnostic::new(ID, span, message).note("no such user");
    let finding = finding.label(
        image.stages[stage].span,
        format!(
            "`{}` has none of this name",
            image.base_image(stage).unwrap_or_default()
        ),
    );
    finding.help(format!("Create it first, as with `RUN useradd -m {user}` or `RUN adduser -D {user}` on Alpine, or write a number"))
}

/// The user that is meant, if it is certain that the stage does not have it.
fn missing<'t>(image: &Image, stage: usize, written: &'t str) -> Option<&'t str> {
    let user = named(written)?;
    let is_absent = images::has_user(image.base_image(stage)?, user) == Some(false)
        && image.adds_no_user(stage, user);
    is_absent.then_some(user)
}

/// The name in `user[:group]`; nothing for a number or a variable.
fn named(written: &str) -> Option<&str> {
    let user = written.split(':').next()?;
    let is_name = user.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && user
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    is_name.then_some(user)
}
