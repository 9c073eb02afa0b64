//! An install that fetches everything again whenever one line of its manifests has changed.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::{Action, Image, Install, Run, Stage, Step};
use crate::knowledge::manager::CacheMount;
use crate::knowledge::{images, manager};
use crate::project::Project;
use crate::rules::Findings;

const ID: &str = "install-without-cache-mount";

/// Judges the installs of all stages whose package manager has a cache that is safe to mount.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for image in project.images() {
        for (number, stage) in image.stages.iter().enumerate() {
            for step in stage.steps.iter().filter(|step| !step.is_trigger) {
                let Action::Run(run) = &step.action else {
                    continue;
                };
                findings.extend(
                    run.installs
                        .iter()
                        .find_map(|install| judge(image, stage, number, step, run, install)),
                );
            }
        }
    }
}

fn judge(
    image: &Image,
    stage: &Stage,
    number: usize,
    step: &Step,
    run: &Run,
    install: &Install,
) -> Option<Diagnostic> {
    let CacheMount::At(cache) = &manager(install.manager)?.cache else {
        return None;
    };
    if cache.image.is_some()
        && !image
            .base_image(number)
            .is_some_and(|base| cache.is_in(base))
    {
        return None;
    }
    let is_mounted = run
        .mounts
        .iter()
        .any(|mount| matches!(mount.kind.as_str(), "cache" | "tmpfs"));
    let is_moved = install.flags.iter().any(|flag| {
        cache
            .flags
            .iter()
            .any(|known| flag.split('=').next() == Some(known))
    });
    let is_set = stage
        .config
        .env
        .iter()
        .any(|variable| cache.variables.contains(&variable.name.as_str()));
    // A script that sets the variable itself, or takes the cache away.
    let text = image.dockerfile.tree.source.slice(step.span);
    let is_known_to_it = cache
        .variables
        .iter()
        .any(|name| *name != "HOME" && text.contains(name))
        || cache.commands.iter().any(|moves| text.contains(moves))
        || text.contains("/cache")
        || text.contains("cache clean")
        || text.contains("cache purge");
    let is_root = match step.user.as_deref() {
        None => image.base_image(number).is_some_and(images::runs_as_given),
        Some(user) => matches!(user.split(':').next(), Some("root" | "0")),
    };
    if is_mounted
        || is_moved
        || is_set
        || is_known_to_it
        || !is_root
        || install.manifests.is_empty()
    {
        return None;
    }
    let message = format!(
        "`{}` fetches everything again when one line of its manifests has changed",
        install.manager
    );
    let mounts: String = cache
        .directories
        .iter()
        .map(|directory| format!(" --mount=type=cache,target={directory}"))
        .collect();
    let keyword = image.instruction(step).keyword_span;
    let fix = Fix {
        title: "Mount a cache".to_owned(),
        safety: Safety::Safe,
        edits: vec![Edit {
            span: keyword.after(),
            text: mounts.clone(),
        }],
    };
    let fix = Some(fix).filter(|_| knows_mounts(image));
    Some(
        Diagnostic::new(ID, install.command, message)
            .help(format!("Write `RUN{mounts} …`"))
            .fix(fix),
    )
}

/// Cache mounts came with version 1.2 of the Dockerfile language.
fn knows_mounts(image: &Image) -> bool {
    let syntax = image
        .dockerfile
        .tree
        .directives
        .iter()
        .find(|directive| directive.name == "syntax");
    !syntax.is_some_and(|syntax| {
        [":1.0", ":1.1"]
            .iter()
            .any(|old| syntax.value.contains(old))
    })
}
