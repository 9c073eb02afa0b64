//! The fourth link: what makes the process read an edit again.

use std::path::{Path, PathBuf};

use super::Place;
use super::action::Action;
use super::chain::{Cause, Link};
use super::code_origin::Maker;
use super::way::Way;
use crate::image::path;
use crate::knowledge::{self, Family, Language};
use crate::links::code_origin;
use crate::links::reload;
use crate::process::{Process, Reload};
use crate::project::host_paths;
use crate::repository::sources;

const EVENTED: &str = "ActiveSupport::EventedFileUpdateChecker";

impl Place<'_> {
    pub(super) fn read_again(&self, process: &Process, host: &Path, way: &Way) -> (Link, Action) {
        let container = way.container.as_deref().unwrap_or_default();
        let at = Some(process.written_at);
        if way.is_link {
            let text = "Docker follows the link when the container starts";
            return (Link::no(Cause::ReadAtStart, text, at), Action::Restart);
        }
        if let Some(checked) = self.checks_health_by(process, container) {
            let link = Link::yes("each check reads it again", Some(checked));
            return (link, Action::None);
        }
        let is_read_at_start = self.step_in(process, host).is_some()
            || self.copied_at_start(process, container).is_some();
        if is_read_at_start {
            let text = "it is read only when the container starts";
            return (Link::no(Cause::ReadAtStart, text, at), Action::Restart);
        }
        if let Some(Maker::Start(span)) = code_origin::maker(self.service, process) {
            let text = "it is compiled only when the container starts";
            let link = Link::no(Cause::MadeAtStart, text, Some(span));
            return (link, Action::Restart);
        }
        if process
            .program
            .is_some_and(|program| program.family == Family::Static)
        {
            return self.served(process, way);
        }
        let (link, action) = self.reloads(process, host, way);
        // Docker binds a file by its inode: a new file of that name is not seen.
        if way.is_file && link.holds() {
            let text = format!(
                "{}, but an editor that replaces the file leaves the container with the old one",
                link.evidence().text
            );
            let link = Link::unknown(text, link.evidence().span);
            return (link, Action::Restart.max(action));
        }
        (link, action)
    }

    /// Web servers and other programs that run no code of the project: they read their settings
    /// once, and what they serve for each request.
    fn served(&self, process: &Process, way: &Way) -> (Link, Action) {
        let container = way.container.as_deref().unwrap_or_default();
        let (name, at) = (process.name(), Some(process.written_at));
        if !is_settings(container) {
            let text = format!("`{name}` reads files for each request");
            return (Link::yes(text, at), Action::None);
        }
        let rereads = knowledge::rereads(name);
        let words = process.words();
        let watches = rereads.is_some_and(|row| {
            let mut options = row.watches_with.iter();
            options.any(|option| words.contains(option))
        });
        if watches && !way.is_file {
            let text = format!("`{name}` watches its settings");
            return (Link::yes(text, at), Action::None);
        }
        let text = format!("`{name}` reads its settings when it starts");
        let command = rereads.map_or(&[][..], |row| row.command);
        let action = if command.is_empty() || way.is_file {
            Action::Restart
        } else {
            Action::Exec(command)
        };
        (Link::no(Cause::ReadAtStart, text, at), action)
    }

    fn reloads(&self, process: &Process, host: &Path, way: &Way) -> (Link, Action) {
        let container = way.container.as_deref().unwrap_or_default();
        let (name, at) = (process.name(), Some(process.written_at));
        let is_directory = self.project.workspace().files().is_directory(host);
        let file = host.file_name().and_then(|name| name.to_str());
        let is_code = is_directory || file.is_some_and(sources::is_source);
        match &process.reload {
            Reload::Yes { how, at } => {
                if let Some(link) = self.reloader_misses(process, host, container, is_code) {
                    return (link, Action::Restart);
                }
                let text = format!("`{name}` restarts by itself ({how})");
                (Link::yes(text, Some(*at)), Action::None)
            }
            Reload::PerRequest => self.read_per_request(process),
            Reload::Hot => {
                let text = format!("`{name}` takes edits over while it runs");
                (Link::yes(text, at), Action::None)
            }
            Reload::NotAServer => {
                let text = format!("`{name}` reads it when it runs the next time");
                (Link::no(Cause::ReadAtStart, text, at), Action::Restart)
            }
            Reload::None if !is_code => {
                let text = format!("`{name}` may read it when it starts or each time");
                (Link::unknown(text, at), Action::Restart)
            }
            Reload::None => {
                let text = format!("`{name}` keeps running the code it started with");
                (Link::no(Cause::NoReload, text, at), Action::Restart)
            }
            Reload::Broken { reason, at } => {
                let link = Link::no(Cause::ReloadBroken, *reason, Some(*at));
                (link, Action::Restart)
            }
            Reload::Unknown(reason) => (Link::unknown(reason.clone(), at), Action::Restart),
        }
    }

    /// Code that is read for each request, unless something keeps it.
    fn read_per_request(&self, process: &Process) -> (Link, Action) {
        let name = process.name();
        if let Some(setting) = reload::opcache_without_timestamps(self.service, process) {
            let text = "OPcache never looks at time stamps: it keeps the code it has compiled";
            let link = Link::no(Cause::ReloadBroken, text, Some(setting));
            return (link, Action::Restart);
        }
        if process.language() == Some(Language::Ruby)
            && let Some(settings) = host_paths::host_of(
                self.service,
                &path::join(&process.cwd, "config/environments/development.rb"),
            )
            .and_then(|host| self.project.workspace().read(&host).ok())
            && let Some(at) = settings.text().find(EVENTED)
            && !is_comment(settings.text(), at)
        {
            let text = "Rails waits for events, which mounted files do not give on Docker Desktop";
            let span = settings.span(at..at + EVENTED.len());
            return (Link::unknown(text, Some(span)), Action::Restart);
        }
        let text = format!("`{name}` reads the code for each request");
        (Link::yes(text, Some(process.written_at)), Action::None)
    }

    /// Why the reloader of a process does not notice an edit, if it does not.
    fn reloader_misses(
        &self,
        process: &Process,
        host: &Path,
        container: &str,
        is_code: bool,
    ) -> Option<Link> {
        let Reload::Yes { at, .. } = &process.reload else {
            return None;
        };
        let (name, at) = (process.name(), Some(*at));
        let row = process
            .program
            .and_then(|program| knowledge::reloader(program.name));
        if let Some(row) = row {
            let ending = host.extension().and_then(|ending| ending.to_str());
            if ending.is_some_and(|ending| row.templates.contains(&ending)) {
                return None;
            }
            let roots = reload::watch_roots(process);
            if row.walks && roots.is_some_and(|roots| roots.iter().any(|root| root == "/")) {
                let text =
                    format!("the reloader of `{name}` would have to watch the whole file system");
                return Some(Link::no(Cause::ReloadBroken, text, at));
            }
            if let Some(pattern) = excluded_by(process, row, container) {
                let text = format!("the reloader of `{name}` leaves out `{pattern}`");
                return Some(Link::no(Cause::NotWatched, text, at));
            }
            let watch_path = process
                .words()
                .iter()
                .any(|word| word.starts_with("--watch-path"));
            if row.loaded_only && !is_code && !watch_path {
                let text = format!("`{name}` restarts only for modules that it imports");
                return Some(Link::unknown(text, at));
            }
        }
        if !looks_at(process, host) {
            let watches = process.program.map_or(&[][..], |program| program.watches);
            let text = format!(
                "the reloader of `{name}` looks at {} only",
                watches.join(", ")
            );
            return Some(if is_code {
                Link::no(Cause::NotWatched, text, at)
            } else {
                Link::unknown(format!("{text}; `{name}` may read it each time"), at)
            });
        }
        if !self.is_watched(process, container) {
            let text = format!("the reloader of `{name}` looks elsewhere");
            return Some(Link::no(Cause::NotWatched, text, at));
        }
        None
    }

    /// Whether the reloader of a process looks where the path lies, as far as that is known.
    fn is_watched(&self, process: &Process, container: &str) -> bool {
        let named = watch_paths(process);
        let roots = if named.is_empty() {
            reload::watch_roots(process)
        } else {
            Some(named)
        };
        let Some(roots) = roots else { return true };
        let around = |root: &String| {
            path::below(container, root).is_some() || path::below(root, container).is_some()
        };
        if roots.iter().any(around) {
            return true;
        }
        let Some(shown) = host_paths::host_of(self.service, container) else {
            return false;
        };
        let mut hosts = roots
            .iter()
            .filter_map(|root| host_paths::host_of(self.service, root));
        hosts.any(|root: PathBuf| shown.starts_with(&root))
    }
}

