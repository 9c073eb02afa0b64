//! What stands beside applications: dashboards, collectors, mail catchers.

use super::{Check, Entry, IMAGE, Image, Kind, Tag, Tools};

pub(super) const IMAGES: &[Image] = &[
    Image {
        names: &["n8nio/n8n", "apache/superset"],
        runs: Some(Entry::Foreign),
        kind: Some(Kind::Tool),
        source: "hub.docker.com/r/n8nio/n8n",
        ..IMAGE
    },
    Image {
        names: &["adminer"],
        runs: Some(Entry::Foreign),
        ports: &[8080],
        kind: Some(Kind::Viewer),
        source: "hub.docker.com/_/adminer",
        ..IMAGE
    },
    Image {
        names: &["prom/prometheus"],
        tools: &[Tools {
            tag: Tag::Any,
            has: &["wget", "nc"],
            lacks: &["curl"],
        }],
        check: Check::Missing,
        kind: Some(Kind::Tool),
        source: "hub.docker.com/r/prom/prometheus",
        ..IMAGE
    },
    Image {
        names: &["prom/alertmanager", "prom/node-exporter"],
        tools: &[Tools {
            tag: Tag::Any,
            has: &["wget", "nc"],
            lacks: &["curl"],
        }],
        kind: Some(Kind::Tool),
        source: "hub.docker.com/r/prom/alertmanager",
        ..IMAGE
    },
    Image {
        names: &["grafana/grafana", "kibana", "logstash"],
        check: Check::Missing,
        kind: Some(Kind::Tool),
        source: "hub.docker.com/_/kibana",
        ..IMAGE
    },
    Image {
        names: &["mailhog/mailhog"],
        ports: &[1025, 8025],
        kind: Some(Kind::Tool),
        source: "hub.docker.com/r/mailhog/mailhog",
        ..IMAGE
    },
    Image {
        names: &["axllent/mailpit"],
        ports: &[1025, 1110, 8025],
        kind: Some(Kind::Tool),
        source: "hub.docker.com/r/axllent/mailpit",
        ..IMAGE
    },
    Image {
        names: &["phpmyadmin", "phpmyadmin/phpmyadmin"],
        ports: &[80],
        kind: Some(Kind::Viewer),
        source: "hub.docker.com/_/phpmyadmin",
        ..IMAGE
    },
    Image {
        kin: &[
            "grafana-oss",
            "loki",
            "promtail",
            "tempo",
            "alloy",
            "jaeger",
            "all-in-one",
            "zipkin",
            "opentelemetry-collector",
            "opentelemetry-collector-contrib",
            "otel-collector",
            "otel-lgtm",
            "cadvisor",
            "*-exporter",
            "*_exporter",
            "pushgateway",
            "opensearch-dashboards",
            "filebeat",
            "metricbeat",
            "fluentd",
            "fluent-bit",
            "vector",
            "graphite-statsd",
            "uptime-kuma",
            "dozzle",
            "portainer",
            "portainer-ce",
            "langfuse",
            "sonarqube",
            "metabase",
            "maildev",
            "mailcatcher",
            "ngrok",
            "cloudflared",
            "stripe-cli",
            "watchtower",
            "storybook",
        ],
        kind: Some(Kind::Tool),
        source: "hub.docker.com",
        ..IMAGE
    },
    Image {
        kin: &[
            "pgadmin",
            "pgadmin4",
            "pgweb",
            "mongo-express",
            "redis-commander",
            "redisinsight",
            "kafka-ui",
            "kafdrop",
            "akhq",
            "console",
            "kowl",
            "flower",
            "cloudbeaver",
            "dbgate",
            "swagger-ui",
            "elasticvue",
        ],
        kind: Some(Kind::Viewer),
        source: "hub.docker.com",
        ..IMAGE
    },
];
