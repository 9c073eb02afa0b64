//! From forms to text: a whole new file, or edits of one that somebody wrote.
//!
//! Nothing that stands in a file is changed or taken out: what it lacks is added, and what
//! contradicts it is named.

use std::collections::BTreeSet;
use std::path::Path;

use crate::compose::Condition;
use crate::diagnostic::Edit;
use crate::project::Project;
use crate::syntax::yaml::edit::{Insert, render};

use super::target::{self, Target};
use super::{Command, DevForm, Reasoned, Restart, Softened, Sync, Then, Variable};
use crate::repository::override_files::MARK;

mod extend;

pub use extend::{Missing, missing};

/// What writing forms comes to.
#[derive(Debug, Default)]
pub struct Written {
    /// The edits; none when all of it is said already.
    pub edits: Vec<Edit>,
    /// What could not be said without changing what a person wrote.
    pub left: Vec<String>,
}

/// The edits that make `target` say the forms.
pub fn edits(project: &Project<'_>, target: &Target, forms: &[DevForm]) -> Written {
    if target.source.exists() && !target.source.text().trim().is_empty() {
        return extend::edits(project, &target.source, forms);
    }
    let text = new_file(project, target, forms);
    let edits = text.map(|text| Edit::replace(target.source.whole(), text));
    Written {
        edits: edits.into_iter().collect(),
        left: Vec::new(),
    }
}

/// A key with its value, or an item of a list, and why it is there.
#[derive(Clone, Debug)]
struct Line {
    /// Empty for an item of a list.
    key: String,
    value: Node,
    why: String,
}

/// What stands behind a key or a dash.
#[derive(Clone, Debug)]
enum Node {
    /// No value.
    Nothing,
    /// A text.
    Text(String),
    /// Another scalar, or a list in brackets.
    One(Insert),
    /// A mapping in braces.
    Flow(Vec<Line>),
    /// A mapping.
    Map(Vec<Line>),
    /// A list.
    List(Vec<Line>),
}

impl Line {
    fn new(key: impl Into<String>, value: Node, why: impl Into<String>) -> Line {
        Line {
            key: key.into(),
            value,
            why: why.into(),
        }
    }

    fn item(value: Node, why: impl Into<String>) -> Line {
        Line::new("", value, why)
    }

    /// The value as it is to be written, its reason as a comment behind it.
    fn insert(&self) -> Insert {
        let pairs = |lines: &[Line]| {
            lines
                .iter()
                .map(|line| (line.key.clone(), line.insert()))
                .collect::<Vec<_>>()
        };
        let insert = match &self.value {
            Node::Nothing => Insert::absent(),
            Node::Text(text) => Insert::text(text),
            Node::One(insert) => insert.clone(),
            Node::Flow(lines) => Insert::flow_mapping(pairs(lines)),
            Node::Map(lines) => Insert::mapping(pairs(lines)),
            Node::List(lines) => Insert::sequence(lines.iter().map(Line::insert)),
        };
        if self.why.is_empty() {
            insert
        } else {
            insert.comment(&self.why)
        }
    }
}

/// A text in which Docker Compose puts in no variable.
fn escaped(text: &str) -> String {
    text.replace('$', "$$")
}

fn text(text: &str) -> Node {
    Node::Text(escaped(text))
}

fn plain(text: &str) -> Node {
    Node::One(Insert::plain(text))
}

fn words(words: &[String]) -> Node {
    Node::One(Insert::flow_sequence(
        words.iter().map(|word| Insert::quoted(&escaped(word))),
    ))
}

