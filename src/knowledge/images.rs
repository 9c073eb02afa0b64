//! Public images: what they run, set, bring and listen on, and what they are to a project.
//!
//! One row an image, in the tables below; facts of the published Dockerfiles, as of August 2026. What
//! a row does not say is not known.

mod databases;
mod languages;
pub mod purposes;
mod reference;
mod services;
mod systems;
mod tools;

use reference::{fits, repository};
pub use reference::{is_image_name, is_public, may_exist, name};

/// An image.
#[derive(Debug)]
pub struct Image {
    /// Its repository without registry, tag and digest, and those of images that are alike; a `*` at
    /// the end stands for all that begin so.
    pub names: &'static [&'static str],
    /// Last parts of repositories, whoever publishes them, that are as much to a project; a `*` at the
    /// start stands for all that end so.
    pub kin: &'static [&'static str],
    /// What it runs when nothing is said.
    pub runs: Option<Entry>,
    /// Whether it starts a command just as it is given: without an entrypoint, or with one that only
    /// passes on what it gets.
    pub as_given: bool,
    /// Its working directory, where that is not `/`.
    pub workdir: Option<&'static str>,
    /// The variables that it sets, or has set in some version, beside PATH.
    pub variables: Option<&'static [&'static str]>,
    /// Start scripts that it brings along.
    pub scripts: &'static [Script],
    /// Users that it adds to those of its system, which is Debian, Ubuntu or Alpine.
    pub users: Option<&'static [&'static str]>,
    /// Tools that health checks call. The first row that fits the tag tells.
    pub tools: &'static [Tools],
    /// All ports that it listens on unless it is told to listen on others.
    pub ports: &'static [u16],
    /// Its health check.
    pub check: Check,
    /// What it usually is to a project.
    pub kind: Option<Kind>,
    /// Whether services are sent work through it.
    pub broker: bool,
    /// The directory of a database's data. It or something in it is a volume of the image, which runs
    /// the scripts for its first start while nothing is there.
    pub data: Option<&'static str>,
    /// Where the row can be checked.
    pub source: &'static str,
}

/// What a row has where it says nothing.
const IMAGE: Image = Image {
    names: &[],
    kin: &[],
    runs: None,
    as_given: false,
    workdir: None,
    variables: None,
    scripts: &[],
    users: None,
    tools: &[],
    ports: &[],
    check: Check::Unknown,
    kind: None,
    broker: false,
    data: None,
    source: "",
};

/// What an image runs by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Entry {
    /// An interactive program that ends at once in a container: nothing runs.
    Prompt,
    /// This command.
    Command(&'static [&'static str]),
    /// Something of its own that runs no code of the project.
    Foreign,
}

/// A start script, and the command that it ends in.
#[derive(Debug)]
pub struct Script {
    /// Where it lies.
    pub path: &'static str,
    /// The command.
    pub command: &'static [&'static str],
}

/// Which tools some tags of an image bring.
#[derive(Debug)]
pub struct Tools {
    /// The tags.
    pub tag: Tag,
    /// What is there.
    pub has: &'static [&'static str],
    /// What is not.
    pub lacks: &'static [&'static str],
}

/// Which of an image's tags.
#[derive(Clone, Copy, Debug)]
pub enum Tag {
    /// All of them.
    Any,
    /// Those with this part.
    With(&'static str),
    /// Those with none of these parts.
    Without(&'static [&'static str]),
    /// The version in the tag is at least this, or there is none.
    From(u32),
}

/// Whether an image brings a health check. Docker's official images have none on purpose
/// (<https://github.com/docker-library/official-images#dockerfile-best-practices>, "no HEALTHCHECK").
#[derive(PartialEq, Eq, Debug)]
pub enum Check {
    /// Not known.
    Unknown,
    /// It brings none.
    Missing,
    /// It brings none, and this is how one asks it.
    Probe(Probe),
}

/// How one asks a server whether it is ready.
#[derive(Debug, PartialEq, Eq)]
pub struct Probe {
    /// A command for the shell in its container. `$$` is a dollar sign in a compose file.
    pub command: &'static str,
}

/// What an image usually is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A server that applications keep data in or talk through.
    Infrastructure,
    /// Stands before applications.
    Proxy,
    /// Stands beside applications, which run without it.
    Tool,
    /// A window into a server that others use: who needs it says nothing of whether the server is
    /// needed.
    Viewer,
}

