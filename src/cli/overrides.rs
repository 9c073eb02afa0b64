//! `composelint override`: prints the development override that a project lacks, or writes it where it belongs.

use std::path::PathBuf;

use anyhow::bail;

use super::arguments::Override;
use super::{Setting, Status, chosen, terminal};
use crate::disk;
use crate::overrides::{self, Options};

pub(super) fn run(setting: &Setting, arguments: Override) -> anyhow::Result<Status> {
    let (path, file) = places(setting, &arguments);
    let to: Option<PathBuf> = file.map(|path| setting.absolute(&path));
    let done = chosen::with(setting, path, |view, project| {
        let found = overrides::generate(project, &Options { view, to: to.as_deref() });
        print_or_write(setting, &arguments, &found)
    })?;
    Ok(if done.is_some() { Status::Clean } else { Status::Failed })
}

fn print_or_write(setting: &Setting, arguments: &Override, found: &overrides::Override) -> anyhow::Result<()> {
    let path = found.target.path();
    let name = setting.relative(path);
    if found.unchanged {
        terminal::note(&format!("nothing to add to {name}"));
    } else if arguments.write.is_none() {
        setting.print_source(|out| write!(out, "{}", found.text))?;
    } else {
        let before = found.target.exists().then(|| found.target.text().as_bytes());
        if let Err(error) = disk::replace(path, before, found.text.as_bytes()) {
            bail!("{name} was not written: {error}");
        }
        terminal::note(&format!("{} {name}", if before.is_some() { "extended" } else { "wrote" }));
    }
    found.notes.iter().for_each(|note| terminal::note(note));
    Ok(())
}

/// The project's path and the file to write. In `--write DIRECTORY` the directory is the project's: it is no file to write.
fn places(setting: &Setting, arguments: &Override) -> (Option<PathBuf>, Option<PathBuf>) {
    let named = arguments.write.clone().flatten();
    match (&arguments.path, named) {
        (None, Some(directory)) if setting.absolute(&directory).is_dir() => (Some(directory), None),
        (path, file) => (path.clone(), file),
    }
}
