//! A path that a Dockerfile takes from the build context or from a stage, and that is not there.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Safety};
use crate::image::{Absent, Action, CopyFrom, Image, SourceKind, SourcePath, Step, path};
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "missing-path";

/// Names are similar from here on, between 0 and 1.
const SIMILAR: f32 = 0.8;

/// Looks at the stages that services are built from. Only a compose file says what the context is.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    if project.compose().is_none() {
        return;
    }
    for image in project.images() {
        let absent = image.absent(project.workspace().files());
        let missing = absent
            .iter()
            .filter(|absent| absent.ignored_by.is_none() && !project.is_made_later(&absent.host));
        // A Dockerfile that was written for a larger context misses all its paths for one cause.
        let mut outside: Option<(PathBuf, Diagnostic)> = None;
        for absent in missing {
            let found = report(project, image, absent);
            match (lies_outside(project, image, absent), &mut outside) {
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
    if let Some(service) = project.users_of(image).next() {
        finding = finding.service(service.name());
    }
    match project.stage_makes(image, stage).as_slice() {
        [(made, run)] if path::below(&source.path, made).is_some() => {
            let finding = finding.label(*run, format!("this makes `{made}`, without that part"));
            finding
                .help("Ask for it in the configuration of the build tool: Next.js wants `output: \"standalone\"` or `output: \"export\"`")
        }
        [(made, run)] => {
            let edit = Edit::replace(source.span, made.as_str());
            let is_written = project.workspace().sources().slice(source.span) == source.path;
            let fix = is_written.then(|| Fix {
                title: format!("Copy `{made}`"),
                safety: Safety::Unsafe,
                edits: vec![edit],
            });
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

/// The path, as if it started at the Dockerfile.
fn beside(image: &Image, absent: &Absent) -> Option<PathBuf> {
    let source =
        Some(&image.dockerfile.tree.source).filter(|source| source.embedded().is_none())?;
    Some(source.path().parent()?.join(&absent.path))
}

/// The nearest directory above the context that has the path.
fn lies_outside(project: &Project<'_>, image: &Image, absent: &Absent) -> Option<PathBuf> {
    let files = project.workspace().files();
    let beside = beside(image, absent);
    if beside.is_some_and(|path| files.exists(&path) && image.context.relative(&path).is_some()) {
        return None;
    }
    let above = image
        .context
        .directory
        .ancestors()
        .skip(1)
        .take_while(|above| above.starts_with(project.root()));
    above
        .into_iter()
        .find(|above| files.exists(&above.join(&absent.path)))
        .map(Path::to_path_buf)
}

fn report(project: &Project<'_>, image: &Image, absent: &Absent) -> Diagnostic {
    let context = project.written(&image.context.directory);
    let message = format!(
        "there is no `{}` in the build context `{context}`: the build fails",
        absent.path
    );
    let mut finding = Diagnostic::new(ID, absent.span, message).note("not in the build context");
    if let Some(service) = project.users_of(image).next() {
        finding = finding.service(service.name());
        let build = service.spec().build.as_ref();
        let place = build.and_then(|build| build.context.span().or(build.origin.span));
        finding = place.into_iter().fold(finding, |finding, span| {
            finding.label(span, "the build context")
        });
    }
    let files = project.workspace().files();
    let replace = |path: &str| {
        let is_written = project
            .workspace()
            .sources()
            .slice(absent.span)
            .trim_start_matches("./")
            == absent.path;
        let edit = Edit::replace(absent.span, path);
        is_written.then(|| Fix {
            title: format!("Write `{path}`"),
            safety: Safety::Unsafe,
            edits: vec![edit],
        })
    };
    let beside = beside(image, absent);
    if let Some(path) = beside
        .filter(|path| files.exists(path))
        .and_then(|path| image.context.relative(&path))
    {
        let help =
            format!("Paths start at the build context, not at the Dockerfile: write `{path}`");
        return finding.help(help).fix(replace(&path));
    }
    if let Some(above) = lies_outside(project, image, absent) {
        let (found, above) = (
            project.written(&above.join(&absent.path)),
            project.written(&above),
        );
        return finding.help(format!("It lies at `{found}`, outside of the build context: make `{above}` the context, or move it"));
    }
    match similar(project, image, &absent.path) {
        Some(path) => finding
            .help(format!("Did you mean `{path}`?"))
            .fix(replace(&path)),
        None => {
            finding.help("Correct the path, which starts at the build context, or add the file")
        }
    }
}

/// The path of the most similar name in the same directory of the context.
fn similar(project: &Project<'_>, image: &Image, path: &str) -> Option<String> {
    let path = Path::new(path);
    let name = path.file_name()?.to_str()?;
    let directory = path.parent()?.to_str()?;
    let files = project.workspace().files();
    let entries = files.list(&image.context.host(directory));
    let join = |name: &str| {
        if directory.is_empty() {
            name.to_owned()
        } else {
            format!("{directory}/{name}")
        }
    };
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    let found = similar::get_close_matches(name, &names, 1, SIMILAR)
        .first()
        .map(|name| join(name))?;
    image.context.kind(files, &found).map(|_| found)
}
