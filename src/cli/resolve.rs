//! `composelint resolve`: the project as `docker compose config` prints it, or lists of what is in
//! it.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;

use super::arguments::{Language, Listing, Resolve};
use super::{Setting, Status, terminal};
use crate::compose::resolve::{Request, Resolved, Use, resolve, variables};
use crate::compose::{Dialect, ProjectOptions, Unset, View, Without, locate, passed_over};
use crate::report::{self, Checked};
use crate::text::Span;
use crate::workspace::Workspace;

mod json;
mod origins;
mod yaml;

use origins::Origins;

pub(super) fn run(setting: &Setting, arguments: Resolve) -> anyhow::Result<Status> {
    let files = setting.files()?;
    let workspace = Workspace::new(&files);
    let without = Without {
        interpolation: arguments.no_interpolate || arguments.listing.variables,
        normalization: arguments.no_normalize || setting.project.compatibility,
        consistency: arguments.no_consistency,
        env_files: arguments.no_env_resolution,
        paths: arguments.no_path_resolution,
    };
    let view = match locate(
        &workspace,
        &ProjectOptions {
            unset: Unset::Blank,
            without,
            ..setting.project_options()
        },
    ) {
        Ok(view) => view,
        Err(error) => {
            terminal::error(&error.to_string());
            return Ok(Status::Findings);
        }
    };
    let resolved = resolve(&workspace, &view, &request(setting, &arguments));
    tell_warnings(setting, &workspace, &view, &resolved);
    if !resolved.errors.is_empty() {
        tell_errors(setting, &workspace, &resolved)?;
        return Ok(Status::Findings);
    }
    resolved.unset_variables().iter().for_each(|name| {
        terminal::note(&format!(
            "the variable {name} is not set: it stands for nothing"
        ))
    });
    if setting.quiet {
        return Ok(Status::Clean);
    }
    let printer = Printer {
        setting,
        workspace: &workspace,
        view: &view,
        arguments: &arguments,
        resolved: &resolved,
    };
    printer.print()?;
    Ok(Status::Clean)
}

fn request(setting: &Setting, arguments: &Resolve) -> Request {
    let listing = &arguments.listing;
    let hashed = listing
        .hash
        .iter()
        .flat_map(|names| names.split(','))
        .filter(|name| *name != "*")
        .map(str::to_owned);
    // These lists hold what the whole project has.
    let of_all = listing.service_names || listing.volumes || listing.networks || listing.models;
    let asked = if of_all {
        Vec::new()
    } else {
        arguments.services.clone()
    };
    let needs_json =
        arguments.format == Language::Json && !listing.models || listing.hash.is_some();
    Request {
        services: asked.into_iter().chain(hashed).collect(),
        all_resources: setting.project.all_resources,
        dialect: if needs_json {
            Dialect::Json
        } else {
            Dialect::Yaml
        },
    }
}

/// What Docker Compose warns of while it loads, a line each on standard error.
fn tell_warnings(setting: &Setting, workspace: &Workspace<'_>, view: &View, resolved: &Resolved) {
    let shown = |path: &Path| report::relative(&setting.here, path);
    let place = |span: Span| {
        let source = workspace.sources().get(span.file);
        format!(
            "{}:{}",
            shown(source.path()),
            source.line_on_disk(span.start) + 1
        )
    };
    for (used, others) in passed_over(workspace, view) {
        let others: Vec<String> = others
            .iter()
            .map(|other| shown(other).to_string())
            .collect();
        terminal::warning(&format!(
            "{} is loaded, {} beside it is not",
            shown(&used),
            others.join(", ")
        ));
    }
    for warning in &resolved.compose.warnings {
        let service = warning
            .service
            .as_ref()
            .map_or_else(String::new, |service| format!(" (`{service}`)"));
        terminal::warning(&format!(
            "{}: {}{service}",
            place(warning.span),
            warning.message
        ));
    }
    for unread in &resolved.compose.unread {
        let place = unread
            .span()
            .map_or_else(String::new, |span| format!("{}: ", place(span)));
        terminal::warning(&format!(
            "{place}`{}` is not loaded, and what it would add is not known",
            unread.value
        ));
    }
    for path in resolved.homeless_paths(workspace) {
        terminal::warning(&format!(
            "{}: `~` stays as it is, for HOME is not set",
            place(path)
        ));
    }
}

