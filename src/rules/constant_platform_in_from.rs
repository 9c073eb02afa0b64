//! `FROM --platform=linux/amd64`: an image that is of one platform whatever is asked for.

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "constant-platform-in-from";

/// Judges every FROM. A stage whose name tells the platform is meant to be of that platform.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for stage in &file.stages {
            let Some(flag) = stage.from.flag("platform") else {
                continue;
            };
            let platform = flag
                .value
                .as_ref()
                .map(|value| value.text.as_str())
                .unwrap_or_default();
            let name = stage
                .name
                .map(|name| name.text.as_str().to_lowercase())
                .unwrap_or_default();
            let is_told = platform
                .split('/')
                .take(2)
                .any(|part| !part.is_empty() && name.contains(&part.to_lowercase()));
            if platform.is_empty() || platform.contains('$') || is_told {
                continue;
            }
            let message = format!(
                "the stage is always built for `{platform}`, whatever platform the build is for"
            );
            let help = "Take the flag out and say `platform:` in the compose file, or write `--platform=$BUILDPLATFORM` where tools \
                        of the building machine are meant";
            findings.push(Diagnostic::new(ID, flag.span, message).help(help));
        }
    }
}
