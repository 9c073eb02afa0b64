//! What the names of files and directories of the host tell of them.

use std::path::Path;

/// Endings of names that are never those of directories.
const FILE_ENDINGS: [&str; 40] = [
    "bash",
    "cer",
    "cert",
    "cfg",
    "cnf",
    "conf",
    "config",
    "cql",
    "crt",
    "csv",
    "env",
    "htpasswd",
    "html",
    "hcl",
    "ini",
    "jar",
    "js",
    "json",
    "key",
    "lock",
    "log",
    "lua",
    "pem",
    "php",
    "properties",
    "py",
    "rb",
    "rules",
    "sh",
    "sql",
    "template",
    "tmpl",
    "toml",
    "ts",
    "txt",
    "vcl",
    "war",
    "xml",
    "yaml",
    "yml",
];

/// Files without an ending.
const FILE_NAMES: [&str; 10] = [
    ".htpasswd",
    ".pgpass",
    "Caddyfile",
    "Corefile",
    "Dockerfile",
    "Gemfile",
    "Makefile",
    "Pipfile",
    "Procfile",
    "crontab",
];

/// Endings of files that builds make rather than people write: archives, libraries, programs, keys.
const BINARY_ENDINGS: &[&str] = &[
    "jar", "war", "ear", "tgz", "gz", "zip", "tar", "whl", "so", "a", "dll", "exe", "deb", "rpm",
    "apk", "gem", "phar", "wasm", "pem", "crt", "key",
];

/// Endings of files that may name a host.
pub const MAY_NAME_HOSTS: &[&str] = &[
    "py",
    "js",
    "mjs",
    "cjs",
    "ts",
    "tsx",
    "jsx",
    "vue",
    "svelte",
    "go",
    "rb",
    "php",
    "java",
    "kt",
    "cs",
    "rs",
    "ex",
    "exs",
    "conf",
    "cfg",
    "yml",
    "yaml",
    "toml",
    "ini",
    "env",
    "properties",
    "template",
    "tmpl",
    "json",
    "xml",
    "hcl",
    "scala",
];

/// Endings of files that are no archives.
pub const NO_ARCHIVES: &[&str] = &[
    "txt", "sh", "py", "js", "ts", "json", "yml", "yaml", "toml", "conf", "cfg", "ini", "xml",
    "jar", "war", "go", "rb", "sql", "lock", "mod", "sum", "html", "zip", "md",
];

/// Parts of names of directories that programs fill: nobody puts them under version control.
const FILLED: [&str; 48] = [
    "acme",
    "archive",
    "artifacts",
    "backup",
    "backups",
    "build",
    "cache",
    "caches",
    "cert",
    "certs",
    "certificates",
    "coverage",
    "data",
    "database",
    "databases",
    "db",
    "dbdata",
    "dist",
    "downloads",
    "dump",
    "dumps",
    "keys",
    "letsencrypt",
    "lib",
    "local",
    "log",
    "logs",
    "media",
    "models",
    "mysql",
    "node",
    "out",
    "output",
    "outputs",
    "pgdata",
    "postgres",
    "redis",
    "run",
    "secrets",
    "ssl",
    "tls",
    "state",
    "storage",
    "target",
    "temp",
    "tmp",
    "uploads",
    "volumes",
];

/// Whether this can only be a file, from its name.
pub fn is_file_name(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .map(str::to_ascii_lowercase);
    FILE_NAMES.contains(&name)
        || ending.is_some_and(|ending| FILE_ENDINGS.contains(&ending.as_str()))
}

/// Whether programs fill a directory of this name, or one that it lies in.
pub fn is_filled_by_programs(path: &Path) -> bool {
    let parts = path.iter().filter_map(|part| part.to_str());
    let mut words = parts.flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
    words.any(|word| {
        FILLED.contains(&word.to_ascii_lowercase().as_str())
            || word.to_ascii_lowercase().ends_with("data")
    })
}

/// Whether a file of that name is made by a build rather than written.
pub fn is_binary(name: &str) -> bool {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| BINARY_ENDINGS.contains(&ending.as_str()))
}
