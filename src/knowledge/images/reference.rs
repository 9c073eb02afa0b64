//! The names of images: their parts, and which of them Docker Hub keeps for official images.
//!
//! Sources: the library of <https://github.com/docker-library/official-images>, August 2026; the
//! reference grammar of github.com/distribution/reference.

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

/// Registries of images that begin at `/`, and families of them.
const AT_ROOT: [&str; 8] = [
    "mcr.microsoft.com/",
    "gcr.io/distroless/",
    "ghcr.io/astral-sh/",
    "nvidia/cuda",
    "registry.access.redhat.com/ubi",
    "public.ecr.aws/docker/library/",
    "nginxinc/",
    "amazoncorretto",
];

/// Whether Docker Hub may have an image of that name: it has an owner or a registry, or is an
/// official one.
pub fn may_exist(image: &str) -> bool {
    let name = name(image);
    name.contains('/') || OFFICIAL.split(' ').any(|known| known == name)
}

/// Whether an image is an official one, or of a publisher named here: what its environment says is
/// known.
pub fn is_public(image: &str) -> bool {
    let name = name(image);
    // An official image has no owner in its name.
    let is_official = !name.contains('/');
    is_official || AT_ROOT.iter().any(|prefix| name.starts_with(prefix))
}

/// The name of an image without Docker Hub's prefixes, tag and digest.
pub fn name(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let start = image.rfind('/').map_or(0, |slash| slash + 1);
    let end = image[start..]
        .find(':')
        .map_or(image.len(), |colon| start + colon);
    let name = &image[..end];
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name)
}

/// The repository of an image without its registry, and its tag: `postgres` and `17` of
/// `docker.io/library/postgres:17`.
pub(super) fn repository(reference: &str) -> (&str, &str) {
    let reference = reference.split('@').next().unwrap_or(reference);
    let (path, tag) = match reference.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, tag),
        _ => (reference, ""),
    };
    let is_registry = |host: &str| host.contains(['.', ':']) || host == "localhost";
    let path = path
        .split_once('/')
        .filter(|(host, _)| is_registry(host))
        .map_or(path, |(_, rest)| rest);
    (path.strip_prefix("library/").unwrap_or(path), tag)
}

/// Whether a repository has this name; a `*` at its end stands for all that begin so.
pub(super) fn fits(name: &str, path: &str) -> bool {
    match name.strip_suffix('*') {
        Some(start) => path.starts_with(start),
        None => name == path,
    }
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
