//! Which fixes are made together: sure enough, not refused before, and none touching the bytes of
//! another.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::{Applied, Proposal, edits};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety, Severity};
use crate::files::order;
use crate::lint::Outcome;
use crate::text::{FileId, Source, Sources};

/// What stays the same of a finding when lines move.
pub(super) type Key = (&'static str, Option<String>, String);

/// A fix taken from a finding, free of the workspace it was found in.
#[derive(Clone)]
pub(super) struct Chosen {
    pub(super) applied: Applied,
    /// The finding, and others that ask for the very same edits.
    pub(super) keys: Vec<Key>,
    /// The services these are about.
    pub(super) services: Vec<String>,
    /// Whether Docker Compose refuses the project because of it, so that little else was told.
    pub(super) hides_others: bool,
    /// The other places that the finding points at, as they are written.
    pub(super) told: Vec<String>,
    pub(super) edits: Vec<(Source, Edit)>,
    /// The directory of the project that it belongs to: what happens there does not touch others.
    pub(super) group: PathBuf,
}

impl Chosen {
    /// What it would do by itself.
    pub(super) fn proposal(&self) -> Proposal<'_> {
        let mut by_file: BTreeMap<&Path, (&Source, Vec<Edit>)> = BTreeMap::new();
        for (source, edit) in &self.edits {
            by_file
                .entry(source.path())
                .or_insert_with(|| (source, Vec::new()))
                .1
                .push(edit.clone());
        }
        let text = |(path, (source, edits)): (&Path, (&Source, Vec<Edit>))| {
            let before = source.exists().then(|| source.text().to_owned());
            (
                path.to_path_buf(),
                before,
                Edit::apply_all(source.text(), &edits),
            )
        };
        Proposal {
            fix: &self.applied,
            texts: by_file.into_iter().map(text).collect(),
        }
    }
}

/// The fixes of one pass. `is_known` are those that were refused or declined before.
pub(super) fn choose(
    outcome: &Outcome,
    safety: Safety,
    sources: &Sources,
    is_known: &dyn Fn(&Applied) -> bool,
) -> Vec<Chosen> {
    let mut taken: FxHashMap<FileId, Vec<Edit>> = FxHashMap::default();
    let mut chosen: Vec<Chosen> = Vec::new();
    let mut groups = Groups::default();
    for diagnostic in &outcome.diagnostics {
        let Some(fix) = diagnostic
            .fix
            .as_ref()
            .filter(|fix| fix.safety >= safety && fix.safety > Safety::Suggest)
        else {
            continue;
        };
        let applied = describe(diagnostic, fix, sources);
        if fix.edits.is_empty() || is_known(&applied) {
            continue;
        }
        let clashes = |edit: &Edit| {
            taken
                .get(&edit.span.file)
                .is_some_and(|others| others.iter().any(|other| edits::touch(edit, other)))
        };
        if fix.edits.iter().any(clashes) {
            // The same repair of several services that share the text is one repair.
            let same = |other: &&mut Chosen| {
                other.edits.len() == fix.edits.len()
                    && other.edits.iter().all(|(_, edit)| fix.edits.contains(edit))
            };
            if let Some(same) = chosen.iter_mut().find(same) {
                same.keys.push(key(diagnostic));
                same.services.extend(diagnostic.service.clone());
            }
            continue;
        }
        for edit in &fix.edits {
            taken.entry(edit.span.file).or_default().push(edit.clone());
        }
        let edits: Vec<(Source, Edit)> = fix
            .edits
            .iter()
            .map(|edit| (sources.get(edit.span.file), edit.clone()))
            .collect();
        let own = group_of(
            &outcome.directories,
            sources.get(diagnostic.span.file).path(),
        );
        let touched = edits
            .iter()
            .map(|(source, _)| group_of(&outcome.directories, source.path()));
        groups.join(touched.chain([own.clone()]));
        let services = diagnostic.service.iter().cloned().collect();
        let hides_others = diagnostic.severity == Severity::Error;
        let told = diagnostic
            .labels
            .iter()
            .map(|label| sources.get(label.span.file).slice(label.span).to_owned())
            .collect();
        chosen.push(Chosen {
            applied,
            keys: vec![key(diagnostic)],
            services,
            hides_others,
            told,
            edits,
            group: own,
        });
    }
    for fix in &mut chosen {
        fix.group = groups.find(&fix.group);
    }
    chosen
}

/// The outermost project that a path lies in, or its own directory.
pub(super) fn group_of(directories: &[PathBuf], path: &Path) -> PathBuf {
    let is_known = |above: &&Path| {
        directories
            .binary_search_by(|known| order(known, above))
            .is_ok()
    };
    let outermost = path.ancestors().skip(1).filter(is_known).last();
    outermost.or(path.parent()).unwrap_or(path).to_path_buf()
}

pub(super) fn key(diagnostic: &Diagnostic) -> Key {
    (
        diagnostic.rule,
        diagnostic.service.clone(),
        diagnostic.message.clone(),
    )
}

fn describe(diagnostic: &Diagnostic, fix: &Fix, sources: &Sources) -> Applied {
    let mut files: Vec<PathBuf> = fix
        .edits
        .iter()
        .map(|edit| sources.get(edit.span.file).path().to_path_buf())
        .collect();
    files.sort();
    files.dedup();
    Applied {
        rule: diagnostic.rule,
        message: diagnostic.message.clone(),
        title: fix.title.clone(),
        safety: fix.safety,
        files,
    }
}

/// Projects that a fix ties together.
#[derive(Default)]
struct Groups {
    above: FxHashMap<PathBuf, PathBuf>,
}

impl Groups {
    fn find(&self, group: &Path) -> PathBuf {
        let mut at = group;
        while let Some(above) = self.above.get(at) {
            at = above;
        }
        at.to_path_buf()
    }

    fn join(&mut self, all: impl Iterator<Item = PathBuf>) {
        let mut roots = all.map(|group| self.find(&group)).collect::<Vec<_>>();
        roots.sort();
        roots.dedup();
        let mut roots = roots.into_iter();
        let Some(first) = roots.next() else { return };
        for other in roots {
            self.above.insert(other, first.clone());
        }
    }
}
