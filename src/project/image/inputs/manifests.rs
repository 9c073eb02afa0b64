//! What each kind of manifest names: other manifests, and the things that cannot be installed without the sources.

use crate::project::image::installs::Ecosystem;
use crate::project::image::path;
use crate::syntax::json;
use crate::text::{Source, Span};

use super::{Input, Search};

/// Scripts of `package.json` that an install runs by itself.
const LIFECYCLE: [&str; 8] =
    ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare", "pnpm:devPreinstall"];

/// Packages whose own install scripts read files of the project: a schema, patches, a configuration.
const READ_SOURCES: [&str; 5] = ["@prisma/client", "prisma", "patch-package", "electron-builder", "nuxt"];

/// Reads one manifest.
pub(super) fn read(search: &mut Search<'_>, manifest: &Input, source: &Source) {
    let name = path::name(&manifest.container);
    let directory = path::join(&manifest.container, "..");
    match (search.install.ecosystem, name) {
        (_, "package.json") => package_json(search, &directory, source),
        (_, "pnpm-workspace.yaml") => pnpm_workspace(search, &directory, source),
        (_, "pyproject.toml") => pyproject(search, &directory, source),
        (_, "go.mod" | "go.work") => go_mod(search, &directory, source),
        (_, "Gemfile") => lines(search, source, &["gemspec", "path:", ":path =>"]),
        (_, "mix.exs") => lines(search, source, &["path: \""]),
        (_, "Pipfile") => lines(search, source, &["path = ", "path="]),
        (_, "composer.json") => composer_json(search, source),
        (Ecosystem::Python, _) if name.ends_with(".txt") || name.ends_with(".in") => requirements(search, &directory, source),
        _ => {}
    }
}

/// A requirements file: `-r`, `-c` name others; `-e`, paths and `file:` name sources.
fn requirements(search: &mut Search<'_>, directory: &str, source: &Source) {
    for (text, span) in each_line(source) {
        let text = text.split(" #").next().unwrap_or(text).trim();
        let option = ["-r", "--requirement", "-c", "--constraint"].iter().find_map(|flag| {
            let rest = text.strip_prefix(flag)?;
            let is_whole = rest.starts_with([' ', '=', '\t']) || (!flag.starts_with("--") && !rest.is_empty());
            is_whole.then(|| rest.trim_start_matches([' ', '=', '\t']))
        });
        if let Some(file) = option {
            if !file.contains("://") {
                search.require(directory, file);
            }
            continue;
        }
        let editable = ["-e ", "--editable ", "--editable="].iter().find_map(|flag| text.strip_prefix(flag));
        let local = editable.unwrap_or(text).trim();
        let is_local = match editable {
            Some(target) => !target.contains("://") && !target.trim().starts_with("git+"),
            None => {
                local == "." || local.starts_with("./") || local.starts_with("../") || local.starts_with('/') || local.starts_with(".[")
            }
        };
        let is_file = text.contains("file:") || (text.starts_with("--find-links") && !text.contains("://"));
        if is_local || is_file {
            search.needs_sources(format!("`{text}` is a path of the project"), Some(span));
        }
    }
}

/// `package.json`: scripts that run with the install, packages of the project itself, members of a workspace.
fn package_json(search: &mut Search<'_>, directory: &str, source: &Source) {
    let runs_scripts = search.install.pure_with.is_some();
    for leaf in json::strings(source) {
        let text = leaf.text.as_str();
        let span = Some(leaf.text.span());
        let group = leaf.key(0).unwrap_or_default();
        if group == "scripts" && leaf.path.len() == 2 && runs_scripts {
            let script = leaf.key(1).unwrap_or_default();
            if LIFECYCLE.contains(&script) {
                search.runs_script(format!("the script `{script}` of package.json runs with every install"), span);
            }
        } else if group.to_ascii_lowercase().ends_with("dependencies") && leaf.path.len() == 2 {
            let package = leaf.key(1).unwrap_or_default();
            if runs_scripts && READ_SOURCES.contains(&package) {
                search.runs_script(format!("`{package}` reads files of the project while it is installed"), span);
            }
            if ["file:", "link:", "portal:", "./", "../"].iter().any(|start| text.starts_with(start)) {
                search.needs_sources(format!("`{text}` is a path of the project"), span);
            }
        } else if leaf.is_at(&["workspaces", "*"]) || leaf.is_at(&["workspaces", "packages", "*"]) {
            member(search, directory, text, "package.json");
        }
    }
}

