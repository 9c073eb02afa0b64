//! A service that the user calls optional, and that another one cannot start without.

use crate::compose::Condition;
use crate::dev;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::project::role::Role;
use crate::roles;
use crate::roles::NeedKind;
use crate::rules::Findings;

const ID: &str = "optional-dependency-is-required";

/// Judges what needs a service whose role is stated. What is optional itself may need what it
/// likes.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose() else {
        return;
    };
    let is_optional = |name: &str| {
        let service = project.service(name)?;
        service
            .stated()
            .role
            .as_ref()
            .filter(|role| role.value == Role::Optional)
            .cloned()
    };
    for need in roles::needs(compose) {
        let NeedKind::DependsOn(condition) = need.kind else {
            continue;
        };
        let (Some(said), None, Some(from)) = (
            is_optional(&need.to),
            is_optional(&need.from),
            compose.service(&need.from),
        ) else {
            continue;
        };
        // A profile on both says that they belong together.
        let together = |profile: &str| {
            compose
                .service(&need.to)
                .is_some_and(|to| to.profiles.iter().any(|other| other.value == profile))
        };
        if from.profiles.iter().any(|profile| together(&profile.value))
            || condition == Condition::Completed
        {
            continue;
        }
        let dependency = from
            .depends_on
            .iter()
            .find(|dependency| dependency.service.value == need.to);
        let Some(span) = dependency
            .and_then(|dependency| dependency.service.span())
            .or(need.span)
        else {
            continue;
        };
        let message = format!(
            "`{}` cannot start without `{}`, which is said to be optional",
            need.from, need.to
        );
        let mut finding = Diagnostic::new(ID, span, message)
            .note("required here")
            .service(need.from.as_str());
        if let Some(said) = said.span {
            finding = finding.label(said, "said to be optional here");
        }
        let help =
            "Write `required: false` at the dependency, or call the service `core` or `infra`";
        findings.push(finding.help(help).fix(dev::soften(project, from, &need.to)));
    }
}
