//! `make dev`, `just dev`, `task dev`, `poe dev`, `pdm run dev`, `turbo run dev`: from a task to
//! the commands that its file gives for it.
//!
//! A task is followed where its file says in so many words what it runs. What another tool works
//! out (a function of make, an import, a plugin) stays unknown.

use super::script::shell_items;
use super::start::synthetic;
use super::task::{Item, Outcome, Task, join};
use super::{Input, packages};
use crate::knowledge::makers;
use crate::knowledge::{file_name, is_assignment};
use crate::syntax::{makefile, shell, yaml};
use crate::text::{Cooked, Span};

mod toml;

/// A task has no more lines than this, unless nobody wrote it by hand.
const LINES: usize = 200;

/// No value of a makefile is worth knowing that is longer.
const VALUE: usize = 4_000;

/// Follows a task runner; `None` when the command is none, or runs something that is no task.
pub(super) fn call(input: &Input<'_>, task: &Task) -> Option<Outcome> {
    let texts = task.texts();
    let name = file_name(texts[0]);
    Some(match name {
        "make" | "gmake" => make(input, task, &texts),
        "just" => just(input, task, &texts),
        "task" | "go-task" => taskfile(input, task, &texts),
        "turbo" => turbo(input, task, &texts),
        name if makers::runs_own_tasks(name) && texts.len() > 1 => {
            return if is_server_of_nx(&texts) {
                None
            } else {
                Some(unknown(
                    task,
                    format!("`{name}` runs what its own file says"),
                ))
            };
        }
        _ => return toml::call(input, task, &texts),
    })
}

/// `nx serve web` is a row of the knowledge of programs.
fn is_server_of_nx(texts: &[&str]) -> bool {
    file_name(texts[0]) == "nx" && texts.get(1) == Some(&"serve")
}

fn unknown(task: &Task, reason: String) -> Outcome {
    Outcome::Unknown(task.clone(), reason)
}

/// What a task runs: its last line stays, and those before it end.
struct Body {
    /// What it is called, for the way to the process.
    title: String,
    /// Where its name is written.
    name: Span,
    lines: Vec<Cooked>,
    /// What runs before: the tasks that it needs.
    before: Vec<Cooked>,
    directory: String,
}

/// Goes on with the last line of a task. `arguments` are those that the runner hands on.
fn follow(task: &Task, mut body: Body, arguments: Vec<Item>) -> Outcome {
    let Some(last) = body.lines.pop() else {
        return unknown(task, format!("{} has no command", body.title));
    };
    let mut next = task.with(shell_items(&last)).step(body.title, body.name);
    // `sh -c text` gives what follows to the text, which does not ask for it: it goes into the text
    // itself.
    if !arguments.is_empty() {
        let words: Vec<&str> = arguments.iter().map(Item::text).collect();
        next.items = shell_items(&Cooked::synthetic(
            format!("{} {}", last.as_str(), words.join(" ")),
            last.span(),
        ));
    }
    next.cwd = body.directory;
    let earlier = body.before.iter().chain(&body.lines).take(LINES);
    next.side_effects.extend(
        earlier
            .flat_map(|line| shell::parse(line).commands)
            .take(LINES),
    );
    Outcome::Tasks(vec![next])
}

