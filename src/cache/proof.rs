//! When a copy of all sources may go behind an install: nine obligations, each a function that
//! names what it cannot show.
//!
//! The two builds are the same if the installs see the same files at the time they run, and if what
//! they make is not changed by the copy that now comes after them. All nine together show that, for
//! installs that read only what they declare.

use std::path::{Path, PathBuf};

use crate::image::dockerfiles::variables;
use crate::image::{Action, Copied, CopyFrom, Image, Inputs, Install, SourceKind, Step, path};
use crate::knowledge::manager;
use crate::syntax::dockerfile::Keyword;

use super::plan::Plan;

/// What must be shown before the copy may go behind the installs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Obligation {
    /// P1: every word of the installs is known.
    Recognised,
    /// P2: what the installs read are files of the context that can be named.
    ManifestsExist,
    /// P3: no script of the project runs with the install.
    NoScripts,
    /// P4: nothing between the copy and the installs reads or changes the sources.
    NothingBetween,
    /// P5: the copy means the same at both places.
    SamePlace,
    /// P6: the manifests are not kept out of the context.
    NotIgnored,
    /// P7: the copy does not lie over what the installs fill.
    NothingOverwritten,
    /// P8: the files to be copied can be named, and are in every checkout.
    PlainNames,
    /// P9: nobody reads from a manifest what the install wrote into it.
    NotTakenElsewhere,
}

/// An obligation that is not met, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproven {
    /// Which.
    pub obligation: Obligation,
    /// Why, as a clause.
    pub reason: String,
    /// Whether the reordered build is known to fail, or to come out otherwise. Else it is only not
    /// shown to be the same.
    pub breaks: bool,
}

/// A gap in the proof.
enum Gap {
    /// Nobody knows.
    Doubt(String),
    /// The reordered build would be another one.
    Breaks(String),
}

use Gap::{Breaks, Doubt};

