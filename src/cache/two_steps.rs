//! Installs and builds that read the sources themselves, and before that fetch or compile what
//! others wrote: that part can be done from the manifests alone, in a step of its own that edits
//! leave cached.

use crate::image::installs::ManifestPattern;
use crate::image::{
    Action, Copied, CopyFrom, Ecosystem, Image, Input, Inputs, Install, Run, Step, path,
};
use crate::knowledge::manager::Alone as How;
use crate::knowledge::wrappers::unwrapped;
use crate::project::Project;
use crate::repository::manifests;
use crate::text::{Source, Span};

use super::plan::{CopyPlace, Plan};
use super::{LateInstall, Reorder, copies_sources, installs_of, is_behind, is_below, proof};

/// What can be done before the sources come.
#[derive(Debug)]
pub struct Before {
    /// What runs again with every edit, in words.
    pub repeats: &'static str,
    /// The instruction that does it from the manifests alone; `None` when it cannot be written.
    pub run: Option<String>,
    /// The command of it, to be shown; empty when there is none.
    pub command: String,
    /// What the install must do first, lest it takes what the other step made for the sources'.
    pub lead: Option<(Span, String)>,
}

/// The first install of a stage behind a copy of all sources that could be done in two steps.
pub(super) fn late<'i>(
    project: &Project<'_>,
    image: &'i Image,
    stage: usize,
) -> Option<LateInstall<'i>> {
    let steps = &image.stages[stage].steps[..];
    let at = steps
        .iter()
        .position(|step| copies_sources(project, image, step))?;
    let Action::Copy(copied) = &steps[at].action else {
        return None;
    };
    let behind = &steps[at + 1..];
    let (index, install, alone) = behind
        .iter()
        .enumerate()
        .filter(|(_, step)| !step.is_trigger)
        .find_map(|(index, step)| {
            let install = installs_of(step).find(|install| {
                (is_behind(install, copied) || install.builds() && is_below(copied, install))
                    && alone(project, image, step, install).is_some()
            })?;
            Some((index, install, alone(project, image, step, install)?))
        })?;
    let step = &behind[index];
    let Action::Run(run) = &step.action else {
        return None;
    };
    // A mounted cache keeps what was fetched.
    let is_cached = run
        .mounts
        .iter()
        .any(|mount| matches!(mount.kind.as_str(), "cache" | "bind"));
    if is_cached || is_done_before(image, stage, step, install) {
        return None;
    }
    let inputs = image.inputs(project.workspace(), step, &alone.install)?;
    if inputs.files.is_empty()
        || !inputs.missing.is_empty()
        || inputs.sources.iter().any(|reason| !reason.is_script)
    {
        return None;
    }
    if !names_packages(project, install, &inputs) {
        return None;
    }
    let plan = Plan::before(
        project,
        image,
        CopyPlace { stage, at, copied },
        index,
        vec![(&alone.install, Some(inputs))],
    );
    let unproven = proof::unproven(&plan);
    let run = written(image, step, run, install, &alone);
    let reorder = Reorder {
        unproven,
        last: plan.last(),
        manifests: plan.manifests,
        to_ignore: plan.to_ignore,
    };
    let before = Before {
        repeats: alone.repeats,
        command: run.as_ref().map(|_| alone.command).unwrap_or_default(),
        run,
        lead: alone.lead,
    };
    Some(LateInstall {
        copy: &steps[at],
        copied,
        installs: vec![install],
        reorder,
        before: Some(before),
    })
}

/// Whether a project has packages of others: a project file of .NET may name none, and then a
/// restore is quick. The manifests of other tools are read before, or name tools at least.
fn names_packages(project: &Project<'_>, install: &Install, inputs: &Inputs) -> bool {
    let names = |input: &Input| {
        let source = project.workspace().read(&input.host);
        source.is_ok_and(|source| source.text().contains("PackageReference"))
    };
    install.ecosystem != Ecosystem::Dotnet || inputs.files.iter().any(names)
}

