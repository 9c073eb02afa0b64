//! `extends`: a service that starts from another one, of the same document or of another file.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compose::loader::{Document, Level, Loader};
use crate::compose::paths::{absolute, is_remote_project};
use crate::compose::place::KeyPath;
use crate::compose::value::{Data, Map, MapEntry, Origin, Step, Value};
use crate::compose::{INVALID_COMPOSE, merge};
use crate::diagnostic::Diagnostic;
use crate::text::{Span, closest};

/// How long a chain of services that extend each other may be.
const CHAIN: usize = 100;

/// Resolves `extends` in every service and job of a document.
pub(super) fn resolve(loader: &mut Loader<'_, '_>, document: &mut Document, level: &Level<'_>) {
    for section in ["services", "jobs"] {
        let Some(map) = document.value.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        if !map.iter().any(|entry| entry.value.get("extends").is_some()) {
            continue;
        }
        let names: Vec<String> = map.iter().map(|entry| entry.key.clone()).collect();
        let here = Scope {
            services: std::mem::take(map),
            cleared: document.cleared.clone(),
            file: None,
            directory: level.directory.to_path_buf(),
        };
        let mut resolver = Resolver {
            loader,
            level,
            section,
            scopes: vec![here],
            opened: FxHashMap::default(),
            is_broken: false,
        };
        for name in &names {
            resolver.service(name);
        }
        let resolved = std::mem::take(&mut resolver.scopes[0].services);
        if let Some(value) = document.value.get_mut(section) {
            value.value = Data::Map(resolved);
        }
    }
}

/// The services of one file.
struct Scope {
    services: Map,
    /// Where its `!reset` and `!override` take out what services extend.
    cleared: Vec<Vec<String>>,
    /// The file; `None` for the document itself.
    file: Option<PathBuf>,
    /// Where the paths of its `extends` start.
    directory: PathBuf,
}

struct Resolver<'s, 'r, 'f> {
    loader: &'s mut Loader<'r, 'f>,
    level: &'s Level<'s>,
    section: &'static str,
    scopes: Vec<Scope>,
    opened: FxHashMap<PathBuf, Option<usize>>,
    /// Whether the service that is being followed extends what is not there.
    is_broken: bool,
}

/// A service of a scope that extends another one.
struct Link {
    scope: usize,
    name: Rc<str>,
    base: String,
    used: Span,
}

