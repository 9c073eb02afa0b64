//! A FROM that names no image unless the build is given an argument.

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles::{BuildFile, variables};
use crate::image::{Image, bases_by_default};
use crate::knowledge::images;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::Keyword;

const ID: &str = "invalid-default-arg-in-from";

/// Judges every FROM with a variable. A project whose builds all give the argument is right as it
/// is.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        let by_default = bases_by_default(file.file);
        for (stage, base) in file.stages.iter().zip(&by_default) {
            let (Some(word), Some(base)) = (stage.base, base) else {
                continue;
            };
            let used: Vec<String> = variables::uses(&word.text, file.file.escape)
                .into_iter()
                .map(|used| used.name)
                .collect();
            // A variable that no ARG declares is told of by `undefined-arg-in-from`.
            let declared: Vec<&String> = used
                .iter()
                .filter(|name| is_declared(&file, name))
                .collect();
            let is_given = |image: &&Image| {
                declared
                    .iter()
                    .all(|name| image.args.iter().any(|(given, _)| given == *name))
            };
            if images::is_image_name(base)
                || declared.is_empty()
                || file.images.iter().all(is_given)
            {
                continue;
            }
            let message = match base.as_str() {
                "" => format!(
                    "`FROM {}` names no image unless the build is given an argument",
                    word.text.as_str()
                ),
                base => format!(
                    "`FROM {}` is `{base}` unless the build is given an argument, and that is no image",
                    word.text.as_str()
                ),
            };
            let help = format!(
                "Give the `ARG` a default, or `{}` a value in the `build.args` of the service",
                declared[0]
            );
            findings.push(Diagnostic::new(ID, word.span, message).help(help));
        }
    }
}

fn is_declared(file: &BuildFile<'_>, name: &str) -> bool {
    let globals = file
        .each(Keyword::Arg)
        .filter(|line| line.stage.is_none())
        .flat_map(|line| line.instruction.words());
    globals
        .into_iter()
        .any(|word| word.text.as_str().split('=').next() == Some(name))
}
