//! The command line of Docker Compose: which words are options, which are services.
//!
//! What each option takes stands in `knowledge::docker`.

use super::words::Expanded;
use super::{Argument, ComposeCall, Flag, Tool};
use crate::knowledge::docker::{self, Operands};
use crate::knowledge::wrappers;
use crate::text::Span;

/// The call that these words make, if they call Docker Compose: the program may stand behind
/// `sudo`, `env` and the like.
pub(super) fn parse(words: &[Expanded], span: Span) -> Option<ComposeCall> {
    let start = match words.first()?.text.as_deref()? {
        first if wrappers::may_run_another(program(first)) => {
            (1..words.len()).find(|at| tool(&words[*at..]).is_some())?
        }
        _ => 0,
    };
    let (tool, len, remote) = tool(&words[start..])?;
    let mut call = ComposeCall::new(
        tool,
        Argument {
            text: String::new(),
            span,
        },
        span,
    );
    call.remote = remote;
    // `env COMPOSE_FILE=a docker compose …`
    for word in &words[..start] {
        if let Some((name, value)) = word.text.as_deref().and_then(|text| text.split_once('=')) {
            call.variable(
                name,
                &Expanded {
                    text: Some(value.to_owned()),
                    span: word.span,
                },
            );
        }
    }
    let mut words = Words {
        rest: &words[start + len..],
    };
    global_options(&mut words, &mut call);
    // Without a known subcommand it is prose, a version check or the body of a wrapper.
    let subcommand = words.next()?;
    let text = subcommand
        .text
        .clone()
        .filter(|text| docker::compose(text).is_some())?;
    call.subcommand = Argument {
        text,
        span: subcommand.span,
    };
    arguments(&mut words, &mut call);
    Some(call)
}

impl ComposeCall {
    pub(super) fn new(tool: Tool, subcommand: Argument, span: Span) -> Self {
        ComposeCall {
            tool,
            files: Vec::new(),
            files_known: true,
            profiles: Vec::new(),
            project_name: None,
            env_files: Vec::new(),
            project_directory: None,
            subcommand,
            flags: Vec::new(),
            services: Vec::new(),
            services_known: true,
            command: Vec::new(),
            directory: None,
            paths: None,
            remote: false,
            conditional: false,
            span,
        }
    }

    /// Takes over what an environment variable says, unless an option says it already.
    pub(super) fn variable(&mut self, name: &str, value: &Expanded) {
        let list = |text: &str, separators: [char; 2]| -> Vec<Argument> {
            let parts = text.split(separators).filter(|part| !part.is_empty());
            parts
                .map(|part| Argument {
                    text: part.to_owned(),
                    span: value.span,
                })
                .collect()
        };
        match (name, &value.text) {
            ("COMPOSE_FILE", Some(text)) if self.files.is_empty() => {
                self.files = list(text, [':', ';'])
            }
            ("COMPOSE_FILE", None) if self.files.is_empty() => self.files_known = false,
            ("COMPOSE_PROFILES", Some(text)) if self.profiles.is_empty() => {
                self.profiles = list(text, [',', ','])
            }
            ("COMPOSE_PROJECT_NAME", Some(text)) if self.project_name.is_none() => {
                self.project_name = Some(Argument {
                    text: text.clone(),
                    span: value.span,
                });
            }
            ("DOCKER_HOST", _) => self.remote = true,
            _ => {}
        }
    }
}

