//! A build context for programs.

use serde::Serialize;

use super::Report;
use crate::image::build_context::Amount;

/// A context.
#[derive(Serialize)]
pub(super) struct Context {
    name: String,
    context: String,
    dockerfile: String,
    ignore_file: Option<String>,
    files: u64,
    bytes: u64,
    /// What the instructions take, which is all that BuildKit is sent.
    taken: Size,
    /// The line of the instruction that takes all of the context.
    whole: Option<u32>,
    complete: bool,
    directories: Vec<Directory>,
    largest: Vec<File>,
    ignored: Vec<Ignored>,
    useless: Vec<Useless>,
    busy: Vec<Busy>,
}

#[derive(Serialize)]
struct Size {
    files: u64,
    bytes: u64,
}

#[derive(Serialize)]
struct Directory {
    path: String,
    files: u64,
    bytes: u64,
}

#[derive(Serialize)]
struct File {
    path: String,
    bytes: u64,
}

#[derive(Serialize)]
struct Ignored {
    pattern: String,
    place: String,
    files: u64,
    bytes: u64,
}

#[derive(Serialize)]
struct Useless {
    pattern: String,
    what: &'static str,
    example: String,
    files: u64,
    bytes: u64,
}

#[derive(Serialize)]
struct Busy {
    path: String,
    commits: usize,
    layers: usize,
    heavy: Vec<u32>,
}

impl Report<'_> {
    pub(super) fn json(&self) -> Context {
        let relative = |path| self.setting.relative(path);
        let sent = &self.sent;
        let Amount { files, bytes } = sent.all;
        Context {
            name: self.build.name.clone(),
            context: relative(&self.image.context.directory),
            dockerfile: relative(self.image.dockerfile.tree.source.path()),
            ignore_file: self
                .image
                .context
                .ignore_file
                .as_ref()
                .map(|source| relative(source.path())),
            files,
            bytes,
            taken: Size {
                files: sent.taken.files,
                bytes: sent.taken.bytes,
            },
            whole: sent.whole.map(|copy| self.line(copy)),
            complete: !sent.is_cut,
            directories: sent
                .directories
                .iter()
                .map(|(path, amount)| Directory {
                    path: path.clone(),
                    files: amount.files,
                    bytes: amount.bytes,
                })
                .collect(),
            largest: sent
                .largest
                .iter()
                .map(|(path, bytes)| File {
                    path: path.clone(),
                    bytes: *bytes,
                })
                .collect(),
            ignored: sent
                .ignored
                .iter()
                .map(|ignored| Ignored {
                    pattern: ignored.pattern.clone(),
                    place: self.pattern_place(ignored.span),
                    files: ignored.amount.files,
                    bytes: ignored.amount.bytes,
                })
                .collect(),
            useless: sent
                .useless
                .iter()
                .map(|useless| Useless {
                    pattern: useless.pattern.clone(),
                    what: useless.what,
                    example: useless.example.clone(),
                    files: useless.amount.files,
                    bytes: useless.amount.bytes,
                })
                .collect(),
            busy: self
                .history
                .iter()
                .flat_map(|(_, busy)| busy)
                .map(|busy| Busy {
                    path: busy.path.clone(),
                    commits: busy.commits,
                    layers: busy.layers,
                    heavy: busy.heavy.clone(),
                })
                .collect(),
        }
    }
}
