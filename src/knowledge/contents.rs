//! What public images bring: the tools that health checks call, and the users that can be named.
//!
//! Facts of the published Dockerfiles, as of August 2026. What is not listed is not known.

use super::images::{Entry, base_image, fits, repository};

/// What is known of the tools of some images.
struct Tools {
    names: &'static [&'static str],
    /// Which of their tags, by a part of the tag.
    tag: Tag,
    has: &'static [&'static str],
    lacks: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Tag {
    Any,
    /// The tag has this part.
    With(&'static str),
    /// The tag has none of these parts.
    Without(&'static [&'static str]),
    /// The version in the tag is at least this, or there is none.
    From(u32),
}

const FETCHERS: &[&str] = &["curl", "wget", "nc"];
const FOREIGN: &[&str] = &["windows", "nanoserver", "servercore"];

/// The first row that fits tells.
const TOOLS: &[Tools] = &[
    Tools {
        names: &["php"],
        tag: Tag::With("alpine"),
        has: &["curl", "wget", "nc", "php"],
        lacks: &[],
    },
    Tools {
        names: &["php"],
        tag: Tag::Any,
        has: &["curl", "php"],
        lacks: &["wget", "nc"],
    },
    Tools {
        names: &["nginx", "nginxinc/nginx-unprivileged"],
        tag: Tag::With("alpine-slim"),
        has: &["wget", "nc"],
        lacks: &["curl"],
    },
    Tools {
        names: &["nginx", "nginxinc/nginx-unprivileged"],
        tag: Tag::With("alpine"),
        has: &["curl", "wget", "nc"],
        lacks: &[],
    },
    Tools {
        names: &["nginx", "nginxinc/nginx-unprivileged"],
        tag: Tag::Any,
        has: &["curl"],
        lacks: &["wget", "nc"],
    },
    Tools {
        names: &["python", "astral-sh/uv"],
        tag: Tag::With("alpine"),
        has: &["wget", "nc", "python"],
        lacks: &["curl"],
    },
    Tools {
        names: &["node"],
        tag: Tag::With("alpine"),
        has: &["wget", "nc", "node"],
        lacks: &["curl"],
    },
    Tools {
        names: &["postgres"],
        tag: Tag::With("alpine"),
        has: &["wget", "nc", "pg_isready"],
        lacks: &["curl"],
    },
    Tools {
        names: &["redis"],
        tag: Tag::With("alpine"),
        has: &["wget", "nc", "redis-cli"],
        lacks: &["curl"],
    },
    Tools {
        names: &[
            "alpine",
            "ruby",
            "golang",
            "rust",
            "openjdk",
            "eclipse-temurin",
            "elixir",
            "erlang",
            "rabbitmq",
            "nats",
            "memcached",
            "dotnet/aspnet",
            "dotnet/runtime",
            "dotnet/runtime-deps",
        ],
        tag: Tag::With("alpine"),
        has: &["wget", "nc"],
        lacks: &["curl"],
    },
    Tools {
        names: &["alpine", "traefik", "eclipse-mosquitto", "vault"],
        tag: Tag::Any,
        has: &["wget", "nc"],
        lacks: &["curl"],
    },
    Tools {
        names: &[
            "busybox",
            "prom/prometheus",
            "prom/alertmanager",
            "prom/node-exporter",
        ],
        tag: Tag::Any,
        has: &["wget", "nc"],
        lacks: &["curl"],
    },
    Tools {
        names: &["python", "astral-sh/uv"],
        tag: Tag::With("slim"),
        has: &["python"],
        lacks: FETCHERS,
    },
    Tools {
        names: &["node"],
        tag: Tag::With("slim"),
        has: &["node"],
        lacks: FETCHERS,
    },
    Tools {
        names: &[
            "debian", "ruby", "rust", "perl", "elixir", "erlang", "openjdk",
        ],
        tag: Tag::With("slim"),
        has: &[],
        lacks: FETCHERS,
    },
    Tools {
        names: &["debian", "ubuntu"],
        tag: Tag::Any,
        has: &[],
        lacks: FETCHERS,
    },
    Tools {
        names: &["python"],
        tag: Tag::Without(FOREIGN),
        has: &["curl", "wget", "python"],
        lacks: &[],
    },
    Tools {
        names: &["node"],
        tag: Tag::Without(FOREIGN),
        has: &["curl", "wget", "node"],
        lacks: &[],
    },
    Tools {
        names: &["distroless/*"],
        tag: Tag::Without(&["debug"]),
        has: &[],
        lacks: FETCHERS,
    },
    Tools {
        names: &["dotnet/aspnet", "dotnet/runtime", "dotnet/runtime-deps"],
        tag: Tag::Without(FOREIGN),
        has: &[],
        lacks: FETCHERS,
    },
    Tools {
        names: &["postgres", "pgvector/pgvector"],
        tag: Tag::Any,
        has: &["pg_isready"],
        lacks: FETCHERS,
    },
    Tools {
        names: &["redis"],
        tag: Tag::Any,
        has: &["redis-cli"],
        lacks: FETCHERS,
    },
    Tools {
        names: &["mongo"],
        tag: Tag::From(6),
        has: &["mongosh"],
        lacks: &["mongo"],
    },
    Tools {
        names: &["mariadb"],
        tag: Tag::From(11),
        has: &["healthcheck.sh", "mariadb-admin"],
        lacks: &["mysqladmin", "mysql", "curl", "wget", "nc"],
    },
    Tools {
        names: &["rabbitmq"],
        tag: Tag::Any,
        has: &["rabbitmq-diagnostics"],
        lacks: FETCHERS,
    },
    Tools {
        names: &["memcached", "qdrant/qdrant", "ollama/ollama", "nats"],
        tag: Tag::Any,
        has: &[],
        lacks: FETCHERS,
    },
    Tools {
        names: &["oliver006/redis_exporter"],
        tag: Tag::With("alpine"),
        has: &["wget", "nc"],
        lacks: &["curl"],
    },
    // Built from scratch: there is nothing but the program.
    Tools {
        names: &["oliver006/redis_exporter"],
        tag: Tag::From(1),
        has: &[],
        lacks: &["curl", "wget", "nc", "redis-cli"],
    },
    Tools {
        names: &["keycloak/keycloak"],
        tag: Tag::From(17),
        has: &[],
        lacks: FETCHERS,
    },
    Tools {
        names: &[
            "otel/opentelemetry-collector*",
            "open-telemetry/opentelemetry-collector*",
        ],
        tag: Tag::Any,
        has: &[],
        lacks: FETCHERS,
    },
];

