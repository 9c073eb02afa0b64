//! A path that a Dockerfile takes from the build context or from a stage, and that is not there.

use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Safety};
use crate::image::{Absent, Action, CopyFrom, Image, SourceKind, SourcePath, Step, path};
use crate::project::Project;
use crate::rules::{Findings, of_build_context, of_image};

const ID: &str = "missing-path";

/// Looks at the stages that services are built from. Only a compose file says what the context is.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    if project.compose().is_none() {
        return;
    }
    let files = project.workspace().files();
    for image in project.images() {
        let absent = image.absent(files);
        let missing = absent
            .iter()
            .filter(|absent| absent.ignored_by.is_none() && !project.is_made_later(&absent.host));
        // A Dockerfile that was written for a larger context misses all its paths for one cause.
        let mut outside: Option<(PathBuf, Diagnostic)> = None;
        for absent in missing {
            let found = report(project, image, absent);
            match (
                image.above_context(files, project.root(), &absent.path),
                &mut outside,
            ) {
                (Some(above), Some((known, first))) if *known == above => {
                    let message = format!("nor is there `{}`", absent.path);
                    first.labels.push(Label {
                        span: absent.span,
                        message,
                    });
                }
                (Some(above), None) => outside = Some((above, found)),
                _ => findings.push(found),
            }
        }
        findings.extend(outside.map(|(_, finding)| finding));
        for step in image
            .needed()
            .into_iter()
            .flat_map(|stage| &image.stages[stage].steps)
        {
            findings.extend(from_stage(project, image, step));
        }
    }
}

/// What a `COPY --from` asks of a stage that certainly does not hold it.
fn from_stage(project: &Project<'_>, image: &Image, step: &Step) -> Vec<Diagnostic> {
    let Action::Copy(copied) = &step.action else {
        return Vec::new();
    };
    let CopyFrom::Stage(stage) = copied.from else {
        return Vec::new();
    };
    let asked = copied.sources.iter().filter(|source| {
        source.kind == SourceKind::Inside && project.stage_lacks(image, stage, &source.path)
    });
    asked
        .map(|source| report_stage(project, image, stage, source))
        .collect()
}

fn report_stage(
    project: &Project<'_>,
    image: &Image,
    stage: usize,
    source: &SourcePath,
) -> Diagnostic {
    let name = image.stages[stage].name.as_ref().map_or_else(
        || format!("stage {stage}"),
        |name| format!("the stage `{name}`"),
    );
    let message = format!("there is no `{}` in {name}: the build fails", source.path);
    let mut finding = Diagnostic::new(ID, source.span, message).note("nothing makes it");
    finding = of_image(project, image, finding);
    match project.stage_makes(image, stage).as_slice() {
        [(made, run)] if path::below(&source.path, made).is_some() => {
            let finding = finding.label(*run, format!("this makes `{made}`, without that part"));
            finding
                .help("Ask for it in the configuration of the build tool: Next.js wants `output: \"standalone\"` or `output: \"export\"`")
        }
        [(made, run)] => {
            let edit = Edit::replace(source.span, made.as_str());
            let is_written = project.workspace().sources().slice(source.span) == source.path;
            let fix = is_written.then(|| Fix::new(format!("Copy `{made}`"), Safety::Unsafe, edit));
            finding
                .label(*run, format!("this makes `{made}`"))
                .help(format!("Copy `{made}`, which the stage makes"))
                .fix(fix)
        }
        _ => {
            let finding = finding.label(image.stages[stage].span, "no step of this stage makes it");
            finding.help("Correct the path, or make it in that stage")
        }
    }
}

fn report(project: &Project<'_>, image: &Image, absent: &Absent) -> Diagnostic {
    let context = project.written(&image.context.directory);
    let message = format!(
        "there is no `{}` in the build context `{context}`: the build fails",
        absent.path
    );
    let finding = Diagnostic::new(ID, absent.span, message).note("not in the build context");
    let finding = of_build_context(project, image, finding);
    let files = project.workspace().files();
    let replace = |path: &str| {
        let is_written = project
            .workspace()
            .sources()
            .slice(absent.span)
            .trim_start_matches("./")
            == absent.path;
        let edit = Edit::replace(absent.span, path);
        is_written.then(|| Fix::new(format!("Write `{path}`"), Safety::Unsafe, edit))
    };
    let beside = image.beside_dockerfile(&absent.path);
    if let Some(path) = beside
        .filter(|path| files.exists(path))
        .and_then(|path| image.context.relative(&path))
    {
        let help =
            format!("Paths start at the build context, not at the Dockerfile: write `{path}`");
        return finding.help(help).fix(replace(&path));
    }
    if let Some(above) = image.above_context(files, project.root(), &absent.path) {
        let (found, above) = (
            project.written(&above.join(&absent.path)),
            project.written(&above),
        );
        return finding.help(format!("It lies at `{found}`, outside of the build context: make `{above}` the context, or move it"));
    }
    match image.similar_path(files, &absent.path) {
        Some(path) => finding
            .help(format!("Did you mean `{path}`?"))
            .fix(replace(&path)),
        None => {
            finding.help("Correct the path, which starts at the build context, or add the file")
        }
    }
}