/// `make [-C directory] [-f file] [NAME=value] [target]`
fn make(input: &Input<'_>, task: &Task, texts: &[&str]) -> Outcome {
    let (mut directory, mut file, mut target) = (task.cwd.clone(), None, None);
    let mut given: Vec<(&str, &str)> = Vec::new();
    let mut words = texts[1..].iter();
    while let Some(word) = words.next() {
        match *word {
            "-C" | "--directory" => {
                directory = join(&directory, words.next().copied().unwrap_or("."))
            }
            "-f" | "--file" | "--makefile" => file = words.next().copied(),
            "-j" | "-l" | "-I" | "-o" | "-W" => {}
            word if word.starts_with('-') => {}
            word if word.bytes().all(|byte| byte.is_ascii_digit()) => {}
            word if is_assignment(word) => given.extend(word.split_once('=')),
            word => target = Some(word),
        }
    }
    let names = file.map_or(vec!["GNUmakefile", "makefile", "Makefile"], |file| {
        vec![file]
    });
    let Some(source) = names.iter().find_map(|name| input.read(&directory, name)) else {
        return unknown(
            task,
            format!("the makefile of `{directory}` is not among the files of the project"),
        );
    };
    let parsed = makefile::parse(&source);
    let default = || {
        parsed
            .rules
            .iter()
            .flat_map(|rule| &rule.targets)
            .map(|(name, _)| name.as_str())
            .find(|name| !name.starts_with('.'))
    };
    let Some(target) = target.or_else(default) else {
        return unknown(task, "its makefile has no target".to_owned());
    };
    let find = |target: &str| {
        parsed.rules.iter().find(|rule| {
            !rule.recipe.is_empty() && rule.targets.iter().any(|(name, _)| name == target)
        })
    };
    let needs = || {
        parsed
            .rules
            .iter()
            .filter(|rule| rule.targets.iter().any(|(name, _)| name == target))
            .flat_map(|rule| &rule.prerequisites)
    };
    // A target without a recipe runs what it needs.
    let (rule, is_own) = match find(target) {
        Some(rule) => (rule, true),
        None => match needs().filter_map(|(name, _)| find(name)).next_back() {
            Some(rule) => (rule, false),
            None => return unknown(task, format!("its makefile has no recipe for `{target}`")),
        },
    };
    let value = |name: &str| -> Option<String> {
        if name == "MAKE" {
            return Some("make".to_owned());
        }
        let given = given
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned());
        let mut own = parsed
            .variables
            .iter()
            .rev()
            .filter(|variable| variable.name == name);
        let own = own.find(|variable| {
            variable.targets.is_empty() || variable.targets.iter().any(|known| known == target)
        });
        let of_environment = || {
            task.environment
                .iter()
                .rev()
                .find(|variable| variable.name == name)
                .and_then(|variable| variable.value.clone())
        };
        match own {
            _ if given.is_some() => given,
            Some(own) if own.operator == "?=" => {
                of_environment().or_else(|| Some(own.value.as_str().to_owned()))
            }
            Some(own) if matches!(own.operator.as_str(), "=" | ":=" | "::=") => {
                Some(own.value.as_str().to_owned())
            }
            Some(_) => None,
            None => of_environment(),
        }
    };
    let lines = |rule: &makefile::Rule| {
        rule.recipe
            .iter()
            .take(LINES)
            .map(|line| expand_make(&line.text, &value))
            .collect::<Vec<_>>()
    };
    let before: Vec<Cooked> = if is_own {
        needs()
            .filter_map(|(name, _)| find(name))
            .flat_map(lines)
            .collect()
    } else {
        Vec::new()
    };
    let (name, span) = rule
        .targets
        .iter()
        .find(|(name, _)| name == target)
        .unwrap_or(&rule.targets[0]);
    follow(
        task,
        Body {
            title: format!("target `{name}` of the makefile"),
            name: *span,
            lines: lines(rule),
            before,
            directory,
        },
        Vec::new(),
    )
}

/// A line of a recipe with the values of its variables in it, and `$$` as the shell's `$`. What is
/// not known stays, and the shell text then holds a substitution that nobody knows.
fn expand_make(text: &Cooked, value: &dyn Fn(&str) -> Option<String>) -> Cooked {
    if !text.as_str().contains('$') {
        return text.clone();
    }
    let mut whole = text.as_str().to_owned();
    // A value may name other variables.
    for _ in 0..4 {
        let mut next = String::with_capacity(whole.len());
        let mut rest = whole.as_str();
        while let Some(at) = rest.find('$') {
            next.push_str(&rest[..at]);
            rest = &rest[at..];
            let close = match rest.as_bytes().get(1) {
                Some(b'(') => rest.find(')'),
                Some(b'{') => rest.find('}'),
                Some(b'$') => {
                    next.push_str("$$");
                    rest = &rest[2..];
                    continue;
                }
                _ => None,
            };
            let known = close.and_then(|close| Some((value(&rest[2..close])?, close)));
            match known.filter(|(value, _)| value.len() + next.len() < VALUE) {
                Some((value, close)) => {
                    next.push_str(&value);
                    rest = &rest[close + 1..];
                }
                None => {
                    next.push('$');
                    rest = &rest[1..];
                }
            }
        }
        next.push_str(rest);
        let is_done = next == whole;
        whole = next;
        if is_done || whole.len() > VALUE {
            break;
        }
    }
    Cooked::synthetic(whole.replace("$$", "$"), text.span())
}

