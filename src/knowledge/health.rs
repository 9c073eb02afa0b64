//! Public images that bring no health check, and how one asks whether what they run is ready.
//!
//! Docker's official images have none on purpose
//! (<https://github.com/docker-library/official-images#dockerfile-best-practices>, "no
//! HEALTHCHECK"); of the others here the published Dockerfiles have none.

use super::images::{fits, repository};

/// How one asks a server whether it is ready.
#[derive(Debug, PartialEq, Eq)]
pub struct Probe {
    /// A command for the shell in its container. `$$` is a dollar sign in a compose file.
    pub command: &'static str,
}

const POSTGRES: Probe = Probe {
    command: "pg_isready -U $${POSTGRES_USER:-postgres}",
};
const MYSQL: Probe = Probe {
    command: "mysqladmin ping -h 127.0.0.1 --silent",
};

const WITH_PROBE: &[(&[&str], Probe)] = &[
    (
        &[
            "postgres",
            "postgis/postgis",
            "pgvector/pgvector",
            "timescale/timescaledb",
        ],
        POSTGRES,
    ),
    (&["mysql"], MYSQL),
    (
        &["mariadb"],
        Probe {
            command: "healthcheck.sh --connect --innodb_initialized",
        },
    ),
    (
        &["redis"],
        Probe {
            command: "redis-cli ping",
        },
    ),
    (
        &["valkey/valkey"],
        Probe {
            command: "valkey-cli ping",
        },
    ),
    (
        &["mongo"],
        Probe {
            command: "mongosh --quiet --eval 'db.runCommand({ping: 1})'",
        },
    ),
    (
        &["rabbitmq"],
        Probe {
            command: "rabbitmq-diagnostics -q ping",
        },
    ),
];

/// Others without a health check.
const WITHOUT: &[&str] = &[
    "alpine",
    "amazoncorretto",
    "apache/kafka",
    "busybox",
    "caddy",
    "cassandra",
    "clojure",
    "composer",
    "confluentinc/cp-*",
    "consul",
    "debian",
    "distroless/*",
    "dotnet/*",
    "drupal",
    "eclipse-temurin",
    "elasticsearch",
    "elasticsearch/elasticsearch",
    "elixir",
    "erlang",
    "fedora",
    "ghost",
    "golang",
    "gradle",
    "grafana/grafana",
    "haproxy",
    "httpd",
    "influxdb",
    "keycloak/keycloak",
    "kibana",
    "logstash",
    "maven",
    "memcached",
    "mssql/server",
    "nats",
    "nginx",
    "node",
    "openjdk",
    "perl",
    "php",
    "prom/prometheus",
    "python",
    "ruby",
    "rust",
    "swift",
    "tomcat",
    "traefik",
    "ubuntu",
    "wordpress",
    "zookeeper",
];

/// What is known of the health check of an image: `None` when nothing is; `Some` when it brings
/// none, with the usual probe.
pub fn probe(reference: &str) -> Option<Option<&'static Probe>> {
    let (path, _) = repository(reference);
    let known = WITH_PROBE
        .iter()
        .find(|(names, _)| names.iter().any(|name| fits(name, path)));
    match known {
        Some((_, probe)) => Some(Some(probe)),
        None => WITHOUT.iter().any(|name| fits(name, path)).then_some(None),
    }
}
