//! How a copy of all sources would go behind the installs: what it jumps over, which files are
//! copied first, what must be ignored. Whether that is the same build is for `proof` to say.

use rustc_hash::FxHashSet;

use crate::image::{
    Action, Copied, CopyFrom, Image, Input, Inputs, Install, SourceKind, Step, path,
};
use crate::project::Project;
use crate::syntax::dockerfile::Keyword;
use crate::text::Span;

use super::{EarlyManifest, in_context};

/// Where the copy stands.
#[derive(Clone, Copy)]
pub(super) struct CopyPlace<'i> {
    pub(super) stage: usize,
    /// Its number among the steps of the stage.
    pub(super) at: usize,
    pub(super) copied: &'i Copied,
}

/// A reorder before it is judged.
pub(super) struct Plan<'i> {
    pub(super) project: &'i Project<'i>,
    pub(super) image: &'i Image,
    pub(super) stage: usize,
    pub(super) copy: &'i Step,
    pub(super) copied: &'i Copied,
    /// The steps that the copy jumps over, the last install included. When it cannot pass the first
    /// install: those up to it.
    pub(super) passed: &'i [Step],
    /// Why the copy cannot pass the first install.
    pub(super) stopped: Option<String>,
    /// The installs that it passes, with what they read; `None` where that is not known.
    pub(super) installs: Vec<(&'i Install, Option<Inputs>)>,
    /// The files to be copied first.
    pub(super) manifests: Vec<EarlyManifest>,
    /// What the installs fill and the copy would overwrite with the host's, as paths of the
    /// context.
    pub(super) to_ignore: Vec<String>,
    /// Directories that the installs fill and that cannot be told from the sources, so that no
    /// pattern keeps them out.
    pub(super) mixed: Vec<String>,
}

