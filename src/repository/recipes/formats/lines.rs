//! Formats that are read line by line: justfiles, Procfiles, systemd units, Windows scripts, plain
//! documents.

use super::{File, argument, numbered_lines, replace_references};
use crate::repository::recipes::Argument;
use crate::repository::recipes::script::ancestors;
use crate::text::{Cooked, CookedBuilder};

/// <https://just.systems/man/en/>: `name := "value"`, and recipes as in makefiles with `{{name}}`
/// for variables.
pub(super) fn justfile(file: &mut File) {
    file.scope.parentheses_are_variables = true;
    let mut name: Option<Argument> = None;
    let mut body: Vec<Cooked> = Vec::new();
    let source = file.source;
    for (at, line) in numbered_lines(source) {
        let code = line.trim_start();
        let start = at + (line.len() - code.len());
        if code.is_empty() || (start == at && code.starts_with('#')) {
            continue;
        }
        if start > at {
            let command = code.trim_start_matches(['@', '-']);
            let start = start + (code.len() - command.len());
            let text = Cooked::verbatim(source, file.span(start..start + command.len()));
            body.push(replace_references(&text, "{{", "}}"));
            continue;
        }
        flush(file, &mut name, &mut body);
        if let Some((variable, value)) = code.split_once(":=") {
            let variable = variable.trim().trim_start_matches("export ").trim();
            let start = at + (value.as_ptr() as usize - line.as_ptr() as usize);
            let text = value.trim();
            let from = start + (value.len() - value.trim_start().len());
            let quoted = text.len() >= 2
                && ['"', '\'']
                    .iter()
                    .any(|quote| text.starts_with(*quote) && text.ends_with(*quote));
            let value = match quoted {
                true => Cooked::verbatim(source, file.span(from + 1..from + text.len() - 1)),
                // An expression: what it gives is not known.
                false => Cooked::synthetic("$(expression)", file.span(from..from + text.len())),
            };
            file.scope.assign(variable, value);
        } else if let Some((head, _)) = code.split_once(':') {
            let word = head
                .trim_start_matches('@')
                .split_whitespace()
                .next()
                .unwrap_or_default();
            name = Some(argument(
                source,
                word,
                at + (head.len() - head.trim_start_matches('@').len()),
            ));
        }
    }
    flush(file, &mut name, &mut body);
}

fn flush(file: &mut File, name: &mut Option<Argument>, body: &mut Vec<Cooked>) {
    let body = std::mem::take(body);
    let separate = !body
        .first()
        .is_some_and(|line| line.as_str().starts_with("#!"));
    if let Some(name) = name.take() {
        file.recipe(Some(name), &joined(&body), separate);
    }
}

/// Lines that end with `\` joined with the next.
fn joined(lines: &[Cooked]) -> Vec<Cooked> {
    let mut found: Vec<Cooked> = Vec::new();
    let mut open = false;
    for line in lines {
        match found.last_mut() {
            Some(last) if open => {
                let mut builder = CookedBuilder::new(last.span().cover(line.span()));
                builder.append(last, 0..last.as_str().len() - 1);
                builder.append(line, 0..line.as_str().len());
                *last = builder.finish();
            }
            _ => found.push(line.clone()),
        }
        open = line.as_str().ends_with('\\');
    }
    found
}

/// `name: command`
pub(super) fn procfile(file: &mut File) {
    let source = file.source;
    for (at, line) in numbered_lines(source) {
        let Some((name, command)) = line
            .split_once(':')
            .filter(|(name, _)| !name.contains([' ', '#']))
        else {
            continue;
        };
        let start = at + name.len() + 1;
        let text = Cooked::verbatim(source, file.span(start..start + command.len()));
        file.recipe(Some(argument(source, name, at)), &[text], false);
    }
}

/// `ExecStart=command`, in the `WorkingDirectory` of the unit, which is a place on another machine.
pub(super) fn systemd_unit(file: &mut File) {
    let source = file.source;
    file.start = ancestors(file.scope.directory, file.scope.root);
    let mut texts = Vec::new();
    for (at, line) in numbered_lines(source) {
        let Some((key, value)) = line
            .split_once('=')
            .filter(|(key, _)| key.starts_with("Exec"))
        else {
            continue;
        };
        let command = value.trim_start_matches(['-', '@', '+', '!', ':']);
        let start = at + key.len() + 1 + (value.len() - command.len());
        texts.push(Cooked::verbatim(
            source,
            file.span(start..start + command.len()),
        ));
    }
    file.recipe(None, &texts, true);
}

