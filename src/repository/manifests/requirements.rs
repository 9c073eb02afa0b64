//! Requirements files of pip, and a single requirement as all Python manifests write it. Sources:
//! pip.pypa.io/en/stable/reference/requirements-file-format, PEP 508

use super::{Dependency, Group, Local, Manifest, lines};
use crate::text::{Cooked, Source, Span};

pub(super) fn read(source: &Source) -> Manifest {
    let mut manifest = Manifest::default();
    let name = source.path().file_name().and_then(|name| name.to_str());
    let name = name.unwrap_or_default().to_ascii_lowercase();
    let is_for_development = ["dev", "test", "local", "lint"]
        .iter()
        .any(|word| name.contains(word));
    let group = if is_for_development {
        Group::Development
    } else {
        Group::Runtime
    };
    for (text, at) in lines(source) {
        let text = text
            .split(" #")
            .next()
            .unwrap_or(text)
            .trim()
            .trim_end_matches('\\')
            .trim_end();
        let span = source.span(at..at + text.len());
        if let Some(file) = included(text) {
            if !file.contains("://") {
                let start = at + text.len() - file.len();
                let span = source.span(start..start + file.len());
                manifest.includes.push(Cooked::verbatim(source, span));
            }
            continue;
        }
        if let Some(path) = local(text) {
            manifest.locals.push(Local {
                name: String::new(),
                path: Some(Cooked::synthetic(path, span)),
                is_member: false,
                span,
            });
        }
        manifest.dependencies.extend(requirement(text, span, group));
    }
    manifest
}

/// The path of the repository that a line names: behind `-e` or `--find-links`, behind `file:`, or
/// alone. A directory may be named without dots; of what has an address only the name counts.
fn local(text: &str) -> Option<&str> {
    if let Some(target) = editable(text) {
        let is_remote = target.contains("://") || target.starts_with("git+");
        return (!is_remote || target.contains("file:")).then_some(target);
    }
    if let Some(target) = value_of(text, "--find-links") {
        return (!target.contains("://") || target.contains("file:")).then_some(target);
    }
    if let Some((_, path)) = text.split_once("file:") {
        return Some(path);
    }
    let name = text.split([';', '@', ' ']).next().unwrap_or(text);
    let is_path = name == "."
        || name.starts_with(".[")
        || (!name.contains("://") && !name.starts_with('-') && name.contains('/'));
    is_path.then_some(name)
}

/// The file behind `-r`, `-c` and their long forms.
fn included(text: &str) -> Option<&str> {
    ["--requirement", "--constraint", "-r", "-c"]
        .iter()
        .find_map(|flag| value_of(text, flag))
}

fn editable(text: &str) -> Option<&str> {
    ["--editable", "-e"]
        .iter()
        .find_map(|flag| value_of(text, flag))
}

fn value_of<'t>(text: &'t str, flag: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(flag)?;
    let is_joined = !flag.starts_with("--") && !rest.is_empty();
    let is_whole = is_joined || rest.starts_with([' ', '=', '\t']);
    is_whole
        .then(|| rest.trim_start_matches([' ', '=', '\t']))
        .filter(|value| !value.is_empty())
}

/// `Flask[async]>=2.3,<3 ; python_version > "3"`, `name @ https://…`; `None` for what names no package.
pub(super) fn requirement(text: &str, span: Span, group: Group) -> Option<Dependency> {
    let text = text.split(['#', ';']).next()?.trim();
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    // A path is no name: `./packages/x`, `packages/x`.
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || rest.starts_with(['/', ':', '\\'])
    {
        return None;
    }
    let rest = rest.trim_start();
    let (extras, rest) = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']').unwrap_or((extras, "")),
        None => ("", rest),
    };
    let extras = extras
        .split(',')
        .map(str::trim)
        .filter(|extra| !extra.is_empty());
    // Hashes and other options follow the versions.
    let wanted = rest.split(" --").next().unwrap_or(rest).trim();
    Some(Dependency {
        name: name.to_owned(),
        extras: extras.map(str::to_owned).collect(),
        wanted: wanted.trim_matches(['(', ')']).to_owned(),
        group,
        span,
        wanted_span: span,
    })
}
