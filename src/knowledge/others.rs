//! Programs that run no code of the project: web servers, databases, tools. And a few small
//! languages.

use crate::knowledge::program::{Family, Habit, Program, ROW, Reading, Sign};

const FOREIGN: Program = Program {
    family: Family::Foreign,
    habit: Habit::NotAServer,
    reads: Reading::Nothing,
    ..ROW
};
const STATIC: Program = Program {
    family: Family::Static,
    ..FOREIGN
};
const ONCE: Program = Program {
    family: Family::OneShot,
    ..FOREIGN
};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "nginx",
        commands: &["nginx", "nginx-debug", "openresty"],
        source: "nginx.org/en/docs",
        ..STATIC
    },
    Program {
        name: "caddy",
        commands: &["caddy"],
        source: "caddyserver.com/docs/command-line",
        ..STATIC
    },
    Program {
        name: "httpd",
        commands: &[
            "httpd",
            "httpd-foreground",
            "lighttpd",
            "static-web-server",
            "darkhttpd",
        ],
        source: "httpd.apache.org/docs",
        ..STATIC
    },
    Program {
        name: "traefik",
        commands: &["traefik", "haproxy", "envoy", "kong", "varnishd", "squid"],
        source: "doc.traefik.io",
        ..FOREIGN
    },
    Program {
        name: "postgres",
        commands: &[
            "postgres",
            "mysqld",
            "mariadbd",
            "mongod",
            "redis-server",
            "valkey-server",
            "keydb-server",
            "memcached",
            "cockroach",
            "clickhouse-server",
            "influxd",
            "etcd",
            "consul",
            "vault",
            "neo4j",
            "cassandra",
            "elasticsearch",
            "opensearch",
            "minio",
            "meilisearch",
            "qdrant",
            "typesense-server",
            "weaviate",
        ],
        source: "hub.docker.com/_/postgres",
        ..FOREIGN
    },
    Program {
        name: "rabbitmq",
        commands: &[
            "rabbitmq-server",
            "nats-server",
            "kafka-server-start.sh",
            "zkServer.sh",
            "mosquitto",
            "emqx",
        ],
        source: "rabbitmq.com/docs",
        ..FOREIGN
    },
    Program {
        name: "prometheus",
        commands: &[
            "prometheus",
            "grafana-server",
            "grafana",
            "loki",
            "promtail",
            "otelcol",
            "vector",
            "fluentd",
            "fluent-bit",
            "telegraf",
            "jaeger-all-in-one",
        ],
        source: "prometheus.io/docs",
        ..FOREIGN
    },
    Program {
        name: "ollama",
        commands: &[
            "ollama",
            "vllm",
            "llama-server",
            "tritonserver",
            "text-generation-launcher",
        ],
        source: "github.com/ollama/ollama",
        ..FOREIGN
    },
    Program {
        name: "cron",
        commands: &[
            "cron",
            "crond",
            "supercronic",
            "sshd",
            "dockerd",
            "code-server",
            "ngrok",
            "cloudflared",
            "mailhog",
            "MailHog",
            "stripe",
        ],
        source: "man7.org/linux/man-pages/man8/cron.8.html",
        ..FOREIGN
    },
    Program {
        name: "shell command",
        commands: &[
            "sleep",
            "tail",
            "cat",
            "true",
            "false",
            "echo",
            "sh",
            "bash",
            "ls",
            "cp",
            "mv",
            "rm",
            "mkdir",
            "chown",
            "chmod",
            "curl",
            "wget",
            "git",
            "make",
            "psql",
            "mysql",
            "redis-cli",
            "mongosh",
            "mc",
            "openssl",
            "envsubst",
            "flyway",
            "migrate",
            "goose",
            "liquibase",
            "terraform",
            "kubectl",
            "aws",
            "busybox",
            "date",
            "printf",
            "test",
            "[",
            "[[",
            "wait",
            "sed",
            "grep",
            "find",
            "tar",
            "apt-get",
            "apk",
        ],
        source: "gnu.org/software/coreutils",
        ..ONCE
    },
    Program {
        name: "hugo server",
        commands: &["hugo server", "hugo serve"],
        habit: Habit::Hot,
        off: &[Sign::Word("--watch=false")],
        host: &["--bind", "0.0.0.0"],
        source: "gohugo.io/commands/hugo_server",
        ..ROW
    },
    Program {
        name: "hugo",
        commands: &["hugo"],
        source: "gohugo.io/commands/hugo",
        ..ONCE
    },
    Program {
        name: "Rscript",
        commands: &["Rscript", "R"],
        family: Family::Interpreter,
        source: "stat.ethz.ch/R-manual",
        ..ROW
    },
    Program {
        name: "julia",
        commands: &["julia", "lua", "perl", "dart", "crystal", "ghcid", "swift"],
        family: Family::Interpreter,
        source: "docs.julialang.org",
        ..ROW
    },
];
