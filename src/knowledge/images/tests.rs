//! What is known of single images, and what every row must hold.

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

#[test]
fn base_images_are_known_by_their_repository() {
    for (image, expected) in [
        ("python:3.12-slim", Some(Entry::Prompt)),
        ("docker.io/library/node:20@sha256:aa", Some(Entry::Prompt)),
        ("php:8.3-fpm-alpine", Some(Entry::Command(&["php-fpm"]))),
        ("php:8.3-cli", Some(Entry::Prompt)),
        ("mcr.microsoft.com/dotnet/aspnet:8.0", Some(Entry::Prompt)),
        ("localhost:5000/mine", None),
        ("postgres", Some(Entry::Foreign)),
    ] {
        assert_eq!(entry(image), expected, "{image}");
    }
}

#[test]
fn kinds_go_by_the_last_part_of_a_name() {
    for (image, kind) in [
        ("postgres:17", Some(Kind::Infrastructure)),
        ("acme/redis", Some(Kind::Infrastructure)),
        (
            "mcr.microsoft.com/mssql/server:2022-latest",
            Some(Kind::Infrastructure),
        ),
        ("acme/server", None),
        ("oliver006/redis_exporter", Some(Kind::Tool)),
        ("dpage/pgadmin4", Some(Kind::Viewer)),
        ("node", None),
    ] {
        assert_eq!(kind_of(image), kind, "{image}");
    }
    assert!(is_broker("apache/kafka:3") && !is_broker("postgres"));
    assert_eq!(
        data_directory("timescale/timescaledb:2"),
        Some("/var/lib/postgresql")
    );
}

#[test]
fn what_an_image_sets_is_known_or_not() {
    assert_eq!(sets("python:3.13-slim", "PYTHON_VERSION"), Some(true));
    assert_eq!(sets("python:3.13-slim", "PYTHON_NEW"), None);
    assert_eq!(sets("python:3.13-slim", "API_URL"), Some(false));
    assert_eq!(sets("alpine", "JAVA_HOME"), Some(false));
    assert_eq!(sets("acme/python", "API_URL"), None);
}

#[test]
fn every_row_names_images_and_says_where_it_can_be_checked() {
    for image in images() {
        assert!(
            !image.names.is_empty() || !image.kin.is_empty(),
            "{image:?}"
        );
        assert!(!image.source.is_empty(), "{image:?}");
    }
}
