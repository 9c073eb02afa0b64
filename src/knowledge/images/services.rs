//! Web servers, proxies and applications of others.

use super::{Check, Entry, FETCHERS, IMAGE, Image, Kind, Tag, Tools};

pub(super) const IMAGES: &[Image] = &[
    Image {
        names: &["wordpress"],
        runs: Some(Entry::Command(&["php-fpm"])),
        workdir: Some("/var/www/html"),
        check: Check::Missing,
        source: "hub.docker.com/_/wordpress",
        ..IMAGE
    },
    Image {
        names: &["drupal"],
        runs: Some(Entry::Command(&["php-fpm"])),
        workdir: Some("/opt/drupal"),
        check: Check::Missing,
        source: "hub.docker.com/_/drupal",
        ..IMAGE
    },
    Image {
        names: &["caddy"],
        runs: Some(Entry::Command(&[
            "caddy",
            "run",
            "--config",
            "/etc/caddy/Caddyfile",
            "--adapter",
            "caddyfile",
        ])),
        workdir: Some("/srv"),
        variables: Some(&["CADDY_VERSION", "XDG_CONFIG_HOME", "XDG_DATA_HOME"]),
        check: Check::Missing,
        kind: Some(Kind::Proxy),
        source: "hub.docker.com/_/caddy",
        ..IMAGE
    },
    Image {
        names: &["ghost"],
        workdir: Some("/var/lib/ghost"),
        check: Check::Missing,
        source: "hub.docker.com/_/ghost",
        ..IMAGE
    },
    Image {
        names: &["tomcat"],
        workdir: Some("/usr/local/tomcat"),
        check: Check::Missing,
        source: "hub.docker.com/_/tomcat",
        ..IMAGE
    },
    Image {
        names: &["dunglas/frankenphp", "frankenphp"],
        runs: Some(Entry::Command(&["frankenphp", "run"])),
        source: "hub.docker.com/_/frankenphp",
        ..IMAGE
    },
    Image {
        names: &["nginx"],
        runs: Some(Entry::Command(&["nginx"])),
        variables: Some(&[
            "NGINX_VERSION",
            "NJS_VERSION",
            "NJS_RELEASE",
            "PKG_RELEASE",
            "DYNPKG_RELEASE",
            "ACME_VERSION",
        ]),
        users: Some(&["nginx"]),
        tools: &[
            Tools {
                tag: Tag::With("alpine-slim"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::With("alpine"),
                has: &["curl", "wget", "nc"],
                lacks: &[],
            },
            Tools {
                tag: Tag::Any,
                has: &["curl"],
                lacks: &["wget", "nc"],
            },
        ],
        check: Check::Missing,
        kind: Some(Kind::Proxy),
        source: "hub.docker.com/_/nginx",
        ..IMAGE
    },
    Image {
        names: &["nginxinc/*", "nginx-unprivileged"],
        runs: Some(Entry::Command(&["nginx"])),
        source: "hub.docker.com/_/nginx-unprivileged",
        ..IMAGE
    },
    Image {
        names: &["httpd"],
        runs: Some(Entry::Command(&["httpd-foreground"])),
        variables: Some(&[
            "HTTPD_PREFIX",
            "HTTPD_VERSION",
            "HTTPD_SHA256",
            "HTTPD_PATCHES",
        ]),
        check: Check::Missing,
        source: "hub.docker.com/_/httpd",
        ..IMAGE
    },
    Image {
        names: &["traefik"],
        runs: Some(Entry::Foreign),
        tools: &[Tools {
            tag: Tag::Any,
            has: &["wget", "nc"],
            lacks: &["curl"],
        }],
        check: Check::Missing,
        kind: Some(Kind::Proxy),
        source: "hub.docker.com/_/traefik",
        ..IMAGE
    },
    Image {
        names: &["haproxy"],
        runs: Some(Entry::Foreign),
        check: Check::Missing,
        kind: Some(Kind::Proxy),
        source: "hub.docker.com/_/haproxy",
        ..IMAGE
    },
    Image {
        names: &["nginxinc/nginx-unprivileged"],
        users: Some(&["nginx"]),
        tools: &[
            Tools {
                tag: Tag::With("alpine-slim"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::With("alpine"),
                has: &["curl", "wget", "nc"],
                lacks: &[],
            },
            Tools {
                tag: Tag::Any,
                has: &["curl"],
                lacks: &["wget", "nc"],
            },
        ],
        source: "hub.docker.com/r/nginxinc/nginx-unprivileged",
        ..IMAGE
    },
    Image {
        names: &["oliver006/redis_exporter"],
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::From(1),
                has: &[],
                lacks: &["curl", "wget", "nc", "redis-cli"],
            },
        ],
        source: "hub.docker.com/r/oliver006/redis_exporter",
        ..IMAGE
    },
    Image {
        names: &[
            "otel/opentelemetry-collector*",
            "open-telemetry/opentelemetry-collector*",
        ],
        tools: &[Tools {
            tag: Tag::Any,
            has: &[],
            lacks: FETCHERS,
        }],
        source: "hub.docker.com/r/otel/opentelemetry-collector",
        ..IMAGE
    },
    Image {
        names: &["confluentinc/cp-*"],
        check: Check::Missing,
        source: "hub.docker.com/r/confluentinc/cp-",
        ..IMAGE
    },
    Image {
        kin: &["envoy", "kong", "nginx-proxy"],
        kind: Some(Kind::Proxy),
        source: "hub.docker.com",
        ..IMAGE
    },
];