/// The lines of one service, in the order in which they are written.
fn lines(form: &DevForm) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.extend(
        form.image
            .as_ref()
            .map(|image| Line::new("image", text(&image.value), &image.why)),
    );
    lines.extend(
        form.pull_policy
            .as_ref()
            .map(|policy| Line::new("pull_policy", text(policy.value), &policy.why)),
    );
    if let Some(target) = &form.build_target {
        lines.push(Line::new(
            "build",
            Node::Flow(vec![Line::new("target", text(&target.value), "")]),
            &target.why,
        ));
    }
    lines.extend(
        form.entrypoint
            .as_ref()
            .map(|entrypoint| Line::new("entrypoint", words(&entrypoint.value), &entrypoint.why)),
    );
    if let Some(command) = &form.command {
        let value = match &command.value {
            Command::Words(list) => words(list),
            Command::OfImage => plain("null"),
        };
        lines.push(Line::new("command", value, &command.why));
    }
    if let Some(ports) = &form.ports {
        let list = Insert::flow_sequence(ports.value.iter().map(|port| Insert::quoted(port)));
        lines.push(Line::new(
            "ports",
            Node::One(list.tag("!override")),
            &ports.why,
        ));
    }
    let binds = form.binds.iter().map(|bind| {
        (
            format!("{}:{}", bind.value.host, bind.value.container),
            &bind.why,
        )
    });
    let protected = form
        .protected
        .iter()
        .map(|volume| (volume.value.clone(), &volume.why));
    let caches = form.caches.iter().map(|cache| {
        (
            format!("{}:{}", cache.value.volume, cache.value.container),
            &cache.why,
        )
    });
    let volumes = binds
        .chain(protected)
        .chain(caches)
        .map(|(volume, why)| Line::item(text(&volume), why));
    push(&mut lines, "volumes", Node::List(volumes.collect()));
    let variable = |variable: &Reasoned<Variable>| {
        let value = variable.value.value.as_deref().map_or(Node::Nothing, text);
        Line::new(&variable.value.name, value, &variable.why)
    };
    push(
        &mut lines,
        "environment",
        Node::Map(form.environment.iter().map(variable).collect()),
    );
    if let Some(quick) = &form.quick_health {
        let flow = [("interval", "2s"), ("timeout", "2s"), ("retries", "30")]
            .map(|(key, value)| Line::new(key, plain(value), ""));
        lines.push(Line::new(
            "healthcheck",
            Node::Flow(flow.to_vec()),
            &quick.why,
        ));
    }
    let edge = |edge: &Reasoned<Softened>| {
        let condition = match edge.value.condition {
            Condition::Started => "service_started",
            Condition::Healthy => "service_healthy",
            Condition::Completed => "service_completed_successfully",
        };
        let flow = vec![
            Line::new("condition", plain(condition), ""),
            Line::new("required", plain("false"), ""),
        ];
        Line::new(&edge.value.service, Node::Flow(flow), &edge.why)
    };
    push(
        &mut lines,
        "depends_on",
        Node::Map(form.softened.iter().map(edge).collect()),
    );
    let sync = |sync: &Reasoned<Sync>| {
        let mut flow = vec![
            Line::new("path", text(&sync.value.host), ""),
            Line::new("action", plain(sync.value.then.action()), ""),
            Line::new("target", text(&sync.value.container), ""),
            Line::new("initial_sync", plain("true"), ""),
        ];
        if !sync.value.ignore.is_empty() {
            flow.push(Line::new("ignore", words(&sync.value.ignore), ""));
        }
        if let Then::Run(command) = &sync.value.then {
            flow.push(Line::new(
                "exec",
                Node::Flow(vec![Line::new("command", text(command), "")]),
                "",
            ));
        }
        Line::item(Node::Flow(flow), &sync.why)
    };
    if !form.rebuild_on.is_empty() || !form.syncs.is_empty() || !form.restart_on.is_empty() {
        let restart = |restart: &Reasoned<Restart>| {
            let mut flow = vec![
                Line::new("path", text(&restart.value.host), ""),
                Line::new("action", plain("restart"), ""),
            ];
            flow.push(Line::new("include", words(&restart.value.include), ""));
            Line::item(Node::Flow(flow), &restart.why)
        };
        let trigger = |path: &Reasoned<String>| {
            let flow = vec![
                Line::new("path", text(&path.value), ""),
                Line::new("action", plain("rebuild"), ""),
            ];
            Line::item(Node::Flow(flow), &path.why)
        };
        let code = form
            .syncs
            .iter()
            .map(sync)
            .chain(form.restart_on.iter().map(restart));
        let watch = Line::new(
            "watch",
            Node::List(code.chain(form.rebuild_on.iter().map(trigger)).collect()),
            "",
        );
        lines.push(Line::new("develop", Node::Map(vec![watch]), ""));
    }
    if let Some(profiles) = &form.profiles {
        let names = profiles.value.iter().map(|name| Insert::text(name.clone()));
        lines.push(Line::new(
            "profiles",
            Node::One(Insert::flow_sequence(names)),
            &profiles.why,
        ));
    }
    lines
}

/// Adds a collection that is not empty.
fn push(lines: &mut Vec<Line>, key: &str, value: Node) {
    if let Node::Map(children) | Node::List(children) = &value
        && !children.is_empty()
    {
        lines.push(Line::new(key, value, ""));
    }
}

/// All of a file: the services that have something to say, and the named volumes that are new.
fn sections(project: &Project<'_>, forms: &[DevForm]) -> Vec<Line> {
    let services = forms
        .iter()
        .filter(|form| !form.is_empty())
        .map(|form| Line::new(&form.service, Node::Map(lines(form)), ""));
    let used: BTreeSet<&str> = forms
        .iter()
        .flat_map(|form| form.caches.iter().map(|cache| cache.value.volume))
        .collect();
    let is_new = |name: &&str| {
        !project.compose().is_some_and(|compose| {
            compose
                .volumes
                .iter()
                .any(|volume| volume.name.value == **name)
        })
    };
    let volumes = used
        .into_iter()
        .filter(is_new)
        .map(|name| Line::new(name, Node::Nothing, ""));
    let mut sections = Vec::new();
    push(&mut sections, "services", Node::Map(services.collect()));
    push(&mut sections, "volumes", Node::Map(volumes.collect()));
    sections
}

