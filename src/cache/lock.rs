//! Installs that see a manifest and not the lock file that lies beside it.

use crate::image::{Action, CopyFrom, Image, Install, SourceKind, Step, path};
use crate::knowledge::manager::is_lock;
use crate::project::Project;

/// An install without its lock file.
#[derive(Debug)]
pub struct Unlocked<'i> {
    /// The install.
    pub install: &'i Install,
    /// The lock file, as a path of the context.
    pub lock: String,
    /// The directory in which the install looks for it.
    pub directory: String,
    /// The instruction that copies the manifest by name, and which of its sources that is.
    pub copy: Option<(&'i Step, usize)>,
}

/// The installs of a build that do not see their lock file, though it is in the context, in git,
/// and nothing in the Dockerfile speaks of it.
pub fn unlocked<'i>(project: &Project<'_>, image: &'i Image) -> Vec<Unlocked<'i>> {
    let mut found: Vec<Unlocked<'_>> = Vec::new();
    for stage in image.needed() {
        for step in image.stages[stage]
            .steps
            .iter()
            .filter(|step| !step.is_trigger)
        {
            let Action::Run(run) = &step.action else {
                continue;
            };
            let new = run
                .installs
                .iter()
                .filter_map(|install| of_install(project, image, step, install));
            for unlocked in new {
                if !found.iter().any(|known| known.lock == unlocked.lock) {
                    found.push(unlocked);
                }
            }
        }
    }
    found
}

fn of_install<'i>(
    project: &Project<'_>,
    image: &'i Image,
    step: &'i Step,
    install: &'i Install,
) -> Option<Unlocked<'i>> {
    let directory = install.directory.clone()?;
    let inputs = image.inputs(project.workspace(), step, install)?;
    let paths: Vec<&str> = install
        .manifests
        .iter()
        .flat_map(|manifest| manifest.path.split('|'))
        .collect();
    let locks: Vec<&str> = paths.iter().copied().filter(|path| is_lock(path)).collect();
    let sees = |name: &str| {
        inputs
            .files
            .iter()
            .find(|input| input.container == path::join(&directory, name))
    };
    if !install.understood
        || locks.iter().any(|lock| sees(lock).is_some())
        || is_told_to_leave_it(install)
    {
        return None;
    }
    let manifest = paths
        .iter()
        .filter(|path| !is_lock(path))
        .find_map(|name| sees(name))?;
    let above = path::join("/", &format!("{}/..", manifest.path));
    let in_context = |lock: &str| path::join(&above, lock).trim_start_matches('/').to_owned();
    let files = project.workspace().files();
    let lock = locks
        .into_iter()
        .find(|lock| image.context.kind(files, &in_context(lock)).is_some())?;
    let path = in_context(lock);
    // Who speaks of it has thought of it.
    let is_known = image.dockerfile.tree.source.text().contains(lock)
        || project.elsewhere().is_ignored(&image.context.host(&path));
    // What another instruction brings in whole may hold it, and what a tool makes of it nobody
    // knows.
    if is_known || is_made(image, step) {
        return None;
    }
    let copy = image
        .history_of(step.stage)
        .into_iter()
        .take_while(|before| before.span != step.span)
        .find_map(|before| {
            let Action::Copy(copied) = &before.action else {
                return None;
            };
            let index = copied
                .sources
                .iter()
                .position(|source| match &source.kind {
                    SourceKind::File => source.path == manifest.path,
                    SourceKind::Glob(matches) => matches.contains(&manifest.path),
                    _ => false,
                })?;
            (copied.from == CopyFrom::Context).then_some((before, index))
        });
    Some(Unlocked {
        install,
        lock: path,
        directory,
        copy,
    })
}

/// Whether something else brings files to the install: another stage or image, a heredoc.
fn is_made(image: &Image, step: &Step) -> bool {
    image
        .history_of(step.stage)
        .into_iter()
        .take_while(|before| before.span != step.span)
        .any(|before| match &before.action {
            Action::Copy(copied) => {
                let into = copied.destination.as_deref().zip(step.workdir.as_deref());
                copied.from != CopyFrom::Context
                    && into.is_none_or(|(destination, workdir)| {
                        path::below(workdir, destination).is_some()
                    })
            }
            _ => false,
        })
}

/// Whether flags say that no lock file is wanted.
fn is_told_to_leave_it(install: &Install) -> bool {
    const LEAVES: [&str; 6] = [
        "--no-package-lock",
        "--no-lockfile",
        "--skip-lock",
        "--no-lock",
        "--package-lock=false",
        "--upgrade",
    ];
    install
        .flags
        .iter()
        .any(|flag| LEAVES.contains(&flag.as_str()))
}
