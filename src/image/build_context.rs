//! What enters a build context: the files that a build is sent, what the ignore file keeps out, and
//! what of the rest is of no use to a build.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::files::Files;
use crate::image::layers::below_pattern;
use crate::image::{Action, Context, CopyFrom, Image, SourceKind, path};
use crate::knowledge::noise;
use crate::text::Span;

/// A number of files and their size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// How many.
    pub files: u64,
    /// How large, in bytes.
    pub bytes: u64,
}

/// What a build context holds.
#[derive(Debug, Default)]
pub struct Sent {
    /// What the ignore file lets through.
    pub all: Amount,
    /// What of that some instruction takes. BuildKit is sent no more than that.
    pub taken: Amount,
    /// The first instruction that takes all of the context.
    pub whole: Option<Span>,
    /// Directories of the context down to the second level, and the files at its top (an empty
    /// path), with what is taken of them, the largest first.
    pub directories: Vec<(String, Amount)>,
    /// The largest files that are taken.
    pub largest: Vec<(String, u64)>,
    /// What each pattern of the ignore file keeps out, in its order.
    pub ignored: Vec<Ignored>,
    /// What is taken and of no use, the largest first.
    pub useless: Vec<Useless>,
    /// Whether the tree is so large that not all of it was looked at.
    pub is_cut: bool,
}

/// What a pattern of the ignore file keeps out.
#[derive(Debug)]
pub struct Ignored {
    /// The pattern.
    pub pattern: String,
    /// Where it stands.
    pub span: Span,
    /// How much.
    pub amount: Amount,
}

/// Something that is taken and that no build needs.
#[derive(Debug)]
pub struct Useless {
    /// The pattern that would keep it out.
    pub pattern: String,
    /// What it is.
    pub what: &'static str,
    /// How much.
    pub amount: Amount,
    /// One of the paths.
    pub example: String,
}

/// How many names are looked at; a larger context is told as such.
const MOST_NAMES: usize = 1_000_000;

/// How many of the largest files are kept.
const MOST_LARGEST: usize = 10;

/// Looks through the context of a build. `unwanted` are paths in it that the project's version
/// control leaves out.
pub fn sent(files: &dyn Files, image: &Image, unwanted: &[String]) -> Sent {
    let sources = sources(image);
    let whole = sources
        .iter()
        .find(|source| source.pattern.is_empty())
        .map(|source| source.copy);
    let mut walk = Walk {
        files,
        context: &image.context,
        sources,
        unwanted: unwanted.iter().map(String::as_str).collect(),
        uses_git: image
            .history()
            .iter()
            .any(|step| step_names(image, step.span, "git")),
        names: 0,
        directories: FxHashMap::default(),
        ignored: FxHashMap::default(),
        useless: FxHashMap::default(),
        sent: Sent {
            whole,
            ..Sent::default()
        },
    };
    walk.directory();
    walk.finish()
}

/// What an instruction takes of the context.
struct Source {
    /// A pattern; empty for all.
    pattern: String,
    /// Whether it names one file and nothing else.
    is_file: bool,
    copy: Span,
}

fn sources(image: &Image) -> Vec<Source> {
    let mut sources = Vec::new();
    for step in image
        .needed()
        .into_iter()
        .flat_map(|stage| &image.stages[stage].steps)
    {
        match &step.action {
            Action::Copy(copied) if copied.from == CopyFrom::Context => {
                for source in &copied.sources {
                    let pattern = match source.kind {
                        SourceKind::Remote | SourceKind::Inside => continue,
                        // It may be anything.
                        SourceKind::Unknown => String::new(),
                        _ => source.path.clone(),
                    };
                    sources.push(Source {
                        pattern,
                        is_file: source.kind == SourceKind::File,
                        copy: step.span,
                    });
                }
            }
            Action::Run(run) => {
                for mount in run
                    .mounts
                    .iter()
                    .filter(|mount| mount.kind == "bind" && mount.from == CopyFrom::Context)
                {
                    let pattern = path::join("/", mount.source.as_deref().unwrap_or_default())
                        .trim_start_matches('/')
                        .to_owned();
                    sources.push(Source {
                        pattern,
                        is_file: false,
                        copy: step.span,
                    });
                }
            }
            _ => {}
        }
    }
    sources
}

fn step_names(image: &Image, span: Span, word: &str) -> bool {
    let text = image.dockerfile.tree.source.slice(span);
    text.split(|c: char| !c.is_alphanumeric() && c != '-')
        .any(|part| part == word)
}