impl<'i> Plan<'i> {
    /// `read` are the late installs of the stage, in order.
    pub(super) fn new(
        project: &'i Project<'_>,
        image: &'i Image,
        place: CopyPlace<'i>,
        read: Vec<(&'i Install, Option<Inputs>)>,
    ) -> Self {
        let steps = &image.stages[place.stage].steps;
        let behind = &steps[place.at + 1..];
        let late: FxHashSet<Span> = read.iter().map(|(install, _)| install.command).collect();
        let mut stopped = None;
        let mut count = 0;
        for (index, step) in behind.iter().enumerate() {
            stopped = minds(step, place.copied, &late);
            if stopped.is_some() {
                break;
            }
            if installs_of(step)
                .iter()
                .any(|install| late.contains(&install.command))
            {
                count = index + 1;
            }
        }
        if count > 0 {
            stopped = None;
        } else {
            count = behind
                .iter()
                .position(|step| {
                    read.first()
                        .is_some_and(|(first, _)| first.run == step.span)
                })
                .map_or(0, |at| at + 1);
        }
        let passed = &behind[..count];
        let installs: Vec<_> = read
            .into_iter()
            .filter(|(install, _)| passed.iter().any(|step| step.span == install.run))
            .collect();
        Self::over(project, image, place, passed, stopped, installs)
    }

    /// The copy goes over so many steps, and right before it the installs are done by a step of
    /// their own.
    pub(super) fn before(
        project: &'i Project<'_>,
        image: &'i Image,
        place: CopyPlace<'i>,
        count: usize,
        installs: Vec<(&'i Install, Option<Inputs>)>,
    ) -> Self {
        let passed = &image.stages[place.stage].steps[place.at + 1..][..count];
        let stopped = passed
            .iter()
            .find_map(|step| minds(step, place.copied, &FxHashSet::default()));
        Self::over(project, image, place, passed, stopped, installs)
    }

    fn over(
        project: &'i Project<'_>,
        image: &'i Image,
        place: CopyPlace<'i>,
        passed: &'i [Step],
        stopped: Option<String>,
        installs: Vec<(&'i Install, Option<Inputs>)>,
    ) -> Self {
        let steps = &image.stages[place.stage].steps;
        let mut plan = Plan {
            project,
            image,
            stage: place.stage,
            copy: &steps[place.at],
            copied: place.copied,
            passed,
            stopped,
            manifests: manifests(project, &steps[..place.at], &installs),
            installs,
            to_ignore: Vec::new(),
            mixed: Vec::new(),
        };
        plan.find_overwritten();
        plan
    }

    /// The step behind which the copy goes.
    pub(super) fn last(&self) -> Span {
        self.passed.last().unwrap_or(self.copy).span
    }

    /// Finds what the installs fill and a later copy would overwrite with what the host has:
    /// `node_modules`.
    fn find_overwritten(&mut self) {
        let destination = self.copied.destination.as_deref();
        for written in self
            .installs
            .iter()
            .flat_map(|(install, inputs)| filled(install, inputs.as_ref()))
        {
            if destination.is_none_or(|destination| {
                path::below(&written, destination).is_none()
                    && path::below(destination, &written).is_none()
            }) {
                continue;
            }
            let Some(context) =
                in_context(self.copied, &written).filter(|context| !context.is_empty())
            else {
                self.mixed.push(written);
                continue;
            };
            let host = self.image.context.host(&context);
            // What lies in it counts: `node_modules/*` is as good.
            if !self.image.context.is_ignored(&host.join("x"), false)
                && !self.to_ignore.contains(&context)
            {
                self.to_ignore.push(context);
            }
        }
    }
}

/// Everything that an install fills: what its row says, and what it puts beside each manifest of a
/// workspace.
pub(super) fn filled(install: &Install, inputs: Option<&Inputs>) -> Vec<String> {
    let mut filled = install.writes.clone();
    for input in inputs.iter().flat_map(|inputs| &inputs.files) {
        let beside = match path::name(&input.container) {
            "package.json"
                if install
                    .writes
                    .iter()
                    .any(|written| written.ends_with("/node_modules")) =>
            {
                "node_modules"
            }
            name if name.ends_with("proj") && install.manager == "dotnet" => "obj",
            _ => continue,
        };
        let made = path::join(&path::join(&input.container, ".."), beside);
        if !filled.contains(&made) {
            filled.push(made);
        }
    }
    // With project files that are known, the directory that it works in is none.
    let has_projects = filled.len() > install.writes.len() && install.manager == "dotnet";
    filled.retain(|made| {
        !has_projects || install.writes.first() != Some(made) || filled_beside(inputs, made)
    });
    filled
}

fn filled_beside(inputs: Option<&Inputs>, made: &str) -> bool {
    let directory = path::join(made, "..");
    inputs.iter().flat_map(|inputs| &inputs.files).any(|input| {
        path::join(&input.container, "..") == directory && input.container.ends_with("proj")
    })
}

/// Why a step must stay behind the copy: it may use or change what is copied.
pub(super) fn minds(step: &Step, copied: &Copied, late: &FxHashSet<Span>) -> Option<String> {
    let touches = |place: Option<&str>| match (place, copied.destination.as_deref()) {
        (Some(place), Some(destination)) => {
            path::below(place, destination).is_some() || path::below(destination, place).is_some()
        }
        _ => true,
    };
    match &step.action {
        Action::Configure => (step.keyword == Keyword::Volume)
            .then(|| "VOLUME stands between the copy and the install".to_owned()),
        Action::Copy(other) => touches(other.destination.as_deref()).then(|| {
            "another COPY to the same place stands between the copy and the install".to_owned()
        }),
        Action::Run(run) => {
            let is_late = |install: &Install| late.contains(&install.command);
            // Tools of the image, and installs in another place, have nothing to do with the
            // sources.
            let is_apart = |install: &Install| {
                install.is_system()
                    || install.needs_sources.is_none()
                        && !install.builds()
                        && (install.manifests.is_empty() && install.understood
                            || !touches(install.directory.as_deref()))
            };
            let others = run
                .installs
                .iter()
                .any(|install| !is_late(install) && !is_apart(install))
                || !run.others.is_empty();
            let binds = run.mounts.iter().any(|mount| mount.kind == "bind");
            let has_late = run.installs.iter().any(is_late);
            match (others || binds, has_late) {
                (false, _) => None,
                (true, false) => {
                    Some("a RUN between the copy and the install may read the sources".to_owned())
                }
                (true, true) => Some(
                    "the RUN does more than install, and the rest may read the sources".to_owned(),
                ),
            }
        }
    }
}

fn installs_of(step: &Step) -> &[Install] {
    match &step.action {
        Action::Run(run) => &run.installs,
        _ => &[],
    }
}

/// The files that the installs read and that no earlier step copies.
fn manifests(
    project: &Project<'_>,
    before: &[Step],
    installs: &[(&Install, Option<Inputs>)],
) -> Vec<EarlyManifest> {
    let mut found: Vec<EarlyManifest> = Vec::new();
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for (install, inputs) in installs {
        for input in inputs.iter().flat_map(|inputs| &inputs.files) {
            if seen.insert(&input.container) && !is_copied_before(before, input) {
                // Without what it cannot do without, the build fails as it is.
                let may_be_absent = !is_required(install, &input.container)
                    && project.elsewhere().is_ignored(&input.host);
                found.push(EarlyManifest {
                    input: input.clone(),
                    may_be_absent,
                });
            }
        }
    }
    found
}

fn is_required(install: &Install, container: &str) -> bool {
    let at = |written: &str| {
        install
            .directory
            .as_deref()
            .map(|directory| path::join(directory, written))
    };
    install
        .manifests
        .iter()
        .any(|manifest| manifest.required && at(&manifest.path).as_deref() == Some(container))
}

/// Whether an earlier step copies that very file to that very place.
fn is_copied_before(before: &[Step], input: &Input) -> bool {
    before.iter().any(|step| {
        let Action::Copy(copied) = &step.action else {
            return false;
        };
        let Some(destination) = copied.destination.as_deref() else {
            return false;
        };
        let lands = |source: &str| {
            if copied.into_directory {
                path::join(destination, path::name(source)) == input.container
            } else {
                destination == input.container
            }
        };
        copied.from == CopyFrom::Context
            && copied.sources.iter().any(|source| match &source.kind {
                SourceKind::File => source.path == input.path && lands(&source.path),
                SourceKind::Glob(matches) => matches
                    .iter()
                    .any(|matched| *matched == input.path && lands(matched)),
                _ => false,
            })
    })
}
