//! `pyproject.toml` with the tables of uv, Poetry, PDM, Hatch, Rye, Pixi and Poe; `Pipfile`, `setup.py`,
//! `setup.cfg`, environments of conda. Sources: packaging.python.org/specifications/pyproject-toml,
//! PEP 735, docs.astral.sh/uv/reference/settings, python-poetry.org/docs/pyproject,
//! pdm-project.org/latest/usage/scripts, hatch.pypa.io/latest/config/environment,
//! poethepoet.natn.io/tasks, pipenv.pypa.io/en/latest/pipfile.html

use super::requirements::requirement;
use super::{Dependency, Group, Local, Manifest, Program, Script, lines};
use crate::knowledge::managers;
use crate::knowledge::python::no_package;
use crate::knowledge::python::tasks::task_runners;
use crate::syntax::toml::{Node, Tree};
use crate::syntax::yaml;
use crate::text::{Cooked, Source};

/// A script has no more lines than this, unless nobody wrote it by hand.
const LINES: usize = 200;

pub(super) fn pyproject(tree: &Tree) -> Manifest {
    let mut manifest = Manifest::default();
    let Some(root) = tree.root() else {
        return manifest;
    };
    let tool = root.get("tool");
    let of_tool = |keys: &[&str]| tool?.at(keys);
    if let Some(project) = root.get("project") {
        manifest.name = project.get("name").and_then(Node::cooked);
        list(project.get("dependencies"), Group::Runtime, &mut manifest);
        lists(
            project.get("optional-dependencies"),
            Group::Optional,
            &mut manifest,
        );
        programs(project.get("scripts"), &mut manifest);
        let computed = project.get("dynamic").into_iter().flat_map(Node::items);
        manifest.python.computes_dependencies = computed
            .filter_map(Node::as_str)
            .any(|field| matches!(field, "dependencies" | "optional-dependencies"));
    }
    lists(
        root.get("dependency-groups"),
        Group::Development,
        &mut manifest,
    );
    list(
        root.at(&["build-system", "requires"]),
        Group::Build,
        &mut manifest,
    );
    manifest.python.has_build_system = root.get("build-system").is_some();
    uv(of_tool(&["uv"]), &mut manifest);
    poetry(of_tool(&["poetry"]), &mut manifest);
    lists(
        of_tool(&["pdm", "dev-dependencies"]),
        Group::Development,
        &mut manifest,
    );
    list(
        of_tool(&["rye", "dev-dependencies"]),
        Group::Development,
        &mut manifest,
    );
    for environment in of_tool(&["hatch", "envs"])
        .into_iter()
        .flat_map(Node::entries)
    {
        for key in ["dependencies", "extra-dependencies"] {
            list(
                environment.value.get(key),
                Group::Development,
                &mut manifest,
            );
        }
    }
    if let Some(pixi) = of_tool(&["pixi"]) {
        pixi_tables(pixi, &mut manifest);
    }
    for manager in managers() {
        let Some((key, no_package)) = no_package(manager.name) else {
            continue;
        };
        let set = of_tool(&[manager.name, key]).and_then(Node::as_bool);
        manifest
            .python
            .stated
            .extend(set.map(|set| (manager.name, set != no_package)));
    }
    all_scripts(root, "pyproject.toml", &mut manifest);
    manifest
}

fn uv(uv: Option<Node<'_>>, manifest: &mut Manifest) {
    let Some(uv) = uv else { return };
    list(uv.get("dev-dependencies"), Group::Development, manifest);
    let members = uv.at(&["workspace", "members"]);
    manifest.members.extend(
        members
            .into_iter()
            .flat_map(Node::items)
            .filter_map(Node::cooked),
    );
    manifest.python.names_uv_packages =
        uv.get("workspace").is_some() || uv.get("sources").is_some();
    locals(uv.get("sources"), manifest);
}

