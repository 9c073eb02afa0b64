//! `&&` and the like in a command that no shell runs, so that Docker Compose drops them and all
//! that follows.

use crate::compose::{CommandLine, Service, Value};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit::{self, Insert};

const ID: &str = "command-operator-dropped";

/// A command of a service, and what it is called.
struct Command<'c> {
    /// The attribute, with the one around it: `command`, `post_start`, `develop.watch`.
    place: &'static str,
    /// The key that the command stands behind.
    key: &'static str,
    line: &'c Value<CommandLine>,
}

/// Judges the commands of every service, of its hooks and of its watch triggers.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project
        .compose()
        .iter()
        .flat_map(|compose| &compose.services)
    {
        findings.extend(
            commands(service)
                .iter()
                .filter_map(|command| report(project, service, command)),
        );
    }
}

fn commands(service: &Service) -> Vec<Command<'_>> {
    let own = [
        ("entrypoint", &service.entrypoint),
        ("command", &service.command),
    ];
    let own = own.into_iter().filter_map(|(key, line)| {
        Some(Command {
            place: key,
            key,
            line: line.as_ref()?,
        })
    });
    let hooks = service.hooks.iter().map(|hook| Command {
        place: hook.key,
        key: "command",
        line: &hook.command,
    });
    let watches = service.watch.iter().filter_map(|watch| watch.exec.as_ref());
    own.chain(hooks)
        .chain(watches.map(|line| Command {
            place: "watch",
            key: "command",
            line,
        }))
        .collect()
}

fn report(project: &Project<'_>, service: &Service, command: &Command<'_>) -> Option<Diagnostic> {
    let dropped = command.line.dropped?;
    let source = project.workspace().sources().get(dropped.file);
    let name = service.name.as_str();
    let operator = source
        .slice(dropped)
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned();
    let words: Vec<&str> = command
        .line
        .words
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    let runs = if words.is_empty() {
        "nothing".to_owned()
    } else {
        format!("only `{}`", shorten(&words.join(" ")))
    };
    let (when, what) = match command.place {
        "post_start" => (" after its start", "command"),
        "pre_stop" => (" before it stops", "command"),
        "watch" => (" after a sync", "command"),
        key => ("", key),
    };
    let message = format!(
        "`{name}` runs {runs}{when}: no shell reads its {what}, and Docker Compose drops `{operator}` and all behind it"
    );
    let help = format!(
        "Let a shell run it: `{}: [\"sh\", \"-c\", \"…\"]`",
        command.key
    );
    Some(
        Diagnostic::new(ID, dropped, message)
            .note("dropped without a word")
            .service(name)
            .help(help)
            .fix(fix(project, service, command)),
    )
}

/// The same text for a shell. With an entrypoint of the service's own nobody knows who would run
/// that shell.
fn fix(project: &Project<'_>, service: &Service, command: &Command<'_>) -> Option<Fix> {
    if command.place == "command" && service.entrypoint.is_some() {
        return None;
    }
    let span = command.line.span()?;
    let parsed = project.yaml_of(span);
    let node = parsed.tree.node_at(span.start)?;
    let entry = node
        .parent()?
        .entries()
        .find(|entry| entry.value.id() == node.id() && entry.key.text() == command.key)?;
    let text = node.text();
    let shell = Insert::flow_sequence([
        Insert::quoted("sh"),
        Insert::quoted("-c"),
        Insert::quoted(text.trim()),
    ]);
    Fix::of(
        "Let a shell run it",
        Safety::Unsafe,
        edit::replace_value(entry, &shell),
    )
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(50) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
