//! A volume, network, secret, config or model that a service uses and that no file declares.

use crate::compose::references::{self, Section, Undefined};
use crate::compose::{Compose, Value};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit::{Insert, set_path};
use crate::text::{Source, closest};

/// Reports each missing declaration once, however many services use the name.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else {
        return;
    };
    let mut missing: Vec<Vec<Undefined<'_>>> = Vec::new();
    for undefined in references::undefined(compose)
        .into_iter()
        .filter(|undefined| undefined.section != Section::Services)
    {
        match missing
            .iter_mut()
            .find(|uses| uses[0].section == undefined.section && uses[0].name == undefined.name)
        {
            Some(uses) => uses.push(undefined),
            None => missing.push(vec![undefined]),
        }
    }
    let templates = templates(project);
    missing.retain(|uses| {
        !templates
            .iter()
            .any(|text| text.text().contains(&format!("{}:", uses[0].name)))
    });
    findings.extend(missing.iter().map(|uses| report(project, compose, uses)));
}

/// The texts of compose files that the reader is to copy first: `compose.override.yaml.example`.
fn templates(project: &Project<'_>) -> Vec<Source> {
    const ENDINGS: [&str; 6] = [".example", ".sample", ".dist", ".template", ".tmpl", ".tpl"];
    let workspace = project.workspace();
    let entries = workspace.files().list(project.directory());
    let is_template =
        |name: &str| name.contains("compose") && ENDINGS.iter().any(|ending| name.contains(ending));
    let names = entries
        .iter()
        .filter(|entry| !entry.is_directory && is_template(&entry.name));
    names
        .filter_map(|entry| workspace.read(&project.directory().join(&entry.name)).ok())
        .collect()
}

fn report(project: &Project<'_>, compose: &Compose, uses: &[Undefined<'_>]) -> Diagnostic {
    let Undefined {
        section,
        name,
        span,
        ..
    } = uses[0];
    let mut finding = uses[0]
        .diagnostic()
        .note(format!("no {} has this name", section.noun()));
    for other in uses[1..].iter().filter(|other| other.span != span) {
        finding = finding.label(
            other.span,
            format!("`{}` uses it, too", other.service.name.value),
        );
    }
    let declared = compose.data.get(section.key()).and_then(Value::as_map);
    let declared = declared
        .into_iter()
        .flatten()
        .map(|entry| entry.key.as_str());
    if let Some(similar) = closest(name, declared) {
        let sources = project.workspace().sources();
        let is_written =
            |used: &&Undefined<'_>| sources.get(used.span.file).slice(used.span) == name;
        let edits: Vec<Edit> = uses
            .iter()
            .filter(is_written)
            .map(|used| Edit::replace(used.span, similar))
            .collect();
        let fix = (edits.len() == uses.len()).then(|| Fix {
            title: format!("Write `{similar}`"),
            safety: Safety::Unsafe,
            edits,
        });
        return finding
            .help(format!(
                "Did you mean `{similar}`? Docker Compose refuses the project"
            ))
            .fix(fix);
    }
    if section == Section::Volumes && name.contains('/') {
        let sources = project.workspace().sources();
        let is_written =
            |used: &Undefined<'_>| sources.get(used.span.file).slice(used.span) == name;
        let edits: Vec<Edit> = uses
            .iter()
            .map(|used| Edit::insert_before(used.span, "./"))
            .collect();
        let fix = uses.iter().all(is_written).then(|| Fix {
            title: format!("Write `./{name}`"),
            safety: Safety::Unsafe,
            edits,
        });
        let help = format!(
            "No volume can have a `/` in its name. For a directory of the host write `./{name}`"
        );
        return finding.help(help).fix(fix);
    }
    let key = section.key();
    let parsed = project.yaml_of(span);
    let (value, safety, help) = match section {
        Section::Volumes => (
            Insert::absent(),
            Safety::Safe,
            format!("Declare it: `{name}:` under the top-level `{key}`"),
        ),
        Section::Networks => {
            let help = format!(
                "Declare it: `{name}:` under the top-level `{key}`, with `external: true` if somebody else makes it"
            );
            (Insert::absent(), Safety::Unsafe, help)
        }
        Section::Models => {
            let value = Insert::mapping([("model", Insert::text(format!("ai/{name}")))]);
            (
                value,
                Safety::Suggest,
                format!(
                    "Declare it under the top-level `{key}`, with the `model` that it stands for"
                ),
            )
        }
        _ => {
            let value = Insert::mapping([("file", Insert::text(format!("./{name}.txt")))]);
            (
                value,
                Safety::Suggest,
                format!("Declare it under the top-level `{key}`, with the file that holds it"),
            )
        }
    };
    let edits = set_path(&parsed.tree, &[key, name], value);
    finding.help(help).fix(Fix::of(
        format!("Declare the {} `{name}`", section.noun()),
        safety,
        edits,
    ))
}
