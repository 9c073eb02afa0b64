//! `pull_policy` that fetches an image over the one that is built here.

use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit;

const ID: &str = "local-build-may-be-pulled";

/// Judges every service that is built here.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.developed_services() {
        let spec = service.spec();
        let Some(policy) = spec
            .pull_policy
            .as_ref()
            .filter(|policy| policy.origin.is_fixed() && spec.build.is_some())
        else {
            continue;
        };
        let fetches = matches!(policy.as_str(), "always" | "daily" | "weekly")
            || policy.starts_with("every_");
        let (Some(span), Some(image), true) = (policy.span(), &spec.image, fetches) else {
            continue;
        };
        let name = service.name();
        let message = format!(
            "`{name}` is built here, but `docker compose up` fetches `{}` from its registry instead",
            image.as_str()
        );
        let mut finding = Diagnostic::new(ID, span, message)
            .note("fetched, whatever was built")
            .service(name);
        finding
            .labels
            .extend(image.span().map(|span| crate::diagnostic::Label {
                span,
                message: "this image".to_owned(),
            }));
        let parsed = project.yaml_of(span);
        let node = parsed.tree.node_at(span.start);
        let fix = node.and_then(|node| {
            Fix::of(
                "Build it always",
                Safety::Unsafe,
                edit::set_scalar(node, "build"),
            )
        });
        findings.push(
            finding
                .help("Write `pull_policy: build` where it is developed")
                .fix(fix),
        );
    }
}