/// Where databases look for scripts and dumps for the first start.
pub const FIRST_START: &str = "/docker-entrypoint-initdb.d";

const FETCHERS: &[&str] = &["curl", "wget", "nc"];
const FOREIGN: &[&str] = &["windows", "nanoserver", "servercore"];

const TABLES: [&[Image]; 5] = [
    systems::IMAGES,
    languages::IMAGES,
    databases::IMAGES,
    services::IMAGES,
    tools::IMAGES,
];

/// Every row.
pub fn images() -> impl Iterator<Item = &'static Image> {
    TABLES.into_iter().flatten()
}

/// The rows with the repository of an image.
fn rows(path: &str) -> impl Iterator<Item = &'static Image> {
    images().filter(move |image| image.names.iter().any(|name| fits(name, path)))
}

/// The rows of images that are as much to a project as this one: by its repository, or by the last
/// part of it.
fn rows_of_kind(reference: &str) -> impl Iterator<Item = &'static Image> {
    let (path, _) = repository(reference);
    let last = super::file_name(path);
    let is_kin = move |name: &&str| match name.strip_prefix('*') {
        Some(end) => last.ends_with(end),
        None => *name == last,
    };
    // `server` says nothing without what stands before it.
    let is_named = move |name: &&str| {
        let Some(before) = name.strip_suffix(last) else {
            return false;
        };
        *name == path || last != "server" && (before.is_empty() || before.ends_with('/'))
    };
    images().filter(move |image| image.names.iter().any(is_named) || image.kin.iter().any(is_kin))
}

/// What an image runs by itself; that of `php` depends on its tag.
pub fn entry(reference: &str) -> Option<Entry> {
    let (path, tag) = repository(reference);
    let path = match path {
        "php" if tag.contains("fpm") || tag.contains("apache") => "php-fpm",
        "php" => return Some(Entry::Prompt),
        other => other,
    };
    rows(path).find_map(|image| image.runs)
}

/// What a start script runs that an image brings along.
pub fn script_of(reference: &str, script: &str) -> Option<&'static [&'static str]> {
    let (path, _) = repository(reference);
    let mut scripts = rows(path).flat_map(|image| image.scripts);
    scripts
        .find(|known| known.path == script)
        .map(|known| known.command)
}

/// The start script of an image that reloads.
pub fn reloading_script(reference: &str) -> Option<&'static str> {
    let (path, _) = repository(reference);
    let mut scripts = rows(path).flat_map(|image| image.scripts);
    scripts
        .find(|known| known.command.contains(&"--reload"))
        .map(|known| known.path)
}

/// The working directory of an image; `None` when it is not known.
pub fn workdir(image: &str) -> Option<&'static str> {
    let known = rows(name(image)).find_map(|image| image.workdir);
    known.or_else(|| is_public(image).then_some("/"))
}

/// Whether an image sets a variable; `None` when that is not known.
pub fn sets(image: &str, variable: &str) -> Option<bool> {
    let known = rows(name(image)).find_map(|image| image.variables)?;
    if variable == "PATH" || known.contains(&variable) {
        return Some(true);
    }
    // Of a newer version, perhaps: `PYTHON_…`.
    let family = |name: &str| name.split('_').next().unwrap_or_default().to_owned();
    let own = family(variable);
    let is_like = known.iter().any(|name| family(name) == own);
    (!is_like).then_some(false)
}

/// Whether an image sets no variable but PATH.
pub fn is_bare(image: &str) -> bool {
    rows(name(image)).any(|image| image.variables.is_some_and(<[_]>::is_empty))
}

/// Whether an image starts a command just as it is given.
pub fn runs_as_given(image: &str) -> bool {
    let name = name(image);
    let name = name.strip_prefix("mcr.microsoft.com/").unwrap_or(name);
    rows(name).any(|image| image.as_given)
}

/// The ports of a well-known image.
pub fn ports(reference: &str) -> Option<&'static [u16]> {
    let (path, _) = repository(reference);
    rows(path)
        .map(|image| image.ports)
        .find(|ports| !ports.is_empty())
}

/// What is known of the health check of an image: `None` when nothing is; `Some` when it brings none,
/// with the usual probe.
pub fn probe(reference: &str) -> Option<Option<&'static Probe>> {
    let (path, _) = repository(reference);
    rows(path).find_map(|image| match &image.check {
        Check::Unknown => None,
        Check::Missing => Some(None),
        Check::Probe(probe) => Some(Some(probe)),
    })
}

