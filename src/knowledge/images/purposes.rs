//! Images that tell what a set of services is for.

/// Images that only developers look at.
pub const OF_DEVELOPMENT: &[&str] = &[
    "mailhog",
    "mailpit",
    "maildev",
    "mailcatcher",
    "adminer",
    "phpmyadmin",
    "pgadmin",
    "pgadmin4",
    "mongo-express",
    "redis-commander",
    "redisinsight",
    "localstack",
    "dynamodb-local",
    "azurite",
    "fake-gcs-server",
    "swagger-ui",
    "pgweb",
];

/// Images that a public site needs and a developer's machine does not.
pub const OF_PRODUCTION: &[&str] = &[
    "certbot",
    "watchtower",
    "acme-companion",
    "letsencrypt-nginx-proxy-companion",
    "docker-letsencrypt-nginx-proxy-companion",
    "nginx-certbot",
    "cloudflared",
    "https-portal",
];
