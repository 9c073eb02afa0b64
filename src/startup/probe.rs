//! What the health check of a container runs, whether its image has the tool, and whether there is
//! a health check at all.

use crate::compose::HealthcheckTest;
use crate::image::{Base, Form};
use crate::knowledge::images::Probe;
use crate::knowledge::{health, images, shells};
use crate::project::Service;
use crate::syntax::shell::{self, Operator};
use crate::text::{Cooked, Span};

/// A health check that calls a tool which the image certainly lacks.
pub struct MissingTool {
    /// The tool.
    pub tool: String,
    /// Where the check is written.
    pub span: Span,
    /// Whether that is in the Dockerfile.
    pub is_of_image: bool,
    /// The words of a check that does the same with what the image has.
    pub replacement: Option<Vec<String>>,
}

/// Why a container never becomes healthy.
pub struct Unchecked {
    /// What it has in the place of a health check.
    pub what: &'static str,
    /// What shows it.
    pub span: Span,
    /// The same, for a label.
    pub note: &'static str,
    /// The usual check of its image.
    pub probe: Option<&'static Probe>,
}

/// The tool that the health check of a service calls and its image lacks, so that every check
/// fails.
pub fn missing_health_tool(service: Service<'_>) -> Option<MissingTool> {
    let check = check_of(service)?;
    let (at, call) = check
        .commands
        .iter()
        .enumerate()
        .find(|(_, call)| !BUILT_IN.contains(&call.program()))?;
    let tool = call.words.first()?.rsplit('/').next()?;
    let behind = &check.commands[at + 1..];
    if may_succeed(&check, behind) || has_tool(service, tool) != Some(false) {
        return None;
    }
    Some(MissingTool {
        tool: tool.to_owned(),
        span: check.span,
        is_of_image: check.is_of_image,
        replacement: replacement(service, call, behind),
    })
}

/// What shows that a service has no health check; nothing when it has one, or may have one in an
/// image that is not known.
pub fn missing_health_check(service: Service<'_>) -> Option<Unchecked> {
    let spec = service.spec();
    let key = spec.key();
    if spec.data.get("provider").is_some() {
        return None;
    }
    if let Some(own) = &spec.healthcheck {
        let is_none = own
            .test
            .as_ref()
            .is_some_and(|test| test.value == HealthcheckTest::None);
        if own.disable || is_none {
            let span = own.origin.span.unwrap_or(key);
            return Some(Unchecked {
                what: "its health check switched off",
                span,
                note: "switched off here",
                probe: None,
            });
        }
        if own.test.is_some() {
            return None;
        }
    }
    let none = |span: Span, note: &'static str| Unchecked {
        what: "no health check",
        span,
        note,
        probe: None,
    };
    if let Some(image) = service.image() {
        let stage = image.selected()?;
        match &stage.config.healthcheck {
            Some(check) if check.test.is_some() => return None,
            Some(check) => return Some(none(check.span, "the image switches it off")),
            None => {}
        }
        let mut lowest = stage;
        while let Base::Stage(below) = &lowest.base {
            lowest = image.stages.get(*below)?;
        }
        let is_known = match &lowest.base {
            Base::Scratch => true,
            Base::Image(name) => images::probe(name).is_some(),
            _ => false,
        };
        return is_known.then(|| none(stage.span, "no HEALTHCHECK here, nor in the base image"));
    }
    let image = spec
        .image
        .as_ref()
        .filter(|image| spec.build.is_none() && !image.origin.is_unknown())?;
    let probe = images::probe(image)?;
    let span = image.span().unwrap_or(key);
    Some(Unchecked {
        probe,
        ..none(span, "this image brings no health check")
    })
}

/// Commands of the shell itself.
const BUILT_IN: [&str; 9] = [
    "test", "[", "echo", "exit", "true", "false", "sleep", "cd", "set",
];

/// A health check, as it is written.
struct HealthCheck {
    commands: Vec<Call>,
    span: Span,
    is_of_image: bool,
}

/// A command of it.
struct Call {
    words: Vec<String>,
    next: Operator,
}

impl Call {
    fn program(&self) -> &str {
        self.words.first().map(String::as_str).unwrap_or_default()
    }
}

/// Whether the check may succeed though a command of it fails: something else is tried behind it.
fn may_succeed(check: &HealthCheck, behind: &[Call]) -> bool {
    behind.iter().any(|call| match call.program() {
        "" | "echo" | "false" => false,
        "exit" => call.words.get(1).is_some_and(|code| code == "0"),
        _ => check.commands.iter().any(|call| call.next == Operator::Or),
    })
}

fn check_of(service: Service<'_>) -> Option<HealthCheck> {
    let call = |command: &shell::Command| Call {
        words: command.argv().into_iter().map(str::to_owned).collect(),
        next: command.next,
    };
    let shell = |text: &Cooked| shell::parse(text).commands.iter().map(call).collect();
    let exec = |words: Vec<&Cooked>| match words.as_slice() {
        [program, flag, text, ..]
            if shells::is_shell(program.as_str()) && flag.as_str().ends_with('c') =>
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
            return Some(HealthCheck {
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
    Some(HealthCheck {
        commands,
        span: check.span,
        is_of_image: true,
    })
}

/// Whether the image of a service has a tool, where that is known.
fn has_tool(service: Service<'_>, tool: &str) -> Option<bool> {
    if let Some(image) = service.image() {
        let stage = image.target?;
        let base = images::has_tool(image.base_image(stage)?, tool)?;
        return if base || image.adds_none_of(stage, &health::names_that_bring(tool)) {
            Some(base)
        } else {
            None
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
    images::has_tool(image, tool).filter(|has| *has || !installs)
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
        .and_then(images::version)
        .is_none_or(|version| version >= 18);
    if has_tool(service, "node") == Some(true) && is_recent {
        words(&[
            "node",
            "-e",
            &format!("fetch('{url}').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"),
        ])
    } else {
        None
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
