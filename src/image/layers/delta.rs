//! What edits change in the file system of a stage.

use crate::image::{Copied, glob, path};
use crate::text::Span;

use super::cause::StageChange;

/// How sure it is that something is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// It is.
    Certain,
    /// It may well be.
    Possible,
}

/// What is different in a stage.
#[derive(Clone, Debug, Default)]
pub(super) struct Delta {
    touched: Vec<(String, Certainty)>,
    /// An instruction that may have changed anything.
    anything: Option<Span>,
    /// An instruction that installed something, so that anything but the project's own files may be
    /// different.
    installed: Option<Installed>,
    /// Symbolic links that a RUN has made, and where they lead. They do not differ themselves.
    links: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
struct Installed {
    run: Span,
    /// The places of the project's own files, which it leaves alone.
    spared: Vec<String>,
}

/// More paths than that stand for anything.
const MOST_PATHS: usize = 1000;

/// More links are not followed.
const MOST_LINKS: usize = 40;

impl Delta {
    /// A path is different, with all below it.
    pub(super) fn touch(&mut self, path: String, certainty: Certainty) {
        let is_full = self.touched.len() >= MOST_PATHS;
        let (path, certainty) = if is_full {
            ("/".to_owned(), Certainty::Possible)
        } else {
            (path, certainty)
        };
        match self.touched.iter_mut().find(|(known, _)| *known == path) {
            Some((_, known)) => *known = certainty.min(*known),
            None => self.touched.push((path, certainty)),
        }
    }

    /// This instruction may have changed anything.
    pub(super) fn everything(&mut self, by: Span) {
        self.anything.get_or_insert(by);
    }

    /// This instruction installed something, and left alone what lies at these places.
    pub(super) fn install(&mut self, run: Span, spared: Vec<String>) {
        self.installed.get_or_insert(Installed { run, spared });
    }

    /// A symbolic link leads somewhere.
    pub(super) fn link(&mut self, link: String, target: String) {
        if self.links.len() < MOST_LINKS {
            self.links.push((link, target));
        }
    }

    /// Where a path leads, when there is a symbolic link on the way.
    fn behind_links(&self, path: &str) -> Option<String> {
        let mut real: Option<String> = None;
        for _ in 0..MOST_LINKS {
            let path = real.as_deref().unwrap_or(path);
            let next = self
                .links
                .iter()
                .rev()
                .find_map(|(link, target)| Some(path::join(target, path::below(path, link)?)));
            match next.filter(|next| next != path) {
                Some(next) => real = Some(next),
                None => break,
            }
        }
        real
    }

    /// Whether something at, below or around a path, which may be a pattern, is different.
    pub(super) fn hit(&self, source: &str) -> Option<Certainty> {
        let real = self
            .behind_links(source)
            .and_then(|real| self.hit_at(&real));
        self.hit_at(source).into_iter().chain(real).min()
    }

    fn hit_at(&self, source: &str) -> Option<Certainty> {
        let touched = self
            .touched
            .iter()
            .filter(|(touched, _)| is_in(touched, source))
            .map(|(_, certainty)| *certainty);
        touched
            .min()
            .or_else(|| self.made(source).map(|_| Certainty::Possible))
    }

    /// The instruction that may have made a path different.
    fn made(&self, source: &str) -> Option<Span> {
        let is_spared = |installed: &&Installed| {
            !installed
                .spared
                .iter()
                .any(|spared| path::below(source, spared).is_some())
        };
        self.anything.or_else(|| {
            self.installed
                .as_ref()
                .filter(is_spared)
                .map(|installed| installed.run)
        })
    }

    /// What is different, for a cause of this certainty.
    pub(super) fn reason(&self, certainty: Certainty) -> StageChange {
        let made = self
            .anything
            .or(self.installed.as_ref().map(|installed| installed.run));
        let touched = self.touched.iter().find(|(_, known)| *known == certainty);
        match (touched, made) {
            (None, Some(span)) => StageChange::Made(span),
            (Some(_), Some(span)) if certainty == Certainty::Possible => StageChange::Made(span),
            (touched, _) => {
                StageChange::Path(touched.map(|(path, _)| path.clone()).unwrap_or_default())
            }
        }
    }

