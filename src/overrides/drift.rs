//! Where an override that exists says something else than what would be generated now:
//! `composelint override --check`.
//!
//! What is missing is told of any file. What is out of date is told of a file that composelint
//! wrote: in others it is the user's. Only what follows from the project is compared, not what a
//! person may add.

use std::path::Path;

use super::{Options, beside, no_override, proven, with_view};
use crate::compose::View;
use crate::dev::target::Target;
use crate::dev::{Command, DevForm, write};
use crate::project::Project;
use crate::repository::override_files;
use crate::syntax::yaml::{Kind, Node};
use crate::text::{Source, Span};

/// A place where an override has drifted from the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where in the override; nothing when the file is not there.
    pub place: Option<Span>,
    /// What differs and why, a sentence without a full stop.
    pub text: String,
}

/// What an override was compared with, and what came of it.
#[derive(Debug)]
pub struct Drift {
    /// The override; it may not exist.
    pub source: Source,
    /// Where it differs, in the order of the file.
    pub differences: Vec<Difference>,
    /// What could not be compared.
    pub notes: Vec<String>,
}

/// Compares the override of a project with the one that would be generated now.
pub fn check(project: &Project<'_>, options: &Options<'_>) -> Drift {
    let target = options.target(project);
    let source = target.source.clone();
    if target.stands_alone {
        return Drift {
            notes: vec![no_override(project, &target)],
            source,
            differences: Vec::new(),
        };
    }
    let view = beside(options.view, &target);
    let mut differences = with_view(project, &view, &target, |wider| {
        lacking(wider, &view, &target)
    });
    if source.exists() {
        let base = View {
            files: view
                .files
                .iter()
                .filter(|path| *path != source.path())
                .cloned()
                .collect(),
            ..view.clone()
        };
        if !base.files.is_empty() {
            differences.extend(with_view(project, &base, &target, |base_project| {
                outdated(base_project, &base, &target)
            }));
        }
    }
    differences.sort_by_key(|difference| difference.place.map(|place| place.start));
    differences.dedup();
    Drift {
        source,
        differences,
        notes: Vec::new(),
    }
}

/// What would be added.
fn lacking(project: &Project<'_>, view: &View, target: &Target) -> Vec<Difference> {
    let forms = proven(project, view, target, &mut Vec::new());
    let told = |missing: write::Missing| {
        let write::Missing {
            service,
            what,
            why,
            place,
        } = missing;
        let text = match (what.is_empty(), why.is_empty()) {
            (true, _) => format!("`{service}` is not here; it needs {why}"),
            (false, true) => format!("`{service}` lacks {what}"),
            (false, false) => format!("`{service}` lacks {what} ({why})"),
        };
        Difference { place, text }
    };
    write::missing(project, &target.source, &forms)
        .into_iter()
        .map(told)
        .collect()
}

/// What is there and does not follow from the project any more. `project` is the one without the
/// override.
fn outdated(project: &Project<'_>, view: &View, target: &Target) -> Vec<Difference> {
    let parsed = project.workspace().yaml(&target.source);
    let Some(services) = parsed.tree.root().and_then(|root| root.get("services")) else {
        return Vec::new();
    };
    // The forms are those of a new file: what the old one says is not to hide what is wanted.
    let new = target.source.path().with_extension("generated.yaml");
    let empty = Target {
        source: project.workspace().sources().add_missing(&new),
        is_loaded: false,
        ..target.clone()
    };
    let forms = proven(project, view, &empty, &mut Vec::new());
    let mut found = Vec::new();
    for entry in services.entries() {
        let name = entry.key.text().into_owned();
        let says = |key: &str| entry.value.get(key).is_some();
        let is_here = project.service(&name).is_some();
        if !is_here && !says("image") && !says("build") && !says("extends") {
            let text = format!(
                "there is no service `{name}` any more: Docker Compose refuses the project with what is left of it here"
            );
            found.push(Difference {
                place: Some(entry.key.span()),
                text,
            });
        }
        if is_here {
            let nothing = DevForm {
                service: name.clone(),
                ..DevForm::default()
            };
            let form = forms
                .iter()
                .find(|form| form.service == name)
                .unwrap_or(&nothing);
            let is_ours = override_files::is_ours(target.source.text());
            Reader {
                project,
                source: &target.source,
                form,
                is_ours,
                found: &mut found,
            }
            .service(entry.value);
        }
    }
    found
}

