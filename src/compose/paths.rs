//! Relative paths to absolute ones, at the places where the specification has paths of the host.

use std::path::{Path, PathBuf};

use crate::compose::place::KeyPath;
use crate::compose::value::{Data, Value};
use crate::files::{Files, clean};
use crate::text::Cooked;

/// What a path may be besides a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// A path of the host, nothing else.
    Path,
    /// A build context: also a URL, an image or another service.
    Context,
    /// A path of the host whose first link is followed.
    Watched,
}

/// Makes the paths of a document absolute. A path that hides in an unknown variable stays as it is
/// written.
pub(super) fn resolve(
    document: &mut Value<Data>,
    directory: &Path,
    home: Option<&str>,
    files: &dyn Files,
) {
    let resolver = Resolver {
        directory,
        home: home.filter(|home| !home.is_empty()),
        files,
    };
    for section in ["services", "jobs", "volumes", "secrets", "configs"] {
        if let Some(value) = document.get_mut(section) {
            resolver.walk(value, KeyPath::ROOT.key(section));
        }
    }
}

/// A path made absolute and clean.
pub(super) fn absolute(directory: &Path, path: &str) -> PathBuf {
    clean(&directory.join(path))
}

/// Whether a compose file is somewhere else: a git repository, a registry, a web server.
pub fn is_remote_project(path: &str) -> bool {
    path.contains("://")
        || ["oci:", "git@", "github.com/"]
            .iter()
            .any(|prefix| path.starts_with(prefix))
}

/// Whether a build context is no path of the host.
pub(super) fn is_remote_context(context: &str) -> bool {
    const PREFIXES: [&str; 7] = [
        "service:",
        "https:",
        "http:",
        "git:",
        "ssh:",
        "github.com/",
        "git@",
    ];
    context.contains("://") || PREFIXES.iter().any(|prefix| context.starts_with(prefix))
}

struct Resolver<'p> {
    directory: &'p Path,
    home: Option<&'p str>,
    files: &'p dyn Files,
}

impl Resolver<'_> {
    fn walk(&self, value: &mut Value<Data>, place: KeyPath<'_>) {
        let segments = place.segments();
        if let ["services" | "jobs", _, "volumes", "[]"]
        | ["services" | "jobs", _, "pre_start", "[]", "volumes", "[]"]
        | ["volumes", _, "driver_opts"] = segments
        {
            self.source(value, segments[0] == "volumes");
            return;
        }
        if let ["volumes", _] = segments
            && value.get("driver").and_then(Value::as_str) != Some("local")
        {
            return;
        }
        match &mut value.value {
            Data::Map(map) => {
                for entry in map.iter_mut() {
                    self.walk(&mut entry.value, place.key(&entry.key));
                }
            }
            Data::List(items) => items
                .iter_mut()
                .for_each(|item| self.walk(item, place.item())),
            Data::String(_) => {
                if let Some(kind) = kind_at(segments) {
                    self.path(value, kind);
                }
            }
            _ => {}
        }
    }

    /// The source of a bind mount, or the device of a local volume that is one.
    fn source(&self, mount: &mut Value<Data>, is_device: bool) {
        let (kind, wanted, key) = if is_device {
            ("o", "bind", "device")
        } else {
            ("type", "bind", "source")
        };
        if mount.get(kind).and_then(Value::as_str) == Some(wanted)
            && let Some(source) = mount.get_mut(key)
        {
            self.path(source, Kind::Path);
        }
    }

    /// A path whose first directory that is a link is the one that the link leads to.
    fn behind_link(&self, path: PathBuf) -> PathBuf {
        let mut above: Vec<&Path> = path.ancestors().collect();
        above.reverse();
        let found = above
            .into_iter()
            .find_map(|part| Some((part, self.files.link(part)?)));
        match found {
            Some((part, target)) => path
                .strip_prefix(part)
                .map_or_else(|_| path.clone(), |rest| clean(&target.join(rest))),
            None => path,
        }
    }

    fn path(&self, value: &mut Value<Data>, kind: Kind) {
        if value.origin.is_unknown() {
            return;
        }
        let Some(text) = value.as_str() else { return };
        if matches!(kind, Kind::Watched | Kind::Context) && text.is_empty() {
            return;
        }
        if kind == Kind::Context && is_remote_context(text) {
            return;
        }
        let windows = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
            && text[1..].starts_with([':'])
            && text[2..].starts_with(['/', '\\']);
        if windows || text.starts_with("\\\\") {
            return;
        }
        if Path::new(text).is_absolute() && kind != Kind::Watched {
            return;
        }
        let path = match (text.strip_prefix('~'), self.home) {
            (Some(rest), Some(home)) => absolute(Path::new(home), rest.trim_start_matches('/')),
            _ if Path::new(text).is_absolute() => PathBuf::from(text),
            _ => absolute(self.directory, text),
        };
        let path = if kind == Kind::Watched {
            self.behind_link(path)
        } else {
            path
        };
        let path = path.to_string_lossy();
        if path != text
            && let Some(span) = value.span()
        {
            value.value = Data::String(Cooked::synthetic(path, span));
        } else if path != text
            && let Data::String(cooked) = &value.value
        {
            value.value = Data::String(Cooked::synthetic(path, cooked.span()));
        }
    }
}

fn kind_at(place: &[&str]) -> Option<Kind> {
    match place {
        ["services" | "jobs", _, "pre_start", "[]", rest @ ..]
        | ["services" | "jobs", _, rest @ ..] => match rest {
            ["build", "context"] | ["build", "additional_contexts", _] => Some(Kind::Context),
            ["build", "ssh", _] | ["env_file", "[]", "path"] | ["label_file", "[]"] => {
                Some(Kind::Path)
            }
            ["develop", "watch", "[]", "path"] => Some(Kind::Watched),
            _ => None,
        },
        ["configs" | "secrets", _, "file"] => Some(Kind::Path),
        _ => None,
    }
}
