//! The third link: which copy the process reads.

use std::path::Path;

use super::Place;
use super::action::Action;
use super::chain::{Cause, Link};
use super::code_origin::Maker;
use super::hidden;
use super::way::Way;
use crate::compose::{HealthcheckTest, MountKind};
use crate::image::path;
use crate::links::bringing;
use crate::links::code_origin;
use crate::links::installed_copies;
use crate::process::Process;
use crate::project::filesystem;
use crate::repository::sources;
use crate::syntax::shell::Command;
use crate::text::Span;

/// What a process reads of an edit that is to be seen, and what that needs.
pub(super) struct Read {
    pub(super) link: Link,
    pub(super) action: Action,
    /// What has to be done on the host before.
    pub(super) first: Option<&'static str>,
}

impl Read {
    fn new(link: Link, action: Action) -> Read {
        Read {
            link,
            action,
            first: None,
        }
    }

    fn made_on_host(process: &Process, span: Option<Span>) -> Read {
        let text = format!("`{}` runs what was compiled on the host", process.name());
        Read {
            link: Link::no(Cause::MadeOnHost, text, span),
            action: Action::Restart,
            first: Some("Compile on the host first"),
        }
    }
}

impl Place<'_> {
    pub(super) fn read(&self, process: &Process, host: &Path, way: &Way) -> Read {
        let name = process.name();
        let at = Some(process.written_at);
        let container = way.container.as_deref();
        if let Some(read) = &way.read {
            return Read::new(read.clone(), Action::Rebuild);
        }
        if let Some((link, action)) = container.and_then(|at| hidden::first_start(self, at)) {
            return Read::new(link, action);
        }
        if let Some(checked) = container.and_then(|at| self.checks_health_by(process, at)) {
            let link = Link::yes("the health check reads it", Some(checked));
            return Read::new(link, Action::None);
        }
        if let Some(step) = self.step_in(process, host) {
            let link = Link::yes("it is read when the container starts", Some(step));
            return Read::new(link, Action::None);
        }
        if let Some(copied) = container.and_then(|at| self.copied_at_start(process, at)) {
            let link = Link::yes("it is copied when the container starts", Some(copied));
            return Read::new(link, Action::None);
        }
        if let Some(reason) = &process.unknown {
            let text = format!("it is not known what runs: {reason}");
            return Read::new(Link::unknown(text, at), Action::Unknown);
        }
        let copies = installed_copies::of(self.service, process);
        let mut copies = copies.into_iter();
        let copy = copies.find(|copy| host.starts_with(&copy.root) || copy.root.starts_with(host));
        if let Some(copy) = copy {
            let text = format!(
                "`{name}` imports `{}` from where it was installed: {}",
                copy.package, copy.why
            );
            let link = Link::no(Cause::InstalledCopy, text, Some(copy.install));
            return Read::new(link, Action::Rebuild);
        }
        if let Some(mount) = self.compiled_beside(process, host) {
            return Read::made_on_host(process, mount);
        }
        match code_origin::maker(self.service, process) {
            None if process.program.is_none() => {
                let link = Link::unknown(format!("nothing is known of `{name}`"), at);
                Read::new(link, Action::Unknown)
            }
            None => {
                let text = format!("`{name}` works in {}", process.cwd);
                Read::new(Link::yes(text, at), Action::None)
            }
            Some(Maker::Watcher(span)) => {
                let link = Link::yes("a watcher compiles each edit", Some(span));
                Read::new(link, Action::None)
            }
            Some(Maker::Start(span)) => {
                let link = Link::yes("it is compiled at each start", Some(span));
                Read::new(link, Action::None)
            }
            Some(Maker::Image) => {
                let made = code_origin::compiled_artefact(self.service, process);
                let span = made.map(|made| made.copy).or(at);
                let text = format!("`{name}` runs what the build of the image made");
                let link = Link::no(Cause::MadeInImage, text, span);
                Read::new(link, Action::Rebuild)
            }
            Some(Maker::Host(mount)) => {
                let span = self.mounts.get(mount).and_then(|mount| mount.origin.span);
                Read::made_on_host(process, span)
            }
            Some(Maker::Unknown) => {
                let link = Link::unknown("it is not known what makes the code that runs", None);
                Read::new(link, Action::Unknown)
            }
        }
    }

    /// The step on the way to a process that stands in a file which is no source code: a start
    /// script, a `package.json`.
    pub(super) fn step_in(&self, process: &Process, host: &Path) -> Option<Span> {
        let name = host.file_name()?.to_str()?;
        let sources = self.project.workspace().sources();
        let steps = &process.chain;
        let step = steps
            .iter()
            .find(|step| sources.get(step.span.file).path() == host);
        step.filter(|_| !sources::is_source(name))
            .map(|step| step.span)
    }

    /// The command that copies a path of the container to elsewhere before a process starts.
    pub(super) fn copied_at_start(&self, process: &Process, container: &str) -> Option<Span> {
        const COPIES: [&str; 6] = ["cp", "rsync", "tar", "mv", "ln", "install"];
        let copies = |command: &&Command| {
            let words = command.argv();
            let program = words.first().map_or("", |word| path::name(word));
            let mut named = words.iter().skip(1).filter(|word| !word.starts_with('-'));
            COPIES.contains(&program)
                && named.any(|word| {
                    let from = path::join(&process.cwd, word.trim_end_matches("/."));
                    from != "/" && path::below(container, &from).is_some()
                })
        };
        let command = process.side_effects.iter().find(copies)?;
        (!bringing::reads_at(process, container)).then_some(command.span)
    }

    /// The health check, if it runs or reads what lies at a path of the container.
    pub(super) fn checks_health_by(&self, process: &Process, container: &str) -> Option<Span> {
        let check = self.service.spec().healthcheck.as_ref()?;
        let test = check.test.as_ref()?;
        let is_it = |word: &str| path::join(&process.cwd, word) == container;
        let names_it = match &test.value {
            HealthcheckTest::None => false,
            HealthcheckTest::Exec(words) => words
                .iter()
                .any(|word| word.text.as_str().split_whitespace().any(is_it)),
            HealthcheckTest::Shell(text) => text.as_str().split_whitespace().any(is_it),
        };
        names_it.then_some(test.span().or(check.origin.span))?
    }

    /// The mount that shows `dist` with what Node runs, where a TypeScript file outside of it is
    /// edited.
    fn compiled_beside(&self, process: &Process, host: &Path) -> Option<Option<Span>> {
        const OUTPUTS: [&str; 3] = ["dist", "out", ".output"];
        let is_typescript = host
            .extension()
            .is_some_and(|ending| ending == "ts" || ending == "tsx");
        if !is_typescript || process.name() != "node" || !process.side_effects.is_empty() {
            return None;
        }
        let words = process.words();
        let mut words = words.into_iter().skip(1);
        let entry = words.find(|word| word.ends_with(".js") && !word.starts_with('-'))?;
        let is_output = |part: &str| OUTPUTS.contains(&part);
        let mut parts = host.iter().filter_map(|part| part.to_str());
        if !entry.split('/').any(is_output) || parts.any(is_output) {
            return None;
        }
        let over = filesystem::covering(self.mounts, &path::join(&process.cwd, entry))?;
        let mount = &self.mounts[over];
        let mut processes = self.project.services().flat_map(|other| other.processes());
        let watches = processes.any(|process| process.words().contains(&"--watch"));
        (mount.kind == MountKind::Bind && !watches).then_some(mount.origin.span)
    }
}