/// A whole new file; nothing when no form says anything.
fn new_file(project: &Project<'_>, target: &Target, forms: &[DevForm]) -> Option<String> {
    if forms.iter().all(DevForm::is_empty) {
        return None;
    }
    let mut text = header(project, target, forms);
    for section in sections(project, forms) {
        text.push_str(&format!("\n{}:\n", section.key));
        let (Node::Map(lines) | Node::List(lines)) = section.value else {
            continue;
        };
        let mut lines = lines.into_iter();
        if section.key == "services" {
            for form in forms {
                text.push_str(&comments(form));
                let line = if form.is_empty() { None } else { lines.next() };
                line.iter().for_each(|line| text.push_str(&block(line)));
            }
        }
        lines.for_each(|line| text.push_str(&block(&line)));
    }
    let base = target::main_files(project)
        .first()
        .and_then(|base| project.workspace().read(base).ok());
    Some(if base.is_some_and(|base| base.text().contains("\r\n")) {
        text.replace('\n', "\r\n")
    } else {
        text
    })
}

/// One service, its reasons in one column.
fn block(line: &Line) -> String {
    /// Comments of one service start in one column, up to this one.
    const WIDEST: usize = 64;
    let rendered = render(&Insert::mapping([(line.key.clone(), line.insert())]), 2);
    let mut whys = Vec::new();
    reasons(line, &mut whys);
    let split = |line: &str| {
        let why = whys.iter().find_map(|why| {
            Some((
                line.strip_suffix(&format!("  # {why}"))?.to_owned(),
                (*why).to_owned(),
            ))
        });
        why.unwrap_or_else(|| (line.to_owned(), String::new()))
    };
    let written: Vec<(String, String)> = rendered.lines().map(split).collect();
    let widths = written
        .iter()
        .filter(|(_, why)| !why.is_empty())
        .map(|(text, _)| text.chars().count());
    let column = widths.filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let mut text = String::new();
    for (line, why) in written {
        let padding = column.saturating_sub(line.chars().count()) + 2;
        text.push_str(&line);
        if !why.is_empty() {
            text.push_str(&format!("{:padding$}# {why}", ""));
        }
        text.push('\n');
    }
    text
}

fn reasons<'l>(line: &'l Line, found: &mut Vec<&'l str>) {
    if !line.why.is_empty() {
        found.push(&line.why);
    }
    if let Node::Map(lines) | Node::List(lines) = &line.value {
        lines.iter().for_each(|line| reasons(line, found));
    }
}

/// The notes of a form as comments.
fn comments(form: &DevForm) -> String {
    let lines = form
        .notes
        .iter()
        .flat_map(|note| wrapped(&format!("{}: {note}", form.service)));
    lines.map(|line| format!("  # {line}\n")).collect()
}

/// A long text as lines.
fn wrapped(text: &str) -> Vec<String> {
    const WIDTH: usize = 110;
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        match line.is_empty() || line.chars().count() + 1 + word.chars().count() <= WIDTH {
            true if line.is_empty() => line.push_str(word),
            true => line.push_str(&format!(" {word}")),
            false => lines.push(format!("  {word}")),
        }
    }
    lines
}

/// What the file is, and how to start with it.
fn header(project: &Project<'_>, target: &Target, forms: &[DevForm]) -> String {
    let base = target::main_files(project);
    let here = |path: &Path| {
        let written = project.written(path);
        written
            .strip_prefix("./")
            .map(str::to_owned)
            .unwrap_or(written)
    };
    let name = base.first().map(|base| here(base)).unwrap_or_default();
    let files = match target.is_automatic {
        true => String::new(),
        false => base
            .iter()
            .map(|path| here(path))
            .chain([here(target.source.path())])
            .map(|path| format!(" -f {path}"))
            .collect(),
    };
    let has_profiles = forms.iter().any(|form| form.profiles.is_some());
    let waits = project
        .services()
        .flat_map(|service| &service.spec().depends_on)
        .any(|needed| needed.condition == Condition::Healthy)
        && !project
            .services()
            .flat_map(|service| &service.spec().depends_on)
            .any(|needed| needed.condition == Condition::Completed);
    let up = format!("up -d --build{}", if waits { " --wait" } else { "" });
    let mut lines = vec![
        format!(
            "Development settings over {name}, {MARK}{}; edit freely.",
            target.asked.written()
        ),
        String::new(),
    ];
    match has_profiles {
        false => lines.push(format!("start: docker compose{files} {up}")),
        true => {
            lines.push(format!("core: docker compose{files} {up}"));
            lines.push(format!("full: docker compose{files} --profile full {up}"));
            lines.push(format!("stop: docker compose{files} --profile \"*\" down"));
        }
    }
    // Rebuilds alone are worth watching for where nothing else brings an edit in.
    let is_watched = |form: &DevForm| {
        !form.syncs.is_empty()
            || !form.restart_on.is_empty()
            || form.binds.is_empty() && !form.rebuild_on.is_empty()
    };
    if forms.iter().any(is_watched) {
        lines.insert(
            lines.len().min(3),
            format!("edit: docker compose{files} watch"),
        );
    }
    lines
        .iter()
        .map(|line| format!("# {line}").trim_end().to_owned() + "\n")
        .collect()
}
