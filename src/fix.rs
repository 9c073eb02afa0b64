//! Repairs: applies the fixes of findings until nothing more changes, and proves each time that nothing broke.
//!
//! Everything happens in memory, over an overlay of the files: a pass checks, takes the fixes that do not touch each
//! other, applies them, and checks again. A fix after which a file no longer parses, or a new finding appears, or its own
//! finding stays, is taken back and named. What is left at the end are whole new texts; writing them is for the caller.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety, Severity};
use crate::files::{Files, Overlay};
use crate::lint::{self, Outcome};
use crate::text::Sources;
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
    for _ in 0..MAX_PASSES {
        let workspace = Workspace::new(&state.overlay);
        let outcome = check(&workspace);
        let chosen = choose(&outcome.diagnostics, safety, workspace.sources(), &state.refused);
        if chosen.is_empty() {
            break;
        }
        let before = keys(&outcome.diagnostics);
        let texts = new_texts(&chosen, workspace.sources());
        drop(workspace);
        match state.prove(&chosen, &texts, &before, check) {
            Ok(()) => state.accept(&chosen, texts),
            // Some fix of the batch does not hold: try them one by one, so that only the guilty are taken back.
            Err(_) => state.one_by_one(chosen, &before, check),
        }
    }
    state.finish(files)
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

type Texts = BTreeMap<PathBuf, (Option<String>, String)>;

struct State<'f> {
    overlay: Overlay<'f>,
    texts: BTreeMap<PathBuf, Safety>,
    applied: Vec<Applied>,
    refused: Vec<(Applied, String)>,
}

impl State<'_> {
    fn accept(&mut self, chosen: &[Chosen], texts: Texts) {
        for (path, (_, text)) in texts {
            let safety = chosen.iter().filter(|fix| fix.applied.files.contains(&path)).map(|fix| fix.applied.safety).min();
            let safety = safety.unwrap_or(Safety::Safe);
            self.texts.entry(path.clone()).and_modify(|old| *old = safety.min(*old)).or_insert(safety);
            self.overlay.write(path, text);
        }
        self.applied.extend(chosen.iter().map(|fix| fix.applied.clone()));
    }

    /// Whether the texts hold: the findings are gone and no new one came.
    fn prove(&self, chosen: &[Chosen], texts: &Texts, before: &[Key], check: &dyn Fn(&Workspace<'_>) -> Outcome) -> Result<(), String> {
        let mut trial = Overlay::new(&self.overlay);
        for (path, (_, text)) in texts {
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
            None => Ok(()),
        }
    }

    fn one_by_one(&mut self, chosen: Vec<Chosen>, before: &[Key], check: &dyn Fn(&Workspace<'_>) -> Outcome) {
        for fix in chosen {
            let texts = {
                let workspace = Workspace::new(&self.overlay);
                let Some(edits) = relocate(&fix, &workspace) else { continue };
                new_texts(&[Chosen { edits, ..fix.clone() }], workspace.sources())
            };
            match self.prove(std::slice::from_ref(&fix), &texts, before, check) {
                Ok(()) => {
                    self.accept(std::slice::from_ref(&fix), texts);
                    // The others were found in texts that have just changed: the next pass finds them anew.
                    return;
                }
                Err(reason) => self.refused.push((fix.applied, reason)),
            }
        }
    }

    fn finish(self, files: &dyn Files) -> Fixed {
        let mut changes = Vec::new();
        for (path, safety) in &self.texts {
            let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_default();
            let before = files.read(path).ok().map(text);
            let after = self.overlay.read(path).map(text).unwrap_or_default();
            if before.as_ref() != Some(&after) {
                changes.push(Change { path: path.clone(), before, after, safety: *safety });
            }
        }
        Fixed { changes, applied: self.applied, refused: self.refused }
    }
}

/// The same edits against another workspace: the overlay has not changed since they were found, so the spans still hold.
fn relocate(fix: &Chosen, workspace: &Workspace<'_>) -> Option<Vec<(PathBuf, Edit)>> {
    let mut edits = Vec::new();
    for (path, edit) in &fix.edits {
        let source = workspace.read_or_new(path);
        let span = source.span(edit.span.range());
        source.text().get(span.range())?;
        edits.push((path.clone(), Edit { span, text: edit.text.clone() }));
    }
    Some(edits)
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

fn new_texts(chosen: &[Chosen], sources: &Sources) -> Texts {
    let mut by_file: BTreeMap<&Path, Vec<Edit>> = BTreeMap::new();
    for (path, edit) in chosen.iter().flat_map(|fix| &fix.edits) {
        by_file.entry(path).or_default().push(edit.clone());
    }
    let mut texts = Texts::new();
    for (path, edits) in by_file {
        let Some(source) = sources.find(path) else { continue };
        let before = source.exists().then(|| source.text().to_owned());
        texts.insert(path.to_path_buf(), (before, Edit::apply_all(source.text(), &edits)));
    }
    texts
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