/// The directories that `node --watch-path` names.
fn watch_paths(process: &Process) -> Vec<String> {
    if process.name() != "node" {
        return Vec::new();
    }
    let words = process.words();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let named = match word.strip_prefix("--watch-path") {
            Some("") => words.get(at + 1).copied(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        found.extend(named.map(|named| path::join(&process.cwd, named)));
    }
    found
}

/// The pattern by which a reloader leaves out a path of the container.
fn excluded_by(process: &Process, row: &knowledge::Reloader, container: &str) -> Option<String> {
    let words = process.words();
    let mut values: Vec<&str> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        for option in row.excludes {
            if word == option {
                values.extend(words.get(at + 1).copied());
            } else if let Some(rest) = word.strip_prefix(option) {
                values.extend(rest.strip_prefix('='));
            }
        }
    }
    for variable in row.exclude_variables {
        values.extend(process.variable(variable).flatten());
    }
    let rest = path::below(container, &process.cwd);
    for value in values {
        let is_separator =
            |c: char| row.separators.contains(&c) || row.separators.is_empty() && c == ' ';
        for pattern in value.split(is_separator).map(str::trim) {
            let pattern = pattern.trim_matches(['"', '\'']);
            if pattern.is_empty() {
                continue;
            }
            let is_below = path::below(container, &path::join(&process.cwd, pattern)).is_some();
            let fits = |text: &str| crate::image::glob::matches(pattern, text);
            let ends_so = container
                .match_indices('/')
                .any(|(at, _)| fits(&container[at + 1..]));
            if is_below || ends_so || rest.is_some_and(fits) || fits(container) {
                return Some(pattern.to_owned());
            }
        }
    }
    None
}

/// Whether a path of the container is one of settings: web servers read them once, and what they
/// serve each time.
fn is_settings(container: &str) -> bool {
    let name = path::name(container);
    path::below(container, "/etc").is_some() || name.ends_with(".conf") || name == "Caddyfile"
}

/// Whether a reloader looks at a file of this name; of a directory it looks at what lies in it.
fn looks_at(process: &Process, host: &Path) -> bool {
    let Some(program) = process
        .program
        .filter(|program| !program.watches.is_empty())
    else {
        return true;
    };
    // What it is told to look at beside that is not known here.
    let is_told = process.words().iter().any(|word| {
        word.contains("include") || word.contains("extra") || matches!(*word, "-e" | "--ext")
    });
    let Some(ending) = host.extension().and_then(|ending| ending.to_str()) else {
        return true;
    };
    let mut watched = program.watches.iter();
    is_told
        || watched.any(|glob| {
            glob.rsplit_once('.')
                .is_none_or(|(_, watched)| watched == ending)
        })
}

fn is_comment(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    text[line..at].trim_start().starts_with('#')
}
