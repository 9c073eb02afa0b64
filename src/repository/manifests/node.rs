//! `package.json` and `pnpm-workspace.yaml`. Sources: docs.npmjs.com/cli/configuring-npm/package-json,
//! pnpm.io/package_json, pnpm.io/pnpm-workspace_yaml

use super::{Dependency, Group, Manifest, Program, Script};
use crate::syntax::json::{Kind, Node, Tree};
use crate::syntax::yaml;

pub(super) fn package(tree: &Tree) -> Manifest {
    let mut manifest = Manifest::default();
    let Some(root) = tree.root() else {
        return manifest;
    };
    for entry in root.entries() {
        let Some(key) = entry.key.as_str() else {
            continue;
        };
        match &*key {
            "name" => manifest.name = entry.value.cooked(),
            "packageManager" => manifest.package_manager = entry.value.cooked(),
            "scripts" => manifest.scripts = scripts(entry.value),
            "bin" => manifest.programs = programs(entry.value),
            "patchedDependencies" => patches(entry.value, &mut manifest),
            "pnpm" => {
                if let Some(patched) = entry.value.get("patchedDependencies") {
                    patches(patched, &mut manifest);
                }
            }
            "workspaces" => {
                let list = entry.value.get("packages").unwrap_or(entry.value);
                manifest
                    .members
                    .extend(list.items().filter_map(Node::cooked));
            }
            key => {
                if let Some(group) = group(key) {
                    dependencies(entry.value, group, &mut manifest);
                }
            }
        }
    }
    manifest
}

fn group(key: &str) -> Option<Group> {
    Some(match key {
        "dependencies" => Group::Runtime,
        "devDependencies" => Group::Development,
        "peerDependencies" | "optionalDependencies" => Group::Optional,
        key if key.to_ascii_lowercase().ends_with("dependencies") => Group::Optional,
        _ => return None,
    })
}

fn dependencies(table: Node<'_>, group: Group, manifest: &mut Manifest) {
    for entry in table.entries() {
        let (Some(name), Some(wanted)) = (entry.key.as_str(), entry.value.as_str()) else {
            continue;
        };
        manifest.dependencies.push(Dependency {
            name: name.into_owned(),
            extras: Vec::new(),
            wanted: wanted.into_owned(),
            group,
            span: entry.key.span(),
            wanted_span: entry.value.span(),
        });
    }
}

fn scripts(table: Node<'_>) -> Vec<Script> {
    let script = |entry: crate::syntax::json::Entry<'_>| {
        Some(Script {
            runner: "npm",
            name: entry.key.as_str()?.into_owned(),
            name_span: entry.key.span(),
            lines: Some(vec![entry.value.cooked()?]),
            is_list: false,
        })
    };
    let mut scripts: Vec<Script> = table.entries().filter_map(script).collect();
    // Of two with one name the last counts.
    scripts.reverse();
    scripts
}

/// `"bin": "cli.js"` or `"bin": {"name": "cli.js"}`.
fn programs(value: Node<'_>) -> Vec<Program> {
    if value.kind() == Kind::String {
        let program = |target| Program {
            name: String::new(),
            name_span: value.span(),
            target,
        };
        return value.cooked().map(program).into_iter().collect();
    }
    let program = |entry: crate::syntax::json::Entry<'_>| {
        Some(Program {
            name: entry.key.as_str()?.into_owned(),
            name_span: entry.key.span(),
            target: entry.value.cooked()?,
        })
    };
    value.entries().filter_map(program).collect()
}

fn patches(table: Node<'_>, manifest: &mut Manifest) {
    let files = table.entries().filter_map(|entry| entry.value.cooked());
    manifest.patches.extend(files);
}

pub(super) fn pnpm_workspace(tree: &yaml::Tree) -> Manifest {
    let mut manifest = Manifest::default();
    let Some(root) = tree.root() else {
        return manifest;
    };
    if let Some(packages) = root.get("packages") {
        manifest
            .members
            .extend(packages.items().map(|item| item.cooked()));
    }
    if let Some(patched) = root.get("patchedDependencies") {
        manifest
            .patches
            .extend(patched.entries().map(|entry| entry.value.cooked()));
    }
    manifest
}