/// Whether the stage has already from earlier steps, or from another stage, what the install would
/// fetch.
fn is_done_before(image: &Image, stage: usize, step: &Step, install: &Install) -> bool {
    let fetches = |step: &&Step| {
        installs_of(step).any(|other| {
            other.ecosystem == install.ecosystem
                && (!other.manifests.is_empty() || other.manager.starts_with("cargo-"))
        })
    };
    let mut earlier = image
        .history_of(stage)
        .into_iter()
        .take_while(|earlier| earlier.span != step.span);
    earlier.any(|earlier| match &earlier.action {
        Action::Copy(Copied {
            from: CopyFrom::Stage(from),
            ..
        }) => image.history_of(*from).iter().any(fetches),
        _ => fetches(&earlier),
    })
}

/// The part of an install that needs its manifests only.
struct Alone {
    /// What it is to the files of the project.
    install: Install,
    /// The command; empty when it cannot be written.
    command: String,
    lead: Option<(Span, String)>,
    repeats: &'static str,
}

fn alone(project: &Project<'_>, image: &Image, step: &Step, install: &Install) -> Option<Alone> {
    if !install.understood || install.manifests.is_empty() {
        return None;
    }
    let text = image.dockerfile.tree.source.slice(install.command);
    let is_build = text.split_whitespace().any(|word| word == "build");
    let own = match (install.alone, install.ecosystem) {
        (How::No, _) => return None,
        (How::Somehow, Ecosystem::Rust) if is_build => {
            return cargo(project, image, step, install);
        }
        (How::Somehow, Ecosystem::Rust) => return None,
        (_, Ecosystem::Go) => return go(project, image, step, install).filter(|_| is_build),
        (How::WithFlag, _) => {
            let flag = install
                .pure_with
                .filter(|_| install.needs_sources.is_some())?;
            let mut alone = install.of_manifests_only();
            alone.flags.extend(flag.split(' ').map(str::to_owned));
            return Some(Alone {
                install: alone,
                command: format!("{text} {flag}"),
                lead: None,
                repeats: FETCHES,
            });
        }
        (How::Somehow, _) => String::new(),
        (How::Command { words, keeps }, _) => command_of(install, text, words, keeps)?,
    };
    Some(Alone {
        install: install.of_manifests_only(),
        command: own,
        lead: None,
        repeats: FETCHES,
    })
}

/// What runs again where packages are fetched.
const FETCHES: &str = "fetches all packages";

/// The command that fetches what another one needs, with the same program, options that it shares and
/// manifests that are named: `dotnet restore -r linux-x64 Api.csproj` for a `publish`.
fn command_of(install: &Install, text: &str, own: &str, keeps: &[&str]) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let program = unwrapped(&words);
    let mut command = words.get(..=program)?.join(" ");
    command = format!("{command} {own}");
    let mut rest = words[program + 1..].iter();
    while let Some(word) = rest.next() {
        let name = word.split('=').next().unwrap_or(word);
        if keeps.contains(&name) {
            command = format!("{command} {word}");
            if !word.contains('=') {
                command = format!("{command} {}", rest.next()?);
            }
        }
    }
    // What stands behind an option that is kept is there already.
    for manifest in &install.manifests {
        if manifest.span.is_some() && !command.contains(&manifest.path) {
            command = format!("{command} {}", manifest.path);
        }
    }
    Some(command)
}

/// The modules of Go that a build fetches; none of them where they lie in the repository.
fn go(project: &Project<'_>, image: &Image, step: &Step, install: &Install) -> Option<Alone> {
    let directory = install.directory.as_deref()?;
    let modules = seen(project, image, step, &path::join(directory, "go.mod"))?;
    let is_kept = seen(
        project,
        image,
        step,
        &path::join(directory, "vendor/modules.txt"),
    )
    .is_some();
    let manifest = manifests::of(project.workspace(), &modules);
    if is_kept || manifest.dependencies.is_empty() {
        return None;
    }
    let mut alone = install.of_manifests_only();
    alone
        .manifests
        .extend(["go.work", "go.work.sum"].map(optional));
    let is_here = !install.flags.iter().any(|flag| flag.starts_with("-C"));
    Some(Alone {
        install: alone,
        command: if is_here {
            "go mod download".to_owned()
        } else {
            String::new()
        },
        lead: None,
        repeats: "fetches all modules",
    })
}

