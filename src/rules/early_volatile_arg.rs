//! The commit or the time of a build, declared above installs that do not use it: they run again in
//! every build.

use crate::cache;
use crate::cache::EarlyVariable;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::Image;
use crate::project::Project;
use crate::rules::{Findings, of_image};

const ID: &str = "early-volatile-arg";

/// Judges the stages of every image.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for image in project.images() {
        for early in cache::early_variables(project, image) {
            findings.push(report(project, image, &early));
        }
    }
}

fn report(project: &Project<'_>, image: &Image, early: &EarlyVariable<'_>) -> Diagnostic {
    let source = &image.dockerfile.tree.source;
    let slow: Vec<&str> = early.runs.iter().map(|(_, why)| why.as_str()).collect();
    let (what, verb) = match slow.as_slice() {
        [one] => ((*one).to_owned(), "does"),
        [one, rest @ ..] => (format!("{one}, and {} more below", rest.len()), "do"),
        [] => (String::new(), "does"),
    };
    let message = format!(
        "each new value of `{}` runs a step again that {verb} not use it: {what}",
        early.name
    );
    let message = if slow.len() > 1 {
        message.replace("runs a step again that", "runs steps again that")
    } else {
        message
    };
    let mut finding = Diagnostic::new(ID, early.sets[0].span, message)
        .note("every RUN below gets it, used or not");
    for (run, _) in &early.runs {
        finding = finding.label(run.span, "runs again");
    }
    finding = of_image(project, image, finding);
    let line = |offset: u32| source.lines().line(offset) + 1;
    let help = match early.before {
        Some(before) => format!(
            "Declare it below these steps, before line {}",
            line(before.span.start)
        ),
        None => "Declare it at the end of the stage".to_owned(),
    };
    finding.help(help).fix(fix(image, early))
}

/// The instructions below the last step that does not need them.
fn fix(image: &Image, early: &EarlyVariable<'_>) -> Option<Fix> {
    if !early.is_movable {
        return None;
    }
    let source = &image.dockerfile.tree.source;
    let newline = if source.text().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut edits = Vec::new();
    let mut moved = String::new();
    for step in &early.sets {
        let lines = cache::lines_with_comments(image, step);
        moved.push_str(newline);
        moved.push_str(source.slice(lines).trim_end_matches(['\r', '\n']));
        edits.push(Edit::delete(lines));
    }
    edits.push(Edit {
        span: early.behind.span.after(),
        text: moved,
    });
    Some(Fix {
        title: format!("Declare `{}` below the installs", early.name),
        safety: Safety::Safe,
        edits,
    })
}
