//! Whether OPcache keeps PHP from looking at its files again.

use std::path::PathBuf;

use crate::compose::MountKind;
use crate::knowledge::{Family, Language};
use crate::process::Process;
use crate::project::Service;
use crate::project::filesystem;
use crate::text::{Source, Span};

/// Where an ini file tells OPcache not to look at time stamps.
pub fn opcache_without_timestamps(service: Service<'_>, process: &Process) -> Option<Span> {
    let is_server = process
        .program
        .is_some_and(|program| program.family == Family::Server);
    if process.language() != Some(Language::Php) || !is_server {
        return None;
    }
    let is_ini = |container: &str| container.contains("/php") && container.ends_with(".ini");
    let mut found: Vec<PathBuf> = Vec::new();
    if let Some(image) = service.image() {
        let mounts = service.mounts();
        let visible = |container: &str| filesystem::covering(mounts, container).is_none();
        let baked = image.baked().iter().filter(|baked| {
            !baked.is_directory && is_ini(&baked.container) && visible(&baked.container)
        });
        found.extend(baked.map(|baked| baked.host.clone()));
    }
    let binds = service
        .mounts()
        .iter()
        .filter(|mount| mount.kind == MountKind::Bind && is_ini(&mount.target.value));
    found.extend(binds.filter_map(|mount| Some(PathBuf::from(&mount.source.as_ref()?.value))));
    let sources: Vec<Source> = found
        .iter()
        .filter_map(|host| service.project().workspace().read(host).ok())
        .collect();
    let setting = |name: &str| {
        sources.iter().rev().find_map(|source| {
            let mut start = 0;
            source.text().split_inclusive('\n').find_map(|line| {
                let at = start;
                start += line.len();
                let (key, value) = line.split_once('=').filter(|(key, _)| key.trim() == name)?;
                let value = value
                    .split(';')
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .trim_matches('"')
                    .to_owned();
                Some((
                    value,
                    source.span(at..at + key.len() + 1 + line[key.len() + 1..].trim_end().len()),
                ))
            })
        })
    };
    let value_of = |written: &str| match written
        .strip_prefix("${")
        .and_then(|name| name.strip_suffix('}'))
    {
        Some(name) => process
            .variable(name.split(":-").next().unwrap_or(name))
            .flatten()
            .map(str::to_owned),
        None => Some(written.to_owned()),
    };
    let is_off = |value: &str| {
        matches!(
            value.to_ascii_lowercase().as_str(),
            "0" | "off" | "false" | "no"
        )
    };
    let switched_off = setting("opcache.enable")
        .and_then(|(value, _)| value_of(&value))
        .is_some_and(|value| is_off(&value));
    let (value, at) = setting("opcache.validate_timestamps").filter(|_| !switched_off)?;
    value_of(&value)
        .is_some_and(|value| is_off(&value))
        .then_some(at)
}
