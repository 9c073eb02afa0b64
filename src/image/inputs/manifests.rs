//! What each kind of manifest names: other manifests, and the things that cannot be installed
//! without the sources.

use crate::image::installs::Ecosystem;
use crate::image::path;
use crate::knowledge::node::{LIFECYCLE, READ_SOURCES};
use crate::syntax::json;
use crate::text::{Source, Span};

use super::{Input, Search};

/// Reads one manifest.
pub(super) fn read(search: &mut Search<'_>, manifest: &Input, source: &Source) {
    let name = path::name(&manifest.container);
    let directory = path::join(&manifest.container, "..");
    match (search.install.ecosystem, name) {
        (_, "package.json") => package_json(search, &directory, source),
        (_, "pnpm-workspace.yaml") => pnpm_workspace(search, &directory, source),
        (_, "pyproject.toml") => pyproject(search, &directory, source),
        (_, "go.mod" | "go.work") => go_mod(search, &directory, source),
        (_, "pom.xml") => pom(search, source),
        (Ecosystem::Jvm, _) if name.ends_with(".gradle") || name.ends_with(".gradle.kts") => {
            gradle(search, name, source)
        }
        (Ecosystem::Dotnet, _)
            if name.ends_with("proj") || name.ends_with(".props") || name.ends_with(".targets") =>
        {
            dotnet_project(search, &directory, source);
        }
        (Ecosystem::Dotnet, _) if name.ends_with(".sln") || name.ends_with(".slnx") => {
            solution(search, &directory, source)
        }
        (Ecosystem::Python, _) if search.install.manager == "conda" => {
            conda_environment(search, &directory, source)
        }
        (_, "Gemfile") => lines(
            search,
            source,
            &[
                "gemspec",
                "path:",
                ":path =>",
                "path ",
                "eval_gemfile",
                "require_relative",
                "File.read",
            ],
        ),
        (_, "mix.exs") => lines(
            search,
            source,
            &["path: \"", "Code.require_file", "File.read"],
        ),
        (_, "Pipfile") => lines(search, source, &["path = ", "path="]),
        (_, "composer.json") => composer_json(search, source),
        (Ecosystem::Python, _) if name.ends_with(".txt") || name.ends_with(".in") => {
            requirements(search, &directory, source)
        }
        _ => {}
    }
}

/// A requirements file: `-r`, `-c` name others; `-e`, paths and `file:` name sources.
fn requirements(search: &mut Search<'_>, directory: &str, source: &Source) {
    for (text, span) in each_line(source) {
        let text = text.split(" #").next().unwrap_or(text).trim();
        let option = ["-r", "--requirement", "-c", "--constraint"]
            .iter()
            .find_map(|flag| {
                let rest = text.strip_prefix(flag)?;
                let is_whole = rest.starts_with([' ', '=', '\t'])
                    || (!flag.starts_with("--") && !rest.is_empty());
                is_whole.then(|| rest.trim_start_matches([' ', '=', '\t']))
            });
        if let Some(file) = option {
            if !file.contains("://") {
                search.require(directory, file);
            }
            continue;
        }
        let editable = ["-e ", "--editable ", "--editable="]
            .iter()
            .find_map(|flag| text.strip_prefix(flag));
        let local = editable.unwrap_or(text).trim();
        let is_local = match editable {
            Some(target) => !target.contains("://") && !target.trim().starts_with("git+"),
            None => {
                // A directory may be named without dots; of what has an address only the name
                // counts.
                let name = local.split([';', '@', ' ']).next().unwrap_or(local);
                name == "."
                    || name.starts_with(".[")
                    || name.starts_with("file:")
                    || (!name.contains("://") && !name.starts_with('-') && name.contains('/'))
            }
        };
        let is_file =
            text.contains("file:") || (text.starts_with("--find-links") && !text.contains("://"));
        if is_local || is_file {
            search.needs_sources(format!("`{text}` is a path of the project"), Some(span));
        }
    }
}

