//! One pass: fixes found in the same texts, tried project by project until each is known to hold or
//! not.
//!
//! All are tried at once. In a project where something breaks, each half of the fixes is tried by
//! itself, so that a few bad ones among many cost few checks; all projects are searched together,
//! one check a round.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::choose::{Chosen, Key, group_of, key};
use super::marks::Made;
use super::{Applied, model};
use crate::diagnostic::{Diagnostic, Edit, Severity};
use crate::lint::{Model, Outcome};
use crate::text::{Source, Sources};

type Texts = BTreeMap<PathBuf, String>;

/// The state of a pass.
pub(super) struct Pass {
    groups: BTreeMap<PathBuf, Group>,
    /// How often each finding was made before, and those that were let pass since.
    before: FxHashMap<Key, usize>,
    models: Vec<Model>,
}

/// The fixes of one project.
#[derive(Default)]
struct Group {
    held: Vec<Chosen>,
    refused: Vec<(Applied, String)>,
    /// What is tried now.
    attempt: Vec<Chosen>,
    /// What is still to be tried, the next at the end.
    waiting: Vec<Vec<Chosen>>,
}

impl Pass {
    pub(super) fn new(chosen: Vec<Chosen>, outcome: Outcome) -> Pass {
        let mut groups: BTreeMap<PathBuf, Group> = BTreeMap::new();
        for fix in chosen {
            let group = groups.entry(fix.group.clone()).or_default();
            match group.waiting.first_mut() {
                Some(all) => all.push(fix),
                None => group.waiting.push(vec![fix]),
            }
        }
        Pass {
            groups,
            before: counted(&outcome),
            models: outcome.models,
        }
    }

    /// Whether nothing is left to be tried.
    pub(super) fn is_done(&self) -> bool {
        self.groups
            .values()
            .all(|group| group.attempt.is_empty() && group.waiting.is_empty())
    }

    /// The texts to be checked next: what holds, and in each project the next fixes that may.
    pub(super) fn attempt(&mut self) -> Texts {
        for group in self.groups.values_mut() {
            if group.attempt.is_empty() {
                group.attempt = group.waiting.pop().unwrap_or_default();
            }
        }
        let tried = self
            .groups
            .values()
            .flat_map(|group| texts_of(group.held.iter().chain(&group.attempt)));
        tried.map(|(path, text, _)| (path, text)).collect()
    }

    /// Takes the check of an attempt: what held, what did not. Whether all of it held.
    pub(super) fn judge(&mut self, outcome: &Outcome, sources: &Sources) -> bool {
        let mut all_held = true;
        let mut let_pass: Vec<(PathBuf, Key)> = Vec::new();
        let faults = self.faults(outcome, sources, &mut let_pass);
        for (name, group) in &mut self.groups {
            if group.attempt.is_empty() {
                continue;
            }
            let fault = faults
                .iter()
                .find(|(of, _)| of.as_deref().is_none_or(|of| of == name.as_path()));
            let mut attempt = std::mem::take(&mut group.attempt);
            match fault {
                None => {
                    group.held.extend(attempt);
                    for (_, key) in let_pass.iter().filter(|(of, _)| of == name) {
                        *self.before.entry(key.clone()).or_default() += 1;
                    }
                }
                Some((_, reason)) => {
                    all_held = false;
                    if attempt.len() == 1 {
                        group
                            .refused
                            .extend(attempt.into_iter().map(|fix| (fix.applied, reason.clone())));
                    } else {
                        let others = attempt.split_off(attempt.len() / 2);
                        group.waiting.extend([others, attempt]);
                    }
                }
            }
        }
        all_held
    }

