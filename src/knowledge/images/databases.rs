//! Databases, brokers and other servers that applications keep data in or talk through.

use super::{Check, Entry, FETCHERS, IMAGE, Image, Kind, Probe, Tag, Tools};

pub(super) const IMAGES: &[Image] = &[
    Image {
        names: &[
            "jupyter/*",
            "apache/airflow",
            "odoo",
            "keycloak/*",
            "hasura/*",
            "metabase/*",
            "supabase/*",
            "postgis/*",
            "pgvector/*",
            "timescale/*",
            "valkey/*",
            "elasticsearch/*",
            "grafana/*",
            "prom/*",
            "minio/*",
            "dpage/*",
            "mailhog/*",
            "axllent/*",
            "confluentinc/*",
            "bitnami/*",
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
        runs: Some(Entry::Foreign),
        source: "hub.docker.com/_/odoo",
        ..IMAGE
    },
    Image {
        names: &["postgres"],
        runs: Some(Entry::Foreign),
        variables: Some(&[
            "GOSU_VERSION",
            "LANG",
            "PG_MAJOR",
            "PG_VERSION",
            "PG_SHA256",
            "PGDATA",
            "DOCKER_PG_LLVM_DEPS",
        ]),
        users: Some(&["postgres"]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc", "pg_isready"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::Any,
                has: &["pg_isready"],
                lacks: FETCHERS,
            },
        ],
        ports: &[5432],
        check: Check::Probe(Probe {
            command: "pg_isready -U $${POSTGRES_USER:-postgres}",
        }),
        kind: Some(Kind::Infrastructure),
        data: Some("/var/lib/postgresql"),
        source: "hub.docker.com/_/postgres",
        ..IMAGE
    },
    Image {
        names: &["mysql"],
        runs: Some(Entry::Foreign),
        ports: &[3306, 33060, 33061, 33062],
        check: Check::Probe(Probe {
            command: "mysqladmin ping -h 127.0.0.1 --silent",
        }),
        kind: Some(Kind::Infrastructure),
        data: Some("/var/lib/mysql"),
        source: "hub.docker.com/_/mysql",
        ..IMAGE
    },
    Image {
        names: &["mariadb"],
        runs: Some(Entry::Foreign),
        tools: &[Tools {
            tag: Tag::From(11),
            has: &["healthcheck.sh", "mariadb-admin"],
            lacks: &["mysqladmin", "mysql", "curl", "wget", "nc"],
        }],
        ports: &[3306, 33060, 33061, 33062],
        check: Check::Probe(Probe {
            command: "healthcheck.sh --connect --innodb_initialized",
        }),
        kind: Some(Kind::Infrastructure),
        data: Some("/var/lib/mysql"),
        source: "hub.docker.com/_/mariadb",
        ..IMAGE
    },
    Image {
        names: &["mongo"],
        runs: Some(Entry::Foreign),
        tools: &[Tools {
            tag: Tag::From(6),
            has: &["mongosh"],
            lacks: &["mongo"],
        }],
        ports: &[27017, 27018, 27019, 28017],
        check: Check::Probe(Probe {
            command: "mongosh --quiet --eval 'db.runCommand({ping: 1})'",
        }),
        kind: Some(Kind::Infrastructure),
        data: Some("/data/db"),
        source: "hub.docker.com/_/mongo",
        ..IMAGE
    },
    Image {
        names: &["redis"],
        runs: Some(Entry::Foreign),
        variables: Some(&[
            "GOSU_VERSION",
            "REDIS_VERSION",
            "REDIS_DOWNLOAD_URL",
            "REDIS_DOWNLOAD_SHA",
        ]),
        users: Some(&["redis"]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc", "redis-cli"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::Any,
                has: &["redis-cli"],
                lacks: FETCHERS,
            },
        ],
        ports: &[6379, 16379],
        check: Check::Probe(Probe {
            command: "redis-cli ping",
        }),
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/_/redis",
        ..IMAGE
    },
    Image {
        names: &["memcached"],
        runs: Some(Entry::Foreign),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::Any,
                has: &[],
                lacks: FETCHERS,
            },
        ],
        ports: &[11211],
        check: Check::Missing,
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/_/memcached",
        ..IMAGE
    },
    Image {
        names: &["rabbitmq"],
        runs: Some(Entry::Foreign),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::Any,
                has: &["rabbitmq-diagnostics"],
                lacks: FETCHERS,
            },
        ],
        ports: &[
            1883, 4369, 5552, 5671, 5672, 8883, 15670, 15671, 15672, 15674, 15675, 15691, 15692,
            25672, 61613, 61614,
        ],
        check: Check::Probe(Probe {
            command: "rabbitmq-diagnostics -q ping",
        }),
        kind: Some(Kind::Infrastructure),
        broker: true,
        source: "hub.docker.com/_/rabbitmq",
        ..IMAGE
    },
    Image {
        names: &["nats"],
        runs: Some(Entry::Foreign),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::Any,
                has: &[],
                lacks: FETCHERS,
            },
        ],
        check: Check::Missing,
        kind: Some(Kind::Infrastructure),
        broker: true,
        source: "hub.docker.com/_/nats",
        ..IMAGE
    },
    Image {
        names: &["elasticsearch"],
        runs: Some(Entry::Foreign),
        ports: &[9200, 9300],
        check: Check::Missing,
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/_/elasticsearch",
        ..IMAGE
    },
    Image {
        names: &["zookeeper", "influxdb", "consul"],
        runs: Some(Entry::Foreign),
        check: Check::Missing,
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/_/zookeeper",
        ..IMAGE
    },
    Image {
        names: &["vault"],
        runs: Some(Entry::Foreign),
        tools: &[Tools {
            tag: Tag::Any,
            has: &["wget", "nc"],
            lacks: &["curl"],
        }],
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/_/vault",
        ..IMAGE
    },
    Image {
        names: &["neo4j"],
        runs: Some(Entry::Foreign),
        ports: &[2004, 5000, 6000, 6362, 7000, 7473, 7474, 7687, 7688],
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/_/neo4j",
        ..IMAGE
    },
    Image {
        names: &["eclipse-mosquitto"],
        tools: &[Tools {
            tag: Tag::Any,
            has: &["wget", "nc"],
            lacks: &["curl"],
        }],
        kind: Some(Kind::Infrastructure),
        broker: true,
        source: "hub.docker.com/_/eclipse-mosquitto",
        ..IMAGE
    },
    Image {
        names: &["pgvector/pgvector"],
        users: Some(&["postgres"]),
        tools: &[Tools {
            tag: Tag::Any,
            has: &["pg_isready"],
            lacks: FETCHERS,
        }],
        ports: &[5432],
        check: Check::Probe(Probe {
            command: "pg_isready -U $${POSTGRES_USER:-postgres}",
        }),
        kind: Some(Kind::Infrastructure),
        data: Some("/var/lib/postgresql"),
        source: "hub.docker.com/r/pgvector/pgvector",
        ..IMAGE
    },
    Image {
        names: &["qdrant/qdrant"],
        tools: &[Tools {
            tag: Tag::Any,
            has: &[],
            lacks: FETCHERS,
        }],
        ports: &[6333, 6334, 6335],
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/r/qdrant/qdrant",
        ..IMAGE
    },
    Image {
        names: &["ollama/ollama"],
        tools: &[Tools {
            tag: Tag::Any,
            has: &[],
            lacks: FETCHERS,
        }],
        ports: &[11434],
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/r/ollama/ollama",
        ..IMAGE
    },
    Image {
        names: &["keycloak/keycloak"],
        tools: &[Tools {
            tag: Tag::From(17),
            has: &[],
            lacks: FETCHERS,
        }],
        check: Check::Missing,
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/r/keycloak/keycloak",
        ..IMAGE
    },
    Image {
        names: &["postgis/postgis", "timescale/timescaledb"],
        ports: &[5432],
        check: Check::Probe(Probe {
            command: "pg_isready -U $${POSTGRES_USER:-postgres}",
        }),
        kind: Some(Kind::Infrastructure),
        data: Some("/var/lib/postgresql"),
        source: "hub.docker.com/r/postgis/postgis",
        ..IMAGE
    },
    Image {
        names: &["valkey/valkey"],
        ports: &[6379, 16379],
        check: Check::Probe(Probe {
            command: "valkey-cli ping",
        }),
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/r/valkey/valkey",
        ..IMAGE
    },
    Image {
        names: &["apache/kafka"],
        check: Check::Missing,
        kind: Some(Kind::Infrastructure),
        broker: true,
        source: "hub.docker.com/r/apache/kafka",
        ..IMAGE
    },
    Image {
        names: &["cassandra"],
        ports: &[7000, 7001, 7199, 9042, 9142, 9160],
        check: Check::Missing,
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/_/cassandra",
        ..IMAGE
    },
    Image {
        names: &["elasticsearch/elasticsearch"],
        ports: &[9200, 9300],
        check: Check::Missing,
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/r/elasticsearch/elasticsearch",
        ..IMAGE
    },
    Image {
        names: &["mssql/server"],
        check: Check::Missing,
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/r/mssql/server",
        ..IMAGE
    },
    Image {
        names: &["redis/redis-stack"],
        ports: &[6379, 8001],
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/r/redis/redis-stack",
        ..IMAGE
    },
    Image {
        names: &["chromadb/chroma"],
        ports: &[8000],
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com/r/chromadb/chroma",
        ..IMAGE
    },
    Image {
        names: &["clickhouse/clickhouse-server"],
        ports: &[
            8123, 8443, 9000, 9004, 9005, 9009, 9010, 9011, 9019, 9100, 9181, 9234, 9363, 9440,
        ],
        kind: Some(Kind::Infrastructure),
        data: Some("/var/lib/clickhouse"),
        source: "hub.docker.com/r/clickhouse/clickhouse-server",
        ..IMAGE
    },
    Image {
        kin: &[
            "postgresql",
            "pgbouncer",
            "mongodb",
            "redis-stack-server",
            "keydb",
            "dragonfly",
            "opensearch",
            "meilisearch",
            "typesense",
            "solr",
            "weaviate",
            "milvus",
            "scylla",
            "cockroach",
            "couchdb",
            "etcd",
            "minio",
            "azure-sql-edge",
            "cp-zookeeper",
            "cp-schema-registry",
            "livekit-server",
            "eureka",
        ],
        kind: Some(Kind::Infrastructure),
        source: "hub.docker.com",
        ..IMAGE
    },
    Image {
        kin: &["mysql-server"],
        kind: Some(Kind::Infrastructure),
        data: Some("/var/lib/mysql"),
        source: "hub.docker.com",
        ..IMAGE
    },
    Image {
        kin: &[
            "cp-kafka",
            "redpanda",
            "nats-streaming",
            "pulsar",
            "activemq",
            "mosquitto",
            "emqx",
            "auto-setup",
            "temporal",
        ],
        kind: Some(Kind::Infrastructure),
        broker: true,
        source: "hub.docker.com",
        ..IMAGE
    },
];
