//! A health check that calls a tool which the image does not have.

use crate::compose::HealthcheckTest;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::image::Form;
use crate::knowledge::contents;
use crate::project::{Project, Service};
use crate::rules::Findings;
use crate::syntax::shell::{self, Operator};
use crate::syntax::yaml::edit::{self, Insert};
use crate::text::Span;

const ID: &str = "healthcheck-tool-missing";

/// A health check, as it is written.
struct Check {
    commands: Vec<Call>,
    span: Span,
    is_of_image: bool,
}

/// A command of it.
struct Call {
    words: Vec<String>,
    next: Operator,
}

/// Looks at the health check of every service: its own, or that of the image it builds.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let mut told: Vec<Span> = Vec::new();
    for service in project.services() {
        if let Some(finding) = judge(project, service)
            && !told.contains(&finding.span)
        {
            told.push(finding.span);
            findings.push(finding);
        }
    }
}

fn judge(project: &Project<'_>, service: Service<'_>) -> Option<Diagnostic> {
    let check = check_of(service)?;
    let (at, call) = check.commands.iter().enumerate().find(|(_, call)| {
        let program = call.words.first().map(String::as_str).unwrap_or_default();
        !matches!(
            program,
            "test" | "[" | "echo" | "exit" | "true" | "false" | "sleep" | "cd" | "set"
        )
    })?;
    let tool = call.words.first()?.rsplit('/').next()?;
    // Where something else is tried behind it, the check may well succeed.
    let mut others = check.commands[at + 1..].iter().filter_map(|call| {
        call.words
            .first()
            .map(|word| (word.as_str(), call.words.get(1)))
    });
    let succeeds = others.any(|(word, code)| match word {
        "exit" => code.is_some_and(|code| code == "0"),
        "echo" | "false" => false,
        _ => check.commands[..]
            .iter()
            .any(|call| call.next == Operator::Or),
    });
    if succeeds || has_tool(service, tool) != Some(false) {
        return None;
    }
    let name = service.name();
    let message = format!(
        "the health check of `{name}` calls `{tool}`, which its image does not have: `{name}` never becomes healthy"
    );
    let mut finding = Diagnostic::new(ID, check.span, message)
        .note(format!("no `{tool}` in the image"))
        .service(name);
    if let Some(image) = service.image() {
        let stage = &image.stages[image.target?];
        finding = finding.label(stage.span, "neither the base image nor a step brings it");
    } else if let Some(span) = service.spec().image.as_ref().and_then(|image| image.span()) {
        finding = finding.label(span, "this image does not bring it");
    }
    let Some(other) = replacement(service, call, &check.commands[at + 1..]) else {
        return Some(finding.help(format!(
            "Install `{tool}` in the image, or check with something that it has"
        )));
    };
    let title = format!("Check with `{}`", other[0]);
    let help = format!(
        "Check with `{}`, which the image has, or install `{tool}`",
        other[0]
    );
    let fix = match check.is_of_image {
        true => in_dockerfile(service, &title, &other),
        false => in_compose(project, check.span, &title, &other),
    };
    Some(finding.help(help).fix(fix))
}

fn check_of(service: Service<'_>) -> Option<Check> {
    let call = |command: &shell::Command| Call {
        words: command.argv().into_iter().map(str::to_owned).collect(),
        next: command.next,
    };
    let shell = |text: &crate::text::Cooked| shell::parse(text).commands.iter().map(call).collect();
    let exec = |words: Vec<&crate::text::Cooked>| match words.as_slice() {
        [program, flag, text, ..]
            if matches!(program.as_str(), "sh" | "bash" | "/bin/sh" | "/bin/bash")
                && flag.as_str().ends_with('c') =>
        {
            shell(text)
        }
        words => vec![Call {
            words: words.iter().map(|word| word.as_str().to_owned()).collect(),
            next: Operator::End,
        }],
    };
    if let Some(own) = &service.spec().healthcheck {
        if own.disable {
            return None;
        }
        if let Some(test) = &own.test {
            let commands = match &test.value {
                HealthcheckTest::None => return None,
                HealthcheckTest::Exec(words) => exec(words.iter().map(|word| &word.text).collect()),
                HealthcheckTest::Shell(text) => shell(text),
            };
            return Some(Check {
                commands,
                span: test.span()?,
                is_of_image: false,
            });
        }
    }
    let check = service.image()?.config()?.healthcheck.as_ref()?;
    let commands = match check.test.as_ref()? {
        Form::Exec(words) => exec(words.iter().map(|word| &word.text).collect()),
        Form::Shell(text, _) => shell(text),
    };
    Some(Check {
        commands,
        span: check.span,
        is_of_image: true,
    })
}

