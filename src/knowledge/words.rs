//! What people's names say: of services, of stages, of code blocks.

/// Languages of code blocks that hold no commands.
pub const LANGUAGES_WITHOUT_COMMANDS: &[&str] = &[
    "yaml",
    "yml",
    "json",
    "jsonc",
    "toml",
    "python",
    "py",
    "js",
    "javascript",
    "ts",
    "typescript",
    "jsx",
    "tsx",
    "dockerfile",
    "docker",
    "diff",
    "html",
    "xml",
    "go",
    "rust",
    "java",
    "ruby",
    "php",
    "ini",
    "env",
    "dotenv",
    "mermaid",
    "makefile",
    "make",
    "groovy",
    "nginx",
    "sql",
];

/// Parts of names of stages and files for development.
const OF_DEVELOPMENT: &[&str] = &["dev", "development", "develop", "local", "watch", "hot"];

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

/// Parts of names of services through which others are found: who registers there is called without
/// being named.
pub const REGISTRY_NAMES: &[&str] = &["eureka", "registry", "discovery", "consul", "config"];

/// Whether a part of a name says that it is for development.
pub fn is_of_development(part: &str) -> bool {
    OF_DEVELOPMENT.contains(&part)
}

/// Whether a part of the name, between `-`, `_` and `.`, is one of `words`.
pub fn has_part(name: &str, words: &[&str]) -> bool {
    name.split(['-', '_', '.'])
        .any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}
