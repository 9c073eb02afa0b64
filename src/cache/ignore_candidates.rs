//! What lies in a build context and is of no use to the build: caches, logs, local databases,
//! packages of the machine, the history - and whether a step, a manifest or a watch trigger wants
//! it after all.

use std::path::Path;

use crate::image::{Action, CopyFrom, Ecosystem, Image, Install, SourceKind, Step};
use crate::knowledge::noise;
use crate::project::Project;

/// Something of a context that no build needs.
#[derive(Debug)]
pub struct Unneeded {
    /// The pattern that keeps it out.
    pub pattern: String,
    /// What it is.
    pub what: &'static str,
    /// One of its paths in the context.
    pub example: String,
}

/// What asks git for the version while it installs.
const ASKS_GIT: [&str; 10] = [
    "setuptools_scm",
    "setuptools-scm",
    "hatch-vcs",
    "versioneer",
    "dunamai",
    "poetry-dynamic-versioning",
    "pbr",
    "vergen",
    "git describe",
    "git rev-parse",
];

/// Files in which a build says how it makes its version. Programs in Go and Rust may be stamped by
/// their own tools.
const ASKING: [&str; 20] = [
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "package.json",
    "Makefile",
    "build.rs",
    "Cargo.toml",
    "go.mod",
    "build.gradle",
    "build.gradle.kts",
    "pom.xml",
    "Gemfile",
    "mix.exs",
    "next.config.js",
    "next.config.mjs",
    "next.config.ts",
    "nuxt.config.ts",
    "vite.config.js",
    "vite.config.ts",
    "webpack.config.js",
];

/// How many directories of the context are looked into.
const MOST_DIRECTORIES: usize = 200;

/// The step of a build that copies its whole context.
pub fn copy_of_everything(image: &Image) -> Option<&Step> {
    let copies_everything = |step: &&Step| {
        let Action::Copy(copied) = &step.action else {
            return false;
        };
        copied.from == CopyFrom::Context
            && !copied.excludes
            && copied
                .sources
                .iter()
                .any(|source| source.kind == SourceKind::Everything)
    };
    image
        .needed()
        .into_iter()
        .flat_map(|stage| &image.stages[stage].steps)
        .find(copies_everything)
}

/// Whether a build needs a file or directory of that name: a step or a watch trigger of its
/// services names it, or, for `.git`, something asks git for the version.
pub fn is_wanted(project: &Project<'_>, image: &Image, name: &str) -> bool {
    let tree = &image.dockerfile.tree;
    let copied = tree
        .instructions
        .iter()
        .filter(|instruction| instruction.flag("from").is_none());
    let mut words = copied.flat_map(|instruction| instruction.words());
    let names_it = words.any(|word| word.text.as_str().split('/').any(|part| part == name));
    let is_watched = || {
        let watches = project
            .users_of(image)
            .flat_map(|service| &service.spec().watch);
        watches
            .into_iter()
            .any(|watch| Path::new(&watch.path.value).iter().any(|part| part == name))
    };
    let asks =
        || name == ".git" && (tree.source.text().contains(".git/") || asks_git(project, image));
    names_it || is_watched() || asks()
}

/// Whether the build may need the history: a step or a manifest asks git for it.
fn asks_git(project: &Project<'_>, image: &Image) -> bool {
    let runs_git = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
            .any(|word| word == "git")
    };
    let steps = image
        .needed()
        .into_iter()
        .flat_map(|stage| &image.stages[stage].steps);
    let source = &image.dockerfile.tree.source;
    let mut runs = steps
        .filter(|step| matches!(step.action, Action::Run(_)))
        .map(|step| source.slice(step.span));
    let mut texts = ASKING
        .iter()
        .filter_map(|name| project.workspace().read(&image.context.host(name)).ok());
    runs.any(runs_git)
        || texts.any(|source| {
            ASKS_GIT.iter().any(|word| source.text().contains(word))
                || source.path().ends_with("build.rs")
        })
}

