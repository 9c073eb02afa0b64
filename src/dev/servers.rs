//! Servers of others that run a configuration of the project: it is mounted, and the server is told
//! to watch it.

use crate::image::{Form, Image, path};
use crate::knowledge::images;
use crate::project::Project;
use crate::project::filesystem::{Arrival, Part};

use super::container::Container;
use super::{Bind, Command, DevForm, Reasoned, cite};

/// Servers that read a configuration of the project, and notice an edit of it when they are told
/// to.
struct ConfigServer {
    image: &'static str,
    directory: &'static str,
    command: &'static [&'static str],
    flag: &'static str,
}

/// Source: caddyserver.com/docs/command-line#caddy-run and the image's Dockerfile.
const CONFIG_SERVERS: [ConfigServer; 1] = [ConfigServer {
    image: "caddy",
    directory: "/etc/caddy",
    command: &[
        "caddy",
        "run",
        "--config",
        "/etc/caddy/Caddyfile",
        "--adapter",
        "caddyfile",
    ],
    flag: "--watch",
}];

/// A server whose configuration is baked: its directory is mounted, and it is told to watch it.
pub(super) fn configured(
    project: &Project<'_>,
    container: &Container<'_>,
    image: &Image,
    form: &mut DevForm,
) -> bool {
    let base = image
        .target
        .and_then(|stage| image.base_image(stage))
        .map(images::name);
    let Some(server) = CONFIG_SERVERS
        .iter()
        .find(|server| Some(server.image) == base)
    else {
        return false;
    };
    let is_config = |part: &&Part| path::below(&part.baked.container, server.directory).is_some();
    let mut parts = container.parts.iter().filter(is_config);
    let Some(part) = parts.next() else {
        return false;
    };
    let (host, there) = match part.baked.is_directory {
        true => (
            Some(part.baked.host.as_path()),
            part.baked.container.clone(),
        ),
        false => (
            part.baked.host.parent(),
            path::join(&part.baked.container, ".."),
        ),
    };
    let is_same_name = part.baked.is_directory
        || part
            .baked
            .host
            .file_name()
            .is_some_and(|name| name == path::name(&part.baked.container));
    let Some(host) =
        host.filter(|_| is_same_name && parts.next().is_none() && there == server.directory)
    else {
        return false;
    };
    let is_mounted = match part.arrival {
        Arrival::Baked | Arrival::MountedElsewhere(_) => {
            let bind = Bind {
                host: project.written(host),
                container: there,
            };
            let why = format!(
                "{}; the directory, for a mounted file keeps its old inode",
                cite(project, part.baked.copy)
            );
            form.binds.push(Reasoned::new(bind, why));
            true
        }
        Arrival::Mounted(_) => true,
        _ => false,
    };
    let mut words = started_with(container, image, server);
    if is_mounted
        && words.first().is_some_and(|word| word == server.image)
        && !words.iter().any(|word| word == server.flag)
    {
        words.push(server.flag.to_owned());
        form.command = Some(Reasoned::new(
            Command::Words(words),
            format!(
                "`{}` loads its configuration again with `{}`",
                server.image, server.flag
            ),
        ));
    }
    true
}

/// The words that such a server is started with.
fn started_with(container: &Container<'_>, image: &Image, server: &ConfigServer) -> Vec<String> {
    let own = container.spec.command.as_ref().map(|command| {
        command
            .words
            .iter()
            .map(|word| word.text.as_str().to_owned())
            .collect()
    });
    let of_image = || match &image.config()?.cmd.invocation()?.form {
        Form::Exec(words) => Some(
            words
                .iter()
                .map(|word| word.text.as_str().to_owned())
                .collect(),
        ),
        Form::Shell(..) => Some(Vec::new()),
    };
    let is_plain = container.spec.entrypoint.is_none()
        && image
            .config()
            .is_some_and(|config| config.entrypoint.invocation().is_none());
    match is_plain {
        true => own.or_else(of_image).unwrap_or_else(|| {
            server
                .command
                .iter()
                .map(|word| (*word).to_owned())
                .collect()
        }),
        false => Vec::new(),
    }
}
