//! `composelint services`: one line a service - what it is, where its code comes from, whether it
//! notices edits, and why.

use std::io;

use serde::Serialize;

use super::arguments::Services;
use super::{Setting, Status, chosen};
use crate::compose;
use crate::image::path;
use crate::knowledge::Family;
use crate::links::code_origin::Maker;
use crate::process::{Process, Reads, Reload};
use crate::project::filesystem::{Arrival, bind_source};
use crate::project::{Project, Service};
use crate::report::termcolor::WriteColor;
use crate::report::{Format, one_line};
use crate::roles;
use crate::roles::Need;
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
    let roles = roles::infer(compose, project.recipes(), &told, &project.role_evidence());
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
        let (code, why_code) = code(service);
        let (reload, why_reload) = reload(project, service);
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

/// Where the code comes from, and what shows it.
fn code(service: Service<'_>) -> (&'static str, Why) {
    let Some(process) = main_process(service) else {
        return ("unknown", None);
    };
    if let Some(reason) = &process.unknown
        && service.parts().is_empty()
    {
        let is_foreign = service.spec().build.is_none() && service.image().is_none();
        return if is_foreign {
            ("none", None)
        } else {
            ("unknown", Some((reason.clone(), Some(process.written_at))))
        };
    }
    match service.maker(process) {
        Some(Maker::Image) => {
            let span = service.compiled_artefact(process).map(|made| made.copy);
            return (
                "compiled in the image",
                Some(("the build makes what runs".to_owned(), span)),
            );
        }
        Some(Maker::Host(at)) => {
            return (
                "compiled on the host",
                Some(("mounted".to_owned(), service.spec().mounts[at].origin.span)),
            );
        }
        Some(Maker::Start(span)) => {
            return (
                "compiled at start",
                Some(("compiled".to_owned(), Some(span))),
            );
        }
        _ => {}
    }
    let mounts = &service.spec().mounts;
    let part = service
        .parts_read_by(process)
        .into_iter()
        .find(|part| !part.census.is_empty());
    let Some(part) = part else {
        return match service.bringer(process) {
            Some(bringer) => (
                "mounted",
                Some(("the code is mounted".to_owned(), Some(bringer.span))),
            ),
            None if process.unknown.is_some() => (
                "unknown",
                process
                    .unknown
                    .clone()
                    .map(|reason| (reason, Some(process.written_at))),
            ),
            None => ("none", None),
        };
    };
    let copied = Some(("copied".to_owned(), Some(part.baked.from_context)));
    let mounted = |at: usize| Some(("mounted".to_owned(), mounts[at].origin.span));
    match &part.arrival {
        Arrival::Mounted(at) => ("mounted", mounted(*at)),
        Arrival::PartlyMounted(all) => ("partly mounted", all.first().and_then(|at| mounted(*at))),
        // What the command names may lie there, though the working directory is that of the copy.
        Arrival::MountedElsewhere(at) if names(process, &mounts[*at].target) => {
            ("mounted", mounted(*at))
        }
        Arrival::MountedElsewhere(at) => (
            "baked",
            Some(("mounted elsewhere".to_owned(), mounts[*at].origin.span)),
        ),
        Arrival::Watched(at) => {
            let watch = &service.spec().watch[*at];
            let word = if watch.action.value == compose::WatchAction::Rebuild {
                "rebuilt by watch"
            } else {
                "synced"
            };
            (word, Some(("watched".to_owned(), watch.origin.span)))
        }
        Arrival::Hidden(at) => (
            "hidden",
            Some(("a mount lies over it".to_owned(), mounts[*at].origin.span)),
        ),
        Arrival::Baked => match service.image_volume_over(&part.baked.container) {
            Some(volume) => (
                "hidden",
                Some((
                    "a VOLUME of the image keeps what it was filled with".to_owned(),
                    Some(volume),
                )),
            ),
            None => ("baked", copied),
        },
        Arrival::Unknown => (
            "unknown",
            Some(("a variable decides what is mounted".to_owned(), None)),
        ),
    }
}

/// Whether a command names something at or below a path of the container.
fn names(process: &Process, directory: &str) -> bool {
    process
        .words()
        .iter()
        .any(|word| path::below(word, directory).is_some())
}

fn reload(project: &Project<'_>, service: Service<'_>) -> (String, Why) {
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
        Reload::NotAServer
            if process
                .program
                .is_some_and(|program| program.family == Family::Static)
                && serves_files(project, service) =>
        {
            ("per request".to_owned(), Some((format!("`{name}`"), at)))
        }
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

/// Whether files of the project are in the container besides settings.
fn serves_files(project: &Project<'_>, service: Service<'_>) -> bool {
    let root = project.root();
    let is_shown = |mount: &compose::Mount| {
        bind_source(mount).is_some_and(|host| host.starts_with(root))
            && path::below(&mount.target, "/etc").is_none()
    };
    let is_copied = service.image().is_some_and(|image| {
        image
            .baked()
            .iter()
            .any(|baked| path::below(&baked.container, "/etc").is_none())
    });
    is_copied || service.spec().mounts.iter().any(is_shown)
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