/// What the ignore file of a build lets through and no build of the same context needs; each
/// pattern once. Looked at are the context and the directories right below it.
pub fn unneeded(project: &Project<'_>, image: &Image) -> Vec<Unneeded> {
    let sharing: Vec<&Image> = project
        .images()
        .iter()
        .map(|other| &**other)
        .filter(|other| other.context.directory == image.context.directory)
        .collect();
    let files = project.workspace().files();
    let mut search = Search {
        project,
        image,
        sharing,
        found: Vec::new(),
    };
    search.directory("");
    let top = files.list(&image.context.directory);
    let below = top
        .iter()
        .filter(|entry| entry.is_directory && noise::of(&entry.name, true).is_none());
    for entry in below.take(MOST_DIRECTORIES) {
        if !image
            .context
            .is_ignored(&image.context.host(&entry.name), true)
        {
            search.directory(&entry.name);
        }
    }
    // Whoever develops has it, though a fresh checkout has not.
    if files.is_file(&image.context.host("package.json")) {
        search.consider("", "node_modules", true);
    }
    search.found
}

struct Search<'p> {
    project: &'p Project<'p>,
    image: &'p Image,
    /// The builds whose context this is.
    sharing: Vec<&'p Image>,
    found: Vec<Unneeded>,
}

impl Search<'_> {
    fn directory(&mut self, directory: &str) {
        for entry in self
            .project
            .workspace()
            .files()
            .list(&self.image.context.host(directory))
            .iter()
        {
            self.consider(directory, &entry.name, entry.is_directory);
        }
    }

    fn consider(&mut self, directory: &str, name: &str, is_directory: bool) {
        let path = if directory.is_empty() {
            name.to_owned()
        } else {
            format!("{directory}/{name}")
        };
        let host = self.image.context.host(&path);
        let Some(noise) = noise::of(name, is_directory).filter(|noise| !noise.is_quiet()) else {
            return;
        };
        let is_everywhere = !directory.is_empty()
            || matches!(
                noise.name,
                "node_modules" | "__pycache__" | "*.pyc" | "*.log"
            );
        let pattern = if is_everywhere {
            format!("**/{}", noise.name)
        } else {
            noise.name.to_owned()
        };
        let is_known = self.found.iter().any(|known| known.pattern == pattern);
        // A file that git keeps is somebody's: an example, or what a test compares with.
        let is_kept = !is_directory && !self.project.elsewhere().is_ignored(&host);
        let is_wanted = self
            .sharing
            .iter()
            .any(|image| is_wanted(self.project, image, name) || runs_with(image, name));
        // Of a directory what lies in it counts: `node_modules/*` is as good.
        let inside = if is_directory {
            host.join("x")
        } else {
            host.clone()
        };
        let is_ignored = self.image.context.is_ignored(&inside, false);
        if !is_known && !is_kept && !is_wanted && !is_ignored && self.is_replaced(noise.name) {
            self.found.push(Unneeded {
                pattern,
                what: noise.what,
                example: path,
            });
        }
    }

    /// Whether every build that takes the whole context installs for itself what would be left out.
    fn is_replaced(&self, name: &str) -> bool {
        let ecosystem = match name {
            "node_modules" | "bower_components" => Ecosystem::Node,
            ".venv" | "venv" => Ecosystem::Python,
            _ => return true,
        };
        self.sharing
            .iter()
            .filter(|image| copy_of_everything(image).is_some())
            .all(|image| {
                installs(image)
                    .any(|install| install.ecosystem == ecosystem && !install.manifests.is_empty())
            })
    }
}

/// Whether a RUN, CMD or ENTRYPOINT names a file or directory.
fn runs_with(image: &Image, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let source = &image.dockerfile.tree.source;
    image
        .dockerfile
        .tree
        .instructions
        .iter()
        .map(|instruction| source.slice(instruction.span))
        .any(|text| {
            text.match_indices(name).any(|(at, _)| {
                !text[..at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part)
            })
        })
}

fn installs(image: &Image) -> impl Iterator<Item = &Install> {
    image
        .needed()
        .into_iter()
        .flat_map(|stage| &image.stages[stage].steps)
        .flat_map(|step| match &step.action {
            Action::Run(run) => run.installs.as_slice(),
            _ => &[],
        })
}