    /// What is wrong with an attempt, and in which project; in all of them where that is not known.
    fn faults(
        &self,
        outcome: &Outcome,
        sources: &Sources,
        let_pass: &mut Vec<(PathBuf, Key)>,
    ) -> Vec<(Option<PathBuf>, String)> {
        let mut faults = Vec::new();
        let after = counted(outcome);
        for (name, group) in &self.groups {
            for key in group.attempt.iter().flat_map(|fix| &fix.keys) {
                let Some(after) = after.get(key) else {
                    continue;
                };
                // The same may be said of several places, each with a repair of its own.
                let made = group
                    .held
                    .iter()
                    .chain(&group.attempt)
                    .flat_map(|fix| &fix.keys)
                    .filter(|other| *other == key)
                    .count();
                if after + made > self.before.get(key).copied().unwrap_or_default() {
                    faults.push((
                        Some(name.clone()),
                        format!("the finding is still there afterwards: {}", key.2),
                    ));
                }
            }
        }
        let new = outcome
            .diagnostics
            .iter()
            .map(|finding| (finding, key(finding)));
        for (finding, key) in new.filter(|(_, key)| !self.before.contains_key(key)) {
            let group = self.group_at(&outcome.directories, sources.get(finding.span.file).path());
            if let Some((name, _)) = group.filter(|(_, group)| group.lets_pass(finding, sources)) {
                let_pass.push((name.clone(), key));
                continue;
            }
            let name = group.map(|(name, _)| name.clone());
            faults.push((
                name,
                format!(
                    "it would bring a new finding, {}: {}",
                    finding.rule, finding.message
                ),
            ));
        }
        let models = model::by_directory(&outcome.models);
        for before in &self.models {
            let Some(after) = model::successor(before, &models) else {
                continue;
            };
            let Some((name, group)) = before
                .files
                .first()
                .and_then(|path| self.group_at(&outcome.directories, path))
            else {
                continue;
            };
            // The models before know nothing of the fixes that held since.
            let made = || group.held.iter().chain(&group.attempt);
            let texts = texts_of(made());
            let tried = texts
                .iter()
                .map(|(path, text, made)| (path.as_path(), made.source.text(), text.as_str()));
            let services = made()
                .flat_map(|fix| &fix.services)
                .map(String::as_str)
                .collect::<Vec<_>>();
            if let Some(place) = model::unannounced(before, after, tried, &services) {
                faults.push((
                    Some(name.clone()),
                    format!("it would change {place} as well"),
                ));
            }
        }
        faults
    }

    /// The project with an attempt that a path belongs to.
    fn group_at(&self, directories: &[PathBuf], path: &Path) -> Option<(&PathBuf, &Group)> {
        let touches = |group: &Group| {
            group
                .attempt
                .iter()
                .any(|fix| fix.applied.files.iter().any(|file| file == path))
        };
        let own = self.groups.get_key_value(&group_of(directories, path));
        own.or_else(|| self.groups.iter().find(|(_, group)| touches(group)))
            .filter(|(_, group)| !group.attempt.is_empty())
    }

    /// Each file with what it is to hold, and the edits that make it so.
    pub(super) fn texts(&self) -> Vec<(PathBuf, String, Made)> {
        self.groups
            .values()
            .flat_map(|group| texts_of(&group.held))
            .collect()
    }

    /// What held and what did not, with the reason.
    pub(super) fn into_verdicts(self) -> (Vec<Applied>, Vec<(Applied, String)>) {
        let (mut held, mut refused) = (Vec::new(), Vec::new());
        for group in self.groups.into_values() {
            held.extend(group.held.into_iter().map(|fix| fix.applied));
            refused.extend(group.refused);
        }
        (held, refused)
    }
}

impl Group {
    /// A rule tells the first broken link only: once an edit arrives in a service, what comes next
    /// on its way to the process may be told of that service. So may what the same rule pointed at
    /// beside the finding that is gone, and what could not be told of a project that Docker Compose
    /// refused. Anything else, and every error, is the fault of a fix.
    fn lets_pass(&self, finding: &Diagnostic, sources: &Sources) -> bool {
        let is_of = |service: &String| {
            self.attempt
                .iter()
                .any(|fix| fix.services.contains(service))
        };
        let place = sources
            .get(finding.span.file)
            .slice(finding.span)
            .to_owned();
        let was_told = || {
            self.attempt
                .iter()
                .any(|fix| fix.applied.rule == finding.rule && fix.told.contains(&place))
        };
        finding.severity < Severity::Error
            && (finding.service.as_ref().is_some_and(is_of)
                || was_told()
                || self.attempt.iter().any(|fix| fix.hides_others))
    }
}

/// How often each finding was made, in all views together.
fn counted(outcome: &Outcome) -> FxHashMap<Key, usize> {
    let mut counts = FxHashMap::default();
    for finding in outcome.diagnostics.iter().chain(&outcome.repeated) {
        *counts.entry(key(finding)).or_default() += 1;
    }
    counts
}

/// The texts of the files that these fixes touch, with all of them made.
fn texts_of<'a>(fixes: impl IntoIterator<Item = &'a Chosen>) -> Vec<(PathBuf, String, Made)> {
    let mut by_file: BTreeMap<PathBuf, Vec<(&Source, &Edit, &Applied)>> = BTreeMap::new();
    for fix in fixes {
        for (source, edit) in &fix.edits {
            by_file
                .entry(source.path().to_path_buf())
                .or_default()
                .push((source, edit, &fix.applied));
        }
    }
    let mut texts = Vec::new();
    for (path, edits) in by_file {
        let Some((source, _, _)) = edits.first() else {
            continue;
        };
        let plain: Vec<Edit> = edits.iter().map(|(_, edit, _)| (*edit).clone()).collect();
        let text = Edit::apply_all(source.text(), &plain);
        let made = edits
            .iter()
            .map(|(_, edit, fix)| ((*edit).clone(), *fix))
            .collect();
        texts.push((path, text, Made::new((*source).clone(), made)));
    }
    texts
}
