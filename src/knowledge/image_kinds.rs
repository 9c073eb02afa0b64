//! Well-known images and what they usually are to a project, as a table.

use Kind::{Infrastructure, Proxy, Tool, Viewer};

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

/// A row: the last part of the image's repository and what it is.
pub struct Image {
    /// The name, or what it ends with if it starts with `*`.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
}

const fn image(name: &'static str, kind: Kind) -> Image {
    Image { name, kind }
}

/// The table.
pub const IMAGES: &[Image] = &[
    // Data.
    image("postgres", Infrastructure),
    image("postgresql", Infrastructure),
    image("postgis", Infrastructure),
    image("pgvector", Infrastructure),
    image("timescaledb", Infrastructure),
    image("pgbouncer", Infrastructure),
    image("mysql", Infrastructure),
    image("mysql-server", Infrastructure),
    image("mariadb", Infrastructure),
    image("mongo", Infrastructure),
    image("mongodb", Infrastructure),
    image("redis", Infrastructure),
    image("redis-stack", Infrastructure),
    image("redis-stack-server", Infrastructure),
    image("valkey", Infrastructure),
    image("keydb", Infrastructure),
    image("dragonfly", Infrastructure),
    image("memcached", Infrastructure),
    image("elasticsearch", Infrastructure),
    image("opensearch", Infrastructure),
    image("meilisearch", Infrastructure),
    image("typesense", Infrastructure),
    image("solr", Infrastructure),
    image("qdrant", Infrastructure),
    image("weaviate", Infrastructure),
    image("chroma", Infrastructure),
    image("milvus", Infrastructure),
    image("neo4j", Infrastructure),
    image("cassandra", Infrastructure),
    image("scylla", Infrastructure),
    image("clickhouse-server", Infrastructure),
    image("cockroach", Infrastructure),
    image("influxdb", Infrastructure),
    image("couchdb", Infrastructure),
    image("etcd", Infrastructure),
    image("minio", Infrastructure),
    image("server", Infrastructure), // mcr.microsoft.com/mssql/server
    image("azure-sql-edge", Infrastructure),
    // Messages.
    image("rabbitmq", Infrastructure),
    image("kafka", Infrastructure),
    image("cp-kafka", Infrastructure),
    image("redpanda", Infrastructure),
    image("zookeeper", Infrastructure),
    image("cp-zookeeper", Infrastructure),
    image("cp-schema-registry", Infrastructure),
    image("nats", Infrastructure),
    image("nats-streaming", Infrastructure),
    image("pulsar", Infrastructure),
    image("activemq", Infrastructure),
    image("eclipse-mosquitto", Infrastructure),
    image("mosquitto", Infrastructure),
    image("emqx", Infrastructure),
    image("livekit-server", Infrastructure),
    // Identity, configuration, work flows.
    image("keycloak", Infrastructure),
    image("vault", Infrastructure),
    image("consul", Infrastructure),
    image("auto-setup", Infrastructure), // temporalio/auto-setup
    image("temporal", Infrastructure),
    image("eureka", Infrastructure),
    image("ollama", Infrastructure),
    // Before applications.
    image("nginx", Proxy),
    image("traefik", Proxy),
    image("caddy", Proxy),
    image("haproxy", Proxy),
    image("envoy", Proxy),
    image("kong", Proxy),
    image("nginx-proxy", Proxy),
    // Measures, logs, traces.
    image("grafana", Tool),
    image("grafana-oss", Tool),
    image("prometheus", Tool),
    image("loki", Tool),
    image("promtail", Tool),
    image("tempo", Tool),
    image("alloy", Tool),
    image("jaeger", Tool),
    image("all-in-one", Tool), // jaegertracing/all-in-one
    image("zipkin", Tool),
    image("opentelemetry-collector", Tool),
    image("opentelemetry-collector-contrib", Tool),
    image("otel-collector", Tool),
    image("otel-lgtm", Tool),
    image("alertmanager", Tool),
    image("cadvisor", Tool),
    image("node-exporter", Tool),
    image("*-exporter", Tool),
    image("*_exporter", Tool),
    image("pushgateway", Tool),
    image("kibana", Tool),
    image("opensearch-dashboards", Tool),
    image("logstash", Tool),
    image("filebeat", Tool),
    image("metricbeat", Tool),
    image("fluentd", Tool),
    image("fluent-bit", Tool),
    image("vector", Tool),
    image("graphite-statsd", Tool),
    image("uptime-kuma", Tool),
    image("dozzle", Tool),
    image("portainer", Tool),
    image("portainer-ce", Tool),
    image("langfuse", Tool),
    image("sonarqube", Tool),
    image("metabase", Tool),
    image("superset", Tool),
    // Windows into data.
    image("adminer", Viewer),
    image("pgadmin", Viewer),
    image("pgadmin4", Viewer),
    image("pgweb", Viewer),
    image("phpmyadmin", Viewer),
    image("mongo-express", Viewer),
    image("redis-commander", Viewer),
    image("redisinsight", Viewer),
    image("kafka-ui", Viewer),
    image("kafdrop", Viewer),
    image("akhq", Viewer),
    image("console", Viewer), // redpandadata/console, minio/console
    image("kowl", Viewer),
    image("flower", Viewer),
    image("cloudbeaver", Viewer),
    image("dbgate", Viewer),
    image("swagger-ui", Viewer),
    image("elasticvue", Viewer),
    // Mail and the outside world.
    image("mailhog", Tool),
    image("mailpit", Tool),
    image("maildev", Tool),
    image("mailcatcher", Tool),
    image("ngrok", Tool),
    image("cloudflared", Tool),
    image("stripe-cli", Tool),
    image("watchtower", Tool),
    image("storybook", Tool),
    image("n8n", Tool),
];