/// All errors go to standard error, so that standard output holds a project or nothing.
fn tell_errors(
    setting: &Setting,
    workspace: &Workspace<'_>,
    resolved: &Resolved,
) -> anyhow::Result<()> {
    let report = report::Report {
        diagnostics: &resolved.errors,
        sources: workspace.sources(),
        root: &setting.report_root(),
        checked: Checked {
            files: resolved.compose.files.len(),
            projects: 1,
            services: resolved.compose.services.len(),
            dockerfiles: 0,
        },
        quiet: setting.quiet,
    };
    let mut out = terminal::stderr(setting.color);
    report::write(&report, setting.format, &mut *out)
        .and_then(|()| out.flush())
        .context("cannot write to standard error")
}

struct Printer<'p> {
    setting: &'p Setting,
    workspace: &'p Workspace<'p>,
    view: &'p View,
    arguments: &'p Resolve,
    resolved: &'p Resolved,
}

impl Printer<'_> {
    fn print(&self) -> anyhow::Result<()> {
        let Listing {
            service_names,
            volumes,
            networks,
            models,
            images,
            profile_names,
            variables: uses,
            environment,
            hash,
        } = &self.arguments.listing;
        let resolved = self.resolved;
        let names = |section: &str| {
            resolved
                .names(section)
                .into_iter()
                .map(str::to_owned)
                .collect()
        };
        let lines: Vec<String> = match () {
            () if *service_names => names("services"),
            () if *volumes => names("volumes"),
            () if *networks => names("networks"),
            () if *models => resolved.models(),
            () if *images => resolved.images(),
            () if *profile_names => resolved.profiles(),
            () if *environment => resolved
                .environment
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
            () if hash.is_some() => {
                let asked: Vec<&str> = hash.iter().flat_map(|names| names.split(',')).collect();
                let hashes = resolved
                    .hashes()
                    .into_iter()
                    .filter(|(name, _)| asked == ["*"] || asked.contains(name));
                hashes
                    .map(|(name, hash)| format!("{name} {hash}"))
                    .collect()
            }
            () if *uses => return self.print_variables(),
            () => return self.print_document(),
        };
        self.setting
            .print_source(|out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))
    }

    fn print_document(&self) -> anyhow::Result<()> {
        let doubles_dollars = !self.arguments.no_interpolate;
        let origins = self.arguments.origins.then(|| Origins {
            workspace: self.workspace,
            root: &self.setting.here,
        });
        match self.arguments.format {
            Language::Yaml => {
                let text = yaml::write(&self.resolved.document, doubles_dollars, origins.as_ref());
                self.setting.print_source(|out| write!(out, "{text}"))
            }
            Language::Json => {
                let value = json::value(&self.resolved.document, doubles_dollars);
                self.print_json(&match origins {
                    Some(origins) => serde_json::json!({ "project": value, "origins": origins.json(&self.resolved.document, None) }),
                    None => value,
                })
            }
        }
    }

    fn print_variables(&self) -> anyhow::Result<()> {
        let uses: BTreeMap<String, Use> = variables(self.workspace, self.view);
        if self.arguments.format == Language::Json {
            let value = |(name, found): (&String, &Use)| {
                let Use {
                    required,
                    default,
                    alternative,
                } = found;
                let fields = serde_json::json!({ "Name": name, "DefaultValue": default, "PresenceValue": alternative, "Required": required });
                (name.clone(), fields)
            };
            return self.print_json(&serde_json::Value::Object(uses.iter().map(value).collect()));
        }
        // Columns as Docker's tables have them.
        let width = |widest: Option<usize>| widest.map_or(20, |widest| (widest + 3).max(20));
        let name_width = width(uses.keys().map(|name| name.chars().count()).max());
        let default_width = width(
            uses.values()
                .map(|found| found.default.chars().count())
                .max(),
        );
        self.setting.print_source(|out| {
            writeln!(
                out,
                "{:name_width$}{:20}{:default_width$}ALTERNATE VALUE",
                "NAME", "REQUIRED", "DEFAULT VALUE"
            )?;
            uses.iter().try_for_each(|(name, found)| {
                let line = format!(
                    "{name:name_width$}{:20}{:default_width$}{}",
                    found.required, found.default, found.alternative
                );
                writeln!(out, "{}", line.trim_end())
            })
        })
    }

    fn print_json(&self, value: &serde_json::Value) -> anyhow::Result<()> {
        self.setting.print_source(|out| {
            serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
            writeln!(out)
        })
    }
}