/// `package.json`: scripts that run with the install, packages of the project itself, members of a
/// workspace.
fn package_json(search: &mut Search<'_>, directory: &str, source: &Source) {
    let runs_scripts = search.install.pure_with.is_some();
    let manifest_is_member = search
        .install
        .directory
        .as_deref()
        .is_some_and(|own| own != directory);
    for leaf in json::strings(source) {
        let text = leaf.text.as_str();
        let span = Some(leaf.text.span());
        let group = leaf.key(0).unwrap_or_default();
        if group == "scripts" && leaf.path.len() == 2 && runs_scripts {
            let script = leaf.key(1).unwrap_or_default();
            if LIFECYCLE.contains(&script) {
                search.runs_script(
                    format!("the script `{script}` of package.json runs with every install"),
                    span,
                );
            }
        } else if group.to_ascii_lowercase().ends_with("dependencies") && leaf.path.len() == 2 {
            let package = leaf.key(1).unwrap_or_default();
            if runs_scripts && READ_SOURCES.contains(&package) {
                search.runs_script(
                    format!("`{package}` reads files of the project while it is installed"),
                    span,
                );
            }
            if ["file:", "link:", "portal:", "./", "../", "~/"]
                .iter()
                .any(|start| text.starts_with(start))
            {
                search.needs_sources(format!("`{text}` is a path of the project"), span);
            }
        } else if group == "bin" && manifest_is_member {
            search.runs_script(
                "a member of the workspace has programs of its own, which are linked only when they are there".to_owned(),
                span,
            );
        } else if leaf.is_at(&["pnpm", "patchedDependencies", "*"])
            || leaf.is_at(&["patchedDependencies", "*"])
        {
            search.require(directory, text);
        } else if leaf.is_at(&["workspaces", "*"]) || leaf.is_at(&["workspaces", "packages", "*"]) {
            member(search, directory, text, "package.json");
        }
    }
}

/// A member of a workspace: its manifest is read as well. Patterns may begin with `!`, which takes
/// back.
fn member(search: &mut Search<'_>, directory: &str, pattern: &str, manifest: &str) {
    if !pattern.starts_with('!') {
        let pattern = pattern.trim_end_matches('/');
        search.look_for(directory, &format!("{pattern}/{manifest}"));
        // `**` stands for the directory itself as well.
        if let Some(above) = pattern.strip_suffix("/**") {
            search.look_for(directory, &format!("{above}/{manifest}"));
        }
    }
}

fn pnpm_workspace(search: &mut Search<'_>, directory: &str, source: &Source) {
    let tree = search.workspace.yaml(source);
    let packages = tree.tree.root().and_then(|root| root.get("packages"));
    let patterns: Vec<String> = packages
        .into_iter()
        .flat_map(|packages| packages.items())
        .map(|item| {
            source
                .slice(item.span())
                .trim_matches(['\'', '"'])
                .to_owned()
        })
        .collect();
    for pattern in patterns {
        member(search, directory, &pattern, "package.json");
    }
}