/// A directory that is still to be looked at.
struct Open {
    host: PathBuf,
    path: String,
    /// The pattern that keeps all of it out.
    ignored: Option<Span>,
    /// The useless thing that it lies in.
    useless: Option<String>,
}

struct Walk<'w> {
    files: &'w dyn Files,
    context: &'w Context,
    sources: Vec<Source>,
    unwanted: Vec<&'w str>,
    uses_git: bool,
    names: usize,
    directories: FxHashMap<String, Amount>,
    ignored: FxHashMap<Span, Amount>,
    useless: FxHashMap<String, Useless>,
    sent: Sent,
}

impl Walk<'_> {
    fn directory(&mut self) {
        let mut open = vec![Open {
            host: self.context.directory.clone(),
            path: String::new(),
            ignored: None,
            useless: None,
        }];
        while let Some(directory) = open.pop() {
            for entry in self.files.list(&directory.host).iter() {
                self.names += 1;
                if self.names > MOST_NAMES {
                    self.sent.is_cut = true;
                    return;
                }
                let path = if directory.path.is_empty() {
                    entry.name.clone()
                } else {
                    format!("{}/{}", directory.path, entry.name)
                };
                let host = directory.host.join(&entry.name);
                let decided = directory.ignored.or_else(|| {
                    self.context
                        .patterns
                        .decide(&path)
                        .filter(|pattern| !pattern.negated)
                        .map(|pattern| pattern.span)
                });
                if !entry.is_directory {
                    self.file(
                        &host,
                        &path,
                        decided,
                        directory.useless.as_deref(),
                        &entry.name,
                    );
                    continue;
                }
                // What lies in it may be taken back, unless the whole of it is out.
                let is_out = decided.is_some() && self.context.is_ignored(&host, true);
                let useless = directory.useless.clone().or_else(|| {
                    self.useless_thing(&path, &entry.name, true)
                        .filter(|_| decided.is_none())
                });
                open.push(Open {
                    host,
                    path,
                    ignored: decided.filter(|_| is_out),
                    useless,
                });
            }
        }
    }

    fn file(
        &mut self,
        host: &Path,
        path: &str,
        ignored: Option<Span>,
        useless: Option<&str>,
        name: &str,
    ) {
        let bytes = self.files.size(host).unwrap_or(0);
        if let Some(span) = ignored {
            add(self.ignored.entry(span).or_default(), bytes);
            return;
        }
        add(&mut self.sent.all, bytes);
        let mut takers = self.sources.iter().filter(|source| {
            source.pattern.is_empty() || below_pattern(path, &source.pattern).is_some()
        });
        let Some(taker) = takers.next() else { return };
        // Who names a file wants it.
        let is_named = taker.is_file || takers.any(|taker| taker.is_file);
        add(&mut self.sent.taken, bytes);
        self.place(path, bytes);
        if is_named {
            return;
        }
        let thing = useless
            .map(str::to_owned)
            .or_else(|| self.useless_thing(path, name, false));
        if let Some(found) = thing.and_then(|pattern| self.useless.get_mut(&pattern)) {
            add(&mut found.amount, bytes);
        }
    }

    /// The pattern of the useless thing that a name stands for, noted down.
    fn useless_thing(&mut self, path: &str, name: &str, is_directory: bool) -> Option<String> {
        let is_unwanted = || {
            self.unwanted
                .iter()
                .any(|unwanted| unwanted.trim_end_matches('/') == path)
        };
        let (pattern, what) = match noise::of(name, is_directory) {
            Some(found) if found.name == ".git" && self.uses_git => return None,
            Some(found) if path.contains('/') => (format!("**/{}", found.name), found.what),
            Some(found) => (found.name.to_owned(), found.what),
            None if is_unwanted() => (path.to_owned(), "git ignores it"),
            None => return None,
        };
        let new = || Useless {
            pattern: pattern.clone(),
            what,
            amount: Amount::default(),
            example: path.to_owned(),
        };
        self.useless.entry(pattern.clone()).or_insert_with(new);
        Some(pattern)
    }

    /// Notes where something lies that is taken.
    fn place(&mut self, path: &str, bytes: u64) {
        let mut parts = path.match_indices('/').map(|(at, _)| &path[..=at]);
        let directories = [parts.next().or(Some("")), parts.next()];
        for directory in directories.into_iter().flatten() {
            add(
                self.directories.entry(directory.to_owned()).or_default(),
                bytes,
            );
        }
        let largest = &mut self.sent.largest;
        if largest.len() == MOST_LARGEST && largest.last().is_some_and(|(_, least)| *least >= bytes)
        {
            return;
        }
        let at = largest.partition_point(|(_, known)| *known >= bytes);
        largest.insert(at, (path.to_owned(), bytes));
        largest.truncate(MOST_LARGEST);
    }

    fn finish(self) -> Sent {
        let mut sent = self.sent;
        sent.directories = self.directories.into_iter().collect();
        sent.directories.sort_by(|(one, first), (other, second)| {
            second.bytes.cmp(&first.bytes).then_with(|| one.cmp(other))
        });
        let patterns = self
            .context
            .patterns
            .iter()
            .filter(|pattern| !pattern.negated);
        sent.ignored = patterns
            .map(|pattern| Ignored {
                pattern: pattern.text.clone(),
                span: pattern.span,
                amount: self.ignored.get(&pattern.span).copied().unwrap_or_default(),
            })
            .collect();
        sent.useless = self
            .useless
            .into_values()
            .filter(|useless| useless.amount.files > 0)
            .collect();
        sent.useless.sort_by(|one, other| {
            other
                .amount
                .bytes
                .cmp(&one.amount.bytes)
                .then_with(|| one.pattern.cmp(&other.pattern))
        });
        sent
    }
}