/// Compares one service of an override with what is wanted of it.
struct Reader<'r> {
    project: &'r Project<'r>,
    source: &'r Source,
    form: &'r DevForm,
    /// Whether composelint wrote the file.
    is_ours: bool,
    found: &'r mut Vec<Difference>,
}

impl Reader<'_> {
    fn service(&mut self, service: Node<'_>) {
        for volume in service.get("volumes").into_iter().flat_map(Node::items) {
            self.volume(volume);
        }
        for trigger in service
            .get("develop")
            .and_then(|develop| develop.get("watch"))
            .into_iter()
            .flat_map(Node::items)
        {
            if let Some(path) = trigger.get("path") {
                self.exists(path, &path.text());
                self.action(trigger, &path.text());
            }
        }
        if !self.is_ours {
            return;
        }
        self.command(service);
        let target = service.get("build").and_then(|build| build.get("target"));
        let wanted = self
            .form
            .build_target
            .as_ref()
            .map(|target| target.value.as_str());
        self.scalar(target, "build.target", wanted);
        self.scalar(
            service.get("image"),
            "image",
            self.form.image.as_ref().map(|image| image.value.as_str()),
        );
        for entry in service
            .get("environment")
            .into_iter()
            .flat_map(Node::entries)
        {
            let name = entry.key.text();
            let is_wanted = self
                .form
                .environment
                .iter()
                .any(|variable| variable.value.name == name);
            if !is_wanted
                && self
                    .reason(entry.value.span())
                    .is_some_and(|why| why.contains(&format!(" reads `{name}`")))
            {
                let text = format!(
                    "`{}` sets {name}, which what it runs now does not read{}",
                    self.form.service,
                    self.base_place()
                );
                self.tell(entry.key.span(), text);
            }
        }
    }

    /// What a trigger does after files are copied: a process that reloads by itself needs no
    /// restart, another does.
    fn action(&mut self, trigger: Node<'_>, path: &str) {
        let is_restart = trigger
            .get("action")
            .is_some_and(|action| action.text() == "restart");
        let was_generated = || {
            self.reason(trigger.span())
                .is_some_and(|why| why.contains("keeps the code it started with"))
        };
        if self.is_ours
            && is_restart
            && was_generated()
            && !self
                .form
                .restart_on
                .iter()
                .any(|restart| restart.value.host == path)
        {
            self.tell(
                trigger.span(),
                format!(
                    "`{}` needs no restart for edits of {path} any more{}",
                    self.form.service,
                    self.base_place()
                ),
            );
        }
        let sync = self
            .form
            .syncs
            .iter()
            .find(|sync| sync.value.host == path)
            .filter(|_| self.is_ours);
        let wanted = sync.map(|sync| sync.value.then.action());
        let Some((wanted, action)) = wanted.zip(trigger.get("action")) else {
            return;
        };
        if action.text() != wanted && action.text().starts_with("sync") {
            let text = format!(
                "`{}` would now want {wanted} for {path}, and has {}{}",
                self.form.service,
                action.text(),
                self.base_place()
            );
            self.tell(action.span(), text);
        }
    }

    /// The command, where the file says one or the project would now want one that it cannot add
    /// beside.
    fn command(&mut self, service: Node<'_>) {
        let entrypoint = self
            .form
            .entrypoint
            .as_ref()
            .map(|entrypoint| entrypoint.value.clone());
        self.words(service.get("entrypoint"), "entrypoint", entrypoint);
        let command = self
            .form
            .command
            .as_ref()
            .map(|command| match &command.value {
                Command::Words(words) => words.clone(),
                Command::OfImage => Vec::new(),
            });
        self.words(service.get("command"), "command", command);
    }

    fn words(&mut self, there: Option<Node<'_>>, key: &str, wanted: Option<Vec<String>>) {
        let Some(there) = there else { return };
        let said: Vec<String> = match there.kind() {
            Kind::Sequence => there
                .items()
                .map(|item| item.text().replace("$$", "$"))
                .collect(),
            _ if matches!(&*there.text(), "" | "null" | "~") => Vec::new(),
            _ => there.text().split_whitespace().map(str::to_owned).collect(),
        };
        let service = &self.form.service;
        let base = self.base_place();
        match wanted {
            Some(wanted) if wanted == said => {}
            Some(wanted) => {
                let wanted = if wanted.is_empty() {
                    "the one of the image".to_owned()
                } else {
                    quoted(&wanted)
                };
                let text = format!(
                    "{key} of `{service}` would now be {wanted}, and is {}{base}",
                    quoted(&said)
                );
                self.tell(there.span(), text);
            }
            None => {
                let text = format!(
                    "`{service}` needs no {key} of its own any more, and this one hides what the project says{base}"
                );
                self.tell(there.span(), text);
            }
        }
    }

    /// Where the project says what the service runs.
    fn base_place(&self) -> String {
        let Some(service) = self.project.service(&self.form.service) else {
            return String::new();
        };
        let Some(process) = service.processes().first() else {
            return String::new();
        };
        let at = self
            .project
            .workspace()
            .sources()
            .get(process.written_at.file);
        if at.path() == Path::new("") {
            return String::new();
        }
        let line = at.lines().line(process.written_at.start) + 1;
        format!(
            ": {}:{line} starts `{}`",
            self.project.written(at.path()),
            process.words().join(" ")
        )
    }

    fn scalar(&mut self, there: Option<Node<'_>>, key: &str, wanted: Option<&str>) {
        let Some(there) = there.filter(|there| wanted != Some(&*there.text())) else {
            return;
        };
        let service = &self.form.service;
        let text = match wanted {
            Some(wanted) => format!(
                "{key} of `{service}` would now be {wanted}, and is {}",
                there.text()
            ),
            None => format!("`{service}` needs no {key} of its own any more"),
        };
        self.tell(there.span(), text);
    }

    fn volume(&mut self, volume: Node<'_>) {
        let text = volume.text();
        let service = &self.form.service;
        let reason = self.reason(volume.span()).unwrap_or_default();
        match text.split_once(':') {
            None if text.starts_with('/') => {
                let is_wanted = self.form.protected.iter().any(|kept| kept.value == *text);
                let is_generated = [
                    "the image's own packages",
                    "made by the image",
                    "built in the container",
                ];
                if self.is_ours
                    && !is_wanted
                    && is_generated.iter().any(|start| reason.starts_with(start))
                {
                    self.tell(
                        volume.span(),
                        format!("`{service}` has nothing of its own at {text} any more"),
                    );
                }
            }
            Some((host, container)) if host.starts_with('.') => {
                let container = container
                    .split(':')
                    .next()
                    .unwrap_or_default()
                    .trim_end_matches('/');
                let same_host = self.form.binds.iter().find(|bind| bind.value.host == host);
                let is_said = self
                    .form
                    .binds
                    .iter()
                    .any(|bind| bind.value.host == host && bind.value.container == container);
                let is_generated = reason.contains("`COPY ") || reason.contains("`ADD ");
                if !self.exists(volume, host) || is_said || !self.is_ours {
                    return;
                }
                match same_host {
                    Some(bind) if is_generated => {
                        let text = format!(
                            "`{service}` holds {host} at {} now, not at {container} ({})",
                            bind.value.container, bind.why
                        );
                        self.tell(volume.span(), text);
                    }
                    None if is_generated => {
                        self.tell(
                            volume.span(),
                            format!("`{service}` has no copy of {host} at {container} any more that a mount is to lie over"),
                        );
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Tells of a host path that is not there.
    fn exists(&mut self, place: Node<'_>, host: &str) -> bool {
        let path = crate::files::clean(&self.project.directory().join(host));
        let files = self.project.workspace().files();
        let is_there = !host.starts_with('.')
            || host.contains('$')
            || files.is_file(&path)
            || files.is_directory(&path);
        if !is_there && !self.project.is_made_later(&path) {
            self.tell(
                place.span(),
                format!(
                    "`{}` names {host}, which is not there any more",
                    self.form.service
                ),
            );
        }
        is_there
    }

    /// The comment behind a value: the reason that was written with it.
    fn reason(&self, place: Span) -> Option<String> {
        let rest = self
            .source
            .text()
            .get(place.end as usize..)?
            .lines()
            .next()?;
        rest.split_once("# ").map(|(_, reason)| reason.to_owned())
    }

    fn tell(&mut self, place: Span, text: String) {
        self.found.push(Difference {
            place: Some(place),
            text,
        });
    }
}

fn quoted(words: &[String]) -> String {
    format!("`{}`", words.join(" "))
}

#[cfg(test)]
mod tests;
