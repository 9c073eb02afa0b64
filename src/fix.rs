//! Repairs: applies the fixes of findings until nothing more changes, and proves each time that nothing broke.
//!
//! Everything happens in memory, over an overlay of the files: a pass checks, takes the fixes that do not touch each
//! other, applies them, and checks again. A fix after which a file no longer parses, or a new finding appears, or its own
//! finding stays, is taken back and named. What is left at the end are whole new texts; writing them is for the caller.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety, Severity};
use crate::files::{Files, Overlay};
use crate::lint::{self, Outcome};
use crate::text::{Source, Sources};
use crate::workspace::Workspace;

mod edits;

/// What a run of fixes did.
pub struct Fixed {
    /// Files with new texts, by path.
    pub changes: Vec<Change>,
    /// What was repaired, in the order it was done.
    pub applied: Vec<Applied>,
    /// Repairs that did not hold and were taken back, with the reason.
    pub refused: Vec<(Applied, String)>,
    /// False when the repairs never came to rest: one of them makes what another one takes away.
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
    /// How sure the least sure of its repairs is.
    pub safety: Safety,
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

/// More passes than any project needs: each repairs at least one finding, or is the last.
const MAX_PASSES: usize = 200;

/// Applies every fix at least as sure as `safety`, until nothing changes. `check` is one full check of the files it is given.
pub fn run(files: &dyn Files, safety: Safety, check: &dyn Fn(&Workspace<'_>) -> Outcome) -> Fixed {
    let mut state = State { overlay: Overlay::new(files), texts: BTreeMap::new(), applied: Vec::new(), refused: Vec::new() };
    let mut is_settled = false;
    for _ in 0..MAX_PASSES {
        let workspace = Workspace::new(&state.overlay);
        let outcome = check(&workspace);
        let chosen = choose(&outcome.diagnostics, safety, workspace.sources(), &state.refused);
        if chosen.is_empty() {
            is_settled = true;
            break;
        }
        let before = keys(&outcome.diagnostics);
        let mut pass = Pass::new(&chosen, workspace.sources());
        drop(workspace);
        state.settle(&mut pass, chosen, before, check);
    }
    state.finish(files, is_settled)
}

/// A fix taken from a finding, free of the workspace it was found in.
#[derive(Clone)]
struct Chosen {
    applied: Applied,
    key: Key,
    edits: Vec<(PathBuf, Edit)>,
}

/// What stays the same of a finding when lines move.
type Key = (&'static str, Option<String>, String);

type Texts = BTreeMap<PathBuf, String>;

/// One pass: the texts that the edits were found in, and the fixes that hold so far.
struct Pass {
    sources: BTreeMap<PathBuf, Source>,
    held: Vec<Chosen>,
}

impl Pass {
    fn new(chosen: &[Chosen], sources: &Sources) -> Self {
        let paths = chosen.iter().flat_map(|fix| &fix.edits).map(|(path, edit)| (path.clone(), sources.get(edit.span.file)));
        Pass { sources: paths.collect(), held: Vec::new() }
    }

    /// What the files that these fixes touch would hold, with the fixes that hold already.
    fn texts(&self, more: &[Chosen]) -> Texts {
        let touched: BTreeSet<&PathBuf> = more.iter().flat_map(|fix| &fix.applied.files).collect();
        let text = |path: &PathBuf| {
            let all = self.held.iter().chain(more).flat_map(|fix| &fix.edits);
            let edits: Vec<Edit> = all.filter(|(file, _)| file == path).map(|(_, edit)| edit.clone()).collect();
            (path.clone(), Edit::apply_all(self.sources[path].text(), &edits))
        };
        touched.into_iter().map(text).collect()
    }
}

struct State<'f> {
    overlay: Overlay<'f>,
    texts: BTreeMap<PathBuf, Safety>,
    applied: Vec<Applied>,
    refused: Vec<(Applied, String)>,
}

impl State<'_> {
    /// Takes as many of the fixes as hold: all of them at once or, when some do not, each half by itself, so that a few bad
    /// ones among many cost few checks. Gives the findings as they are then.
    fn settle(
        &mut self,
        pass: &mut Pass,
        mut chosen: Vec<Chosen>,
        before: Vec<Key>,
        check: &dyn Fn(&Workspace<'_>) -> Outcome,
    ) -> Vec<Key> {
        chosen.retain(|fix| before.contains(&fix.key));
        if chosen.is_empty() {
            return before;
        }
        let texts = pass.texts(&chosen);
        match self.prove(&chosen, &texts, &before, check) {
            Ok(after) => {
                self.accept(&chosen, texts);
                pass.held.extend(chosen);
                after
            }
            Err(reason) if chosen.len() == 1 => {
                self.refused.extend(chosen.into_iter().map(|fix| (fix.applied, reason.clone())));
                before
            }
            Err(_) => {
                let others = chosen.split_off(chosen.len() / 2);
                let between = self.settle(pass, chosen, before, check);
                self.settle(pass, others, between, check)
            }
        }
    }

    fn accept(&mut self, chosen: &[Chosen], texts: Texts) {
        for (path, text) in texts {
            let safety = chosen.iter().filter(|fix| fix.applied.files.contains(&path)).map(|fix| fix.applied.safety).min();
            let safety = safety.unwrap_or(Safety::Safe);
            self.texts.entry(path.clone()).and_modify(|old| *old = safety.min(*old)).or_insert(safety);
            self.overlay.write(path, text);
        }
        self.applied.extend(chosen.iter().map(|fix| fix.applied.clone()));
    }

    /// The findings with these texts, if the texts hold: the findings that were fixed are gone and no new one came.
    fn prove(
        &self,
        chosen: &[Chosen],
        texts: &Texts,
        before: &[Key],
        check: &dyn Fn(&Workspace<'_>) -> Outcome,
    ) -> Result<Vec<Key>, String> {
        let mut trial = Overlay::new(&self.overlay);
        for (path, text) in texts {
            trial.write(path, text);
        }
        let workspace = Workspace::new(&trial);
        let outcome = check(&workspace);
        let after = keys(&outcome.diagnostics);
        if let Some(fix) = chosen.iter().find(|fix| after.contains(&fix.key)) {
            return Err(format!("the finding is still there afterwards: {}", fix.applied.message));
        }
        // A rule tells the first broken link only: once an edit arrives in a service, what comes next on its way to the
        // process may be told of that service. Anything else, and every error, is the fault of a fix.
        let follows = |finding: &Diagnostic| {
            finding.severity < Severity::Error && chosen.iter().any(|fix| fix.key.1.is_some() && fix.key.1 == finding.service)
        };
        match outcome.diagnostics.iter().find(|finding| !before.contains(&key(finding)) && !follows(finding)) {
            Some(finding) => Err(format!("it would bring a new finding, {}: {}", finding.rule, finding.message)),
            None => Ok(after),
        }
    }

    fn finish(self, files: &dyn Files, is_settled: bool) -> Fixed {
        let mut changes = Vec::new();
        for (path, safety) in &self.texts {
            let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_default();
            let before = files.read(path).ok().map(text);
            let after = self.overlay.read(path).map(text).unwrap_or_default();
            if before.as_ref() != Some(&after) {
                changes.push(Change { path: path.clone(), before, after, safety: *safety });
            }
        }
        Fixed { changes, applied: self.applied, refused: self.refused, is_settled }
    }
}

fn keys(diagnostics: &[Diagnostic]) -> Vec<Key> {
    diagnostics.iter().map(key).collect()
}

fn key(diagnostic: &Diagnostic) -> Key {
    (diagnostic.rule, diagnostic.service.clone(), diagnostic.message.clone())
}

/// The fixes of one pass: sure enough, not refused before, and none touching the bytes of another.
fn choose(diagnostics: &[Diagnostic], safety: Safety, sources: &Sources, refused: &[(Applied, String)]) -> Vec<Chosen> {
    let mut taken: Vec<Edit> = Vec::new();
    let mut chosen: Vec<Chosen> = Vec::new();
    for diagnostic in diagnostics {
        let Some(fix) = diagnostic.fix.as_ref().filter(|fix| fix.safety >= safety && fix.safety > Safety::Suggest) else { continue };
        let applied = describe(diagnostic, fix, sources);
        if refused.iter().any(|(old, _)| *old == applied) || fix.edits.is_empty() {
            continue;
        }
        if fix.edits.iter().any(|edit| taken.iter().any(|other| edits::touch(edit, other))) {
            continue;
        }
        taken.extend(fix.edits.iter().cloned());
        let edits = fix.edits.iter().map(|edit| (path_of(edit, sources), edit.clone())).collect();
        chosen.push(Chosen { applied, key: key(diagnostic), edits });
    }
    chosen
}

fn describe(diagnostic: &Diagnostic, fix: &Fix, sources: &Sources) -> Applied {
    let mut files: Vec<PathBuf> = fix.edits.iter().map(|edit| path_of(edit, sources)).collect();
    files.sort();
    files.dedup();
    Applied { rule: diagnostic.rule, message: diagnostic.message.clone(), title: fix.title.clone(), safety: fix.safety, files }
}

fn path_of(edit: &Edit, sources: &Sources) -> PathBuf {
    sources.get(edit.span.file).path().to_path_buf()
}

/// Checks the files as they would be, for callers that want to say what is left.
pub fn remaining(
    files: &dyn Files,
    fixed: &Fixed,
    check: &dyn Fn(&Workspace<'_>) -> Outcome,
    report: &mut dyn FnMut(&Workspace<'_>, lint::Outcome),
) {
    let mut overlay = Overlay::new(files);
    for change in &fixed.changes {
        overlay.write(&change.path, &change.after);
    }
    let workspace = Workspace::new(&overlay);
    let outcome = check(&workspace);
    report(&workspace, outcome);
}

#[cfg(test)]
mod tests;
