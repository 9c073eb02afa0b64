//! A stage that no build needs.

use rustc_hash::FxHashSet;

use crate::diagnostic::Diagnostic;
use crate::image::Image;
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "unreachable-stage";

/// Stages that people build by hand or in CI, whatever the files of the repository say.
const BY_HAND: [&str; 17] = [
    "artifact",
    "artifacts",
    "bench",
    "ci",
    "debug",
    "dev",
    "development",
    "devcontainer",
    "docs",
    "e2e",
    "export",
    "lint",
    "local",
    "output",
    "test",
    "testing",
    "tests",
];

/// Looks at each Dockerfile that the project builds, with all builds of it that any compose file of
/// the repository asks for.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    if project.compose().is_none() {
        return;
    }
    for image in project.images() {
        if findings.is_new(image.dockerfile.tree.source.id()) {
            findings.extend(judge(project, image));
        }
    }
}

fn judge(project: &Project<'_>, image: &Image) -> Vec<Diagnostic> {
    let source = &image.dockerfile.tree.source;
    if image.stages.len() < 2
        || image.dockerfile.tree.is_of_another_language()
        || !image.dockerfile.diagnostics.is_empty()
    {
        return Vec::new();
    }
    let mut used: FxHashSet<usize> = FxHashSet::default();
    let last = image.stages.len() - 1;
    let mut use_all = |stage: usize| used.extend(image.needed_by(stage));
    use_all(last);
    for other in project
        .images()
        .iter()
        .filter(|other| other.dockerfile.tree.source.id() == source.id())
    {
        // Which stage a variable hides is not known.
        let Some(target) = other.target else {
            return Vec::new();
        };
        use_all(target);
    }
    for build in project
        .neighbours()
        .builds
        .iter()
        .filter(|build| source.embedded().is_none() && build.dockerfile == source.path())
    {
        let Some(target) = &build.target else {
            return Vec::new();
        };
        let named = |name: &Option<String>| {
            name.as_deref()
                .is_some_and(|name| name.eq_ignore_ascii_case(target))
        };
        let number = target.parse().ok().filter(|number| *number <= last);
        if let Some(stage) = image
            .stages
            .iter()
            .rposition(|stage| named(&stage.name))
            .or(number)
        {
            use_all(stage);
        }
    }
    for (at, stage) in image.stages.iter().enumerate() {
        let is_meant = |name: &str| {
            let is_by_hand = name
                .split(['-', '_', '.'])
                .any(|part| BY_HAND.contains(&part));
            is_by_hand || project.elsewhere().mentions(name)
        };
        if !used.contains(&at) && stage.name.as_deref().is_some_and(is_meant) {
            used.extend(image.needed_by(at));
        }
    }
    // A FROM or a COPY that a variable decides may need any stage.
    if image
        .dockerfile
        .tree
        .instructions
        .iter()
        .any(|instruction| {
            instruction
                .flag("from")
                .and_then(|flag| flag.value.as_ref())
                .is_some_and(|value| value.text.as_str().contains('$'))
        })
        || image
            .stages
            .iter()
            .any(|stage| stage.base == crate::image::Base::Unknown)
    {
        return Vec::new();
    }
    let unused = image
        .stages
        .iter()
        .enumerate()
        .filter(|(at, _)| !used.contains(at));
    let report = unused.map(|(at, stage)| {
        let name = stage.name.as_ref().map_or_else(
            || format!("stage {at}"),
            |name| format!("the stage `{name}`"),
        );
        let message = format!("no build needs {name}: no target, no FROM and no COPY leads to it");
        let finding = Diagnostic::new(ID, stage.span, message)
            .note("never built")
            .label(
                image.stages[last].span,
                "this one is built when no target is named",
            );
        finding
            .help("Take it out, build on it, or name it as a target where it is meant to be built")
    });
    report.collect()
}