/// What an image usually is, if it is known.
pub fn kind_of(image: &str) -> Option<Kind> {
    rows_of_kind(image).find_map(|image| image.kind)
}

/// Whether services are sent work through an image.
pub fn is_broker(image: &str) -> bool {
    rows_of_kind(image).any(|image| image.broker)
}

/// Where an image keeps its data, if it is one of a known database.
pub fn data_directory(image: &str) -> Option<&'static str> {
    rows_of_kind(image).find_map(|image| image.data)
}

/// Whether an image brings a tool; `None` when that is not known.
pub fn has_tool(reference: &str, tool: &str) -> Option<bool> {
    let tool = if tool == "python3" { "python" } else { tool };
    let (path, tag) = repository(reference);
    let row = rows(path)
        .flat_map(|image| image.tools)
        .find(|row| row.tag.fits(tag))?;
    match row.lacks.contains(&tool) {
        true => Some(false),
        false => row.has.contains(&tool).then_some(true),
    }
}

/// Whether an image has a user of that name; `None` when that is not known.
pub fn has_user(reference: &str, user: &str) -> Option<bool> {
    let (path, tag) = repository(reference);
    let own = rows(path).find_map(|image| image.users)?;
    if FOREIGN.iter().any(|part| tag.contains(part)) {
        return None;
    }
    let is_alpine = path == "alpine" || tag.contains("alpine");
    let all = if is_alpine { ALPINE } else { DEBIAN };
    Some(own.contains(&user) || all.contains(&user))
}

impl Tag {
    fn fits(self, tag: &str) -> bool {
        match self {
            Tag::Any => true,
            Tag::With(part) => tag.contains(part),
            Tag::Without(parts) => !parts.iter().any(|part| tag.contains(part)),
            Tag::From(version) => {
                major(tag).map_or(tag.is_empty() || tag == "latest", |found| found >= version)
            }
        }
    }
}

/// The first number of a tag: 22 of `22.1-alpine`.
pub fn major(tag: &str) -> Option<u32> {
    let digits = tag
        .trim_start_matches('v')
        .split(|c: char| !c.is_ascii_digit())
        .next()?;
    digits.parse().ok()
}

/// The major version in an image's tag.
pub fn version(reference: &str) -> Option<u32> {
    major(repository(reference).1)
}

const DEBIAN: &[&str] = &[
    "root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "proxy",
    "www-data", "backup", "list", "irc", "gnats", "nobody", "_apt",
];

const ALPINE: &[&str] = &[
    "root",
    "bin",
    "daemon",
    "adm",
    "lp",
    "sync",
    "shutdown",
    "halt",
    "mail",
    "news",
    "uucp",
    "operator",
    "man",
    "postmaster",
    "cron",
    "ftp",
    "sshd",
    "at",
    "squid",
    "xfs",
    "games",
    "cyrus",
    "vpopmail",
    "ntp",
    "smmsp",
    "guest",
    "nobody",
];

/// Directories at the root of a file system that an image may fill.
const OWN: [&str; 31] = [
    "bin",
    "boot",
    "busybox",
    "command",
    "deno-dir",
    "dev",
    "etc",
    "go",
    "home",
    "init",
    "lib",
    "lib32",
    "lib64",
    "libx32",
    "media",
    "mnt",
    "nix",
    "nodejs",
    "opt",
    "proc",
    "root",
    "run",
    "sbin",
    "srv",
    "sys",
    "tmp",
    "usr",
    "uv",
    "uvx",
    "var",
    "workspace",
];

/// Whether a file or directory is certainly not in an image: it lies where only the programs of a
/// project lie.
pub fn lacks(reference: &str, path: &str) -> bool {
    let Some(first) = path.split('/').nth(1) else {
        return false;
    };
    let is_filled =
        OWN.contains(&first) && !path.starts_with("/usr/src/") || path.starts_with("/usr/src/php");
    // Images of languages bring a language and none of its programs; Temurin has a script of its
    // own at the root.
    let is_known = entry(reference) == Some(Entry::Prompt);
    is_known && !is_filled && !reference.contains("onbuild") && !path.contains("cacert")
}

#[cfg(test)]
mod tests;
