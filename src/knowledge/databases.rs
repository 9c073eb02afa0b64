//! Where images of databases keep their data. They run the scripts for their first start while
//! nothing is there.

use crate::knowledge::base_images;

/// Where they look for scripts and dumps for the first start.
pub const FIRST_START: &str = "/docker-entrypoint-initdb.d";

/// The directory of the data, by what the image's name ends with. It or something in it is a volume
/// of the image. Source: hub.docker.com/_/postgres, /_/mysql, /_/mariadb, /_/mongo,
/// /r/clickhouse/clickhouse-server
const DATA: [(&str, &str); 9] = [
    ("postgres", "/var/lib/postgresql"),
    ("postgis", "/var/lib/postgresql"),
    ("pgvector", "/var/lib/postgresql"),
    ("timescaledb", "/var/lib/postgresql"),
    ("mysql", "/var/lib/mysql"),
    ("mysql-server", "/var/lib/mysql"),
    ("mariadb", "/var/lib/mysql"),
    ("mongo", "/data/db"),
    ("clickhouse-server", "/var/lib/clickhouse"),
];

/// Where the image of that name keeps its data, if it is one of a known database.
pub fn data_directory(image: &str) -> Option<&'static str> {
    let repository = base_images::name(image);
    let name = repository.rsplit('/').next().unwrap_or(repository);
    DATA.iter()
        .find(|(known, _)| *known == name)
        .map(|(_, data)| *data)
}
