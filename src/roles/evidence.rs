//! Who calls whom, as far as no compose file says it: the code of services and their settings name
//! hosts as well.
//!
//! Nobody needs a service of which nothing else knows the name; one whose name stands in the
//! orchestrator's code is another matter. A proxy is not asked: it works without what it has a
//! route to.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::compose::MountKind;
use crate::files::FOREIGN_DIRECTORIES;
use crate::knowledge::images::{Kind, kind_of};
use crate::knowledge::{Family, directories, paths};
use crate::project::{Project, Service};

/// More files of one service than that are not read.
const MOST_FILES: usize = 400;

/// No more files and directories than that are looked at for one service.
const MOST_ENTRIES: usize = 5000;

/// Larger files, in bytes, were not written by hand.
const LARGEST: u64 = 256 << 10;

/// Directories of what does not run here.
const SKIPPED: [&str; 4] = ["tests", "test", "docs", ".github"];

/// What the files around a compose file say of its services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleEvidence {
    /// Who names whom as a host: both are services.
    pub calls: Vec<(String, String)>,
    /// The services that run a server: they answer, and do not fetch their work themselves.
    pub servers: Vec<String>,
}

impl RoleEvidence {
    /// What the files of a project say of who calls whom. They are read anew each time it is asked.
    pub fn of(project: &Project<'_>) -> RoleEvidence {
        let names: FxHashSet<&str> = project.services().map(Service::name).collect();
        let mut evidence = RoleEvidence::default();
        for service in project.services() {
            let is_proxy = service.base_image().and_then(kind_of) == Some(Kind::Proxy);
            let found = if is_proxy {
                Vec::new()
            } else {
                names_in_files_of(project, service, &names)
            };
            evidence.calls.extend(
                found
                    .into_iter()
                    .map(|to| (service.name().to_owned(), to.to_owned())),
            );
            let serves = service.processes().iter().any(|process| {
                process
                    .program
                    .is_some_and(|program| program.family == Family::Server)
            });
            evidence
                .servers
                .extend(serves.then(|| service.name().to_owned()));
        }
        evidence
    }
}

/// The names of other services that stand as hosts in the files of a service.
fn names_in_files_of<'n>(
    project: &Project<'_>,
    service: Service<'_>,
    names: &FxHashSet<&'n str>,
) -> Vec<&'n str> {
    let baked = service
        .image()
        .into_iter()
        .flat_map(|image| image.baked())
        .map(|baked| baked.host.clone());
    let inputs = service
        .image()
        .into_iter()
        .flat_map(|image| image.artefacts())
        .flat_map(|made| made.inputs.iter());
    let inputs = inputs.map(|baked| baked.host.clone());
    let binds = service
        .spec()
        .mounts
        .iter()
        .filter(|mount| mount.kind == MountKind::Bind);
    let binds = binds.filter_map(|mount| {
        Some(PathBuf::from(
            &mount
                .source
                .as_ref()
                .filter(|source| source.origin.is_fixed())?
                .value,
        ))
    });
    let mut roots: Vec<PathBuf> = baked
        .chain(inputs)
        .chain(binds)
        .filter(|path| path.starts_with(project.root()))
        .collect();
    roots.sort();
    roots.dedup();
    let files = project.workspace().files();
    let mut found: Vec<&str> = Vec::new();
    let (mut files_left, mut entries_left) = (MOST_FILES, MOST_ENTRIES);
    // Below a root no symbolic link is followed: it may lead back.
    let mut open: Vec<(PathBuf, bool)> = roots
        .into_iter()
        .map(|path| (path.clone(), files.is_directory(&path)))
        .collect();
    while let Some((path, is_directory)) = open.pop() {
        let Some(rest) = entries_left.checked_sub(1) else {
            break;
        };
        entries_left = rest;
        if is_directory {
            let entries = files.list(&path);
            let wanted = entries
                .iter()
                .filter(|entry| !entry.is_directory || !is_skipped(&entry.name));
            open.extend(wanted.map(|entry| (path.join(&entry.name), entry.is_directory)));
            continue;
        }
        // A pipe would never end.
        if !may_name_hosts(&path)
            || !files.is_file(&path)
            || files.size(&path).is_some_and(|size| size > LARGEST)
        {
            continue;
        }
        let Some(rest) = files_left.checked_sub(1) else {
            break;
        };
        files_left = rest;
        let Ok(bytes) = files.read(&path) else {
            continue;
        };
        for host in hosts(&String::from_utf8_lossy(&bytes)) {
            let name = names
                .get(host)
                .filter(|name| **name != service.name() && !found.contains(name));
            found.extend(name);
        }
    }
    found
}

fn is_skipped(name: &str) -> bool {
    FOREIGN_DIRECTORIES.contains(&name)
        || directories::is_always_made(name)
        || SKIPPED.contains(&name)
}

fn may_name_hosts(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let ending = name.rsplit('.').next().unwrap_or_default();
    let is_lock = name.contains("lock") || name == "package.json";
    !is_lock && (paths::MAY_NAME_HOSTS.contains(&ending) || name.starts_with(".env"))
}

/// The hosts of a text: behind `://`, and before a port.
fn hosts(text: &str) -> impl Iterator<Item = &str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let of_addresses = text.match_indices("://").filter_map(move |(at, mark)| {
        let rest = &text[at + mark.len()..];
        let authority = &rest[..rest
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '`'))
            .unwrap_or(rest.len())];
        let host = authority.rsplit('@').next()?;
        Some(&host[..host.find(|c: char| !is_of_name(c)).unwrap_or(host.len())])
    });
    let before_ports = text.match_indices(':').filter_map(move |(at, _)| {
        let is_port = text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
        // The longest name that anybody gives a service, in bytes.
        let from = text[..at]
            .char_indices()
            .rev()
            .take(64)
            .take_while(|(_, c)| is_of_name(*c))
            .last()
            .map(|(from, _)| from);
        from.filter(|_| is_port).map(|from| &text[from..at])
    });
    of_addresses.chain(before_ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(
            hosts(text)
                .filter(|host| !host.is_empty())
                .collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn hosts_stand_in_addresses_and_before_ports() {
        check(
            "URL = os.getenv('MEMORY_URL', 'http://memory:8000')",
            &["memory", "memory"],
        );
        check("redis://:secret@redis/0", &["redis"]);
        check("upstream: voice:8000", &["voice"]);
        check("url = http://api;", &["api"]);
        check("// api is called", &[]);
        check("{\"a\": 1}", &[]);
    }

    #[test]
    fn what_no_one_wrote_by_hand_is_not_read() {
        for (path, expected) in [
            ("/p/.env.dev", true),
            ("/p/settings.toml", true),
            ("/p/a.png", false),
            ("/p/package-lock.json", false),
        ] {
            assert_eq!(may_name_hosts(Path::new(path)), expected, "{path}");
        }
    }
}
