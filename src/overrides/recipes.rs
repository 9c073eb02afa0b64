//! Targets that start a project with its development override, for the file in which its people
//! keep such things.
//!
//! They say what starts and what does not, and ask `composelint plan` for what is missing. A target
//! whose name is taken already is left out.

use super::{Options, beside, proven, with_view, written_files};
use crate::compose::Condition;
use crate::dev::DevForm;
use crate::project::Project;
use crate::syntax::yaml::{Kind, Node};
use crate::text::Source;

/// What the first line of a new section says.
const MARK: &str = "Development, written by composelint; edit freely.";

/// Targets for a file.
#[derive(Debug)]
pub struct Recipes {
    /// The file; it may not exist.
    pub source: Source,
    /// What is new; empty when all of it is there.
    pub added: String,
    /// All of its new text.
    pub text: String,
}

/// A target: its name, what it is for, and the options of its calls of Docker Compose.
struct Target {
    name: &'static str,
    about: String,
    /// The profile to plan for; `None` for a target that starts nothing.
    plan: Option<&'static str>,
    call: String,
}

/// Kinds of files for targets, and the names they have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Make,
    Just,
    Package,
}

const FILES: [(&str, Format); 7] = [
    ("GNUmakefile", Format::Make),
    ("makefile", Format::Make),
    ("Makefile", Format::Make),
    ("justfile", Format::Just),
    ("Justfile", Format::Just),
    (".justfile", Format::Just),
    ("package.json", Format::Package),
];

/// Generates the targets of a project, for the file beside it that holds such; for a Makefile when
/// there is none.
pub fn generate(project: &Project<'_>, options: &Options<'_>) -> Recipes {
    let target = options.target(project);
    let view = beside(options.view, &target);
    let (targets, files) = with_view(project, &view, &target, |project| {
        let forms = proven(project, &view, &target, &mut Vec::new());
        let files = if target.is_automatic {
            String::new()
        } else {
            written_files(project, &view, &target)
        };
        (targets(project, &forms), files)
    });
    let directory = project.directory();
    let exists =
        |name: &&(&str, Format)| project.workspace().files().is_file(&directory.join(name.0));
    let (name, format) = FILES
        .iter()
        .find(exists)
        .copied()
        .unwrap_or(("Makefile", Format::Make));
    let source = project.workspace().read_or_new(&directory.join(name));
    match format {
        Format::Make | Format::Just => lines(project, source, format, &targets, &files),
        Format::Package => scripts(project, source, &targets, &files),
    }
}

/// What people do with a project: start what is needed, start all, let edits in, stop.
fn targets(project: &Project<'_>, forms: &[DevForm]) -> Vec<Target> {
    let profiles = |name: &str| -> Vec<String> {
        let written = project.service(name).map(|service| {
            service
                .spec()
                .profiles
                .iter()
                .map(|profile| profile.value.clone())
                .collect()
        });
        let own = forms
            .iter()
            .find(|form| form.service == name)
            .and_then(|form| form.profiles.as_ref());
        own.map(|own| own.value.clone())
            .or(written)
            .unwrap_or_default()
    };
    let (mut on, mut off, mut has_full) = (Vec::new(), Vec::new(), false);
    for service in project.services() {
        let profiles = profiles(service.name());
        has_full |= profiles.iter().any(|profile| profile == "full");
        match profiles.first() {
            None => on.push(service.name().to_owned()),
            Some(profile) => off.push(format!("{} (profile {profile})", service.name())),
        }
    }
    let edges = || {
        project
            .services()
            .flat_map(|service| &service.spec().depends_on)
    };
    let waits = edges().any(|edge| edge.condition == Condition::Healthy)
        && !edges().any(|edge| edge.condition == Condition::Completed);
    let up = if waits {
        "up -d --build --wait --wait-timeout 120"
    } else {
        "up -d --build"
    };
    let not = if off.is_empty() {
        String::new()
    } else {
        format!("; not {}", off.join(", "))
    };
    let mut found = vec![Target {
        name: "dev-fast",
        about: format!("Starts {}{not}", on.join(", ")),
        plan: Some(""),
        call: up.to_owned(),
    }];
    if !off.is_empty() {
        let profile = if has_full { "full" } else { "\"*\"" };
        let about = "Starts everything".to_owned();
        found.push(Target {
            name: "dev-full",
            about,
            plan: Some(if has_full {
                " --profile full"
            } else {
                " --profile \"*\""
            }),
            call: format!("--profile {profile} {up}"),
        });
    }
    let is_watched = project
        .services()
        .any(|service| !service.spec().watch.is_empty())
        || forms.iter().any(|form| {
            !form.syncs.is_empty() || !form.rebuild_on.is_empty() || !form.restart_on.is_empty()
        });
    if is_watched {
        let about = "Lets edits in while it runs: copies files, builds images again".to_owned();
        found.push(Target {
            name: "dev-watch",
            about,
            plan: None,
            call: "watch --no-up".to_owned(),
        });
    }
    let all = if off.is_empty() {
        ""
    } else {
        "--profile \"*\" "
    };
    found.push(Target {
        name: "dev-down",
        about: "Stops everything".to_owned(),
        plan: None,
        call: format!("{all}down"),
    });
    found
}

