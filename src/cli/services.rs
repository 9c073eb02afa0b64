//! `composelint services`: one line a service - what it is, where its code comes from, whether it
//! notices edits, and why.

use std::io;

use serde::Serialize;

use super::arguments::Services;
use super::{Setting, Status, chosen};
use crate::compose;
use crate::links::code_origin::{self, Maker};
use crate::links::{self, Cause, Chain, Link, commands};
use crate::process::{Process, Reads, Reload};
use crate::project::{Project, Service};
use crate::report::termcolor::WriteColor;
use crate::report::{Format, one_line};
use crate::roles::{self, Need};
use crate::text::Span;

pub(super) fn run(setting: &Setting, arguments: Services) -> anyhow::Result<Status> {
    let done = chosen::with(setting, arguments.path, |_, project| {
        let rows = rows(setting, project);
        match setting.format {
            Format::Json => setting.print(false, |out| {
                serde_json::to_writer_pretty(&mut *out, &rows)?;
                writeln!(out)
            }),
            _ => setting.print(true, |out| table(out, &rows)),
        }
    })?;
    Ok(if done.is_some() {
        Status::Clean
    } else {
        Status::Failed
    })
}

/// What is known of a service; `unknown` where nothing is.
#[derive(Serialize)]
struct Row {
    service: String,
    role: &'static str,
    code: &'static str,
    reload: String,
    /// The least that makes an edit of its code take effect, by its name.
    action: &'static str,
    /// What to type for that, if anything.
    command: Option<String>,
    profiles: Vec<String>,
    needs: Vec<String>,
    ports: Vec<String>,
    because: Vec<String>,
}

fn rows(setting: &Setting, project: &Project<'_>) -> Vec<Row> {
    let Some(compose) = project.compose() else {
        return Vec::new();
    };
    let told = roles::stated(project.stated());
    let roles = roles::infer(
        compose,
        project.recipes(),
        &told,
        &roles::RoleEvidence::of(project),
    );
    let needs = roles::needs(compose);
    let place = |span: Span| {
        let source = project.workspace().sources().get(span.file);
        format!(
            "{}:{}",
            setting.relative(source.path()),
            source.line_on_disk(span.start) + 1
        )
    };
    let row = |(service, role): (Service<'_>, &roles::ServiceRole)| {
        let spec = service.spec();
        let chains = links::chains_of_code(service);
        let (code, why_code) = code(service, &chains);
        let (reload, why_reload) = reload(service, &chains);
        let deciding = links::deciding(&chains);
        let cited = |(text, span): (String, Option<Span>)| match span {
            Some(span) => format!("{text} ({})", place(span)),
            None => text,
        };
        let why_role = role
            .reasons
            .first()
            .map(|reason| (reason.text.clone(), reason.span));
        let because = [why_role, why_code, why_reload]
            .into_iter()
            .flatten()
            .map(cited)
            .map(|text| one_line(&text))
            .collect();
        Row {
            service: service.name().to_owned(),
            role: role.role.as_str(),
            code,
            reload,
            action: deciding.map_or("unknown", |chain| chain.action.name()),
            command: deciding.and_then(|chain| commands::command_of(service, chain)),
            profiles: spec
                .profiles
                .iter()
                .map(|profile| profile.value.clone())
                .collect(),
            needs: needs
                .iter()
                .filter(|need| need.from == service.name())
                .map(need_text)
                .collect(),
            ports: spec
                .ports
                .chunk_by(|port, next| {
                    port.origin.span.is_some() && port.origin.span == next.origin.span
                })
                .map(ports)
                .collect(),
            because,
        }
    };
    project.services().zip(&roles).map(row).collect()
}

fn need_text(need: &Need) -> String {
    match need.kind.is_required() {
        true => need.to.clone(),
        false => format!("{}?", need.to),
    }
}

