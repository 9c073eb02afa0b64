//! The tag of an image that is built from another stage.

use crate::compose;

use super::{DevForm, Reasoned, is_built};

/// A tag of its own for another stage, where the service has one.
pub(super) fn say(spec: &compose::Service, form: &mut DevForm) {
    let Some(tag) = spec.image.as_ref().filter(|tag| tag.origin.is_fixed()) else {
        return;
    };
    form.image = Some(Reasoned::new(
        dev_tag(&tag.value),
        "a tag of its own: the released one stays what it is",
    ));
    form.pull_policy = Some(if is_built(spec) {
        Reasoned::new("build", "nobody publishes this tag")
    } else {
        Reasoned::new(
            "never",
            "another service builds this tag, and nobody publishes it",
        )
    });
}

/// `registry.example.com/shop/web:1.4` becomes `shop-web-dev`: the registry and the version do not
/// belong to it.
fn dev_tag(tag: &str) -> String {
    let path = tag.split('@').next().unwrap_or(tag);
    let path = match path.rsplit_once(':') {
        Some((path, version)) if !version.contains('/') => path,
        _ => path,
    };
    let path = match path.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => rest,
        _ => path,
    };
    format!("{}-dev", path.replace('/', "-"))
}

#[cfg(test)]
mod tests {
    use super::dev_tag;

    #[test]
    fn the_tag_for_development_leaves_registry_and_version_out() {
        for (tag, dev) in [
            ("registry.example.com/shop/web:1.4", "shop-web-dev"),
            ("shop/app", "shop-app-dev"),
            ("localhost:5000/api@sha256:00", "api-dev"),
        ] {
            assert_eq!(dev_tag(tag), dev);
        }
    }
}