/// A member of a workspace: its manifest is read as well. Patterns may begin with `!`, which takes back.
fn member(search: &mut Search<'_>, directory: &str, pattern: &str, manifest: &str) {
    if !pattern.starts_with('!') {
        let pattern = pattern.trim_end_matches('/').trim_end_matches("/**");
        search.look_for(directory, &format!("{pattern}/{manifest}"));
    }
}

fn pnpm_workspace(search: &mut Search<'_>, directory: &str, source: &Source) {
    let tree = search.workspace.yaml(source);
    let packages = tree.tree.root().and_then(|root| root.get("packages"));
    let patterns: Vec<String> = packages
        .into_iter()
        .flat_map(|packages| packages.items())
        .map(|item| source.slice(item.span()).trim_matches(['\'', '"']).to_owned())
        .collect();
    for pattern in patterns {
        member(search, directory, &pattern, "package.json");
    }
}

/// `pyproject.toml`: members of a uv workspace, and dependencies that are paths.
fn pyproject(search: &mut Search<'_>, directory: &str, source: &Source) {
    let Ok(document) = toml_edit::Document::parse(source.text()) else { return };
    let Some(tool) = document.as_item().get("tool") else { return };
    let members = tool.get("uv").and_then(|uv| uv.get("workspace")).and_then(|workspace| workspace.get("members"));
    for pattern in members.and_then(|members| members.as_array()).into_iter().flatten().filter_map(|member| member.as_str()) {
        member(search, directory, pattern, "pyproject.toml");
    }
    // A path is not needed when nothing of the project is installed.
    if search.install.flags.iter().any(|flag| matches!(flag.as_str(), "--no-install-local" | "--no-directory")) {
        return;
    }
    let tables = [
        tool.get("uv").and_then(|uv| uv.get("sources")),
        tool.get("poetry").and_then(|poetry| poetry.get("dependencies")),
        tool.get("poetry").and_then(|poetry| poetry.get("dev-dependencies")),
    ];
    let groups = tool.get("poetry").and_then(|poetry| poetry.get("group")).and_then(|groups| groups.as_table_like());
    let groups = groups.into_iter().flat_map(|groups| groups.iter()).map(|(_, group)| group.get("dependencies"));
    for table in tables.into_iter().chain(groups).flatten().filter_map(|item| item.as_table_like()) {
        for (name, dependency) in table.iter() {
            let Some(path) = dependency.get("path") else { continue };
            let span = path.span().map(|range| source.span(range));
            search.needs_sources(format!("`{name}` is a path of the project"), span);
        }
    }
}

/// `go.mod` and `go.work`: a local module needs its own `go.mod` to be there.
fn go_mod(search: &mut Search<'_>, directory: &str, source: &Source) {
    let mut in_use = false;
    for (text, _) in each_line(source) {
        let text = text.split("//").next().unwrap_or(text).trim();
        match text {
            "use (" => in_use = true,
            ")" => in_use = false,
            _ => {}
        }
        let target = match text.split_once("=>") {
            Some((_, target)) => Some(target.trim()),
            None if in_use => Some(text),
            None => text.strip_prefix("use ").map(str::trim),
        };
        let local = target.filter(|target| target.starts_with("./") || target.starts_with("../"));
        if let Some(module) = local.and_then(|target| target.split_whitespace().next()) {
            search.require(directory, &format!("{module}/go.mod"));
            search.look_for(directory, &format!("{module}/go.sum"));
        }
    }
}

/// `composer.json`: a repository that is a path.
fn composer_json(search: &mut Search<'_>, source: &Source) {
    for leaf in json::strings(source) {
        if leaf.is_at(&["repositories", "*", "type"]) && leaf.text.as_str() == "path" {
            search.needs_sources("a repository is a path of the project".to_owned(), Some(leaf.text.span()));
        }
    }
}

/// A manifest that is a program: a line with one of these words names sources.
fn lines(search: &mut Search<'_>, source: &Source, words: &[&str]) {
    for (text, span) in each_line(source) {
        if !text.starts_with('#') && words.iter().any(|word| text.starts_with(word) || text.contains(&format!(" {word}"))) {
            search.needs_sources(format!("`{text}` names sources"), Some(span));
        }
    }
}

/// The lines of a file that hold something, trimmed, with their spans.
fn each_line(source: &Source) -> Vec<(&str, Span)> {
    let mut start = source.content_start() as usize;
    let mut found = Vec::new();
    for line in source.text()[start..].split_inclusive('\n') {
        let text = line.trim();
        let at = start + (line.len() - line.trim_start().len());
        if !text.is_empty() && !text.starts_with('#') {
            found.push((text, source.span(at..at + text.len())));
        }
        start += line.len();
    }
    found
}