/// Ports of one item of the file, in the short form: a range is taken apart in the model, and is
/// one here.
fn ports(ports: &[compose::Port]) -> String {
    let published = |port: &compose::Port| {
        port.published
            .as_ref()
            .map(|port| port.value.clone())
            .filter(|port| !port.is_empty())
    };
    let target = |port: &compose::Port| port.target.as_ref().map(|port| port.value.to_string());
    let range = |of: &dyn Fn(&compose::Port) -> Option<String>| {
        let (first, last) = (ports.first().and_then(of)?, ports.last().and_then(of)?);
        Some(if first == last {
            first
        } else {
            format!("{first}-{last}")
        })
    };
    let protocol = ports
        .first()
        .map(|port| port.protocol.as_str())
        .filter(|protocol| *protocol != "tcp");
    let slash = protocol
        .map(|protocol| format!("/{protocol}"))
        .unwrap_or_default();
    let target = range(&target).unwrap_or_default();
    match range(&published) {
        Some(published) => format!("{published}:{target}{slash}"),
        None => format!("{target}{slash}"),
    }
}

type Why = Option<(String, Option<Span>)>;

fn because(link: &Link) -> Why {
    let evidence = link.evidence();
    Some((evidence.text.clone(), evidence.span))
}

/// Where the code comes from, and what shows it.
fn code(service: Service<'_>, chains: &[Chain]) -> (&'static str, Why) {
    let with_code: Vec<&Chain> = chains.iter().filter(|chain| chain.host.is_some()).collect();
    let Some(chain) = links::deciding(chains) else {
        return ("unknown", None);
    };
    if with_code.is_empty() {
        let is_foreign = service.spec().build.is_none() && service.image().is_none();
        return match &chain.arrives {
            Link::Unknown(_) if !is_foreign => ("unknown", because(&chain.arrives)),
            _ => ("none", None),
        };
    }
    let arrives = |chain: &&&Chain| chain.arrives.holds() && chain.visible.is_some();
    let has_baked = with_code
        .iter()
        .any(|chain| chain.arrives.cause() == Some(Cause::Baked) && chain.watching.is_none());
    if let Some(mounted) = with_code.iter().find(arrives)
        && has_baked
    {
        return ("partly mounted", because(&mounted.arrives));
    }
    code_of(service, chain)
}

/// Where the code of one chain comes from.
fn code_of(service: Service<'_>, chain: &Chain) -> (&'static str, Why) {
    if let Some(watching) = &chain.watching
        && !chain.arrives.holds()
    {
        let is_rebuilt = watching.text.contains("rebuilds");
        let word = if is_rebuilt {
            "rebuilt by watch"
        } else {
            "synced"
        };
        return (word, Some((watching.text.clone(), watching.span)));
    }
    let deciding = chain.broken().map(|(_, cause)| cause);
    match (&chain.arrives, deciding) {
        (_, Some(Cause::HiddenByMount | Cause::HiddenByVolume)) => {
            ("hidden", chain.visible.as_ref().and_then(because))
        }
        (_, Some(Cause::MadeInImage | Cause::BuiltInto)) => {
            let link = chain.read.as_ref().unwrap_or(&chain.arrives);
            ("compiled in the image", because(link))
        }
        (_, Some(Cause::MadeOnHost)) => (
            "compiled on the host",
            chain.read.as_ref().and_then(because),
        ),
        (_, Some(Cause::MadeAtStart)) => (
            "compiled at start",
            chain.read_again.as_ref().and_then(because),
        ),
        (_, Some(Cause::OtherCopy | Cause::InstalledCopy)) => {
            ("baked", chain.read.as_ref().and_then(because))
        }
        (_, Some(Cause::NotBrought)) => ("none", None),
        (Link::Broken(..), _) => {
            let is_compiled = main_process(service)
                .is_some_and(|process| code_origin::maker(service, process) == Some(Maker::Image));
            let word = if is_compiled {
                "compiled in the image"
            } else {
                "baked"
            };
            (word, because(&chain.arrives))
        }
        (Link::Unknown(_), _) => ("unknown", because(&chain.arrives)),
        (Link::Holds(_), _) if matches!(chain.visible, Some(Link::Unknown(_))) => {
            ("unknown", chain.visible.as_ref().and_then(because))
        }
        (Link::Holds(_), _) => ("mounted", because(&chain.arrives)),
    }
}