/// `just [-f file] recipe [arguments]`
fn just(input: &Input<'_>, task: &Task, texts: &[&str]) -> Outcome {
    let Some(source) = ["justfile", "Justfile", ".justfile"]
        .iter()
        .find_map(|name| input.read(&task.cwd, name))
    else {
        return unknown(
            task,
            format!(
                "the justfile of `{}` is not among the files of the project",
                task.cwd
            ),
        );
    };
    let wanted = match texts[1..] {
        [] => None,
        [name] if !name.starts_with('-') && !is_assignment(name) => Some(name),
        _ => return unknown(task, "its recipe depends on arguments".to_owned()),
    };
    let mut found: Option<(String, Span)> = None;
    let mut lines: Vec<Cooked> = Vec::new();
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        let at = start;
        start += line.len();
        let code = line.trim();
        let is_inside = line.starts_with([' ', '\t']);
        if code.is_empty() || (code.starts_with('#') && !is_inside) {
            continue;
        }
        if is_inside {
            if found.is_some() {
                let command = code.trim_start_matches(['@', '-']);
                let from = at + line.find(command).unwrap_or(0);
                lines.push(Cooked::verbatim(
                    &source,
                    source.span(from..from + command.len()),
                ));
            }
            continue;
        }
        if found.is_some() {
            break;
        }
        // `name := value` is no recipe, and `[group: x]` stands above one.
        let head = code
            .split(':')
            .next()
            .unwrap_or_default()
            .trim_start_matches('@');
        let is_recipe = code.contains(':') && !code.contains(":=") && !code.starts_with('[');
        let name = head.split_whitespace().next().unwrap_or_default();
        if is_recipe && wanted.is_none_or(|wanted| wanted == name) && !name.is_empty() {
            found = Some((name.to_owned(), source.span(at..at + head.len())));
        }
    }
    let Some((name, span)) = found else {
        return unknown(task, "its justfile has no such recipe".to_owned());
    };
    if lines.iter().any(|line| line.as_str().contains("{{"))
        || lines
            .first()
            .is_some_and(|line| line.as_str().starts_with("#!"))
    {
        return unknown(
            task,
            format!("recipe `{name}` of the justfile is known only when it runs"),
        );
    }
    let title = format!("recipe `{name}` of the justfile");
    follow(
        task,
        Body {
            title,
            name: span,
            lines,
            before: Vec::new(),
            directory: task.cwd.clone(),
        },
        Vec::new(),
    )
}

/// `task [name]`, <https://taskfile.dev/docs/reference/schema>
fn taskfile(input: &Input<'_>, task: &Task, texts: &[&str]) -> Outcome {
    const NAMES: [&str; 8] = [
        "Taskfile.yml",
        "taskfile.yml",
        "Taskfile.yaml",
        "taskfile.yaml",
        "Taskfile.dist.yml",
        "taskfile.dist.yml",
        "Taskfile.dist.yaml",
        "taskfile.dist.yaml",
    ];
    let wanted = texts[1..]
        .iter()
        .find(|word| !word.starts_with('-'))
        .copied()
        .unwrap_or("default");
    let Some(source) = NAMES.iter().find_map(|name| input.read(&task.cwd, name)) else {
        return unknown(
            task,
            format!(
                "the Taskfile of `{}` is not among the files of the project",
                task.cwd
            ),
        );
    };
    let parsed = input.workspace.yaml(&source);
    let Some(entry) = parsed
        .tree
        .root()
        .and_then(|root| root.get("tasks")?.entry(wanted))
    else {
        return unknown(task, format!("its Taskfile has no task `{wanted}`"));
    };
    let commands = entry
        .value
        .get("cmds")
        .or_else(|| entry.value.get("cmd"))
        .unwrap_or(entry.value);
    let texts = if commands.kind() == yaml::Kind::Scalar {
        vec![commands]
    } else {
        commands.items().take(LINES).collect()
    };
    let mut lines = Vec::new();
    for command in texts {
        let other = command
            .get("task")
            .map(|other| Cooked::synthetic(format!("task {}", other.text()), other.span()));
        let text = command.get("cmd").unwrap_or(command);
        match other.or_else(|| (text.kind() == yaml::Kind::Scalar).then(|| text.cooked())) {
            Some(line) if !line.as_str().contains("{{") => lines.push(line),
            _ => return unknown(task, format!("task `{wanted}` is known only when it runs")),
        }
    }
    let directory = entry.value.get("dir").map_or_else(
        || task.cwd.clone(),
        |directory| join(&task.cwd, &directory.text()),
    );
    let title = format!("task `{wanted}` of the Taskfile");
    follow(
        task,
        Body {
            title,
            name: entry.key.span(),
            lines,
            before: Vec::new(),
            directory,
        },
        Vec::new(),
    )
}

/// `turbo run dev --filter=web`: the script of the one package that the filter names.
fn turbo(input: &Input<'_>, task: &Task, texts: &[&str]) -> Outcome {
    let mut filters: Vec<&str> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let mut words = texts[1..].iter().take_while(|word| **word != "--");
    while let Some(word) = words.next() {
        match *word {
            "--filter" | "-F" => filters.extend(words.next().copied()),
            "run" => {}
            word if word.starts_with("--filter=") => filters.extend(word.strip_prefix("--filter=")),
            word if word.starts_with('-') => {}
            word => names.push(word),
        }
    }
    let ([filter], [name]) = (filters.as_slice(), names.as_slice()) else {
        return unknown(task, "`turbo` runs a script of several packages".to_owned());
    };
    // `web...` builds what it needs first; `...web` and `[main]` are several packages.
    let package = filter.trim_end_matches("...").trim_start_matches("./");
    match packages::find_workspace(input, &task.cwd, package) {
        Some(directory) if !package.contains(['[', '{', '*']) => {
            let at = task.span();
            let words = ["npm", "run", name].map(|word| Item::in_file(synthetic(word, at)));
            let mut next = task.with(words.to_vec());
            next.cwd = directory;
            Outcome::Tasks(vec![next])
        }
        _ => unknown(
            task,
            format!("no package `{package}` can be found from `{}`", task.cwd),
        ),
    }
}