/// The tool at the start of the words, how many words name it, and whether it talks to another
/// host.
fn tool(words: &[Expanded]) -> Option<(Tool, usize, bool)> {
    let text = |at: usize| words.get(at).and_then(|word| word.text.as_deref());
    match program(text(0)?) {
        "docker-compose" => Some((Tool::Compose, 1, false)),
        "podman-compose" => Some((Tool::Podman, 1, false)),
        name @ ("docker" | "podman") => {
            let (mut at, mut remote) = (1, false);
            while let Some(option) = text(at).filter(|option| option.starts_with('-')) {
                remote |= matches!(option, "-H" | "--host" | "-c" | "--context")
                    || option.starts_with("--host=");
                at += if docker::GLOBAL.contains(&option) {
                    2
                } else {
                    1
                };
            }
            match text(at)? {
                "compose" if name == "podman" => Some((Tool::Podman, at + 1, remote)),
                "compose" => Some((Tool::Compose, at + 1, remote)),
                "stack" if text(at + 1) == Some("deploy") => Some((Tool::Stack, at + 1, remote)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The name of a program without its directory and `.exe`.
fn program(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name.strip_suffix(".exe").unwrap_or(name)
}

struct Words<'w> {
    rest: &'w [Expanded],
}

impl<'w> Words<'w> {
    fn next(&mut self) -> Option<&'w Expanded> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// The next word if it is an option: its name, its value behind `=`, and the word.
    fn option(&mut self) -> Option<(&'w str, Option<&'w str>, &'w Expanded)> {
        let word = self.rest.first()?;
        let text = word
            .text
            .as_deref()
            .filter(|text| text.len() > 1 && text.starts_with('-'))?;
        self.rest = &self.rest[1..];
        match text.split_once('=') {
            Some((name, value)) if name.starts_with("--") || name.len() == 2 => {
                Some((name, Some(value), word))
            }
            _ => Some((text, None, word)),
        }
    }
}

fn global_options(words: &mut Words, call: &mut ComposeCall) {
    loop {
        let Some((name, mut value, word)) = words.option() else {
            // An unknown word here may be more options, or the subcommand if nothing follows.
            match words.rest {
                [unknown, _, ..] if unknown.text.is_none() => {
                    call.files_known = false;
                    words.next();
                    continue;
                }
                _ => return,
            }
        };
        let mut name = name;
        // `-fcompose.yaml`
        if !name.starts_with("--")
            && name.len() > 2
            && matches!(&name[..2], "-f" | "-p")
            && value.is_none()
        {
            (name, value) = (&name[..2], Some(&name[2..]));
        }
        if !docker::is_valued_global(name) {
            continue;
        }
        let value = match value {
            Some(value) => Expanded {
                text: Some(value.to_owned()),
                span: word.span,
            },
            None => match words.next() {
                Some(word) => word.clone(),
                None => return,
            },
        };
        let argument = value.text.map(|text| Argument {
            text,
            span: value.span,
        });
        match (name, argument) {
            ("-f" | "--file", Some(file)) => call.files.push(file),
            ("-f" | "--file", None) => call.files_known = false,
            ("--profile", Some(profile)) => call.profiles.push(profile),
            ("--env-file", Some(file)) => call.env_files.push(file),
            ("-p" | "--project-name", Some(project)) => call.project_name = Some(project),
            ("--project-directory" | "--workdir", Some(directory)) => {
                call.project_directory = Some(directory)
            }
            ("-H" | "--host" | "-c" | "--context", _) => call.remote = true,
            _ => {}
        }
    }
}

fn arguments(words: &mut Words, call: &mut ComposeCall) {
    let Some(subcommand) = docker::compose(&call.subcommand.text) else {
        return;
    };
    let runs = matches!(subcommand.name, "run" | "exec");
    loop {
        if let Some((name, value, word)) = words.option() {
            let long = name.starts_with("--");
            let flags = if long || value.is_some() {
                vec![name.to_owned()]
            } else {
                name[1..].chars().map(|c| format!("-{c}")).collect()
            };
            let last = flags.last().cloned().unwrap_or_default();
            let takes_value = subcommand.takes_value(if long { name } else { &last });
            let is_stack_file = call.tool == Tool::Stack && matches!(name, "-c" | "--compose-file");
            for name in flags {
                call.flags.push(Flag {
                    name,
                    value: value.map(str::to_owned),
                    span: word.span,
                });
            }
            if value.is_none() && (takes_value || is_stack_file) {
                let word = words.next();
                let text = word.and_then(|word| word.text.clone());
                if let (Some(flag), Some(word)) = (call.flags.last_mut(), word) {
                    flag.value.clone_from(&text);
                    flag.span = flag.span.cover(word.span);
                }
            }
            if is_stack_file {
                match call
                    .flags
                    .last()
                    .and_then(|flag| Some((flag.value.clone()?, flag.span)))
                {
                    Some((text, span)) => call.files.push(Argument { text, span }),
                    None => call.files_known = false,
                }
            }
            continue;
        }
        let Some(word) = words.next() else { break };
        match &word.text {
            Some(text) if text == "--" => {}
            Some(text) if is_placeholder(text) => call.services_known = false,
            Some(text) => call.services.push(Argument {
                text: text.clone(),
                span: word.span,
            }),
            None => call.services_known = false,
        }
        if runs {
            call.command = words
                .rest
                .iter()
                .filter_map(|word| {
                    Some(Argument {
                        text: word.text.clone()?,
                        span: word.span,
                    })
                })
                .collect();
            break;
        }
    }
    if call.tool == Tool::Stack {
        // What stands there is the name of the stack.
        call.project_name = call.services.pop();
        call.services.clear();
    }
    match subcommand.operands {
        Operands::All => {}
        Operands::First => call.services.truncate(1),
        Operands::None | Operands::Scaled => {
            call.services.clear();
            call.services_known = subcommand.operands == Operands::None;
        }
    }
}

/// What documents write where the reader is to fill something in.
fn is_placeholder(text: &str) -> bool {
    text.contains("...")
        || text.contains('…')
        || text.starts_with(['[', '<', '{'])
        || text.contains("your-")
        || text.contains("SERVICE")
}