fn poetry(poetry: Option<Node<'_>>, manifest: &mut Manifest) {
    let Some(poetry) = poetry else { return };
    if manifest.name.is_none() {
        manifest.name = poetry.get("name").and_then(Node::cooked);
    }
    programs(poetry.get("scripts"), manifest);
    let mut tables = vec![
        (poetry.get("dependencies"), Group::Runtime),
        (poetry.get("dev-dependencies"), Group::Development),
    ];
    for group in poetry.get("group").into_iter().flat_map(Node::entries) {
        let group_of = if group.key == "main" {
            Group::Runtime
        } else {
            Group::Development
        };
        tables.push((group.value.get("dependencies"), group_of));
    }
    for (dependencies, group) in tables {
        table(dependencies, group, manifest);
        locals(dependencies, manifest);
    }
}

/// A list of requirements.
fn list(list: Option<Node<'_>>, group: Group, manifest: &mut Manifest) {
    for item in list.into_iter().flat_map(Node::items) {
        if let Some(text) = item.as_str() {
            manifest
                .dependencies
                .extend(requirement(text, item.span(), group));
        }
    }
}

/// A table of lists of requirements.
fn lists(table: Option<Node<'_>>, group: Group, manifest: &mut Manifest) {
    for entry in table.into_iter().flat_map(Node::entries) {
        list(Some(entry.value), group, manifest);
    }
}

/// A table of names and versions: `flask = "^2"`, `flask = {version = "^2", extras = ["async"]}`.
fn table(table: Option<Node<'_>>, group: Group, manifest: &mut Manifest) {
    for entry in table.into_iter().flat_map(Node::entries) {
        let value = entry.value;
        let version = value.as_str().or_else(|| value.get("version")?.as_str());
        // One without a version comes from elsewhere, and nothing is known of it.
        let wanted = version.unwrap_or("?");
        let extras = value.get("extras").into_iter().flat_map(Node::items);
        let is_optional = value.get("optional").and_then(Node::as_bool) == Some(true);
        manifest.dependencies.push(Dependency {
            name: entry.key.to_owned(),
            extras: extras.filter_map(Node::as_str).map(str::to_owned).collect(),
            wanted: wanted.to_owned(),
            group: if is_optional { Group::Optional } else { group },
            span: entry.key_span,
            wanted_span: value.span(),
        });
    }
}

/// What lies in the repository: `{path = "…"}`, `{workspace = true}`.
fn locals(table: Option<Node<'_>>, manifest: &mut Manifest) {
    for entry in table.into_iter().flat_map(Node::entries) {
        let is_member = entry.value.get("workspace").and_then(Node::as_bool) == Some(true);
        let path = entry.value.get("path");
        if is_member || path.is_some() {
            manifest.locals.push(Local {
                name: entry.key.to_owned(),
                path: path.and_then(Node::cooked),
                is_member,
                span: path.map_or(entry.key_span, Node::span),
            });
        }
    }
}

fn programs(table: Option<Node<'_>>, manifest: &mut Manifest) {
    for entry in table.into_iter().flat_map(Node::entries) {
        if let Some(target) = entry.value.cooked() {
            manifest.programs.push(Program {
                name: entry.key.to_owned(),
                name_span: entry.key_span,
                target,
            });
        }
    }
}

/// The tasks of every tool that has some in a file of this name.
fn all_scripts(root: Node<'_>, file: &str, manifest: &mut Manifest) {
    for runner in task_runners() {
        for (_, keys) in runner.tables.iter().filter(|(name, _)| *name == file) {
            let Some(table) = root.at(keys) else { continue };
            if !runner.in_environments {
                scripts(runner.program, "", Some(table), manifest);
                continue;
            }
            for environment in table.entries() {
                let prefix = format!("{}:", environment.key);
                let table = environment.value.get("scripts");
                scripts(runner.program, &prefix, table, manifest);
            }
        }
    }
}

fn scripts(runner: &'static str, prefix: &str, table: Option<Node<'_>>, manifest: &mut Manifest) {
    for entry in table.into_iter().flat_map(Node::entries) {
        manifest.scripts.push(Script {
            runner,
            name: format!("{prefix}{}", entry.key),
            name_span: entry.key_span,
            lines: script_lines(entry.value),
            is_list: entry.value.as_str().is_none() && entry.value.items().next().is_some(),
        });
    }
}

