//! Repairs: applies the fixes of findings until nothing more changes, and proves each time that
//! nothing broke.
//!
//! Everything happens in memory, over an overlay of the files: a pass takes the fixes that do not
//! touch each other, applies them, and checks. A fix is taken back and named when a file no longer
//! parses, a new finding appears, its own finding stays, or the resolved project differs elsewhere
//! than where the fix changed the files. What is left at the end are whole new texts; writing them
//! is for the caller.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::diagnostic::Safety;
use crate::files::{Files, Overlay};
use crate::lint::Outcome;
use crate::workspace::Workspace;

mod choose;
mod edits;
mod marks;
mod model;
mod pass;

pub use marks::Mark;

use pass::Pass;

/// What a run of fixes did.
#[derive(Default)]
pub struct Fixed {
    /// Files with new texts, by path.
    pub changes: Vec<Change>,
    /// What was repaired, in the order it was done.
    pub applied: Vec<Applied>,
    /// Repairs that did not hold and were taken back, with the reason.
    pub refused: Vec<(Applied, String)>,
    /// Whether the repairs came to rest; otherwise one of them makes what another one takes away.
    pub is_settled: bool,
}

/// A file with a new text.
pub struct Change {
    /// Which file.
    pub path: PathBuf,
    /// What it held; `None` if it did not exist.
    pub before: Option<String>,
    /// What it is to hold.
    pub after: String,
    /// What made each part of the new text.
    pub marks: Vec<Mark>,
}

/// A repair, in words that stay true when the spans have moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The rule that asked for it.
    pub rule: &'static str,
    /// The finding.
    pub message: String,
    /// What was done.
    pub title: String,
    /// How sure it was.
    pub safety: Safety,
    /// The files it touched.
    pub files: Vec<PathBuf>,
}

/// A repair that may be made, with what it would do to each file.
pub struct Proposal<'a> {
    /// The repair.
    pub fix: &'a Applied,
    /// Path, text as it is (`None` if there is no such file), text as it would be.
    pub texts: Vec<(PathBuf, Option<String>, String)>,
}

/// What a run is asked to do.
pub struct Request<'a> {
    /// Fixes must be at least as sure.
    pub safety: Safety,
    /// One full check of the files it is given. Without the models in its outcome they are not
    /// compared.
    pub check: &'a dyn Fn(&Workspace<'_>) -> Outcome,
    /// Whether a repair is wanted.
    pub wants: &'a mut dyn FnMut(&Proposal<'_>) -> bool,
    /// Gets what was done, and the check of the files as they would be then.
    pub finish: &'a mut dyn FnMut(Fixed, &Workspace<'_>, Outcome),
}

/// More checks than any project needs: each one but the last settles at least one fix.
const MOST_CHECKS: usize = 400;

/// Applies every wanted fix that is sure enough, until nothing changes.
pub fn run(files: &dyn Files, request: &mut Request<'_>) {
    let mut state = State::default();
    let mut pass: Option<Pass> = None;
    for number in 0.. {
        let mut overlay = Overlay::new(files);
        let attempt = pass.as_mut().map(Pass::attempt).unwrap_or_default();
        state
            .texts
            .iter()
            .chain(&attempt)
            .for_each(|(path, text)| overlay.write(path, text));
        let workspace = Workspace::new(&overlay);
        let outcome = (request.check)(&workspace);
        let is_held = pass
            .as_mut()
            .is_none_or(|pass| pass.judge(&outcome, workspace.sources()));
        if let Some(done) = pass.take_if(|pass| pass.is_done()) {
            state.take(done);
        }
        // What was checked is the state that counts only where all of it held.
        if pass.is_some() || !is_held {
            continue;
        }
        let out_of_patience = number >= MOST_CHECKS;
        let chosen = if out_of_patience {
            Vec::new()
        } else {
            state.choose(&outcome, &workspace, request)
        };
        if chosen.is_empty() {
            (request.finish)(state.finish(!out_of_patience), &workspace, outcome);
            return;
        }
        pass = Some(Pass::new(chosen, outcome));
    }
}

/// [`run`] with every fix that is sure enough.
pub fn run_all(
    files: &dyn Files,
    safety: Safety,
    check: &dyn Fn(&Workspace<'_>) -> Outcome,
) -> Fixed {
    let mut all = Fixed::default();
    run(
        files,
        &mut Request {
            safety,
            check,
            wants: &mut |_| true,
            finish: &mut |fixed, _, _| all = fixed,
        },
    );
    all
}

#[derive(Default)]
struct State {
    /// The new text of each file that was changed so far.
    texts: BTreeMap<PathBuf, String>,
    marks: BTreeMap<PathBuf, Vec<Mark>>,
    /// What each of them held when it was read; `None` if it did not exist. It may be changed
    /// meanwhile.
    originals: BTreeMap<PathBuf, Option<String>>,
    applied: Vec<Applied>,
    refused: Vec<(Applied, String)>,
    /// What the user did not want.
    declined: Vec<Applied>,
}

impl State {
    /// The fixes of the next pass.
    fn choose(
        &mut self,
        outcome: &Outcome,
        workspace: &Workspace<'_>,
        request: &mut Request<'_>,
    ) -> Vec<choose::Chosen> {
        let known = |fix: &Applied| {
            self.declined.contains(fix) || self.refused.iter().any(|(old, _)| old == fix)
        };
        let mut chosen = choose::choose(outcome, request.safety, workspace.sources(), &known);
        chosen.retain(|fix| {
            let is_wanted = (request.wants)(&fix.proposal());
            if !is_wanted {
                self.declined.push(fix.applied.clone());
            }
            is_wanted
        });
        chosen
    }

    /// Takes over what a pass came to.
    fn take(&mut self, pass: Pass) {
        for (path, text, edits) in pass.texts() {
            let marks = self.marks.remove(&path).unwrap_or_default();
            self.marks.insert(path.clone(), marks::moved(marks, &edits));
            let read = || {
                edits
                    .source
                    .exists()
                    .then(|| edits.source.text().to_owned())
            };
            let original = self.originals.entry(path.clone()).or_insert_with(read);
            if original.as_ref() == Some(&text) {
                self.texts.remove(&path);
            } else {
                self.texts.insert(path, text);
            }
        }
        let (held, refused) = pass.into_verdicts();
        self.applied.extend(held);
        self.refused.extend(refused);
    }

    fn finish(mut self, is_settled: bool) -> Fixed {
        let change = |(path, after): (PathBuf, String)| {
            let marks = self.marks.remove(&path).unwrap_or_default();
            Change {
                before: self.originals.remove(&path).flatten(),
                path,
                after,
                marks,
            }
        };
        let changes = std::mem::take(&mut self.texts)
            .into_iter()
            .map(change)
            .collect();
        Fixed {
            changes,
            applied: self.applied,
            refused: self.refused,
            is_settled,
        }
    }
}

#[cfg(test)]
mod tests;
