//! When a copy of all sources may go behind an install: the proof obligations, each with what could not be shown.

use crate::project::image::{Action, Copied, CopyFrom, Image, Input, Inputs, Install, SourceKind, Step, path};
use crate::syntax::dockerfile::Keyword;
use crate::workspace::Workspace;

use super::{Late, Reorder, in_context};

/// What must be shown before the copy may go behind the installs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Obligation {
    /// The RUN is a chain of recognised installs and commands that leave the sources alone, with known flags.
    Understood,
    /// What the installs read are files of the context that can be named, and that the ignore file lets through.
    ManifestsExist,
    /// No script of the project runs with the install.
    NoScripts,
    /// Nothing between the copy and the installs reads or changes the sources.
    NothingBetween,
    /// The copy means the same at both places: same working directory, no flags that depend on the place.
    SamePlace,
}

impl Obligation {
    /// Whether there is nothing to write without it.
    pub fn is_vital(self) -> bool {
        self != Obligation::NoScripts
    }
}

/// An obligation that is not met, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproven {
    /// Which.
    pub obligation: Obligation,
    /// Why, as the end of a sentence.
    pub reason: String,
}

/// Works out how the copy would go behind the installs, and what of it is proven. `inputs` are what each install reads.
/// `None` when there is nothing to gain: no install can be told to stand behind the copy.
pub(super) fn reorder(workspace: &Workspace<'_>, image: &Image, late: &Late<'_>, inputs: &[Option<Inputs>]) -> Option<Reorder> {
    let Late { before, copied, behind, installs } = *late;
    let mut unproven: Vec<Unproven> = Vec::new();
    let mut doubt = |obligation: Obligation, reason: String| {
        let new = Unproven { obligation, reason };
        if !unproven.contains(&new) {
            unproven.push(new);
        }
    };
    let mut manifests: Vec<Input> = Vec::new();
    for (install, inputs) in installs.iter().zip(inputs) {
        let Some(inputs) = inputs else {
            doubt(Obligation::Understood, format!("the directory in which `{}` works is not known", install.manager));
            continue;
        };
        for missing in &inputs.missing {
            doubt(Obligation::ManifestsExist, format!("`{missing}`, which `{}` reads, is not in the build context", install.manager));
        }
        for ignored in &inputs.ignored {
            let path = image.context.relative(ignored).unwrap_or_default();
            doubt(Obligation::ManifestsExist, format!("`{path}` is kept out of the build by the ignore file"));
        }
        for script in inputs.sources.iter().filter(|reason| reason.is_script) {
            doubt(Obligation::NoScripts, script.message.clone());
        }
        manifests.extend(inputs.files.iter().filter(|file| !manifests.contains(file)).cloned().collect::<Vec<_>>());
    }
    // The installs that follow the copy with nothing in between that minds; the copy goes behind the last of them.
    let mut last = None;
    for step in behind {
        match &step.action {
            Action::Configure => {
                let moves = step.keyword == Keyword::Workdir;
                if moves && !is_absolute(copied, image) {
                    doubt(Obligation::SamePlace, "WORKDIR changes between the copy and the install".to_owned());
                }
            }
            Action::Run(run) => {
                let own: Vec<&&Install> = installs.iter().filter(|install| install.run == step.span).collect();
                let foreign =
                    run.installs.iter().find(|install| (install.builds() || install.needs_sources.is_some()) && !install.is_system());
                if !run.others.is_empty() || foreign.is_some() || run.mounts.iter().any(|mount| mount.kind == "bind") {
                    if last.is_none() {
                        let what = match own.is_empty() {
                            true => "a RUN between the copy and the install may read the sources",
                            false => "the RUN does more than install, and the rest may read the sources",
                        };
                        doubt(Obligation::NothingBetween, what.to_owned());
                    }
                    break;
                }
                for install in own {
                    if !install.understood {
                        doubt(Obligation::Understood, format!("not every word of the `{}` command is known", install.manager));
                    }
                    last = Some(step.span);
                }
            }
            Action::Copy(_) => {
                if last.is_none() {
                    doubt(Obligation::NothingBetween, "another COPY stands between the copy and the install".to_owned());
                }
                break;
            }
        }
    }
    if copied.parents || copied.excludes || !copied.heredocs.is_empty() || copied.sources.len() != 1 {
        doubt(Obligation::SamePlace, "the copy has several sources or flags that depend on them".to_owned());
    }
    if copied.destination.is_none() {
        doubt(Obligation::SamePlace, "the place the sources are copied to is not known".to_owned());
    }
    let reached = |install: &&&Install| last.is_some_and(|last| install.run.start <= last.start);
    let writes = installs.iter().filter(reached).flat_map(|install| &install.writes);
    let to_ignore = overwritten(workspace, image, copied, writes);
    manifests.retain(|manifest| !is_copied_before(before, &manifest.path, &manifest.container));
    let last = last.or_else(|| installs.first().map(|install| install.run))?;
    Some(Reorder { manifests, last, to_ignore, unproven })
}

/// Whether the destination stands for the same place under every WORKDIR.
fn is_absolute(copied: &Copied, image: &Image) -> bool {
    image.dockerfile.tree.source.slice(copied.destination_span).trim_start_matches(['"', '\'']).starts_with('/')
}

/// Directories that an install fills and that a later copy would overwrite with those of the host: `node_modules`.
fn overwritten<'a>(workspace: &Workspace<'_>, image: &Image, copied: &Copied, writes: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for write in writes {
        let Some(context) = in_context(copied, write).filter(|context| !context.is_empty()) else { continue };
        let host = image.context.host(&context);
        let is_directory = workspace.files().is_directory(&host);
        if !image.context.is_ignored(&host, is_directory) && !found.contains(&context) {
            found.push(context);
        }
    }
    found
}

/// Whether an earlier step copies that very file to that very place.
fn is_copied_before(before: &[Step], context: &str, container: &str) -> bool {
    before.iter().any(|step| {
        let Action::Copy(copied) = &step.action else { return false };
        let Some(destination) = copied.destination.as_deref() else { return false };
        let lands = |source: &str| match copied.into_directory {
            true => path::join(destination, path::name(source)) == container,
            false => destination == container,
        };
        copied.from == CopyFrom::Context
            && copied.sources.iter().any(|source| match &source.kind {
                SourceKind::File => source.path == context && lands(&source.path),
                SourceKind::Glob(matches) => matches.iter().any(|matched| matched == context && lands(matched)),
                _ => false,
            })
    })
}
