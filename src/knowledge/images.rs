//! What public images run when a Dockerfile or a compose file says nothing.

/// An image and its own command.
#[derive(Debug)]
pub struct BaseImage {
    /// Repositories, without registry, tag and digest; a `*` at the end stands for all that begin
    /// so.
    pub names: &'static [&'static str],
    /// What it runs.
    pub entry: Entry,
}

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

const IMAGES: &[BaseImage] = &[
    BaseImage {
        names: &["php-fpm"],
        entry: Entry::Command(&["php-fpm"]),
    },
    BaseImage {
        names: &[
            "python",
            "node",
            "ruby",
            "golang",
            "rust",
            "elixir",
            "erlang",
            "openjdk",
            "eclipse-temurin",
            "amazoncorretto",
            "maven",
            "gradle",
            "swift",
            "perl",
            "julia",
            "r-base",
            "bun",
            "oven/bun",
            "denoland/deno",
            "dotnet/*",
            "haskell",
            "clojure",
        ],
        entry: Entry::Prompt,
    },
    BaseImage {
        names: &[
            "alpine",
            "debian",
            "ubuntu",
            "fedora",
            "centos",
            "rockylinux",
            "almalinux",
            "amazonlinux",
            "busybox",
            "scratch",
            "distroless/*",
            "nvidia/cuda",
            "mambaorg/micromamba",
            "continuumio/*",
            "ghcr.io/astral-sh/uv",
            "astral-sh/uv",
        ],
        entry: Entry::Prompt,
    },
    BaseImage {
        names: &["tiangolo/uvicorn-gunicorn*", "tiangolo/meinheld-gunicorn*"],
        entry: Entry::Command(&["gunicorn", "-k", "uvicorn.workers.UvicornWorker"]),
    },
    BaseImage {
        names: &["tiangolo/uwsgi-nginx*"],
        entry: Entry::Command(&["uwsgi"]),
    },
    BaseImage {
        names: &["dunglas/frankenphp", "frankenphp"],
        entry: Entry::Command(&["frankenphp", "run"]),
    },
    BaseImage {
        names: &[
            "wordpress",
            "drupal",
            "joomla",
            "nextcloud",
            "webdevops/php-*",
            "trafex/php-nginx",
            "richarvey/nginx-php-fpm",
            "serversideup/php*",
            "thecodingmachine/php*",
        ],
        entry: Entry::Command(&["php-fpm"]),
    },
    BaseImage {
        names: &[
            "nginx",
            "nginxinc/*",
            "nginx-unprivileged",
            "httpd",
            "caddy",
        ],
        entry: Entry::Command(&["nginx"]),
    },
    BaseImage {
        names: &[
            "jupyter/*",
            "apache/airflow",
            "n8nio/n8n",
            "odoo",
            "keycloak/*",
            "hasura/*",
            "apache/superset",
            "metabase/*",
            "supabase/*",
        ],
        entry: Entry::Foreign,
    },
    BaseImage {
        names: &[
            "postgres",
            "postgis/*",
            "pgvector/*",
            "timescale/*",
            "mysql",
            "mariadb",
            "mongo",
            "redis",
            "valkey/*",
            "memcached",
            "rabbitmq",
            "nats",
            "traefik",
            "haproxy",
            "elasticsearch",
            "elasticsearch/*",
            "grafana/*",
            "prom/*",
            "minio/*",
            "adminer",
            "dpage/*",
            "mailhog/*",
            "axllent/*",
            "confluentinc/*",
            "bitnami/*",
            "zookeeper",
            "influxdb",
            "vault",
            "consul",
            "neo4j",
            "chromadb/*",
            "qdrant/*",
            "ollama/*",
            "selenium/*",
            "registry",
            "portainer/*",
            "localstack/*",
            "jaegertracing/*",
            "otel/*",
        ],
        entry: Entry::Foreign,
    },
];

/// Start scripts that images bring along, by the image, the path, and the command that the script
/// ends in.
const SCRIPTS: &[(&str, &str, &[&str])] = &[
    (
        "tiangolo/uvicorn-gunicorn*",
        "/start-reload.sh",
        &[
            "uvicorn",
            "app.main:app",
            "--host",
            "0.0.0.0",
            "--port",
            "80",
            "--reload",
        ],
    ),
    (
        "tiangolo/uvicorn-gunicorn*",
        "/start.sh",
        &[
            "gunicorn",
            "-k",
            "uvicorn.workers.UvicornWorker",
            "app.main:app",
        ],
    ),
];

/// What a start script runs that an image brings along.
pub fn script_of(reference: &str, script: &str) -> Option<&'static [&'static str]> {
    let (path, _) = repository(reference);
    SCRIPTS
        .iter()
        .find(|(name, place, _)| fits(name, path) && *place == script)
        .map(|(_, _, command)| *command)
}

/// The start script of an image that reloads.
pub fn reloading_script(reference: &str) -> Option<&'static str> {
    let (path, _) = repository(reference);
    SCRIPTS
        .iter()
        .find(|(name, _, command)| fits(name, path) && command.contains(&"--reload"))
        .map(|(_, script, _)| *script)
}

/// What is known of the image `reference`; `php` depends on its tag.
pub fn base_image(reference: &str) -> Option<&'static BaseImage> {
    let (path, tag) = repository(reference);
    let path = match path {
        "php" if tag.contains("fpm") || tag.contains("apache") => "php-fpm",
        "php" => "python",
        other => other,
    };
    IMAGES
        .iter()
        .find(|image| image.names.iter().any(|name| fits(name, path)))
}

/// The repository of an image without its registry, and its tag: `postgres` and `17` of
/// `docker.io/library/postgres:17`.
pub(super) fn repository(reference: &str) -> (&str, &str) {
    let reference = reference.split('@').next().unwrap_or(reference);
    let (path, tag) = match reference.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, tag),
        _ => (reference, ""),
    };
    let is_registry = |host: &str| host.contains(['.', ':']) || host == "localhost";
    let path = path
        .split_once('/')
        .filter(|(host, _)| is_registry(host))
        .map_or(path, |(_, rest)| rest);
    (path.strip_prefix("library/").unwrap_or(path), tag)
}

/// Whether a repository has this name; a `*` at its end stands for all that begin so.
pub(super) fn fits(name: &str, path: &str) -> bool {
    match name.strip_suffix('*') {
        Some(start) => path.starts_with(start),
        None => name == path,
    }
}