fn lines(
    project: &Project<'_>,
    source: Source,
    format: Format,
    targets: &[Target],
    files: &str,
) -> Recipes {
    let old = source.text();
    let new: Vec<&Target> = targets
        .iter()
        .filter(|target| !is_taken(old, target.name))
        .collect();
    let mut added = String::new();
    if !new.is_empty() {
        added.push_str(&format!("# {MARK}\n"));
        if format == Format::Make {
            let names: Vec<&str> = new.iter().map(|target| target.name).collect();
            added.push_str(&format!(".PHONY: {}\n", names.join(" ")));
        }
        for target in new {
            let Target {
                name,
                about,
                plan,
                call,
            } = target;
            // `make help` of many projects prints what stands behind `##`; just prints the line
            // above.
            added.push_str(&match format {
                Format::Make => format!("\n{name}: ## {about}\n"),
                _ => format!("\n# {about}\n{name}:\n"),
            });
            if let Some(profile) = plan {
                // What is missing is told, and does not keep anybody from starting.
                let indent = if format == Format::Make { "\t" } else { "    " };
                added.push_str(&format!("{indent}-@composelint plan{files}{profile}\n"));
            }
            let indent = if format == Format::Make { "\t" } else { "    " };
            added.push_str(&format!("{indent}docker compose{files} {call}\n"));
        }
    }
    if project
        .workspace()
        .read(source.path())
        .is_ok_and(|source| source.text().contains("\r\n"))
    {
        added = added.replace('\n', "\r\n");
    }
    let gap = match old {
        "" => "",
        _ if old.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let text = if added.is_empty() {
        old.to_owned()
    } else {
        format!("{old}{gap}{added}")
    };
    Recipes {
        source,
        added,
        text,
    }
}

/// Scripts of a `package.json`, put in front of those that are there.
fn scripts(project: &Project<'_>, source: Source, targets: &[Target], files: &str) -> Recipes {
    let parsed = project.workspace().yaml(&source);
    let old = source.text().to_owned();
    let nothing = |source: Source| Recipes {
        text: source.text().to_owned(),
        source,
        added: String::new(),
    };
    let Some(root) = parsed
        .tree
        .root()
        .filter(|root| root.kind() == Kind::Mapping)
    else {
        return nothing(source);
    };
    let scripts = root
        .get("scripts")
        .filter(|scripts| scripts.kind() == Kind::Mapping);
    let has = |name: &str| scripts.is_some_and(|scripts: Node<'_>| scripts.entry(name).is_some());
    let line = |target: &Target| {
        let plan = target
            .plan
            .map(|profile| format!("composelint plan{files}{profile}; "))
            .unwrap_or_default();
        let command = format!("{plan}docker compose{files} {}", target.call);
        format!(
            "\"{}\": \"{}\"",
            target.name,
            command.replace('\\', "\\\\").replace('"', "\\\"")
        )
    };
    let new: Vec<String> = targets
        .iter()
        .filter(|target| !has(target.name))
        .map(line)
        .collect();
    if new.is_empty() {
        return nothing(source);
    }
    let (around, step) = (scripts.unwrap_or(root), indent_of(&old, root));
    let (depth, at) = (
        if scripts.is_some() { 2 } else { 1 },
        around.span().start as usize + 1,
    );
    let is_empty = around.entries().next().is_none();
    let inside = |depth: usize, lines: &[String]| {
        let pad = step.repeat(depth);
        lines
            .iter()
            .map(|line| format!("\n{pad}{line}"))
            .collect::<Vec<_>>()
            .join(",")
    };
    let added = match scripts {
        Some(_) => inside(depth, &new),
        None => format!(
            "\n{step}\"scripts\": {{{}\n{step}}}",
            inside(depth + 1, &new)
        ),
    };
    let end = if is_empty {
        format!("\n{}", step.repeat(depth - 1))
    } else {
        ",".to_owned()
    };
    let text = format!("{}{added}{end}{}", &old[..at], &old[at..]);
    Recipes {
        source,
        added: format!("{}\n", new.join(",\n")),
        text,
    }
}

/// The indentation of the first key of a JSON file; two blanks when it has none.
fn indent_of(text: &str, root: Node<'_>) -> String {
    let first = root
        .entries()
        .next()
        .map(|entry| entry.key.span().start as usize);
    let line = first
        .and_then(|at| text[..at].rsplit_once('\n'))
        .map(|(_, line)| line);
    line.filter(|line| !line.is_empty() && line.trim().is_empty())
        .unwrap_or("  ")
        .to_owned()
}

/// Whether a Makefile or justfile has a target of that name.
fn is_taken(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        line.strip_prefix(name)
            .is_some_and(|rest| rest.trim_start().starts_with(':'))
    })
}

#[cfg(test)]
mod tests;
