//! Manifests of Go, Rust, PHP, Ruby, Elixir and the JVM. Sources: go.dev/ref/mod,
//! doc.rust-lang.org/cargo/reference/manifest.html, getcomposer.org/doc/04-schema.md,
//! bundler.io/man/gemfile.5.html, hexdocs.pm/mix/Mix.Tasks.Deps.html, maven.apache.org/pom.html,
//! docs.gradle.org/current/userguide/declaring_dependencies.html
//!
//! Where a manifest is a program, only what is written in so many words is known.

use super::{Dependency, Group, Local, Manifest, lines};
use crate::syntax::{json, toml};
use crate::text::{Cooked, Source, Span};

fn plain(name: &str, wanted: &str, group: Group, span: Span) -> Dependency {
    Dependency {
        name: name.to_owned(),
        extras: Vec::new(),
        wanted: wanted.to_owned(),
        group,
        span,
        wanted_span: span,
    }
}

/// `go.mod` and `go.work`: what is required, replaced by a directory, or used as a module of the
/// workspace; alone on a line or in a block.
pub(super) fn go(source: &Source) -> Manifest {
    let mut manifest = Manifest::default();
    let mut block = "";
    for (line, at) in lines(source) {
        let code = line.split("//").next().unwrap_or(line).trim();
        let span = source.span(at..at + code.len());
        let mut words = code.split_whitespace();
        let (verb, opens) = match (block, words.clone().next()) {
            (_, Some(")")) => {
                block = "";
                continue;
            }
            ("", Some(verb)) => {
                words.next();
                (verb, words.clone().next() == Some("("))
            }
            (verb, _) => (verb, false),
        };
        if opens {
            block = verb;
            continue;
        }
        let words: Vec<&str> = words.collect();
        match (verb, words.as_slice()) {
            ("module", [name]) => manifest.name = Some(Cooked::synthetic(*name, span)),
            ("require", [name, version, ..]) => {
                manifest
                    .dependencies
                    .push(plain(name, version, Group::Runtime, span));
            }
            ("tool", [name]) => {
                manifest
                    .dependencies
                    .push(plain(name, "", Group::Development, span));
            }
            ("use", [path]) => manifest.members.push(Cooked::synthetic(*path, span)),
            ("replace", words) => {
                let Some(arrow) = words.iter().position(|word| *word == "=>") else {
                    continue;
                };
                if let (Some(name), Some(path)) = (words.first(), words.get(arrow + 1))
                    && path.starts_with('.')
                {
                    let path = Some(Cooked::synthetic(*path, span));
                    manifest.locals.push(Local {
                        name: (*name).to_owned(),
                        path,
                        is_member: false,
                        span,
                    });
                }
            }
            _ => {}
        }
    }
    manifest
}

/// `Cargo.toml`, with the dependencies of its workspace and of single platforms.
pub(super) fn cargo(tree: &toml::Tree) -> Manifest {
    let mut manifest = Manifest::default();
    let Some(root) = tree.root() else {
        return manifest;
    };
    manifest.name = root.at(&["package", "name"]).and_then(toml::Node::cooked);
    let members = root.at(&["workspace", "members"]);
    manifest.members.extend(
        members
            .into_iter()
            .flat_map(toml::Node::items)
            .filter_map(toml::Node::cooked),
    );
    let platforms = root.get("target").into_iter().flat_map(toml::Node::entries);
    let tables = std::iter::once(root)
        .chain(platforms.map(|entry| entry.value))
        .chain(root.get("workspace"));
    for table in tables {
        for (key, group) in [
            ("dependencies", Group::Runtime),
            ("dev-dependencies", Group::Development),
            ("build-dependencies", Group::Build),
        ] {
            for entry in table.get(key).into_iter().flat_map(toml::Node::entries) {
                let value = entry.value;
                let wanted = value.as_str().or_else(|| value.get("version")?.as_str());
                let wanted = wanted.unwrap_or_default();
                manifest
                    .dependencies
                    .push(plain(entry.key, wanted, group, entry.key_span));
                if let Some(path) = value.get("path") {
                    manifest.locals.push(Local {
                        name: entry.key.to_owned(),
                        path: path.cooked(),
                        is_member: false,
                        span: path.span(),
                    });
                }
            }
        }
    }
    manifest
}

