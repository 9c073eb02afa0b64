//! What each kind of manifest names: other manifests, and the things that cannot be installed
//! without the sources.

use crate::image::installs::Ecosystem;
use crate::image::path;
use crate::knowledge::node::{LIFECYCLE, READ_SOURCES};
use crate::repository::manifests::{self, Dependency};
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
    let manifest = manifests::of(search.workspace, source);
    for file in &manifest.includes {
        search.require(directory, file.as_str());
    }
    for local in &manifest.locals {
        let text = source.slice(local.span);
        let reason = format!("`{text}` is a path of the project");
        search.needs_sources(reason, Some(local.span));
    }
}

/// `package.json`: scripts that run with the install, packages of the project itself, members of a
/// workspace.
fn package_json(search: &mut Search<'_>, directory: &str, source: &Source) {
    let manifest = manifests::of(search.workspace, source);
    let runs_scripts = search.install.pure_with.is_some();
    let is_member = search
        .install
        .directory
        .as_deref()
        .is_some_and(|own| own != directory);
    let mut reasons: Vec<(Span, String, bool)> = Vec::new();
    for script in manifest.scripts.iter().filter(|_| runs_scripts) {
        if LIFECYCLE.contains(&script.name.as_str()) {
            let name = &script.name;
            let reason = format!("the script `{name}` of package.json runs with every install");
            let text = script.lines.iter().flatten().next();
            reasons.push((
                text.map_or(script.name_span, |text| text.span()),
                reason,
                true,
            ));
        }
    }
    for dependency in &manifest.dependencies {
        let Dependency {
            name,
            wanted,
            wanted_span,
            ..
        } = dependency;
        if runs_scripts && READ_SOURCES.contains(&name.as_str()) {
            let reason = format!("`{name}` reads files of the project while it is installed");
            reasons.push((*wanted_span, reason, true));
        }
        if ["file:", "link:", "portal:", "./", "../", "~/"]
            .iter()
            .any(|start| wanted.starts_with(start))
        {
            let reason = format!("`{wanted}` is a path of the project");
            reasons.push((*wanted_span, reason, false));
        }
    }
    for program in manifest.programs.iter().filter(|_| is_member) {
        let reason = "a member of the workspace has programs of its own, which are linked only when they are there";
        reasons.push((program.target.span(), reason.to_owned(), true));
    }
    reasons.sort_by_key(|(span, ..)| span.start);
    for (span, reason, is_script) in reasons {
        if is_script {
            search.runs_script(reason, Some(span));
        } else {
            search.needs_sources(reason, Some(span));
        }
    }
    for patch in &manifest.patches {
        search.require(directory, patch.as_str());
    }
    for pattern in &manifest.members {
        member(search, directory, pattern.as_str(), "package.json");
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
    for pattern in &manifests::of(search.workspace, source).members {
        member(search, directory, pattern.as_str(), "package.json");
    }
}

/// `pyproject.toml`: members of a uv workspace, and dependencies that are paths.
fn pyproject(search: &mut Search<'_>, directory: &str, source: &Source) {
    let manifest = manifests::of(search.workspace, source);
    if manifest.python.computes_dependencies {
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
    for pattern in &manifest.members {
        member(search, directory, pattern.as_str(), "pyproject.toml");
    }
    let has_flag = |wanted: &str| search.install.flags.iter().any(|flag| flag == wanted);
    // A path is not needed when nothing of the project is installed.
    if has_flag("--no-install-local") || has_flag("--no-directory") {
        return;
    }
    let installs_members = search.install.manager == "uv" && !has_flag("--no-install-workspace");
    for local in &manifest.locals {
        let name = &local.name;
        // A member is installed with what depends on it.
        if local.is_member && installs_members {
            search.needs_sources(
                format!("`{name}` is a member of the workspace (no `--no-install-workspace`)"),
                None,
            );
        }
        if local.path.is_some() {
            let reason = format!("`{name}` is a path of the project");
            search.needs_sources(reason, Some(local.span));
        }
    }
}

/// `go.mod` and `go.work`: a local module needs its own `go.mod` to be there.
fn go_mod(search: &mut Search<'_>, directory: &str, source: &Source) {
    let manifest = manifests::of(search.workspace, source);
    let replaced = manifest
        .locals
        .iter()
        .filter_map(|local| local.path.as_ref());
    for module in manifest.members.iter().chain(replaced) {
        let module = module.as_str();
        if module.starts_with("./") || module.starts_with("../") {
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
    for local in &manifests::of(search.workspace, source).locals {
        search.needs_sources(
            "a repository is a path of the project".to_owned(),
            Some(local.span),
        );
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
