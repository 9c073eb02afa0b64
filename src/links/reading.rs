//! The last two links: whether the process reads what arrived, and whether it reads it again.

use std::path::{Path, PathBuf};

use super::arrival::{baked, baked_at};
use super::{Effect, Holds, Link, Place};
use crate::compose::{HealthcheckTest, MountKind};
use crate::image::path;
use crate::knowledge::{Family, databases};
use crate::links::code_origin::Maker;
use crate::process::{Process, Reload};
use crate::project::filesystem;
use crate::repository::sources;
use crate::text::Span;

impl Place<'_> {
    pub(super) fn read(
        &self,
        process: &Process,
        host: &Path,
        container: Option<&str>,
    ) -> (Link, Effect) {
        let name = process.name();
        let at = Some(process.written_at);
        if let Some(first_start) = container.and_then(|container| self.first_start(container)) {
            return first_start;
        }
        if let Some(checked) =
            container.and_then(|container| self.checks_health_by(process, container))
        {
            return (
                link(
                    Holds::Yes,
                    "the health check reads it".to_owned(),
                    Some(checked),
                ),
                Effect::Nothing,
            );
        }
        if let Some(step) = self.step_in(process, host) {
            return (
                link(
                    Holds::Yes,
                    "it is read when the container starts".to_owned(),
                    Some(step),
                ),
                Effect::Nothing,
            );
        }
        if let Some(reason) = &process.unknown {
            return (
                link(
                    Holds::Unknown,
                    format!("it is not known what runs: {reason}"),
                    at,
                ),
                Effect::Unknown,
            );
        }
        if let Some(copy) =
            container.and_then(|container| self.other_copy(process, host, container))
        {
            return (
                link(
                    Holds::No,
                    format!("`{name}` reads the copy in the image, {copy}"),
                    at,
                ),
                Effect::Rebuild,
            );
        }
        if let Some(copy) = self
            .service
            .installed_copies(process)
            .into_iter()
            .find(|copy| host.starts_with(&copy.root) || copy.root.starts_with(host))
        {
            let text = format!(
                "`{name}` imports `{}` from where it was installed: {}",
                copy.package, copy.why
            );
            return (link(Holds::No, text, Some(copy.install)), Effect::Rebuild);
        }
        if let Some(mount) = self.compiled_beside(process, host) {
            return (
                link(
                    Holds::No,
                    format!("`{name}` runs what was compiled on the host"),
                    mount,
                ),
                Effect::MakeOnHost,
            );
        }
        match self.service.maker(process) {
            None if process.program.is_none() => (
                link(Holds::Unknown, format!("nothing is known of `{name}`"), at),
                Effect::Unknown,
            ),
            None => (
                link(Holds::Yes, format!("`{name}` works in {}", process.cwd), at),
                Effect::Nothing,
            ),
            Some(Maker::Watcher(span)) => (
                link(
                    Holds::Yes,
                    "a watcher compiles each edit".to_owned(),
                    Some(span),
                ),
                Effect::Nothing,
            ),
            Some(Maker::Start(span)) => (
                link(
                    Holds::Yes,
                    "it is compiled at each start".to_owned(),
                    Some(span),
                ),
                Effect::Restart,
            ),
            Some(Maker::Image) => {
                let made = self
                    .service
                    .compiled_artefact(process)
                    .map(|made| made.copy);
                (
                    link(
                        Holds::No,
                        format!("`{name}` runs what the build of the image made"),
                        made.or(at),
                    ),
                    Effect::Rebuild,
                )
            }
            Some(Maker::Host(mount)) => {
                let span = self
                    .service
                    .spec()
                    .mounts
                    .get(mount)
                    .and_then(|mount| mount.origin.span);
                (
                    link(
                        Holds::No,
                        format!("`{name}` runs what was compiled on the host"),
                        span,
                    ),
                    Effect::MakeOnHost,
                )
            }
            Some(Maker::Unknown) => (
                link(
                    Holds::Unknown,
                    "it is not known what makes the code that runs".to_owned(),
                    None,
                ),
                Effect::Unknown,
            ),
        }
    }

    pub(super) fn read_again(
        &self,
        process: &Process,
        host: &Path,
        container: &str,
        is_file: bool,
    ) -> (Link, Effect) {
        let name = process.name();
        let link = |holds: Holds, text: String, span: Option<Span>| Link {
            name: "read again",
            holds,
            text,
            span,
        };
        let at = Some(process.written_at);
        if let Some(checked) = self.checks_health_by(process, container) {
            return (
                link(
                    Holds::Yes,
                    "each check reads it anew".to_owned(),
                    Some(checked),
                ),
                Effect::Nothing,
            );
        }
        if self.step_in(process, host).is_some() {
            return (
                link(
                    Holds::No,
                    "it is read only when the container starts".to_owned(),
                    at,
                ),
                Effect::Restart,
            );
        }
        let is_directory = self.project.workspace().files().is_directory(host);
        let is_code = is_directory
            || host
                .file_name()
                .and_then(|name| name.to_str())
                .is_some_and(sources::is_source);
        if process
            .program
            .is_some_and(|program| program.family == Family::Static)
        {
            return match is_settings(container) {
                true => (
                    link(
                        Holds::No,
                        format!("`{name}` reads its settings when it starts"),
                        at,
                    ),
                    Effect::Restart,
                ),
                false => (
                    link(
                        Holds::Yes,
                        format!("`{name}` reads files for each request"),
                        at,
                    ),
                    Effect::Nothing,
                ),
            };
        }
        match &process.reload {
            Reload::Yes { at, .. } if !looks_at(process, host) => {
                let watches = process
                    .program
                    .map(|program| program.watches.join(", "))
                    .unwrap_or_default();
                let text = format!("the reloader of `{name}` looks at {watches} only");
                match is_code {
                    true => (link(Holds::No, text, Some(*at)), Effect::Restart),
                    false => (
                        link(
                            Holds::Unknown,
                            format!("{text}; `{name}` may read it each time"),
                            Some(*at),
                        ),
                        Effect::Restart,
                    ),
                }
            }
            Reload::Yes { at, .. } if !self.is_watched(process, container) => (
                link(
                    Holds::No,
                    format!("the reloader of `{name}` looks elsewhere"),
                    Some(*at),
                ),
                Effect::Restart,
            ),
            Reload::Yes { how, at } if is_file => {
                let text = format!(
                    "`{name}` restarts by itself ({how}), but may not notice edits of a file that is mounted by itself"
                );
                (link(Holds::Unknown, text, Some(*at)), Effect::Restart)
            }
            Reload::Yes { how, at } => (
                link(
                    Holds::Yes,
                    format!("`{name}` restarts by itself ({how})"),
                    Some(*at),
                ),
                Effect::Nothing,
            ),
            Reload::PerRequest => (
                link(
                    Holds::Yes,
                    format!("`{name}` reads the code for each request"),
                    at,
                ),
                Effect::Nothing,
            ),
            Reload::Hot => (
                link(
                    Holds::Yes,
                    format!("`{name}` takes edits over while it runs"),
                    at,
                ),
                Effect::Nothing,
            ),
            Reload::NotAServer => (
                link(
                    Holds::Yes,
                    format!("`{name}` reads it when it runs the next time"),
                    at,
                ),
                Effect::Restart,
            ),
            Reload::None if !is_code => (
                link(
                    Holds::Unknown,
                    format!("`{name}` may read it when it starts or each time"),
                    at,
                ),
                Effect::Restart,
            ),
            Reload::None => (
                link(
                    Holds::No,
                    format!("`{name}` keeps the code that it started with"),
                    at,
                ),
                Effect::Restart,
            ),
            Reload::Broken { reason, at } => (
                link(Holds::No, (*reason).to_owned(), Some(*at)),
                Effect::Restart,
            ),
            Reload::Unknown(reason) => (link(Holds::Unknown, reason.clone(), at), Effect::Restart),
        }
    }

    /// What a script for the first start of a database does once there are data.
    pub(super) fn first_start(&self, container: &str) -> Option<(Link, Effect)> {
        path::below(container, databases::FIRST_START)?;
        let directory = databases::data_directory(self.service.base_image()?)?;
        let kept = self
            .mounts
            .iter()
            .rev()
            .find(|mount| path::below(&mount.target, directory).is_some());
        let effect = match kept {
            Some(mount) if mount.kind == MountKind::Bind => Effect::Unknown,
            Some(mount) => super::arrival::effect_of_volume(mount, Effect::Recreate),
            // The image has a volume there.
            None => Effect::RemoveVolume(String::new()),
        };
        let text = format!("it runs only while there are no data in {directory}");
        Some((
            link(Holds::No, text, kept.and_then(|mount| mount.origin.span)),
            effect,
        ))
    }

    /// The step on the way to a process that stands in a file which is no source code: a start
    /// script, a `package.json`.
    fn step_in(&self, process: &Process, host: &Path) -> Option<Span> {
        let name = host.file_name()?.to_str()?;
        let in_file =
            |span: &Span| self.project.workspace().sources().get(span.file).path() == host;
        let mut steps = process.chain.iter().map(|step| step.span);
        steps.find(in_file).filter(|_| !sources::is_source(name))
    }

    /// The health check, if it runs or reads what lies at a path of the container.
    fn checks_health_by(&self, process: &Process, container: &str) -> Option<Span> {
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
        let entry = process
            .words()
            .into_iter()
            .skip(1)
            .find(|word| word.ends_with(".js") && !word.starts_with('-'))?;
        let is_output = |part: &str| OUTPUTS.contains(&part);
        let is_made = entry.split('/').any(is_output)
            && !host.iter().any(|part| part.to_str().is_some_and(is_output));
        let mount =
            &self.mounts[filesystem::covering(&self.mounts, &path::join(&process.cwd, entry))
                .filter(|_| is_made)?];
        let watches = self
            .project
            .services()
            .flat_map(|service| service.processes())
            .any(|process| process.words().contains(&"--watch"));
        (mount.kind == MountKind::Bind && !watches).then_some(mount.origin.span)
    }

    /// The copy of a host path in the image that a process reads, and not what is to be seen at
    /// this path of the container.
    fn other_copy(&self, process: &Process, host: &Path, container: &str) -> Option<String> {
        if self.service.reads_at(process, container) {
            return None;
        }
        let image = self.service.image()?;
        baked(image, host)?;
        let is_read = |at: &String| {
            filesystem::covering(&self.mounts, at).is_none() && self.service.reads_at(process, at)
        };
        baked_at(image, host).find(is_read)
    }

    /// Whether the reloader of a process looks where the path lies, as far as that is known.
    fn is_watched(&self, process: &Process, container: &str) -> bool {
        let Some(roots) = process.watch_roots() else {
            return true;
        };
        let around = |root: &String| {
            path::below(container, root).is_some() || path::below(root, container).is_some()
        };
        let hosts: Vec<PathBuf> = roots
            .iter()
            .filter_map(|root| self.service.host_of(root))
            .collect();
        let shown = self.service.host_of(container);
        roots.iter().any(around)
            || shown.is_some_and(|shown| hosts.iter().any(|root| shown.starts_with(root)))
    }
}

fn link(holds: Holds, text: String, span: Option<Span>) -> Link {
    Link {
        name: "read",
        holds,
        text,
        span,
    }
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
    is_told
        || program.watches.iter().any(|glob| {
            glob.rsplit_once('.')
                .is_none_or(|(_, watched)| watched == ending)
        })
}