/// `composer.json`, with the repositories that are directories.
pub(super) fn composer(tree: &json::Tree) -> Manifest {
    let mut manifest = Manifest::default();
    let Some(root) = tree.root() else {
        return manifest;
    };
    manifest.name = root.get("name").and_then(json::Node::cooked);
    for (key, group) in [
        ("require", Group::Runtime),
        ("require-dev", Group::Development),
    ] {
        for entry in root.get(key).into_iter().flat_map(json::Node::entries) {
            if let (Some(name), Some(wanted)) = (entry.key.as_str(), entry.value.as_str()) {
                manifest
                    .dependencies
                    .push(plain(&name, &wanted, group, entry.key.span()));
            }
        }
    }
    let repositories = root.get("repositories");
    let named = repositories
        .into_iter()
        .flat_map(json::Node::entries)
        .map(|entry| entry.value);
    for repository in repositories
        .into_iter()
        .flat_map(json::Node::items)
        .chain(named)
    {
        if let Some(kind) = repository.get("type")
            && kind.as_str().as_deref() == Some("path")
        {
            manifest.locals.push(Local {
                name: String::new(),
                path: repository.get("url").and_then(json::Node::cooked),
                is_member: false,
                span: kind.span(),
            });
        }
    }
    manifest
}

/// `gem "name", "~> 1.2"`
pub(super) fn gems(source: &Source) -> Manifest {
    let mut manifest = Manifest::default();
    for (line, at) in lines(source) {
        let Some(rest) = line
            .strip_prefix("gem ")
            .or_else(|| line.strip_prefix("gem("))
        else {
            continue;
        };
        let mut texts = rest.split(['"', '\'']).skip(1).step_by(2);
        if let Some(name) = texts.next() {
            let wanted = texts.next().unwrap_or_default();
            let span = source.span(at..at + line.len());
            manifest
                .dependencies
                .push(plain(name, wanted, Group::Runtime, span));
        }
    }
    manifest
}

/// `{:name, "~> 1.2"}`
pub(super) fn mix(source: &Source) -> Manifest {
    let mut manifest = Manifest::default();
    for (line, at) in lines(source) {
        let Some(rest) = line.strip_prefix("{:").or_else(|| line.strip_prefix("[{:")) else {
            continue;
        };
        let name = rest
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
            .unwrap_or_default();
        let wanted = rest.split('"').nth(1).unwrap_or_default();
        let span = source.span(at..at + line.len());
        manifest
            .dependencies
            .push(plain(name, wanted, Group::Runtime, span));
    }
    manifest
}

/// `<artifactId>name</artifactId>` and `<module>name</module>`, one a line.
pub(super) fn pom(source: &Source) -> Manifest {
    let mut manifest = Manifest::default();
    let within = |line: &str, element: &str| {
        let rest = line.split_once(&format!("<{element}>"))?.1;
        Some(rest.split('<').next().unwrap_or(rest).trim().to_owned())
    };
    for (line, at) in lines(source) {
        let span = source.span(at..at + line.len());
        if let Some(name) = within(line, "artifactId") {
            manifest
                .dependencies
                .push(plain(&name, "", Group::Runtime, span));
        } else if let Some(member) = within(line, "module") {
            manifest.members.push(Cooked::synthetic(member, span));
        }
    }
    manifest
}

/// `implementation "group:name:version"`: a text with colons.
pub(super) fn gradle(source: &Source) -> Manifest {
    let mut manifest = Manifest::default();
    for (line, at) in lines(source) {
        let code = line.split("//").next().unwrap_or(line);
        for text in code.split(['"', '\'']).skip(1).step_by(2) {
            let mut parts = text.split(':');
            if let (Some(_), Some(name)) = (parts.next(), parts.next()) {
                let span = source.span(at..at + line.len());
                let wanted = parts.next().unwrap_or_default();
                manifest
                    .dependencies
                    .push(plain(name, wanted, Group::Runtime, span));
            }
        }
    }
    manifest
}
