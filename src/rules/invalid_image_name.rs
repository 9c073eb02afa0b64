//! An image whose name Docker cannot read.

use crate::compose::{Service, Value};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::yaml::edit;

const ID: &str = "invalid-image-name";

/// Judges the image of every service, those that are built included: the name is their tag.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for service in project
        .compose()
        .iter()
        .flat_map(|compose| &compose.services)
    {
        findings.extend(
            service
                .image
                .as_ref()
                .and_then(|image| report(project, service, image)),
        );
    }
}

fn report(project: &Project<'_>, service: &Service, image: &Value<String>) -> Option<Diagnostic> {
    let span = image
        .span()
        .filter(|_| image.origin.is_fixed() && !image.value.is_empty())?;
    // An expression with a slip has been reported.
    if is_reference(&image.value) || image.value.contains('$') {
        return None;
    }
    let name = service.name.as_str();
    let (path, tag) = match image.value.rfind([':', '/']) {
        Some(at) if image.value[at..].starts_with(':') => image.value.split_at(at),
        _ => (image.value.as_str(), ""),
    };
    let lower = format!("{}{tag}", path.to_ascii_lowercase());
    let finding = Diagnostic::new(
        ID,
        span,
        format!("Docker cannot read the image name `{}`", image.value),
    )
    .service(name);
    if lower != image.value && is_reference(&lower) {
        let parsed = project.yaml_of(span);
        let node = parsed
            .tree
            .node_at(span.start)
            .filter(|node| node.text() == image.value.as_str());
        let fix = node.and_then(|node| {
            Fix::of(
                format!("Write `{lower}`"),
                Safety::Unsafe,
                edit::set_scalar(node, &lower),
            )
        });
        return Some(
            finding
                .note("capitals are not allowed")
                .help("Write the name in small letters")
                .fix(fix),
        );
    }
    Some(finding.help(
        "Write `name:tag`: small letters, digits, `.`, `_`, `-` and `/` in the name, no blanks",
    ))
}

/// Whether it is `[host[:port]/]path[:tag][@digest]`. Source: distribution/reference, `regexp.go`
/// and `normalize.go`.
fn is_reference(text: &str) -> bool {
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    let is_digest = |digest: &str| {
        digest
            .split_once(':')
            .is_some_and(|(kind, hex)| !kind.is_empty() && hex.len() >= 32)
    };
    let (name, tag) = match rest.rfind([':', '/']) {
        Some(at) if rest[at..].starts_with(':') => (&rest[..at], Some(&rest[at + 1..])),
        _ => (rest, None),
    };
    let is_tag_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let is_tag = |tag: &str| {
        (1..=128).contains(&tag.len())
            && !tag.starts_with(['.', '-'])
            && tag.bytes().all(is_tag_byte)
    };
    // What has a dot, a port or a capital before the first slash is a host.
    let path = match name.split_once('/') {
        Some((host, path))
            if host.contains(['.', ':'])
                || host == "localhost"
                || host.bytes().any(|byte| byte.is_ascii_uppercase()) =>
        {
            let is_host = |byte: u8| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']')
            };
            if host.is_empty() || !host.bytes().all(is_host) {
                return false;
            }
            path
        }
        _ => name,
    };
    digest.is_none_or(is_digest) && tag.is_none_or(is_tag) && path.split('/').all(is_component)
}

/// Small letters and digits with `.`, `_`, `__` or dashes between them.
fn is_component(part: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = part.as_bytes();
    let separators = part
        .split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        .filter(|between| !between.is_empty());
    let are_right = separators.into_iter().all(|between| {
        matches!(between, "." | "_" | "__") || between.bytes().all(|byte| byte == b'-')
    });
    bytes.first().copied().is_some_and(is_plain)
        && bytes.last().copied().is_some_and(is_plain)
        && are_right
}