/// `pyproject.toml`: members of a uv workspace, and dependencies that are paths.
fn pyproject(search: &mut Search<'_>, directory: &str, source: &Source) {
    let Ok(document) = toml_edit::Document::parse(source.text()) else {
        return;
    };
    let dynamic = document
        .as_item()
        .get("project")
        .and_then(|project| project.get("dynamic"))
        .and_then(|dynamic| dynamic.as_array());
    let computes = |name: &str| {
        dynamic
            .into_iter()
            .flatten()
            .any(|field| field.as_str() == Some(name))
    };
    if computes("dependencies") || computes("optional-dependencies") {
        search.needs_sources(
            "`pyproject.toml` has its dependencies computed".to_owned(),
            None,
        );
    }
    if let Some(at) = source.text().find("@ file:") {
        search.needs_sources(
            "`pyproject.toml` names a path of the project".to_owned(),
            Some(source.span(at..at + 7)),
        );
    }
    let Some(tool) = document.as_item().get("tool") else {
        return;
    };
    let members = tool
        .get("uv")
        .and_then(|uv| uv.get("workspace"))
        .and_then(|workspace| workspace.get("members"));
    for pattern in members
        .and_then(|members| members.as_array())
        .into_iter()
        .flatten()
        .filter_map(|member| member.as_str())
    {
        member(search, directory, pattern, "pyproject.toml");
    }
    // A path is not needed when nothing of the project is installed.
    if search
        .install
        .flags
        .iter()
        .any(|flag| matches!(flag.as_str(), "--no-install-local" | "--no-directory"))
    {
        return;
    }
    let tables = [
        tool.get("uv").and_then(|uv| uv.get("sources")),
        tool.get("poetry")
            .and_then(|poetry| poetry.get("dependencies")),
        tool.get("poetry")
            .and_then(|poetry| poetry.get("dev-dependencies")),
    ];
    let groups = tool
        .get("poetry")
        .and_then(|poetry| poetry.get("group"))
        .and_then(|groups| groups.as_table_like());
    let groups = groups
        .into_iter()
        .flat_map(|groups| groups.iter())
        .map(|(_, group)| group.get("dependencies"));
    for table in tables
        .into_iter()
        .chain(groups)
        .flatten()
        .filter_map(|item| item.as_table_like())
    {
        for (name, dependency) in table.iter() {
            // A member is installed with what depends on it.
            let is_member = dependency
                .get("workspace")
                .and_then(|value| value.as_bool())
                == Some(true);
            if is_member
                && search.install.manager == "uv"
                && !search
                    .install
                    .flags
                    .iter()
                    .any(|flag| flag == "--no-install-workspace")
            {
                search.needs_sources(
                    format!("`{name}` is a member of the workspace (no `--no-install-workspace`)"),
                    None,
                );
            }
            let Some(path) = dependency.get("path") else {
                continue;
            };
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

/// `pom.xml`: modules look for each other, and a library may lie in the project.
fn pom(search: &mut Search<'_>, source: &Source) {
    for (text, span) in each_line(source) {
        if text.contains("<systemPath>") {
            search.needs_sources("a library is a file of the project".to_owned(), Some(span));
        } else if text.starts_with("<module>") {
            search.runs_script(
                "the modules may depend on each other, and Maven looks for those that are not built yet".to_owned(),
                Some(span),
            );
        }
    }
}

/// A build script of Gradle is a program.
fn gradle(search: &mut Search<'_>, name: &str, source: &Source) {
    for (text, span) in each_line(source) {
        if text.contains("includeBuild") {
            search.needs_sources(format!("`{text}` is a build of the project"), Some(span));
        }
    }
    let start = source.content_start() as usize;
    search.runs_script(
        format!("`{name}` is a program and may read other files"),
        Some(source.span(start..start)),
    );
}

/// A project of .NET: other projects, and files that it includes.
fn dotnet_project(search: &mut Search<'_>, directory: &str, source: &Source) {
    for (text, span) in each_line(source) {
        let named = [("<ProjectReference", "Include"), ("<Import", "Project")]
            .iter()
            .find_map(|(element, attribute)| {
                text.contains(element)
                    .then(|| value_of(text, attribute))
                    .flatten()
            });
        let Some(named) = named else { continue };
        match named.contains("$(") {
            true => search.runs_script(format!("`{text}` depends on a variable"), Some(span)),
            false => search.require(directory, &named.replace('\\', "/")),
        }
    }
}

/// A solution: its projects.
fn solution(search: &mut Search<'_>, directory: &str, source: &Source) {
    for (text, _) in each_line(source) {
        let quoted = text.split('"').skip(1).step_by(2);
        for project in quoted.filter(|part| {
            ["csproj", "fsproj", "vbproj"]
                .iter()
                .any(|ending| part.ends_with(ending))
        }) {
            search.look_for(directory, &project.replace('\\', "/"));
        }
    }
}

/// The value of an attribute in the text of an element.
fn value_of<'t>(text: &'t str, attribute: &str) -> Option<&'t str> {
    let rest = text.split_once(&format!("{attribute}=\""))?.1;
    rest.split('"').next()
}

/// An environment of conda: the `pip:` part is a requirements file.
fn conda_environment(search: &mut Search<'_>, directory: &str, source: &Source) {
    for (text, span) in each_line(source) {
        let text = text.trim_start_matches("- ").trim_matches(['"', '\'']);
        if let Some(file) = text
            .strip_prefix("-r ")
            .or_else(|| text.strip_prefix("-c "))
        {
            search.require(directory, file.trim());
        } else if text.starts_with("-e ")
            || text == "."
            || text.starts_with("./")
            || text.contains("file:")
        {
            search.needs_sources(format!("`{text}` is a path of the project"), Some(span));
        }
    }
}

/// `composer.json`: a repository that is a path.
fn composer_json(search: &mut Search<'_>, source: &Source) {
    for leaf in json::strings(source) {
        if leaf.is_at(&["repositories", "*", "type"]) && leaf.text.as_str() == "path" {
            search.needs_sources(
                "a repository is a path of the project".to_owned(),
                Some(leaf.text.span()),
            );
        }
    }
}

/// A manifest that is a program: a line with one of these words names sources.
fn lines(search: &mut Search<'_>, source: &Source, words: &[&str]) {
    for (text, span) in each_line(source) {
        let is_word = |at: usize| {
            !text[..at]
                .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/'))
        };
        if words
            .iter()
            .any(|word| text.match_indices(word).any(|(at, _)| is_word(at)))
        {
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