impl Resolver<'_, '_, '_> {
    /// Follows a service to the one that extends nothing, and merges all the way back.
    fn service(&mut self, name: &str) {
        let mut links: Vec<Link> = Vec::new();
        let mut seen: FxHashSet<(usize, Rc<str>)> = FxHashSet::default();
        let (mut scope, mut name): (usize, Rc<str>) = (0, name.into());
        while let Some((base_scope, base, used)) = self.base(scope, &name) {
            if !seen.insert((scope, name.clone())) || (base_scope, base.as_str()) == (scope, &*name)
            {
                let ring = links
                    .iter()
                    .skip_while(|link| (link.scope, &link.name) != (scope, &name))
                    .map(|link| &*link.name);
                let mut ring: Vec<&str> = ring.collect();
                if ring.is_empty() {
                    ring.push(&name);
                }
                ring.push(ring[0]);
                self.loader.report(
                    used,
                    format!("services extend each other in a ring: {}", ring.join(" → ")),
                );
                self.forget(scope, &name);
                break;
            }
            if links.len() == CHAIN {
                self.loader.report(
                    used,
                    format!("more than {CHAIN} services extend each other here"),
                );
                self.forget(scope, &name);
                break;
            }
            links.push(Link {
                scope,
                name,
                base: base.clone(),
                used,
            });
            (scope, name) = (base_scope, base.into());
        }
        if std::mem::take(&mut self.is_broken) {
            let here = links
                .iter()
                .filter(|link| link.scope == 0)
                .map(|link| link.name.to_string());
            self.loader
                .without_base
                .extend(here.chain((scope == 0).then(|| name.to_string())));
        }
        if links.is_empty() {
            return;
        }
        let mut base = self.scopes[scope].services.get(&name).cloned();
        for link in links.into_iter().rev() {
            base = self.extend(link, base);
        }
    }

    fn extend(&mut self, link: Link, base: Option<Value<Data>>) -> Option<Value<Data>> {
        let scope = &mut self.scopes[link.scope];
        let own = scope.services.get_mut(&link.name)?;
        // A service in a cycle has been merged once and extends nothing any more.
        own.as_map_mut()?.remove("extends")?;
        if let Some(mut base) = base.filter(|base| base.as_map().is_some()) {
            base.add_step(&Step::Extends {
                used: link.used,
                service: link.base,
            });
            for path in &scope.cleared {
                if path.len() > 2 && path[0] == self.section && path[1] == *link.name {
                    merge::clear(&mut base, &path[2..]);
                }
            }
            let over = std::mem::replace(
                own,
                Value {
                    value: Data::Null,
                    origin: Origin::default(),
                },
            );
            *own = merge::merge(
                base,
                over,
                KeyPath::ROOT.key(self.section).key(&link.name),
                &mut self.loader.diagnostics,
            );
        }
        Some(own.clone())
    }

    fn forget(&mut self, scope: usize, name: &str) {
        self.is_broken = true;
        if let Some(map) = self.scopes[scope]
            .services
            .get_mut(name)
            .and_then(Value::as_map_mut)
        {
            map.remove("extends");
        }
    }

    /// What a service extends, if it does and that is there: scope, name, and where it says so.
    fn base(&mut self, scope: usize, name: &str) -> Option<(usize, String, Span)> {
        let extends = self.scopes[scope]
            .services
            .get(name)?
            .get("extends")?
            .clone();
        let used = extends.span()?;
        let reference = Reference::of(&extends);
        let found = match reference {
            Some(reference) => self
                .find(scope, name, &reference, used)
                .map(|found| (found, reference.service.value, used)),
            None => {
                self.loader.report(
                    used,
                    "`extends` must name a service, alone or as `service` beside `file`",
                );
                None
            }
        };
        if found.is_none() {
            self.forget(scope, name);
        }
        found
    }

    fn find(
        &mut self,
        scope: usize,
        name: &str,
        reference: &Reference,
        used: Span,
    ) -> Option<usize> {
        let target = match &reference.file {
            None => scope,
            Some(file) if file.origin.is_unknown() || is_remote_project(file) => {
                self.loader.unread.push(file.clone());
                return None;
            }
            Some(file) => self.open(scope, file, used)?,
        };
        if reference.service.origin.is_unknown() {
            self.loader.unread.push(reference.service.clone());
            return None;
        }
        if !self.scopes[target].services.contains(&reference.service) {
            let place = match &reference.file {
                Some(file) => format!(" in {}", file.value),
                None => String::new(),
            };
            let span = reference.service.span().unwrap_or(used);
            let message = format!(
                "there is no service `{}` to extend{place}",
                reference.service.value
            );
            let others = self.scopes[target]
                .services
                .iter()
                .map(|entry| entry.key.as_str());
            let meant = closest(
                &reference.service,
                others.filter(|other| target != scope || *other != name),
            );
            let help = match meant {
                Some(meant) => format!("Did you mean `{meant}`?"),
                None => "A service can extend one of its own file, of a file that this one includes, or of the one that `file` names."
                    .to_owned(),
            };
            self.loader
                .diagnostics
                .push(Diagnostic::new(INVALID_COMPOSE, span, message).help(help));
            return None;
        }
        Some(target)
    }

    /// The services of another file, in their long form and with absolute paths.
    fn open(&mut self, from: usize, file: &Value<String>, used: Span) -> Option<usize> {
        let path = absolute(&self.scopes[from].directory, file);
        if self.scopes[from].file.as_ref() == Some(&path) {
            return Some(from);
        }
        if let Some(known) = self.opened.get(&path) {
            return *known;
        }
        self.opened.insert(path.clone(), None);
        let source = match self.loader.open(&path) {
            Ok(source) => source,
            Err(error) => {
                let message = format!("cannot extend from {}: {error}", file.value);
                let help = "The path is relative to the project directory, and in a file that is extended to that file.";
                let span = file.span().unwrap_or(used);
                self.loader
                    .diagnostics
                    .push(Diagnostic::new(INVALID_COMPOSE, span, message).help(help));
                self.loader.unread.push(file.clone());
                return None;
            }
        };
        let directory = path.parent().unwrap_or(Path::new("/")).to_path_buf();
        let mut model = Value {
            value: Data::Map(Map::new()),
            origin: Origin::default(),
        };
        let mut cleared = Vec::new();
        for document in self.loader.documents(&source, self.level) {
            for path in &document.cleared {
                merge::clear(&mut model, path);
            }
            self.loader.merge(&mut model, document.value, None);
            // The tags of the last document are those that the reference remembers.
            cleared = document.cleared;
        }
        self.loader
            .resolve_paths(&mut model, &directory, true, self.level.environment);
        let services = match model
            .as_map_mut()
            .and_then(|map| map.remove(self.section))
            .map(|entry: MapEntry| entry.value.value)
        {
            Some(Data::Map(services)) => services,
            _ => {
                self.loader.report(
                    file.span().unwrap_or(used),
                    format!("{} has no services", file.value),
                );
                return None;
            }
        };
        self.scopes.push(Scope {
            services,
            cleared,
            file: Some(path.clone()),
            directory,
        });
        let scope = self.scopes.len() - 1;
        self.opened.insert(path, Some(scope));
        Some(scope)
    }
}

/// `extends: name`, or `{service: name, file: path}`.
struct Reference {
    service: Value<String>,
    file: Option<Value<String>>,
}

impl Reference {
    fn of(extends: &Value<Data>) -> Option<Reference> {
        let text = |value: &Value<Data>| {
            Some(Value::from_origin(
                value.as_str()?.to_owned(),
                &value.origin,
            ))
        };
        match &extends.value {
            Data::String(_) => Some(Reference {
                service: text(extends)?,
                file: None,
            }),
            Data::Map(map) => Some(Reference {
                service: text(map.get("service")?)?,
                file: match map.get("file") {
                    Some(file) if !file.value.is_null() => Some(text(file)?),
                    _ => None,
                },
            }),
            _ => None,
        }
    }
}