/// Names of packages and files that bring a tool.
fn names_of(tool: &str) -> Vec<&str> {
    match tool {
        "nc" => vec!["nc", "netcat", "ncat", "nmap", "busybox"],
        "pg_isready" | "psql" => vec![tool, "postgresql", "postgres", "libpq"],
        "redis-cli" => vec![tool, "redis"],
        "mysqladmin" | "mysql" => vec![tool, "mysql", "mariadb"],
        "wget" => vec!["wget", "busybox", "chrome"],
        tool => vec![tool],
    }
}

/// Whether the image of a service has a tool, where that is known.
fn has_tool(service: Service<'_>, tool: &str) -> Option<bool> {
    if let Some(image) = service.image() {
        let stage = image.target?;
        let base = contents::has_tool(image.base_image(stage)?, tool)?;
        return match base || image.adds_none_of(stage, &names_of(tool)) {
            true => Some(base),
            false => None,
        };
    }
    let spec = service.spec();
    let image = spec
        .image
        .as_ref()
        .filter(|image| spec.build.is_none() && !image.origin.is_unknown())?;
    // A command may install anything before it starts the server.
    let installs = spec
        .command
        .iter()
        .chain(&spec.entrypoint)
        .flat_map(|command| &command.words)
        .any(|word| word.text.as_str().contains(tool));
    contents::has_tool(image, tool).filter(|has| *has || !installs)
}

/// What does the same with a tool that the image certainly has.
fn replacement(service: Service<'_>, call: &Call, behind: &[Call]) -> Option<Vec<String>> {
    let is_end = behind
        .iter()
        .all(|call| call.words.first().is_some_and(|word| word == "exit"));
    let url = url(call)
        .filter(|_| is_end)?
        .replacen("://localhost", "://127.0.0.1", 1);
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    if has_tool(service, "wget") == Some(true) {
        return words(&["wget", "-q", "--spider", &url]);
    }
    if has_tool(service, "python") == Some(true) {
        return words(&[
            "python",
            "-c",
            &format!("import urllib.request; urllib.request.urlopen('{url}')"),
        ]);
    }
    let base = match service.image() {
        Some(image) => image.base_image(image.target?),
        None => service
            .spec()
            .image
            .as_ref()
            .map(|image| image.value.as_str()),
    };
    // `fetch` came with Node.js 18.
    let is_recent = base
        .and_then(contents::version)
        .is_none_or(|version| version >= 18);
    match has_tool(service, "node") == Some(true) && is_recent {
        true => words(&[
            "node",
            "-e",
            &format!("fetch('{url}').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"),
        ]),
        false => None,
    }
}

/// The URL of a simple call of curl or wget.
fn url(call: &Call) -> Option<&str> {
    let (program, arguments) = call.words.split_first()?;
    let flags: &[&str] = match program.as_str() {
        "curl" => &[
            "-f",
            "-s",
            "-S",
            "-fs",
            "-sf",
            "-fsS",
            "-sSf",
            "-fSs",
            "-fsSL",
            "-L",
            "--fail",
            "--silent",
            "--show-error",
            "--location",
            "-fL",
        ],
        "wget" => &[
            "-q",
            "--quiet",
            "--spider",
            "-qO-",
            "--no-verbose",
            "--tries=1",
            "-nv",
            "-t1",
        ],
        _ => return None,
    };
    let mut urls = arguments
        .iter()
        .filter(|word| !flags.contains(&word.as_str()));
    let url = urls
        .next()
        .filter(|url| url.starts_with("http://") && !url.contains(['$', '\'', '"', '\\', '`']))?;
    urls.next().is_none().then_some(url)
}

fn in_compose(project: &Project<'_>, span: Span, title: &str, words: &[String]) -> Option<Fix> {
    let parsed = project.yaml_of(span);
    let mut node = parsed.tree.node_at(span.start)?;
    let entry = loop {
        node = node.parent()?;
        if let Some(entry) = node.entry("test") {
            break entry;
        }
    };
    let items = std::iter::once("CMD").chain(words.iter().map(String::as_str));
    Fix::of(
        title,
        Safety::Unsafe,
        edit::replace_value(entry, &Insert::flow_sequence(items.map(Insert::quoted))),
    )
}

fn in_dockerfile(service: Service<'_>, title: &str, words: &[String]) -> Option<Fix> {
    let image = service.image()?;
    let check = image.config()?.healthcheck.as_ref()?;
    let instruction = image
        .dockerfile
        .tree
        .instructions
        .iter()
        .find(|instruction| instruction.span == check.span)?;
    let start = instruction
        .flags
        .last()
        .map_or(instruction.keyword_span, |flag| flag.span)
        .end;
    let place = Span::new(check.span.file, start, check.span.end);
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let edit = Edit::replace(place, format!(" CMD [{}]", quoted.join(", ")));
    Some(Fix {
        title: title.to_owned(),
        safety: Safety::Unsafe,
        edits: vec![edit],
    })
}