/// Cargo compiles the dependencies of a package that has a program which does nothing. Of a
/// workspace, or of a package whose targets are not where they are looked for, only tools such as
/// cargo-chef know how.
fn cargo(project: &Project<'_>, image: &Image, step: &Step, install: &Install) -> Option<Alone> {
    let directory = install.directory.as_deref()?;
    let manifest = seen(project, image, step, &path::join(directory, "Cargo.toml"))?;
    let parsed = project.workspace().toml(&manifest);
    if !parsed.diagnostics.is_empty() {
        return None;
    }
    let root = parsed.tree.root()?;
    let has = |keys: &[&str]| {
        root.at(keys)
            .is_some_and(|table| table.entries().next().is_some())
    };
    if !has(&["dependencies"]) && !has(&["workspace", "dependencies"]) {
        return None;
    }
    let mut alone = install.of_manifests_only();
    alone.manifests.extend(
        [
            "rust-toolchain",
            "rust-toolchain.toml",
            ".cargo/config",
            ".cargo/config.toml",
        ]
        .map(optional),
    );
    let sees = |file: &str| seen(project, image, step, &path::join(directory, file)).is_some();
    let roots: Vec<&str> = ["src/main.rs", "src/lib.rs"]
        .into_iter()
        .filter(|root| sees(root))
        .collect();
    let is_set = ["workspace", "lib", "bin", "example", "bench", "test"]
        .iter()
        .any(|table| root.get(table).is_some());
    let is_local = ["path =", "path=", "workspace =", "workspace="]
        .iter()
        .any(|word| manifest.text().contains(word));
    let chosen = [
        "--manifest-path",
        "--workspace",
        "-p",
        "--package",
        "--bin",
        "--bins",
        "--example",
        "--target-dir",
    ];
    let is_chosen = install.flags.iter().any(|flag| {
        chosen
            .iter()
            .any(|known| flag.split('=').next() == Some(known))
    });
    let has_script = sees("build.rs") || root.at(&["package", "build"]).is_some();
    let text = image.dockerfile.tree.source.slice(install.command);
    let is_simple = !roots.is_empty() && !is_set && !is_local && !is_chosen && !has_script;
    let command = if is_simple {
        let made: Vec<String> = roots
            .iter()
            .map(|root| format!("echo '{}' > {root}", stub(root)))
            .collect();
        format!("mkdir -p src && {} && {text}", made.join(" && "))
    } else {
        String::new()
    };
    // Cargo compares times, and the copied file is as old as it is on the host.
    let lead = is_simple.then(|| (install.command, format!("touch {} && ", roots.join(" "))));
    Some(Alone {
        install: alone,
        command,
        lead,
        repeats: "compiles all dependencies",
    })
}

fn stub(root: &str) -> &'static str {
    if root.ends_with("main.rs") {
        "fn main() {}"
    } else {
        ""
    }
}

fn optional(path: &str) -> ManifestPattern {
    ManifestPattern {
        path: path.to_owned(),
        required: false,
        span: None,
    }
}

/// The host's file that a step sees at a container path, unless the ignore file keeps it out.
fn seen(project: &Project<'_>, image: &Image, step: &Step, container: &str) -> Option<Source> {
    let host = image.seen_by(step).iter().find_map(|seen| {
        match path::below(container, &seen.container)? {
            "" => Some(seen.host.clone()),
            rest => seen.is_directory.then(|| seen.host.join(rest)),
        }
    })?;
    let is_sent = image.context.relative(&host).is_some_and(|path| {
        image
            .context
            .kind(project.workspace().files(), &path)
            .is_some()
    });
    is_sent
        .then(|| project.workspace().read(&host).ok())
        .flatten()
}

/// The instruction of the first step: what stands before the command in its RUN, and the command.
/// `None` when something there may read the sources, or cannot be cut off behind the command.
fn written(
    image: &Image,
    step: &Step,
    run: &Run,
    install: &Install,
    alone: &Alone,
) -> Option<String> {
    let source = &image.dockerfile.tree.source;
    let lead = Span::new(step.span.file, step.span.start, install.command.start);
    let text = source.slice(lead);
    let stands_before = |span: &Span| span.start < install.command.start;
    let reads = run.others.iter().any(stands_before)
        || run.installs.iter().any(|other| {
            stands_before(&other.command) && (other.needs_sources.is_some() || other.builds())
        })
        || run.mounts.iter().any(|mount| mount.kind == "bind");
    let is_plain = !text.contains("<<") && !text.contains('[') && !text.contains('#');
    (!alone.command.is_empty() && !reads && is_plain).then(|| format!("{text}{}", alone.command))
}
