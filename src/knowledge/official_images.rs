//! What checks ask about base images that nobody reads: which names Docker Hub keeps for official
//! images, which images set nothing but PATH, and which start a command just as it is given.
//!
//! Sources: the library of <https://github.com/docker-library/official-images> and the Dockerfiles
//! it names, August 2026.

use crate::knowledge::base_images::name;

/// The official images: names that need no owner.
const OFFICIAL: &str = "adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux backdrop bash \
    bonita buildpack-deps busybox caddy cassandra celery centos chronograf cirros clearlinux clefos clickhouse clojure composer \
    consul convertigo couchbase couchdb crate crux dart debian django docker docker-dev drupal eclipse-mosquitto eclipse-temurin \
    eggdrop elasticsearch elixir emqx erlang euleros express-gateway fedora flink fluentd friendica fsharp gazebo gcc geonetwork \
    ghost glassfish golang gradle groovy haproxy haskell haxe hello-seattle hello-world hipache hitch hola-mundo hylang \
    ibm-semeru-runtimes ibmjava influxdb iojs irssi java jenkins jetty jobber joomla jraft jruby julia kaazing-gateway kapacitor \
    kibana known kong krakend lightstreamer liquibase logstash mageia mariadb matomo maven mediawiki memcached mongo mongo-express \
    mono monica mysql nats nats-streaming neo4j neurodebian nextcloud nginx node notary nuxeo odoo open-liberty openjdk \
    opensuse oraclelinux orientdb owncloud percona perl phoronix-test-suite photon php php-zendserver phpmyadmin piwik plone \
    postfixadmin postgres projectpostgis prom pypy python r-base rabbitmq rails rakudo-star rapidoid redis redmine registry \
    rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa scratch sentry silverpeas sl solr sonarqube sourcemage spark \
    spiped storm swarm swift swipl teamspeak telegraf thrift tomcat tomee traefik ubuntu ubuntu-debootstrap ubuntu-upstart unit \
    varnish vault websphere-liberty wordpress xwiki yourls znc zookeeper";

/// Images of bare systems, whose only variable is PATH.
const BARE: &[&str] = &[
    "scratch",
    "alpine",
    "debian",
    "ubuntu",
    "busybox",
    "fedora",
    "almalinux",
    "rockylinux",
    "amazonlinux",
    "archlinux",
    "oraclelinux",
    "buildpack-deps",
];

/// Images, beside the bare ones, that start a command just as it is given: without an entrypoint,
/// or with one that only passes on what it gets.
const PLAIN: &[&str] = &[
    "python",
    "node",
    "golang",
    "php",
    "ruby",
    "rust",
    "openjdk",
    "eclipse-temurin",
    "amazoncorretto",
    "perl",
    "elixir",
    "erlang",
    "gcc",
    "swift",
    "dart",
    "pypy",
    "maven",
    "gradle",
    "haskell",
    "oven/bun",
    "denoland/deno",
];

/// Whether Docker Hub may have an image of that name: it has an owner or a registry, or is an
/// official one.
pub fn may_exist(image: &str) -> bool {
    let name = name(image);
    name.contains('/') || OFFICIAL.split(' ').any(|known| known == name)
}

/// The name of an image without registry, tag and digest where they are those that one leaves out.
pub fn untagged(image: &str) -> &str {
    name(image)
}

/// Whether an image sets no variable but PATH.
pub fn is_bare(image: &str) -> bool {
    BARE.contains(&name(image))
}

/// Whether an image starts a command just as it is given.
pub fn runs_as_given(image: &str) -> bool {
    let is_dotnet = name(image).starts_with("mcr.microsoft.com/dotnet/");
    is_bare(image) || is_dotnet || PLAIN.contains(&name(image))
}

/// Whether a text can be the name of an image, as the `distribution` reference grammar has it.
pub fn is_image_name(text: &str) -> bool {
    let (text, digest) = text
        .split_once('@')
        .map_or((text, None), |(name, digest)| (name, Some(digest)));
    let is_digest = |digest: &str| {
        digest.split_once(':').is_some_and(|(kind, hex)| {
            !kind.is_empty() && hex.len() >= 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    let last = text.rfind('/').map_or(0, |slash| slash + 1);
    let (path, tag) = match text[last..].find(':') {
        Some(colon) => (&text[..last + colon], Some(&text[last + colon + 1..])),
        None => (text, None),
    };
    let is_tag = |tag: &str| {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        tag.len() <= 128
            && tag.starts_with(is_word)
            && tag.chars().all(|c| is_word(c) || matches!(c, '.' | '-'))
    };
    // The name of a registry may hold capitals and a port; it has a dot or a colon, or is
    // `localhost`.
    let path = match path.split_once('/') {
        Some((host, rest))
            if host.contains(['.', ':']) || host == "localhost" || host.to_lowercase() != host =>
        {
            rest
        }
        _ => path,
    };
    // Runs of letters and digits with a dot, one or two underscores or any number of dashes
    // between.
    let is_component = |part: &str| {
        let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_separator = |run: &str| {
            matches!(run, "" | "." | "_" | "__") || run.bytes().all(|byte| byte == b'-')
        };
        part.starts_with(is_end) && part.ends_with(is_end) && part.split(is_end).all(is_separator)
    };
    path.split('/').all(is_component) && tag.is_none_or(is_tag) && digest.is_none_or(is_digest)
}

#[cfg(test)]
mod tests {
    use super::is_image_name;

    #[test]
    fn a_name_without_its_tag_or_with_half_of_it_is_told_from_one() {
        for name in [
            "busybox",
            "busybox:1",
            "localhost:5000/a/b:c",
            "ghcr.io/Owner-x/a".to_lowercase().as_str(),
            "a@sha256:0123456789abcdef0123456789abcdef",
            "Registry/a",
            "a__b.c/d---e",
        ] {
            assert!(is_image_name(name), "{name}");
        }
        for name in [
            "",
            "busybox:",
            ":1",
            "Busybox",
            "a//b",
            "-alpine",
            "a:b:c",
            "a@sha256:",
            "a..b",
            "a/B",
        ] {
            assert!(!is_image_name(name), "{name}");
        }
    }
}
