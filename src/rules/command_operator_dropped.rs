//! `&&` and the like in a command that no shell runs, so that Docker Compose drops them and all that follows.

use crate::compose::{CommandLine, Service, Value};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit::{self, Insert};

const ID: &str = "command-operator-dropped";

/// Judges the commands of every service.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project.compose().iter().flat_map(|compose| &compose.services) {
        for (key, command) in [("entrypoint", &service.entrypoint), ("command", &service.command)] {
            findings.extend(command.as_ref().and_then(|command| report(project, service, key, command)));
        }
    }
}

fn report(project: &Project<'_>, service: &Service, key: &str, command: &Value<CommandLine>) -> Option<Diagnostic> {
    let dropped = command.dropped?;
    let source = project.workspace().sources().get(dropped.file);
    let name = service.name.as_str();
    let operator = source.slice(dropped).split_whitespace().next().unwrap_or_default().to_owned();
    let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
    let runs = match words.is_empty() {
        true => "nothing".to_owned(),
        false => format!("only `{}`", shorten(&words.join(" "))),
    };
    let message = format!("`{name}` runs {runs}: no shell reads its {key}, and Docker Compose drops `{operator}` and all behind it");
    let help = format!("Let a shell run it: `{key}: [\"sh\", \"-c\", \"…\"]`");
    Some(
        Diagnostic::new(ID, dropped, message)
            .note("dropped without a word")
            .service(name)
            .help(help)
            .fix(fix(project, service, key, command)),
    )
}

/// The same text for a shell. With an entrypoint of the service's own nobody knows who would run that shell.
fn fix(project: &Project<'_>, service: &Service, key: &str, command: &Value<CommandLine>) -> Option<Fix> {
    if key == "command" && service.entrypoint.is_some() {
        return None;
    }
    let span = command.span()?;
    let parsed = project.yaml_of(span);
    let node = parsed.tree.node_at(span.start)?;
    let entry = node.parent()?.entries().find(|entry| entry.value.id() == node.id() && entry.key.text() == key)?;
    let text = node.text();
    let shell = Insert::flow_sequence([Insert::quoted("sh"), Insert::quoted("-c"), Insert::quoted(text.trim())]);
    Fix::of("Let a shell run it", Safety::Unsafe, edit::replace_value(entry, &shell))
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(50) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
