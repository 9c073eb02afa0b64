//! What Docker Compose refuses beyond the schema: attributes that exclude each other, values that
//! contradict each other, resources that say nothing of where they come from.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compose::INVALID_COMPOSE;
use crate::compose::decode::{self, Dialect};
use crate::compose::interpolate::Unset;
use crate::compose::model::{Compose, Service};
use crate::compose::typed;
use crate::compose::value::{Data, Map, MapEntry, Value};
use crate::compose::view::View;
use crate::diagnostic::Diagnostic;
use crate::files::{Files, Kind};
use crate::text::{Span, closest};

/// Checks single values of a document, those of services that do not start included.
pub(super) fn check_values(document: &Value<Data>, problems: &mut Vec<Diagnostic>) {
    let section = |name: &str| {
        document
            .get(name)
            .and_then(Value::as_map)
            .into_iter()
            .flatten()
    };
    let mut checker = Checker { problems };
    for (name, sources) in [
        ("secrets", ["file", "environment"].as_slice()),
        ("configs", &["file", "environment", "content"]),
    ] {
        section(name).for_each(|entry| checker.source(name, entry, sources));
    }
    section("volumes").for_each(|entry| checker.external_volume(entry));
    for (kind, entry) in section("services")
        .map(|entry| ("services", entry))
        .chain(section("jobs").map(|entry| ("jobs", entry)))
    {
        checker.service_values(&format!("{kind}.{}", entry.key), entry);
    }
    let services: FxHashSet<&str> = section("services")
        .map(|entry| entry.key.as_str())
        .collect();
    for job in section("jobs").filter(|job| services.contains(job.key.as_str())) {
        checker.report(
            place(job),
            format!(
                "`{}` is a service and a job: each needs a name of its own",
                job.key
            ),
        );
    }
}

/// Checks the services that start. Where it is asked what Docker Compose would do, that is all;
/// otherwise rules say some of it.
pub(super) fn check(
    compose: &Compose,
    view: &View,
    files: &dyn Files,
    problems: &mut Vec<Diagnostic>,
) {
    let mut checker = Checker { problems };
    // Docker Compose judges what starts. Each profile is started by somebody, so rules hear of
    // every service.
    for service in compose
        .services
        .iter()
        .filter(|service| service.active || view.unset == Unset::Unknown)
    {
        checker.service(service, compose);
        checker.watches(service);
    }
    for secret in compose.secrets.iter().filter(|secret| !secret.external) {
        let has = |key: &str| secret.data.get(key).is_some();
        if !has("file") && !has("environment") {
            checker.report(
                secret.name.span(),
                format!(
                    "the secret `{}` must have a `file` or an `environment`",
                    secret.name.value
                ),
            );
        }
    }
    checker.jobs(compose, &view.profiles);
    if view.unset == Unset::Blank {
        checker.container_names(compose);
        compose.active_services().for_each(|service| {
            if !view.without.env_files {
                checker.env_files(service, files);
            }
            checker.disabled_dependencies(service, compose);
            checker.mounts(service);
        });
    }
}