/// Names of services that are tools whatever image they run, when nothing needs them.
pub const TOOL_NAMES: &[&str] = &[
    "grafana",
    "prometheus",
    "loki",
    "tempo",
    "jaeger",
    "zipkin",
    "alertmanager",
    "cadvisor",
    "kibana",
    "adminer",
    "pgadmin",
    "phpmyadmin",
    "mailhog",
    "mailpit",
    "maildev",
    "portainer",
    "dozzle",
    "flower",
    "storybook",
    "docs",
    "swagger",
    "swagger-ui",
    "ngrok",
    "watchtower",
    "backup",
    "sonarqube",
    "dashboard",
    "kafka-ui",
    "kafdrop",
    "redis-commander",
    "redisinsight",
    "mongo-express",
];

/// Parts of names of services that run once.
pub const JOB_NAMES: &[&str] = &[
    "migrate",
    "migration",
    "migrations",
    "migrator",
    "seed",
    "seeder",
    "init",
    "setup",
    "bootstrap",
    "createbuckets",
    "test",
    "tests",
    "e2e",
    "ci",
    "lint",
    "cypress",
    "playwright",
    "loadgen",
    "loadtest",
    "k6",
    "locust",
    "benchmark",
    "certbot",
];

/// Those of them that are tests.
pub const TEST_NAMES: &[&str] = &[
    "test",
    "tests",
    "e2e",
    "ci",
    "lint",
    "cypress",
    "playwright",
    "loadgen",
    "loadtest",
    "k6",
    "locust",
    "benchmark",
];

/// Parts of names of services by which a project is entered.
pub const ENTRY_NAMES: &[&str] = &[
    "api",
    "web",
    "app",
    "frontend",
    "backend",
    "server",
    "gateway",
    "proxy",
    "orchestrator",
    "client",
    "ui",
    "webapp",
    "webmvc",
    "webspa",
    "website",
    "bot",
];

/// Parts of names of services that work in the background: nobody calls them, and still the
/// application may need them.
pub const WORKER_NAMES: &[&str] = &[
    "worker",
    "workers",
    "consumer",
    "celery",
    "sidekiq",
    "queue",
    "processor",
    "rq",
    "dramatiq",
    "arq",
    "listener",
    "relay",
    "ingest",
    "ingester",
    "dispatcher",
    "resque",
    "horizon",
    "scheduler",
    "cron",
];

/// What an image usually is, if it is known.
pub fn kind_of(image: &str) -> Option<Kind> {
    let repository = image.split('@').next().unwrap_or(image);
    let name = repository.rsplit('/').next().unwrap_or(repository);
    let name = name.split(':').next().unwrap_or(name);
    // `server` says nothing without what stands before it.
    if name == "server" && !repository.contains("mssql") {
        return None;
    }
    let fits = |row: &&Image| match row.name.strip_prefix('*') {
        Some(end) => name.ends_with(end),
        None => name == row.name,
    };
    IMAGES.iter().find(fits).map(|row| row.kind)
}

/// Parts of names of services through which others are found: who registers there is called without
/// being named.
pub const REGISTRY_NAMES: &[&str] = &["eureka", "registry", "discovery", "consul", "config"];

/// Images through which services are sent work.
const BROKERS: &[&str] = &[
    "rabbitmq",
    "kafka",
    "cp-kafka",
    "redpanda",
    "nats",
    "nats-streaming",
    "pulsar",
    "activemq",
    "mosquitto",
    "eclipse-mosquitto",
    "emqx",
    "temporal",
    "auto-setup",
];

/// Whether the image is a broker.
pub fn is_broker(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or(image);
    BROKERS.contains(&name.split([':', '@']).next().unwrap_or(name))
}

/// Whether a part of the name, between `-`, `_` and `.`, is one of `words`.
pub fn has_part(name: &str, words: &[&str]) -> bool {
    name.split(['-', '_', '.'])
        .any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}