    /// What `COPY --from` takes over of it: paths in the stage that copies.
    pub(super) fn arrivals(&self, copied: &Copied) -> Vec<(String, Certainty)> {
        let Some(destination) = copied.destination.as_deref() else {
            let any = copied
                .sources
                .iter()
                .filter_map(|source| self.hit(&source.path))
                .min();
            return any
                .map(|certainty| ("/".to_owned(), certainty))
                .into_iter()
                .collect();
        };
        let mut arrived = Vec::new();
        for source in &copied.sources {
            let real = self.behind_links(&source.path);
            for (touched, certainty) in &self.touched {
                let linked = || below_source(touched, real.as_deref()?);
                let Some(below) = below_source(touched, &source.path).or_else(linked) else {
                    continue;
                };
                if !below.is_empty() && is_excluded(&copied.excluded, &below) {
                    continue;
                }
                let name = || path::join(destination, path::name(&source.path));
                arrived.push(match () {
                    () if copied.parents => (path::join(destination, touched), *certainty),
                    () if !below.is_empty() => (path::join(destination, &below), *certainty),
                    () if copied.into_directory && touched == &source.path => (name(), *certainty),
                    () => (destination.to_owned(), *certainty),
                });
            }
            if self.made(&source.path).is_some() {
                arrived.push((destination.to_owned(), Certainty::Possible));
            }
        }
        arrived
    }
}

/// Whether a path lies at, below or around what a source names.
fn is_in(touched: &str, source: &str) -> bool {
    below_source(touched, source).is_some()
}

/// What is left of a path below a source, which may be a pattern; empty also for a path around it.
fn below_source(touched: &str, source: &str) -> Option<String> {
    if path::is_glob(source) {
        return below_pattern(
            touched.trim_start_matches('/'),
            source.trim_start_matches('/'),
        );
    }
    let around = || path::below(source, touched).map(|_| String::new());
    path::below(touched, source)
        .map(str::to_owned)
        .or_else(around)
}

/// The same for a pattern of COPY, whose stars match no `/`: what is left of `path` below what it
/// matches.
pub(crate) fn below_pattern(path: &str, pattern: &str) -> Option<String> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    for pattern in pattern.split('/').filter(|part| !part.is_empty()) {
        match parts.next() {
            // It is around what the pattern matches.
            None => return Some(String::new()),
            Some(part) if glob::matches(pattern, part) => {}
            Some(_) => return None,
        }
    }
    Some(parts.collect::<Vec<_>>().join("/"))
}

/// Whether a pattern of `COPY --parents`, in which `**` stands for any directories, matches a path
/// or what is around it.
pub(super) fn matches_deep(path: &str, pattern: &str) -> bool {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    // Which parts of the path the pattern may have reached.
    let mut reached: Vec<usize> = vec![0];
    for pattern in pattern
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
    {
        reached = match pattern {
            "**" => (reached.first().copied().unwrap_or(parts.len())..=parts.len()).collect(),
            _ => reached
                .iter()
                .filter(|at| {
                    parts
                        .get(**at)
                        .is_some_and(|part| glob::matches(pattern, part))
                })
                .map(|at| at + 1)
                .collect(),
        };
        if reached.is_empty() {
            return false;
        }
    }
    true
}

/// Whether `--exclude` leaves out a path below a source.
pub(super) fn is_excluded(patterns: &[String], below: &str) -> bool {
    let matches = |pattern: &String| {
        let pattern = pattern.trim_start_matches('/');
        below_pattern(below, pattern)
            .is_some_and(|_| pattern.matches('/').count() <= below.matches('/').count())
    };
    patterns.iter().any(matches)
}