fn add(amount: &mut Amount, bytes: u64) {
    amount.files += 1;
    amount.bytes += bytes;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn look(files: &[(&str, &str)], unwanted: &[&str]) -> Sent {
        let workspace = testing::workspace(&testing::files(files));
        let unwanted: Vec<String> = unwanted.iter().map(|path| (*path).to_owned()).collect();
        sent(workspace.files(), &testing::image(workspace), &unwanted)
    }

    fn patterns(sent: &Sent) -> Vec<(&str, u64)> {
        sent.useless
            .iter()
            .map(|useless| (useless.pattern.as_str(), useless.amount.files))
            .collect()
    }

    #[test]
    fn a_copy_of_everything_takes_what_no_pattern_keeps_out() {
        let sent = look(
            &[
                ("Dockerfile", "FROM a\nCOPY . .\n"),
                (".dockerignore", "data\n!data/keep\n*.tmp\n"),
                ("data/a", "12345"),
                ("data/keep", "1"),
                ("src/a.py", "123"),
                ("x.tmp", "1234567"),
            ],
            &[],
        );
        assert_eq!((sent.all.files, sent.taken.files), (4, 4));
        let ignored: Vec<_> = sent
            .ignored
            .iter()
            .map(|ignored| (ignored.pattern.as_str(), ignored.amount.bytes))
            .collect();
        assert_eq!(ignored, [("data", 5), ("*.tmp", 7)]);
        assert!(sent.whole.is_some() && !sent.is_cut);
    }

    #[test]
    fn what_no_instruction_names_is_not_sent() {
        let sent = look(
            &[
                (
                    "Dockerfile",
                    "FROM a\nCOPY src/*.py /x/\nRUN --mount=type=bind,source=conf,target=/c y\n",
                ),
                ("src/a.py", "1"),
                ("src/b.c", "1"),
                ("conf/d/e", "1"),
                ("z", "1"),
            ],
            &[],
        );
        assert_eq!((sent.all.files, sent.taken.files, sent.whole), (5, 2, None));
    }

    #[test]
    fn caches_are_useless_and_a_file_that_is_named_is_not() {
        let files = [
            ("Dockerfile", "FROM a\nCOPY app.log /\nCOPY . .\n"),
            ("app.log", "1"),
            ("other.log", "1"),
            (".git/objects/a", "123"),
            ("web/node_modules/x/y.js", "1"),
            ("out/made", "1"),
        ];
        let sent = look(&files, &["out/"]);
        assert_eq!(
            patterns(&sent),
            [
                ("Dockerfile", 1),
                (".git", 1),
                ("**/node_modules", 1),
                ("*.log", 1),
                ("out", 1)
            ]
        );
    }

    #[test]
    fn history_is_of_use_to_a_build_that_asks_git() {
        let files = [
            (
                "Dockerfile",
                "FROM a\nCOPY . .\nRUN git describe > /version\n",
            ),
            (".git/HEAD", "1"),
            (".dockerignore", "Dockerfile\n.dockerignore\n"),
        ];
        assert_eq!(patterns(&look(&files, &[])), []);
    }
}