struct Checker<'p> {
    problems: &'p mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn report(&mut self, span: Option<Span>, message: impl Into<String>) {
        self.problems
            .extend(span.map(|span| Diagnostic::new(INVALID_COMPOSE, span, message)));
    }

    /// The same, of two places that exclude each other, with what to do.
    fn report_both(
        &mut self,
        span: Option<Span>,
        other: Option<Span>,
        message: String,
        help: &str,
    ) {
        let Some(span) = span else { return };
        let mut problem = Diagnostic::new(INVALID_COMPOSE, span, message)
            .note("this one")
            .help(help);
        if let Some(other) = other.filter(|other| *other != span) {
            problem = problem.label(other, "and this one");
        }
        self.problems.push(problem);
    }

    /// A secret or config must come from exactly one place.
    fn source(&mut self, section: &str, entry: &MapEntry, sources: &[&str]) {
        let Some(map) = entry.value.as_map() else {
            return;
        };
        let written: Vec<&MapEntry> = sources.iter().filter_map(|key| map.entry(key)).collect();
        let (name, list) = (&entry.key, sources.join("`, `"));
        match written.as_slice() {
            [] if !map.contains("driver") && !map.contains("external") => {
                self.report(
                    place(entry),
                    format!("`{section}.{name}` needs one of `{list}`"),
                );
            }
            [first, second, ..] => {
                let message = format!(
                    "`{section}.{name}` has `{}` and `{}`: only one is allowed",
                    first.key, second.key
                );
                self.report_both(
                    place(second),
                    place(first),
                    message,
                    "Keep the one that it is to come from.",
                );
            }
            _ => {}
        }
    }

    /// A volume that is made elsewhere can be named, and nothing else.
    fn external_volume(&mut self, entry: &MapEntry) {
        let Some(map) = entry.value.as_map() else {
            return;
        };
        if !matches!(
            map.get("external").map(|value| &value.value),
            Some(Data::Bool(true))
        ) {
            return;
        }
        let is_other = |other: &&MapEntry| {
            !matches!(other.key.as_str(), "name" | "external") && !other.key.starts_with("x-")
        };
        for other in map.iter().filter(is_other) {
            self.report(
                place(other),
                format!(
                    "the volume `{}` is external, so `{}` cannot be set here",
                    entry.key, other.key
                ),
            );
        }
    }

    fn service_values(&mut self, path: &str, entry: &MapEntry) {
        let service = &entry.value;
        let items = |value: Option<&'_ Value<Data>>| {
            value.and_then(Value::as_list).unwrap_or_default().to_vec()
        };
        for (at, port) in items(service.get("ports")).iter().enumerate() {
            let Some(map) = port.as_map() else { continue };
            if !map.contains("target")
                && !port.origin.is_unknown()
                && port.as_str().is_none()
                && !has_unknown(map)
            {
                self.report(
                    port.span(),
                    format!("`{path}.ports[{at}]` lacks `target`, the port of the container"),
                );
            }
            if let Some(ip) = map.get("host_ip").filter(|ip| !ip.origin.is_unknown())
                && let Some(text) = ip.as_str()
                && text.parse::<core::net::IpAddr>().is_err()
            {
                self.report(
                    ip.span().or(port.span()),
                    format!("`{text}` is no IP address"),
                );
            }
        }
        for (at, mount) in items(service.get("volumes")).iter().enumerate() {
            let Some(map) = mount.as_map() else { continue };
            let is_blank = |key: &str| {
                map.get(key)
                    .is_none_or(|value| value.as_str() == Some("") && !value.origin.is_unknown())
            };
            if !map.contains("target") {
                self.report(
                    mount.span(),
                    format!("`{path}.volumes[{at}]` lacks `target`, the path in the container"),
                );
            }
            if map.get("type").and_then(Value::as_str) == Some("bind") && is_blank("source") {
                self.report(
                    mount.span(),
                    format!("`{path}.volumes[{at}]` is a bind mount and lacks `source`"),
                );
            }
        }
        for (at, device) in items(service.get("devices")).iter().enumerate() {
            if device.as_map().is_some_and(|map| !map.contains("target")) {
                self.report(
                    device.span(),
                    format!("`{path}.devices[{at}]` lacks `target`, the device in the container"),
                );
            }
        }
        for port in items(service.get("expose"))
            .iter()
            .filter(|port| matches!(port.value, Data::Float(_)))
        {
            self.report(
                port.span(),
                format!("`{path}.expose` can have whole numbers and ranges only"),
            );
        }
        let reserved = ["deploy", "resources", "reservations", "devices"]
            .iter()
            .try_fold(service, |value, key| value.get(key));
        for request in items(service.get("gpus")).iter().chain(&items(reserved)) {
            let Some(map) = request.as_map() else {
                continue;
            };
            if map.contains("count") && map.contains("device_ids") {
                self.report(
                    request.span(),
                    "a request for devices has `count` and `device_ids`: only one is allowed",
                );
            }
        }
        for watch in items(
            service
                .get("develop")
                .and_then(|develop| develop.get("watch")),
        ) {
            if let Some(path) = watch.get("path").filter(|path| path.as_str() == Some("")) {
                self.report(path.span().or(watch.span()), "the path to watch is empty");
            }
        }
    }

    fn service(&mut self, service: &Service, compose: &Compose) {
        let name = &service.name.value;
        if let Some(build) = &service.build {
            let dockerfile = build
                .dockerfile
                .as_ref()
                .filter(|dockerfile| !dockerfile.value.is_empty());
            if let (Some(inline), Some(_)) = (&build.dockerfile_inline, dockerfile)
                && !inline.value.as_str().is_empty()
            {
                let message = format!(
                    "`{name}` has `dockerfile` and `dockerfile_inline`: only one is allowed"
                );
                let other = build.dockerfile.as_ref().and_then(Value::span);
                self.report_both(
                    inline.span(),
                    other,
                    message,
                    "Keep the one that the image is to be built from.",
                );
            }
            for context in &build.additional_contexts {
                let Some(value) = context
                    .value
                    .as_ref()
                    .filter(|value| !value.origin.is_unknown())
                else {
                    continue;
                };
                let Some(wanted) = value.value.strip_prefix("service:") else {
                    continue;
                };
                let message = match compose.service(wanted) {
                    None => format!(
                        "`{name}` builds with the service `{wanted}`, which is no service of this project"
                    ),
                    Some(other) if other.build.is_none() => {
                        format!("`{name}` builds with the service `{wanted}`, which has no `build`")
                    }
                    Some(_) => continue,
                };
                let built = compose
                    .services
                    .iter()
                    .filter(|other| other.build.is_some() && other.name.value != *name);
                let meant = closest(wanted, built.map(|other| other.name.as_str()));
                let Some(span) = value.span().or(context.key.span()) else {
                    continue;
                };
                let mut problem = Diagnostic::new(INVALID_COMPOSE, span, message);
                problem.help = meant.map(|meant| format!("Did you mean `service:{meant}`?"));
                self.problems.push(problem);
            }
        }
        for (key, kind) in [("secrets", "secret"), ("configs", "config")] {
            for item in service
                .data
                .get(key)
                .and_then(Value::as_list)
                .unwrap_or_default()
            {
                if item
                    .get("source")
                    .is_none_or(|source| source.as_str() == Some("") && !source.origin.is_unknown())
                {
                    self.report(
                        item.span(),
                        format!("this {kind} of `{name}` lacks `source`, its name"),
                    );
                }
            }
        }
        self.platforms(service);
        if let (Some(mode), Some(networks)) = (
            &service.network_mode,
            service.data.as_map().and_then(|map| map.entry("networks")),
        ) && networks.value.as_map().is_some_and(|map| !map.is_empty())
        {
            let message =
                format!("`{name}` has `network_mode` and `networks`: only one is allowed");
            let help = "Keep one of them: with a `network_mode` the service is in none of the project's networks.";
            self.report_both(
                mode.span().or(place(networks)),
                place(networks),
                message,
                help,
            );
        }
        if let Some(map) = service
            .data
            .as_map()
            .filter(|map| map.contains("deploy") || map.contains("scale"))
        {
            self.scale(service, map);
        }
    }

    fn platforms(&mut self, service: &Service) {
        let listed = service
            .data
            .get("build")
            .and_then(|build| build.get("platforms"))
            .and_then(Value::as_list)
            .unwrap_or_default();
        let Some(platform) = service
            .data
            .get("platform")
            .filter(|platform| !platform.origin.is_unknown())
        else {
            return;
        };
        let Some(text) = platform.as_str().filter(|text| !text.is_empty()) else {
            return;
        };
        let is_known = listed.iter().all(|item| !item.origin.is_unknown());
        if is_known && !listed.is_empty() && !listed.iter().any(|item| item.as_str() == Some(text))
        {
            self.report(
                platform.span(),
                format!(
                    "`build.platforms` of `{}` must have `{text}`, its `platform`",
                    service.name.value
                ),
            );
        }
    }

    /// Values that can be said in two places must be the same in both.
    fn scale(&mut self, service: &Service, map: &Map) {
        // What cannot be decoded has been reported.
        let decoded = decode::service(&service.data, Dialect::Json);
        let at = |path: &[&str]| path.iter().try_fold(&decoded, |value, key| value.get(key));
        let number = |path: &[&str]| match at(path).map(|value| &value.value) {
            Some(Data::Int(number)) => Some(*number),
            _ => None,
        };
        let span = |key: &str| map.entry(key).and_then(place);
        let is_known = |key: &str| map.get(key).is_none_or(|value| !value.origin.is_unknown());
        let name = &service.name.value;
        let (scale, replicas) = (number(&["scale"]), number(&["deploy", "replicas"]));
        if let (Some(scale), Some(replicas)) = (scale, replicas)
            && scale != replicas
        {
            let message = format!(
                "`{name}` has a `scale` of {scale} and `deploy.replicas` of {replicas}: they must be the same"
            );
            let other = service
                .data
                .get("deploy")
                .and_then(Value::as_map)
                .and_then(|deploy| place(deploy.entry("replicas")?));
            self.report_both(span("scale"), other, message, "Keep one of them.");
        }
        for (found, key) in [(scale, "scale"), (replicas, "deploy")] {
            if found.is_some_and(|number| number < 0) {
                self.report(span(key), format!("`{name}` cannot run fewer than 0 times"));
            }
        }
        if scale.or(replicas).is_some_and(|number| number > 1)
            && let Some(fixed) = service
                .container_name
                .as_ref()
                .filter(|fixed| !fixed.value.is_empty())
        {
            let key = if scale.is_some() {
                "scale"
            } else {
                "deploy.replicas"
            };
            let message = format!(
                "`{name}` has a `container_name`, so it can run only once, and `{key}` says more"
            );
            let other = match scale {
                Some(_) => span("scale"),
                None => service
                    .data
                    .get("deploy")
                    .and_then(Value::as_map)
                    .and_then(|deploy| place(deploy.entry("replicas")?)),
            };
            self.report_both(
                fixed.span(),
                other,
                message,
                "Take `container_name` out: Docker Compose then numbers the containers.",
            );
        }
        for (key, side, other) in [
            ("cpus", "limits", "cpus"),
            ("mem_limit", "limits", "memory"),
            ("mem_reservation", "reservations", "memory"),
            ("pids_limit", "limits", "pids"),
        ] {
            let Some(own) = at(&[key]).filter(|_| is_known(key)) else {
                continue;
            };
            let Some(section) = at(&["deploy", "resources", side]) else {
                continue;
            };
            let is_same = section
                .get(other)
                .is_some_and(|value| value.value.same(&own.value) && !value.origin.is_unknown());
            if !is_same {
                let message = match section.get(other) {
                    Some(_) => {
                        format!(
                            "`{name}` has `{key}` and another value in `deploy.resources.{side}.{other}`: they must be the same"
                        )
                    }
                    None => format!(
                        "`{name}` has `{key}` and `deploy.resources.{side}` without `{other}`: they must say the same"
                    ),
                };
                let written = ["resources", side]
                    .iter()
                    .try_fold(service.data.get("deploy"), |value, key| {
                        Some(value?.get(key))
                    });
                let deploy = written
                    .flatten()
                    .and_then(Value::as_map)
                    .and_then(|map| map.entry(other))
                    .and_then(place);
                self.report_both(
                    span(key),
                    deploy,
                    message,
                    &format!("Say it in `deploy.resources.{side}.{other}` only."),
                );
            }
        }
    }

    fn container_names(&mut self, compose: &Compose) {
        let mut known: FxHashMap<&str, &Service> = FxHashMap::default();
        for service in compose.active_services() {
            let Some(fixed) = service
                .container_name
                .as_ref()
                .filter(|name| !name.value.is_empty() && !name.origin.is_unknown())
            else {
                continue;
            };
            if let Some(first) = known.insert(&fixed.value, service) {
                let message = format!(
                    "`{}` and `{}` have the same `container_name`",
                    first.name.value, service.name.value
                );
                self.report(fixed.span(), message);
            }
        }
    }

    fn watches(&mut self, service: &Service) {
        for watch in &service.watch {
            use crate::compose::model::WatchAction::{Rebuild, Restart};
            let has_target = watch
                .target
                .as_ref()
                .is_some_and(|target| !target.value.is_empty());
            if !has_target && !matches!(watch.action.value, Rebuild | Restart) {
                self.report(
                    watch.origin.span,
                    "a `target` is needed to sync: the path in the container",
                );
            }
        }
    }

    fn env_files(&mut self, service: &Service, files: &dyn Files) {
        for (path, required) in &service.env_files {
            let problem = match files.kind(&path.value) {
                None if *required => "does not exist",
                Some(Kind::Directory) => "is a directory",
                _ => continue,
            };
            let message = format!(
                "the env file {} of `{}` {problem}",
                path.value.display(),
                service.name.value
            );
            self.report(path.span().or(Some(service.key())), message);
        }
        for path in service
            .data
            .get("label_file")
            .and_then(Value::as_list)
            .unwrap_or_default()
        {
            let Some(text) = path.as_str() else { continue };
            let problem = match files.kind(Path::new(text)) {
                None => "does not exist",
                Some(Kind::Directory) => "is a directory",
                _ => continue,
            };
            self.report(
                path.span(),
                format!(
                    "the label file {text} of `{}` {problem}",
                    service.name.value
                ),
            );
        }
    }

    /// What a job depends on must be there, and enabled.
    fn jobs(&mut self, compose: &Compose, active: &[String]) {
        let section = |name: &str| compose.data.get(name).and_then(Value::as_map);
        let is_active = |job: &MapEntry| {
            job.value
                .as_map()
                .is_none_or(|job| typed::is_enabled(job, active))
        };
        for job in section("jobs")
            .into_iter()
            .flatten()
            .filter(|job| is_active(job))
        {
            for needed in job
                .value
                .get("depends_on")
                .and_then(Value::as_map)
                .into_iter()
                .flatten()
            {
                let message = match compose.service(&needed.key) {
                    Some(service) if service.active || is_optional(&needed.value) => continue,
                    Some(_) => format!(
                        "the job `{}` depends on `{}`, which no active profile enables",
                        job.key, needed.key
                    ),
                    None => match section("jobs").and_then(|jobs| jobs.entry(&needed.key)) {
                        Some(other) if is_active(other) || is_optional(&needed.value) => continue,
                        Some(_) => format!(
                            "the job `{}` depends on `{}`, which no active profile enables",
                            job.key, needed.key
                        ),
                        None => format!(
                            "the job `{}` depends on `{}`, which is no service or job of this project",
                            job.key, needed.key
                        ),
                    },
                };
                self.report(place(needed), message);
            }
        }
    }

    fn disabled_dependencies(&mut self, service: &Service, compose: &Compose) {
        for dependency in service
            .depends_on
            .iter()
            .filter(|dependency| dependency.required)
        {
            let wanted = &dependency.service.value;
            if compose.service(wanted).is_some_and(|other| !other.active) {
                let span = dependency
                    .service
                    .span()
                    .or(dependency.origin.span)
                    .or(Some(service.key()));
                self.report(
                    span,
                    format!(
                        "`{}` depends on `{wanted}`, which no active profile enables",
                        service.name.value
                    ),
                );
            }
        }
    }

    fn mounts(&mut self, service: &Service) {
        let list = |key: &str| {
            service
                .data
                .get(key)
                .and_then(Value::as_list)
                .unwrap_or_default()
        };
        let tmpfs = list("tmpfs")
            .iter()
            .filter_map(|item| Some((item.as_str()?.split(':').next()?, item.span())));
        let volumes = list("volumes")
            .iter()
            .filter_map(|item| Some((item.get("target")?.as_str()?, item.span())));
        let mut seen = FxHashSet::default();
        for (target, span) in tmpfs.chain(volumes) {
            if !seen.insert(target) {
                self.report(span, format!("something is mounted at `{target}` already"));
            }
        }
    }
}

fn place(entry: &MapEntry) -> Option<Span> {
    entry.key_span.or(entry.value.span())
}

fn is_optional(dependency: &Value<Data>) -> bool {
    matches!(
        dependency.get("required").map(|required| &required.value),
        Some(Data::Bool(false))
    )
}

fn has_unknown(map: &Map) -> bool {
    map.iter().any(|entry| entry.value.origin.is_unknown())
}
