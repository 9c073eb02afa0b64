//! `composelint override`: prints the development override that a project lacks, writes it where it
//! belongs, or compares the one that is there.

use std::path::{Path, PathBuf};

use anyhow::bail;
use serde::Serialize;

use super::arguments::{Mode, Override};
use super::chosen::{self, Prefer};
use super::{Setting, Status, terminal};
use crate::disk;
use crate::overrides::{self, Options, drift, recipes};
use crate::project::{Project, user_annotations};
use crate::report::Format;
use crate::text::Source;

pub(super) fn run(setting: &Setting, arguments: Override) -> anyhow::Result<Status> {
    let (path, file) = places(setting, &arguments);
    let to: Option<PathBuf> = file.map(|path| setting.absolute(&path));
    let mode = arguments.mode.map(|mode| match mode {
        Mode::Mount => user_annotations::Mode::Mount,
        Mode::Watch => user_annotations::Mode::Watch,
    });
    let done = chosen::preferring(Prefer::Development, setting, path, |view, project| {
        if let Some(unknown) = arguments
            .services
            .iter()
            .find(|name| project.service(name).is_none())
        {
            bail!("there is no service `{unknown}`");
        }
        let options = Options {
            view,
            to: to.as_deref(),
            mode,
            services: &arguments.services,
        };
        if arguments.check {
            return check(setting, &drift::check(project, &options));
        }
        let found = overrides::generate(project, &options);
        print_or_write(setting, &arguments, &found)?;
        if arguments.recipes {
            print_or_write_recipes(setting, &arguments, project, &options)?;
        }
        Ok(Status::Clean)
    })?;
    Ok(done.unwrap_or(Status::Failed))
}

/// What a comparison gave, for programs.
#[derive(Serialize)]
struct Compared {
    file: String,
    exists: bool,
    differences: Vec<Difference>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Difference {
    /// Of the override; nothing when it is not there.
    line: Option<usize>,
    text: String,
}

fn check(setting: &Setting, drift: &drift::Drift) -> anyhow::Result<Status> {
    let name = setting.relative(drift.source.path());
    let status = if drift.differences.is_empty() {
        Status::Clean
    } else {
        Status::Findings
    };
    if setting.format == Format::Json {
        let line = |difference: &drift::Difference| {
            Some(drift.source.lines().line(difference.place?.start) as usize + 1)
        };
        let told = |difference: &drift::Difference| Difference {
            line: line(difference),
            text: difference.text.clone(),
        };
        let differences = drift.differences.iter().map(told).collect();
        let compared = Compared {
            file: name,
            exists: drift.source.exists(),
            differences,
            notes: drift.notes.clone(),
        };
        setting.print(false, |out| {
            serde_json::to_writer_pretty(&mut *out, &compared)?;
            writeln!(out)
        })?;
        return Ok(status);
    }
    setting.print_source(|out| {
        for difference in &drift.differences {
            let place = difference
                .place
                .map(|place| drift.source.lines().line(place.start) + 1);
            match place {
                Some(line) => writeln!(out, "{name}:{line}: {}", difference.text)?,
                None => writeln!(out, "{name}: {}", difference.text)?,
            }
        }
        Ok(())
    })?;
    drift.notes.iter().for_each(|note| terminal::note(note));
    match (drift.differences.len(), drift.source.exists()) {
        (0, true) => terminal::note(&format!(
            "{name} is what would be generated, as far as composelint says anything there"
        )),
        (0, false) => terminal::note("no override is needed"),
        (_, true) => terminal::note(&format!(
            "`composelint override --write` adds to {name} what is missing; what is out of date is to be deleted or changed by hand"
        )),
        (_, false) => terminal::note(&format!(
            "there is no {name}; `composelint override --write` writes it"
        )),
    }
    Ok(status)
}

fn print_or_write(
    setting: &Setting,
    arguments: &Override,
    found: &overrides::Override,
) -> anyhow::Result<()> {
    let name = setting.relative(found.target.path());
    if found.unchanged {
        terminal::note(&format!("nothing to add to {name}"));
    } else if arguments.write.is_none() {
        setting.print_source(|out| write!(out, "{}", found.text))?;
    } else {
        write(setting, &found.target, &found.text)?;
    }
    found.notes.iter().for_each(|note| terminal::note(note));
    Ok(())
}

fn print_or_write_recipes(
    setting: &Setting,
    arguments: &Override,
    project: &Project<'_>,
    options: &Options<'_>,
) -> anyhow::Result<()> {
    let found = recipes::generate(project, options);
    let name = setting.relative(found.source.path());
    if found.added.is_empty() {
        terminal::note(&format!("nothing to add to {name}"));
    } else if arguments.write.is_none() || !found.source.exists() {
        setting.print_source(|out| write!(out, "\n{}", found.added))?;
        terminal::note(&format!("these targets are for {name}"));
    } else {
        write(setting, &found.source, &found.text)?;
    }
    Ok(())
}

fn write(setting: &Setting, source: &Source, text: &str) -> anyhow::Result<()> {
    let (path, name): (&Path, _) = (source.path(), setting.relative(source.path()));
    let before = source.exists().then(|| source.text().as_bytes());
    if let Err(error) = disk::replace(path, before, text.as_bytes()) {
        bail!("{name} was not written: {error}");
    }
    terminal::note(&format!(
        "{} {name}",
        if before.is_some() {
            "extended"
        } else {
            "wrote"
        }
    ));
    Ok(())
}

/// The project's path and the file to write. In `--write DIRECTORY` the directory is the project's:
/// it is no file to write.
fn places(setting: &Setting, arguments: &Override) -> (Option<PathBuf>, Option<PathBuf>) {
    let named = arguments.write.clone().flatten();
    match (&arguments.path, named) {
        (None, Some(directory)) if setting.absolute(&directory).is_dir() => (Some(directory), None),
        (path, file) => (path.clone(), file),
    }
}