/// Whether the process notices edits: by its chain, or where that does not get so far, by what is
/// known of the process.
fn reload(service: Service<'_>, chains: &[Chain]) -> (String, Why) {
    let again = links::deciding(chains).and_then(|chain| chain.read_again.as_ref());
    let is_per_request = main_process(service)
        .is_some_and(|process| process.reload == Reload::PerRequest || process.is_static_server());
    let Some(link) = again else {
        return reload_of(service);
    };
    let word = match link {
        Link::Holds(_) if is_per_request => "per request",
        Link::Holds(_) => "yes",
        Link::Broken(Cause::ReloadBroken | Cause::NotWatched, _) => "broken",
        Link::Broken(..) => "no",
        Link::Unknown(_) => "unknown",
    };
    (word.to_owned(), because(link))
}

fn reload_of(service: Service<'_>) -> (String, Why) {
    let Some(process) = main_process(service) else {
        return ("unknown".to_owned(), None);
    };
    let at = Some(process.written_at);
    let name = process.name();
    if process.unknown.is_some() {
        let is_foreign = service.spec().build.is_none() && service.image().is_none();
        return (if is_foreign { "-" } else { "unknown" }.to_owned(), None);
    }
    match &process.reload {
        Reload::Yes { how, at } => ("yes".to_owned(), Some((format!("`{how}`"), Some(*at)))),
        Reload::PerRequest => ("per request".to_owned(), Some((format!("`{name}`"), at))),
        Reload::Hot => (
            "yes".to_owned(),
            Some((format!("`{name}` takes edits over"), at)),
        ),
        Reload::NotAServer => ("-".to_owned(), None),
        Reload::None if matches!(process.reads, Reads::Artifact(_)) => (
            "no".to_owned(),
            Some((format!("`{name}` runs what was compiled"), at)),
        ),
        Reload::None => (
            "no".to_owned(),
            Some((format!("`{name}` keeps the code it started with"), at)),
        ),
        Reload::Broken { reason, at } => {
            ("broken".to_owned(), Some(((*reason).to_owned(), Some(*at))))
        }
        Reload::Unknown(reason) => ("unknown".to_owned(), Some((reason.clone(), at))),
    }
}

/// The process that people mean: the first that is known.
fn main_process(service: Service<'_>) -> Option<&Process> {
    let processes = service.processes();
    processes
        .iter()
        .find(|process| process.unknown.is_none())
        .or(processes.first())
}

/// What is longer than this, in characters, does not make its column wider.
const WIDEST: usize = 60;

fn table(out: &mut dyn WriteColor, rows: &[Row]) -> io::Result<()> {
    const HEAD: [&str; 7] = [
        "SERVICE", "ROLE", "CODE", "RELOAD", "PROFILES", "NEEDS", "PORTS",
    ];
    let dash = |list: &[String]| {
        if list.is_empty() {
            "-".to_owned()
        } else {
            list.join(",")
        }
    };
    let cells = |row: &Row| -> [String; 7] {
        [
            one_line(&row.service),
            row.role.to_owned(),
            row.code.to_owned(),
            row.reload.clone(),
            one_line(&dash(&row.profiles)),
            one_line(&dash(&row.needs)),
            one_line(&dash(&row.ports)),
        ]
    };
    let lines: Vec<[String; 7]> = rows.iter().map(cells).collect();
    // One long list pushes its own line out of shape, not all of them.
    let widths_of = |column: usize| {
        lines
            .iter()
            .map(move |line| line[column].chars().count())
            .filter(|width| *width <= WIDEST)
    };
    let width = |column: usize| {
        widths_of(column)
            .chain([HEAD[column].len()])
            .max()
            .unwrap_or_default()
    };
    let widths: [usize; 7] = std::array::from_fn(width);
    let mut write = |cells: &[String; 7], because: &str| {
        let padded: Vec<String> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        let line = format!("{}  {because}", padded.join("  "));
        writeln!(out, "{}", line.trim_end())
    };
    write(&HEAD.map(str::to_owned), "BECAUSE")?;
    for (line, row) in lines.iter().zip(rows) {
        write(line, &row.because.join("; "))?;
    }
    Ok(())
}
