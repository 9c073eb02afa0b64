//! Whether a process runs until it is stopped, and whether it answers requests.

use std::path::{Path, PathBuf};

use crate::compose::Condition;
use crate::image::path;
use crate::knowledge::{Family, Language};
use crate::process::Process;
use crate::project::Service;
use crate::project::host_paths;

/// Whether a process runs until it is stopped. A script that may just as well end at once is
/// one that stays when the service publishes a port, is started again whenever it ends, or is
/// asked for its health.
pub fn stays(service: Service<'_>, process: &Process) -> bool {
    let awaited_end = service
        .project()
        .services()
        .flat_map(|other| &other.spec().depends_on)
        .any(|dependency| {
            dependency.service.value == service.name()
                && dependency.condition == Condition::Completed
        });
    if awaited_end {
        return false;
    }
    match process.program.map(|program| program.family) {
        Some(Family::Server | Family::Worker | Family::Watcher) => true,
        Some(Family::Interpreter) => must_stay(service) || says_that_it_stays(service, process),
        _ => false,
    }
}

/// Whether a script works on messages, jobs or a clock rather than answer requests.
pub fn is_worker(service: Service<'_>, process: &Process) -> bool {
    let answers = |source: &crate::text::Source| {
        [
            ".listen(",
            "createServer(",
            "serve(",
            "Server(",
            "NestFactory",
        ]
        .iter()
        .any(|word| source.text().contains(word))
    };
    let script = script_of(service, process)
        .and_then(|script| service.project().workspace().read(&script).ok());
    process.language() == Some(Language::Python) || script.is_some_and(|source| !answers(&source))
}

/// Whether the compose file treats the service as one that stays.
fn must_stay(service: Service<'_>) -> bool {
    let spec = service.spec();
    let is_restarted = spec
        .restart
        .as_ref()
        .is_some_and(|policy| matches!(policy.value.as_str(), "always" | "unless-stopped"));
    let is_waited_for = service
        .project()
        .services()
        .flat_map(|other| &other.spec().depends_on)
        .any(|dependency| {
            dependency.service.value == service.name() && dependency.condition == Condition::Healthy
        });
    is_restarted || is_waited_for || !spec.ports.is_empty() || spec.healthcheck.is_some()
}

/// Whether the script that an interpreter runs, or one beside it that it loads, does what only
/// programs do that stay.
fn says_that_it_stays(service: Service<'_>, process: &Process) -> bool {
    let Some((_, words)) = STAYING
        .iter()
        .find(|(language, _)| Some(*language) == process.language())
    else {
        return false;
    };
    let files = service.project().workspace().files();
    let mut open: Vec<PathBuf> = script_of(service, process).into_iter().collect();
    let mut seen = 0;
    while let Some(file) = open.pop() {
        let Ok(source) = service.project().workspace().read(&file) else {
            continue;
        };
        if words.iter().any(|word| source.text().contains(word)) {
            return true;
        }
        seen += 1;
        if seen > FILES {
            return false;
        }
        // `require('./app')`, `import x from "../lib/x.js"`
        let quoted = source
            .text()
            .split(['"', '\'', '`'])
            .skip(1)
            .step_by(2)
            .filter(|text| text.starts_with('.'));
        let beside = file.parent().unwrap_or(Path::new("/")).to_path_buf();
        for name in quoted.take(FILES) {
            let endings = ["", ".js", ".ts", ".mjs", "/index.js", "/index.ts"];
            let found = endings
                .iter()
                .map(|ending| crate::files::clean(&beside.join(format!("{name}{ending}"))));
            open.extend(found.into_iter().find(|host| files.is_file(host)));
        }
    }
    false
}

/// The file on the host that an interpreter runs.
fn script_of(service: Service<'_>, process: &Process) -> Option<PathBuf> {
    let files = service.project().workspace().files();
    process
        .words()
        .into_iter()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .find_map(|word| {
            let at = path::join(&process.cwd, word);
            let endings = ["", ".js", ".ts", "/index.js"];
            endings.iter().find_map(|ending| {
                host_paths::host_of(service, &format!("{at}{ending}"))
                    .filter(|host| files.is_file(host))
            })
        })
}

/// What a program does that runs until it is stopped, in the words of its language.
const STAYING: &[(Language, &[&str])] = &[
    (
        Language::JavaScript,
        &[
            ".listen(",
            "createServer(",
            "setInterval(",
            ".consume(",
            ".subscribe(",
            "new Worker(",
            ".process(",
            "serve(",
            ".login(",
            ".launch(",
            "NestFactory",
            "while (true",
            "cron.schedule(",
        ],
    ),
    (
        Language::Php,
        &[
            "while (true",
            "while(true",
            "while (1",
            "->consume(",
            "->run()",
            "->wait()",
            "basic_consume(",
        ],
    ),
    (
        Language::Ruby,
        &[
            "loop do",
            "while true",
            "Sinatra",
            "sinatra",
            ".subscribe(",
            "run!",
            "sleep",
        ],
    ),
];

/// How many files of its own a script is followed to.
const FILES: usize = 20;

#[cfg(test)]
mod tests;
