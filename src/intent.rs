//! What a set of compose files is for: development, tests, a pipeline, production.
//!
//! Advice for development is wrong advice for a deployment. The judgement is a table of [`SIGNS`],
//! each with a weight; a sign counts once however often it is seen. What the signs leave open stays
//! [`Intent::Unknown`].

use std::path::{Path, PathBuf};

use crate::compose::{Compose, MAIN_NAMES};
use crate::files::Files;
use crate::project::purpose::{Intent, IntentReason, Judgement};
use crate::repository::override_files::{is_ours, named};
use crate::repository::recipes::Recipe;
use crate::text::Span;

mod signs;

pub use signs::SIGNS;

/// A sign: what it speaks for, how much, and where it is to be seen.
pub struct Sign {
    /// What it speaks for.
    pub towards: Intent,
    /// How much: 1 is a hint, 3 a reason, 6 as good as said.
    pub weight: u32,
    /// What is seen and where; nothing when the sign is not there.
    pub find: fn(&Evidence) -> Vec<Seen>,
}

/// What was seen, and where.
pub type Seen = (String, Option<Span>);

/// What the signs are looked for in.
pub struct Evidence<'a> {
    /// The loaded files.
    pub compose: &'a Compose,
    /// The paths of its main files, in order.
    pub files: Vec<&'a Path>,
    /// The root of the repository.
    pub root: &'a Path,
    /// The recipes that load exactly these files.
    pub recipes: Vec<&'a Recipe>,
    /// What lies on the disk.
    pub disk: &'a dyn Files,
    /// Every recipe of the repository.
    pub all: &'a [Recipe],
    /// Names of the other compose files beside the first file.
    pub siblings: Vec<String>,
}

/// A verdict needs this much weight …
const ENOUGH: u32 = 3;

/// … and this much more than any other.
const MARGIN: u32 = 2;

/// Judges the files of a loaded project. `recipes` are those of the whole repository.
pub fn judge(compose: &Compose, root: &Path, recipes: &[Recipe], files: &dyn Files) -> Judgement {
    let paths: Vec<&Path> = compose
        .files
        .iter()
        .take(compose.main_files)
        .map(|source| source.path())
        .collect();
    let owned: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    let directory = paths.first().and_then(|path| path.parent());
    let siblings = directory
        .map(|directory| files.list(directory))
        .unwrap_or_default();
    let siblings = siblings
        .iter()
        .filter(|entry| !entry.is_directory && signs::is_compose_name(&entry.name))
        .map(|entry| &entry.name);
    let loaded = |name: &str| {
        paths
            .iter()
            .any(|path| path.file_name().is_some_and(|file| file == name))
    };
    // Standard input may well be the file beside it.
    let is_stdin = loaded("-");
    let evidence = Evidence {
        compose,
        root,
        recipes: recipes
            .iter()
            .filter(|recipe| recipe.calls.iter().any(|call| call.loads(&owned)))
            .collect(),
        disk: files,
        all: recipes,
        siblings: siblings.filter(|name| !loaded(name)).cloned().collect(),
        files: paths,
    };
    let is_aside = !is_stdin
        && evidence
            .siblings
            .iter()
            .any(|name| MAIN_NAMES.contains(&name.as_str()));
    let own = evidence
        .files
        .first()
        .filter(|_| evidence.files.len() == 1)
        .map(|base| named(base, "dev"));
    let is_laid_under = own
        .and_then(|path| files.read(&path).ok())
        .is_some_and(|text| is_ours(&String::from_utf8_lossy(&text)));
    Judgement {
        is_laid_under: is_laid_under && !is_stdin,
        ..weigh(&evidence, is_aside)
    }
}

fn weigh(evidence: &Evidence, is_aside: bool) -> Judgement {
    let mut reasons = Vec::new();
    for sign in SIGNS {
        // One sign counts once, whatever the number of services that show it.
        if let Some((text, span)) = (sign.find)(evidence).into_iter().next() {
            reasons.push(IntentReason {
                towards: sign.towards,
                weight: sign.weight,
                text,
                span,
            });
        }
    }
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.weight));
    let mut judgement = Judgement {
        intent: Intent::Unknown,
        reasons,
        is_aside,
        is_laid_under: false,
    };
    let mut scores = [
        Intent::Development,
        Intent::Test,
        Intent::Ci,
        Intent::Production,
    ]
    .map(|intent| (judgement.weight(intent), intent));
    scores.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    if scores[0].0 >= ENOUGH && scores[0].0 >= scores[1].0 + MARGIN {
        judgement.intent = scores[0].1;
    }
    judgement
}

#[cfg(test)]
mod tests;