/// Whether an image brings a tool; `None` when that is not known.
pub fn has_tool(reference: &str, tool: &str) -> Option<bool> {
    let tool = if tool == "python3" { "python" } else { tool };
    let (path, tag) = repository(reference);
    let row = TOOLS
        .iter()
        .find(|row| row.names.iter().any(|name| fits(name, path)) && row.tag.fits(tag))?;
    match row.lacks.contains(&tool) {
        true => Some(false),
        false => row.has.contains(&tool).then_some(true),
    }
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

/// Images on Debian, Ubuntu or Alpine, and the users that they add.
const USERS: &[(&[&str], &[&str])] = &[
    (&["node"], &["node"]),
    (&["nginx", "nginxinc/nginx-unprivileged"], &["nginx"]),
    (&["postgres", "pgvector/pgvector"], &["postgres"]),
    (&["redis"], &["redis"]),
    (&["ubuntu"], &["ubuntu"]),
    (
        &[
            "dotnet/aspnet",
            "dotnet/runtime",
            "dotnet/runtime-deps",
            "dotnet/sdk",
        ],
        &["app"],
    ),
    (&["php"], &["www-data"]),
    (&["oven/bun"], &["bun"]),
    (&["denoland/deno"], &["deno"]),
    (&["gradle"], &["gradle", "ubuntu"]),
    (&["eclipse-temurin"], &["ubuntu"]),
    (
        &[
            "alpine",
            "debian",
            "python",
            "golang",
            "rust",
            "ruby",
            "elixir",
            "erlang",
            "perl",
            "astral-sh/uv",
        ],
        &[],
    ),
];

/// Whether an image has a user of that name; `None` when that is not known.
pub fn has_user(reference: &str, user: &str) -> Option<bool> {
    let (path, tag) = repository(reference);
    let (_, own) = USERS
        .iter()
        .find(|(names, _)| names.iter().any(|name| fits(name, path)))?;
    if FOREIGN.iter().any(|part| tag.contains(part)) {
        return None;
    }
    let is_alpine = path == "alpine" || tag.contains("alpine");
    let all = if is_alpine { ALPINE } else { DEBIAN };
    Some(own.contains(&user) || all.contains(&user))
}

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
    let is_known = base_image(reference).is_some_and(|base| base.entry == Entry::Prompt);
    is_known && !is_filled && !reference.contains("onbuild") && !path.contains("cacert")
}

/// Names of packages and files that bring a tool.
pub fn packages_with(tool: &str) -> Vec<&str> {
    match tool {
        "nc" => vec!["nc", "netcat", "ncat", "nmap", "busybox"],
        "pg_isready" | "psql" => vec![tool, "postgresql", "postgres", "libpq"],
        "redis-cli" => vec![tool, "redis"],
        "mysqladmin" | "mysql" => vec![tool, "mysql", "mariadb"],
        "wget" => vec!["wget", "busybox", "chrome"],
        tool => vec![tool],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_depend_on_the_tag() {
        for (image, tool, has) in [
            ("python:3.13-slim", "curl", Some(false)),
            ("python:3.13", "curl", Some(true)),
            ("docker.io/library/node:22-alpine", "wget", Some(true)),
            ("node:22-alpine", "curl", Some(false)),
            ("mongo:7", "mongo", Some(false)),
            ("mongo:4.4", "mongo", None),
            ("mcr.microsoft.com/dotnet/aspnet:9.0", "curl", Some(false)),
            ("oliver006/redis_exporter:latest", "wget", Some(false)),
            (
                "quay.io/oliver006/redis_exporter:v1.62.0-alpine",
                "wget",
                Some(true),
            ),
            ("oliver006/redis_exporter:alpine", "curl", Some(false)),
            ("oliver006/redis_exporter:v0.30.0", "wget", None),
            (
                "mcr.microsoft.com/dotnet/aspnet:9.0-nanoserver-ltsc2022",
                "curl",
                None,
            ),
            ("gcr.io/distroless/static:debug", "wget", None),
            ("acme/python:slim", "curl", None),
        ] {
            assert_eq!(has_tool(image, tool), has, "{image} {tool}");
        }
    }

    #[test]
    fn users_depend_on_the_distribution() {
        assert_eq!(has_user("node:22-alpine", "node"), Some(true));
        assert_eq!(has_user("python:3.13-slim", "www-data"), Some(true));
        assert_eq!(has_user("python:3.13-alpine", "www-data"), Some(false));
        assert_eq!(has_user("python:3.13", "app"), Some(false));
        assert_eq!(has_user("acme/base", "app"), None);
    }
}