/// The commands of a script: a text, a list of texts (Hatch), or a table with `cmd` or `shell`.
fn script_lines(script: Node<'_>) -> Option<Vec<Cooked>> {
    if script.items().next().is_some() {
        return script.items().take(LINES).map(Node::cooked).collect();
    }
    let command = script
        .get("cmd")
        .or_else(|| script.get("shell"))
        .unwrap_or(script);
    // `cmd = ["uvicorn", "app:app"]`
    if command.items().next().is_some() {
        let words: Option<Vec<&str>> = command.items().map(Node::as_str).collect();
        return Some(vec![Cooked::synthetic(words?.join(" "), command.span())]);
    }
    let text = command.as_str()?.trim();
    Some(vec![Cooked::synthetic(text, command.span())])
}

/// `pixi.toml`
pub(super) fn pixi(tree: &Tree) -> Manifest {
    let mut manifest = Manifest::default();
    if let Some(root) = tree.root() {
        pixi_tables(root, &mut manifest);
        all_scripts(root, "pixi.toml", &mut manifest);
    }
    manifest
}

fn pixi_tables(root: Node<'_>, manifest: &mut Manifest) {
    for key in ["dependencies", "pypi-dependencies"] {
        table(root.get(key), Group::Runtime, manifest);
    }
}

pub(super) fn pipfile(tree: &Tree) -> Manifest {
    let mut manifest = Manifest::default();
    let Some(root) = tree.root() else {
        return manifest;
    };
    for (key, group) in [
        ("packages", Group::Runtime),
        ("dev-packages", Group::Development),
    ] {
        table(root.get(key), group, &mut manifest);
        locals(root.get(key), &mut manifest);
    }
    all_scripts(root, "Pipfile", &mut manifest);
    manifest
}

/// `setup.py` is a program: every text in it that looks like a requirement may be one.
pub(super) fn setup(source: &Source) -> Manifest {
    let mut manifest = Manifest::default();
    for (line, at) in lines(source) {
        let mut start = 0;
        for (nth, part) in line.split(['"', '\'']).enumerate() {
            let span = source.span(at + start..at + start + part.len());
            if nth % 2 == 1 {
                manifest
                    .dependencies
                    .extend(requirement(part, span, Group::Runtime));
            }
            start += part.len() + 1;
        }
    }
    manifest
}

/// `setup.cfg`: requirements stand one a line, indented; those behind a key are none.
pub(super) fn setup_settings(source: &Source) -> Manifest {
    let mut manifest = Manifest::default();
    for (line, at) in lines(source) {
        let span = source.span(at..at + line.len());
        let is_indented = source.text()[..at].ends_with([' ', '\t']);
        if is_indented {
            manifest
                .dependencies
                .extend(requirement(line, span, Group::Runtime));
        } else if let Some((key, value)) = line.split_once('=')
            && key.trim() == "name"
        {
            manifest.name = Some(Cooked::synthetic(value.trim(), span));
        }
    }
    manifest
}

/// An environment of conda: `dependencies`, and those of pip among them.
pub(super) fn conda(tree: &yaml::Tree) -> Manifest {
    let mut manifest = Manifest::default();
    let items = tree.root().and_then(|root| root.get("dependencies"));
    for item in items.into_iter().flat_map(|items| items.items()) {
        let of_pip = item.get("pip");
        let texts: Vec<_> = match of_pip {
            Some(pip) => pip.items().collect(),
            None => vec![item],
        };
        for text in texts
            .iter()
            .filter(|text| text.kind() == yaml::Kind::Scalar)
        {
            // A channel may stand in front: `conda-forge::flask`.
            let written = text.text();
            let name = written.rsplit("::").next().unwrap_or(&written);
            manifest
                .dependencies
                .extend(requirement(name, text.span(), Group::Runtime));
        }
    }
    manifest
}