/// PowerShell and batch files, as far as a line of them is a line of shell with `\` in its paths.
pub(super) fn windows(file: &mut File) {
    let source = file.source;
    file.start = ancestors(file.scope.directory, file.scope.root);
    let mut texts = Vec::new();
    for (at, line) in numbered_lines(source) {
        let code = line
            .trim_start()
            .trim_start_matches(['@', '&'])
            .trim_start();
        if code.starts_with(['#', ':'])
            || code
                .get(..4)
                .is_some_and(|start| start.eq_ignore_ascii_case("rem "))
        {
            continue;
        }
        let start = at + (line.len() - code.len());
        let span = file.span(start..start + code.len());
        let mut builder = CookedBuilder::new(span);
        match from_script_directory(code) {
            Some(command) => builder.replaced(&command, span.start..span.end),
            None => builder.replaced(&code.replace('\\', "/"), span.start..span.end),
        }
        texts.push(builder.finish());
    }
    file.scope.variables.insert(
        "PSScriptRoot".to_owned(),
        vec![Cooked::synthetic("$(dirname $0)", file.span(0..0))],
    );
    file.recipe(None, &texts, false);
}

/// `Push-Location (Join-Path $PSScriptRoot '..' 'infra')` and `cd /d "%~dp0.."` as a shell would
/// say it.
fn from_script_directory(code: &str) -> Option<String> {
    let command = ["Push-Location", "Set-Location", "cd", "pushd"]
        .iter()
        .find(|command| code.starts_with(**command))?;
    if let Some((_, rest)) = code.split_once("%~dp0") {
        return Some(format!(
            "{command} $(dirname $0)/{}",
            rest.trim().trim_matches('"').replace('\\', "/")
        ));
    }
    let (_, rest) = code
        .split_once("Join-Path")?
        .1
        .split_once("$PSScriptRoot")?;
    let parts: Vec<&str> = rest
        .split(['\'', '"', ' ', ')', '('])
        .filter(|part| !part.is_empty() && !part.starts_with('-'))
        .collect();
    Some(format!(
        "{command} $(dirname $0)/{}",
        parts.join("/").replace('\\', "/")
    ))
}

/// Documents of any other form: the lines that start with a call, those that stand together as one
/// recipe.
pub(super) fn prose(file: &mut File) {
    let source = file.source;
    file.start = ancestors(file.scope.directory, file.scope.root);
    let mut texts = Vec::new();
    for (at, line) in numbered_lines(source) {
        let code = line
            .trim_start_matches([' ', '\t', '$', '>', '`', '*', '-', '#'])
            .trim_end_matches(['`', ' ']);
        let start = at + (line.find(code).unwrap_or_default());
        let is_command = [
            "docker compose ",
            "docker-compose ",
            "podman-compose ",
            "sudo docker",
            "cd ",
        ]
        .iter()
        .any(|begin| code.starts_with(begin));
        if is_command {
            texts.push(Cooked::verbatim(
                source,
                file.span(start..start + code.len()),
            ));
        } else if !line.trim().is_empty() && !texts.is_empty() {
            file.recipe(None, &std::mem::take(&mut texts), false);
        }
    }
    file.recipe(None, &texts, false);
}

/// A block of a document as its reader would type it: without prompts, and without the lines
/// between them, which are what the commands print.
pub(super) fn without_prompts(text: &Cooked) -> Cooked {
    let whole = text.as_str();
    let has_prompts = whole.lines().any(|line| prompt(line) > 0);
    if !has_prompts {
        return text.clone();
    }
    let mut builder = CookedBuilder::new(text.span());
    let mut at = 0;
    let mut continued = false;
    for line in whole.split_inclusive('\n') {
        let prompt = prompt(line);
        if prompt > 0 || continued {
            builder.append(text, at + prompt..at + line.len());
            continued = line.trim_end().ends_with('\\');
        }
        at += line.len();
    }
    builder.finish()
}

/// The length of the prompt at the start of a line: `$ `, `> `, `PS C:\> `, `user@host:~$ `.
fn prompt(line: &str) -> usize {
    let content = line.trim_start();
    let indent = line.len() - content.len();
    for (begin, mark) in [("", "$ "), ("", "> "), ("", "% "), ("PS", "> ")] {
        if let Some(at) = content.find(mark)
            && (at == 0
                || (!begin.is_empty() && content.starts_with(begin))
                || content[..at].contains('@') && !content[..at].contains(' '))
        {
            return indent + at + mark.len();
        }
    }
    0
}