type Proof = fn(&Plan<'_>) -> Vec<Gap>;

const PROOFS: [(Obligation, Proof); 9] = [
    (Obligation::Recognised, recognised),
    (Obligation::ManifestsExist, manifests_exist),
    (Obligation::NoScripts, no_scripts),
    (Obligation::NothingBetween, nothing_between),
    (Obligation::SamePlace, same_place),
    (Obligation::NotIgnored, not_ignored),
    (Obligation::NothingOverwritten, nothing_overwritten),
    (Obligation::PlainNames, plain_names),
    (Obligation::NotTakenElsewhere, not_taken_elsewhere),
];

/// What cannot be shown of a reorder. Nothing: it is safe.
pub(super) fn unproven(plan: &Plan<'_>) -> Vec<Unproven> {
    let mut found: Vec<Unproven> = Vec::new();
    for (obligation, proof) in PROOFS {
        for gap in proof(plan) {
            let (reason, breaks) = match gap {
                Doubt(reason) => (reason, false),
                Breaks(reason) => (reason, true),
            };
            let new = Unproven {
                obligation,
                reason,
                breaks,
            };
            if !found.contains(&new) {
                found.push(new);
            }
        }
    }
    found
}

/// P1. The installs are single commands, or links of a `&&` chain, whose every word is known: no
/// variable that only the shell has, no pattern, no branch. A condition may choose another install
/// by what it finds among the sources.
fn recognised(plan: &Plan<'_>) -> Vec<Gap> {
    let judge = |(install, inputs): &(&Install, Option<Inputs>)| match inputs {
        None => Some(Breaks(format!(
            "the directory in which `{}` works is not known",
            install.manager
        ))),
        Some(_) if !install.understood => Some(Doubt(format!(
            "not every word of the `{}` command is known",
            install.manager
        ))),
        Some(_) => None,
    };
    plan.installs.iter().filter_map(judge).collect()
}

/// P2. All that the installs read was found in the context: requirements that name further ones,
/// members of workspaces, local modules. What is missing may be made by the sources.
fn manifests_exist(plan: &Plan<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for (install, inputs) in &plan.installs {
        let Some(inputs) = inputs else { continue };
        let is_kept_out = |missing: &str| {
            inputs
                .ignored
                .iter()
                .any(|ignored| ignored.ends_with(path::name(missing)))
        };
        let missing = inputs
            .missing
            .iter()
            .filter(|missing| !is_kept_out(missing));
        gaps.extend(missing.map(|path| {
            Breaks(format!(
                "`{path}`, which `{}` reads, is not in the build context",
                install.manager
            ))
        }));
    }
    if plan.copied.parents || plan.copied.excludes || !plan.copied.heredocs.is_empty() {
        gaps.push(Breaks(
            "the flags of the copy change which files arrive".to_owned(),
        ));
    }
    gaps
}

/// P3. No script of the project runs with the install, and no manifest is a program that may read
/// what it likes.
fn no_scripts(plan: &Plan<'_>) -> Vec<Gap> {
    let inputs = plan
        .installs
        .iter()
        .filter_map(|(_, inputs)| inputs.as_ref());
    inputs
        .flat_map(|inputs| &inputs.sources)
        .map(|reason| Doubt(reason.message.clone()))
        .collect()
}

/// P4. What stands between the copy and the last install neither uses nor changes what is copied:
/// words in the configuration, commands known to be harmless, copies to another place.
fn nothing_between(plan: &Plan<'_>) -> Vec<Gap> {
    plan.stopped.iter().cloned().map(Breaks).collect()
}

/// P5. At its new place the copy means the same: same destination under every WORKDIR, same values
/// of its variables, and the same user, lest somebody takes USER for the owner of what is copied.
fn same_place(plan: &Plan<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let source = &plan.image.dockerfile.tree.source;
    let is_absolute = source
        .slice(plan.copied.destination_span)
        .trim_start_matches(['"', '\''])
        .starts_with('/');
    let used = variables::uses_of(
        &plan.image.dockerfile.tree,
        plan.image.instruction(plan.copy),
    );
    let between = |keyword: Keyword| plan.passed.iter().any(|step| step.keyword == keyword);
    if plan.copied.destination.is_none() {
        gaps.push(Breaks(
            "the place the sources are copied to is not known".to_owned(),
        ));
    }
    if between(Keyword::Workdir) && !is_absolute {
        gaps.push(Breaks(
            "WORKDIR changes between the copy and the install".to_owned(),
        ));
    }
    let is_set = |name: &str| {
        plan.passed
            .iter()
            .flat_map(|step| &step.sets)
            .any(|set| set.name == name)
    };
    gaps.extend(used.iter().filter(|used| is_set(&used.name)).map(|used| {
        Breaks(format!(
            "${} is set between the copy and the install",
            used.name
        ))
    }));
    if between(Keyword::User) && plan.copied.chown.is_none() {
        gaps.push(Doubt(
            "USER changes between the copy and the install".to_owned(),
        ));
    }
    gaps
}

/// P6. The ignore file lets the manifests through. Optional ones that it keeps out were never seen
/// by the install.
fn not_ignored(plan: &Plan<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for inputs in plan
        .installs
        .iter()
        .filter_map(|(_, inputs)| inputs.as_ref())
    {
        let is_missed = |ignored: &&PathBuf| {
            inputs
                .missing
                .iter()
                .any(|missing| ignored.ends_with(path::name(missing)))
        };
        for ignored in inputs.ignored.iter().filter(is_missed) {
            let path = plan.image.context.relative(ignored).unwrap_or_default();
            gaps.push(Breaks(format!(
                "`{path}` is kept out of the build by the ignore file"
            )));
        }
    }
    gaps
}

/// P7. What the installs fill lies beside the sources, and is ignored, or can be ignored in the
/// same fix without taking it from somebody who wants the host's.
fn nothing_overwritten(plan: &Plan<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    gaps.extend(plan.mixed.iter().map(|made| {
        Doubt(format!(
            "the install writes into `{made}`, and the copy would lie over it"
        ))
    }));
    for path in &plan.to_ignore {
        if is_named(plan, path) {
            gaps.push(Breaks(format!("`{path}` of the host is wanted in the image, and the copy would lie over what is installed")));
        }
    }
    let is_shared = |other: &&Image| {
        !std::ptr::eq(*other, plan.image)
            && other.context.directory == plan.image.context.directory
            && takes_unfilled(other, plan)
    };
    if !plan.to_ignore.is_empty()
        && plan
            .project
            .images()
            .iter()
            .map(|image| &**image)
            .any(|other| is_shared(&other))
    {
        gaps.push(Doubt(format!(
            "another build takes `{}` from the same context",
            plan.to_ignore[0]
        )));
    }
    let links_files = plan.manifests.iter().any(|manifest| {
        path::name(&manifest.input.path) == ".yarnrc.yml"
            && !plan
                .project
                .workspace()
                .read(&manifest.input.host)
                .is_ok_and(|source| source.text().contains("nodeLinker: node-modules"))
    });
    if links_files {
        gaps.push(Doubt(
            "Yarn writes `.pnp.cjs` and `.yarn` among the sources, and the copy may lie over them"
                .to_owned(),
        ));
    }
    gaps
}

/// P8. Each file can be copied by its name: nothing in it is a pattern or a variable, and it is in
/// every checkout.
fn plain_names(plan: &Plan<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for manifest in &plan.manifests {
        let path = &manifest.input.path;
        if path.contains(['*', '?', '[', '\\', '$', '"', '\'', '\n', '#']) {
            gaps.push(Breaks(format!("`{path}` is a pattern to COPY")));
        }
        if manifest.may_be_absent {
            gaps.push(Doubt(format!(
                "git ignores `{path}`, so not every checkout has it"
            )));
        }
    }
    gaps
}

/// P9. Nobody takes from the stage a manifest into which the install may have written: the copy
/// puts the host's in its place.
fn not_taken_elsewhere(plan: &Plan<'_>) -> Vec<Gap> {
    let rewritten: Vec<&str> = plan
        .installs
        .iter()
        .flat_map(|(install, inputs)| {
            inputs
                .iter()
                .flat_map(|inputs| &inputs.files)
                .filter(|input| may_rewrite(plan, install, path::name(&input.path)))
        })
        .map(|input| input.container.as_str())
        .collect();
    let mut gaps = Vec::new();
    for step in plan.image.stages.iter().flat_map(|stage| &stage.steps) {
        let Action::Copy(Copied {
            from: CopyFrom::Stage(from),
            sources,
            ..
        }) = &step.action
        else {
            continue;
        };
        if *from != plan.stage && !plan.image.chain(*from).contains(&plan.stage) {
            continue;
        }
        for source in sources {
            if let Some(file) = rewritten.iter().find(|file| **file == source.path) {
                gaps.push(Doubt(format!(
                    "another stage takes `{file}`, which the install may rewrite"
                )));
            }
        }
    }
    gaps
}

/// Whether an install may write another lock file than the one that it finds.
fn may_rewrite(plan: &Plan<'_>, install: &Install, name: &str) -> bool {
    let command = plan.image.dockerfile.tree.source.slice(install.command);
    let rewrites = |words: &[&str]| !command.split_whitespace().any(|word| words.contains(&word));
    let manager = manager(install.manager).filter(|manager| manager.locks.contains(&name));
    manager.is_some_and(|manager| manager.frozen_by.is_some_and(rewrites))
}

/// Whether a step or a watch trigger names what would be ignored.
fn is_named(plan: &Plan<'_>, path: &str) -> bool {
    let host = plan.image.context.host(path);
    let steps = plan.image.stages.iter().flat_map(|stage| &stage.steps);
    let copies = |step: &Step| match &step.action {
        Action::Copy(copied) if copied.from == CopyFrom::Context => {
            copied.sources.iter().any(|source| {
                let named = plan.image.context.host(&source.path);
                !matches!(source.kind, SourceKind::Everything | SourceKind::Unknown)
                    && named.starts_with(&host)
            })
        }
        _ => false,
    };
    let services = plan.project.services();
    steps.into_iter().any(copies)
        || services.into_iter().any(|service| {
            service
                .spec()
                .watch
                .iter()
                .any(|watch| Path::new(&watch.path.value).starts_with(&host))
        })
}

/// Whether another build copies what would be ignored and installs nothing there itself.
fn takes_unfilled(other: &Image, plan: &Plan<'_>) -> bool {
    let steps: Vec<&Step> = other
        .needed()
        .into_iter()
        .flat_map(|stage| &other.stages[stage].steps)
        .collect();
    let is_broad = |step: &&Step| match &step.action {
        Action::Copy(copied) => {
            copied.from == CopyFrom::Context
                && copied.sources.iter().any(|source| {
                    let takes = |path: &String| {
                        source.path.is_empty() || path.starts_with(&format!("{}/", source.path))
                    };
                    matches!(source.kind, SourceKind::Everything | SourceKind::Directory)
                        && plan.to_ignore.iter().any(takes)
                })
        }
        _ => false,
    };
    let ecosystems: Vec<_> = plan
        .installs
        .iter()
        .map(|(install, _)| install.ecosystem)
        .collect();
    let installs = |step: &&Step| match &step.action {
        Action::Run(run) => run
            .installs
            .iter()
            .any(|install| ecosystems.contains(&install.ecosystem)),
        _ => false,
    };
    let is_there = plan.to_ignore.iter().any(|path| {
        plan.project
            .workspace()
            .files()
            .exists(&plan.image.context.host(path))
    });
    is_there && steps.iter().any(is_broad) && !steps.iter().any(installs)
}
