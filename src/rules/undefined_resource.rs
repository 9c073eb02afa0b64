//! A volume, network, secret or config that a service uses and that no file declares.

use crate::compose::Compose;
use crate::compose::references::{self, Section, Undefined};
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit::{Insert, set_path};
use crate::text::Source;

/// Names are similar from here on, between 0 and 1.
const SIMILAR: f32 = 0.75;

/// Reports each missing declaration once, however many services use the name.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(compose) = project.compose().filter(|compose| compose.is_whole()) else { return };
    let mut missing: Vec<Vec<Undefined<'_>>> = Vec::new();
    for undefined in references::undefined(compose).into_iter().filter(|undefined| undefined.section != Section::Services) {
        match missing.iter_mut().find(|uses| uses[0].section == undefined.section && uses[0].name == undefined.name) {
            Some(uses) => uses.push(undefined),
            None => missing.push(vec![undefined]),
        }
    }
    let templates = templates(project);
    missing.retain(|uses| !templates.iter().any(|text| text.text().contains(&format!("{}:", uses[0].name))));
    findings.extend(missing.iter().map(|uses| report(project, compose, uses)));
}

/// The texts of compose files that the reader is to copy first: `compose.override.yaml.example`.
fn templates(project: &Project<'_>) -> Vec<Source> {
    const ENDINGS: [&str; 6] = [".example", ".sample", ".dist", ".template", ".tmpl", ".tpl"];
    let workspace = project.workspace();
    let entries = workspace.files().list(project.directory());
    let is_template = |name: &str| name.contains("compose") && ENDINGS.iter().any(|ending| name.contains(ending));
    let names = entries.iter().filter(|entry| !entry.is_directory && is_template(&entry.name));
    names.filter_map(|entry| workspace.read(&project.directory().join(&entry.name)).ok()).collect()
}

fn report(project: &Project<'_>, compose: &Compose, uses: &[Undefined<'_>]) -> Diagnostic {
    let Undefined { section, name, span, .. } = uses[0];
    let mut finding = uses[0].diagnostic().note(format!("no {} has this name", section.noun()));
    for other in uses[1..].iter().filter(|other| other.span != span) {
        finding = finding.label(other.span, format!("`{}` uses it, too", other.service.name.value));
    }
    let declared = match section {
        Section::Volumes => &compose.volumes,
        Section::Networks => &compose.networks,
        Section::Secrets => &compose.secrets,
        _ => &compose.configs,
    };
    let names: Vec<&str> = declared.iter().map(|resource| resource.name.as_str()).collect();
    if let Some(similar) = similar::get_close_matches(name, &names, 1, SIMILAR).first() {
        let sources = project.workspace().sources();
        let is_written = |used: &&Undefined<'_>| sources.get(used.span.file).slice(used.span) == name;
        let edits: Vec<Edit> = uses.iter().filter(is_written).map(|used| Edit::replace(used.span, *similar)).collect();
        let fix = (edits.len() == uses.len()).then(|| Fix { title: format!("Write `{similar}`"), safety: Safety::Unsafe, edits });
        return finding.help(format!("Did you mean `{similar}`? Docker Compose refuses the project")).fix(fix);
    }
    if section == Section::Volumes && name.contains('/') {
        let sources = project.workspace().sources();
        let is_written = |used: &Undefined<'_>| sources.get(used.span.file).slice(used.span) == name;
        let edits: Vec<Edit> = uses.iter().map(|used| Edit::insert_before(used.span, "./")).collect();
        let fix = uses.iter().all(is_written).then(|| Fix { title: format!("Write `./{name}`"), safety: Safety::Unsafe, edits });
        let help = format!("No volume can have a `/` in its name. For a directory of the host write `./{name}`");
        return finding.help(help).fix(fix);
    }
    let key = section.key();
    let parsed = project.yaml_of(span);
    let (value, safety, help) = match section {
        Section::Volumes => (Insert::absent(), Safety::Safe, format!("Declare it: `{name}:` under the top-level `{key}`")),
        Section::Networks => {
            let help = format!("Declare it: `{name}:` under the top-level `{key}`, with `external: true` if somebody else makes it");
            (Insert::absent(), Safety::Unsafe, help)
        }
        _ => {
            let value = Insert::mapping([("file", Insert::text(format!("./{name}.txt")))]);
            (value, Safety::Suggest, format!("Declare it under the top-level `{key}`, with the file that holds it"))
        }
    };
    let edits = set_path(&parsed.tree, &[key, name], value);
    finding.help(help).fix(Fix::of(format!("Declare the {} `{name}`", section.noun()), safety, edits))
}
