//! Judgements over a project: the registry, and what every rule is given.
//!
//! A rule is two files and two lines: its document `rules/<id>.md`, which declares it, its behaviour `src/rules/<id>.rs`,
//! and here its module and its row. Lists, explanations and report metadata are all derived from the table.

use std::sync::LazyLock;

use crate::diagnostic::{Diagnostic, RuleInfo, Safety, Severity};
use crate::project::Project;

// Written out, for `cargo fmt` does not find modules that a macro declares.
mod command_operator_dropped;
mod container_name_clash;
mod copy_all_before_install;
mod dependency_cycle;
mod duplicate_key;
mod env_file_variable_not_interpolated;
mod env_list_item_is_a_map;
mod healthy_without_healthcheck;
mod host_port_clash;
mod invalid_compose;
mod invalid_setting;
mod invalid_syntax;
mod missing_dev_mount;
mod missing_dockerfile;
mod missing_file;
mod missing_path;
mod mounts_on_one_target;
mod needed_file_ignored;
mod no_profile_split;
mod obsolete_version;
mod profile_breaks_dependency;
mod server_without_reload;
mod undeclared_build_arg;
mod undefined_resource;
mod undefined_service;
mod unknown_key;
mod unknown_target;
mod unset_variable;
mod unused_resource;
mod watch_trigger_invalid;

/// A rule: what it is called, what it says of itself, what it does.
pub struct Rule {
    /// Kebab-case name of the bad thing.
    pub id: &'static str,
    /// The text of `rules/<id>.md`.
    pub document: &'static str,
    /// Looks at a project and reports what it finds.
    pub check: fn(&Project<'_>, &mut Findings),
}

macro_rules! rules {
    ($($module:ident = $id:literal,)*) => {
        const RULES: &[Rule] = &[
            $(Rule { id: $id, document: include_str!(concat!("../rules/", $id, ".md")), check: $module::check },)*
        ];
    };
}

rules! {
    // The edit does not arrive, or nothing of it is seen.
    missing_dev_mount = "missing-dev-mount",

    // It arrives, but the process does not read it again.
    server_without_reload = "server-without-reload",

    // It arrives slowly.
    copy_all_before_install = "copy-all-before-install",

    // Who starts, with whom, and when.
    no_profile_split = "no-profile-split",
    profile_breaks_dependency = "profile-breaks-dependency",
    dependency_cycle = "dependency-cycle",
    healthy_without_healthcheck = "healthy-without-healthcheck",

    // Override files and compose watch.
    watch_trigger_invalid = "watch-trigger-invalid",

    // What Docker Compose refuses.
    invalid_syntax = "invalid-syntax",
    invalid_compose = "invalid-compose",
    unknown_key = "unknown-key",
    undefined_service = "undefined-service",
    undefined_resource = "undefined-resource",
    duplicate_key = "duplicate-key",
    container_name_clash = "container-name-clash",
    env_list_item_is_a_map = "env-list-item-is-a-map",

    // What Docker Compose takes otherwise than meant.
    missing_file = "missing-file",
    unset_variable = "unset-variable",
    env_file_variable_not_interpolated = "env-file-variable-not-interpolated",
    host_port_clash = "host-port-clash",
    mounts_on_one_target = "mounts-on-one-target",
    command_operator_dropped = "command-operator-dropped",
    unused_resource = "unused-resource",
    obsolete_version = "obsolete-version",

    // Compose file and Dockerfile together.
    missing_dockerfile = "missing-dockerfile",
    unknown_target = "unknown-target",
    undeclared_build_arg = "undeclared-build-arg",
    missing_path = "missing-path",
    needed_file_ignored = "needed-file-ignored",

    // What is said to composelint itself.
    invalid_setting = "invalid-setting",
}

/// Every rule, in the order of the table.
pub fn all() -> &'static [Rule] {
    RULES
}

/// What the documents declare, in the same order.
pub fn infos() -> &'static [RuleInfo] {
    static INFOS: LazyLock<Vec<RuleInfo>> = LazyLock::new(|| RULES.iter().map(|rule| read_document(rule.id, rule.document)).collect());
    &INFOS
}

/// What the document of one rule declares.
pub fn info(id: &str) -> Option<&'static RuleInfo> {
    infos().iter().find(|info| info.id == id)
}

/// Where a rule puts what it finds.
#[derive(Default)]
pub struct Findings {
    diagnostics: Vec<Diagnostic>,
}

impl Findings {
    /// Reports something.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports any number of things.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.diagnostics.extend(diagnostics);
    }

    /// All that was reported.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }
}

/// Reads a document's front matter: `key: value` lines between two `---`. That the documents are well-formed is held by
/// `tests/it/rule_documents.rs`, so what is missing here falls back quietly.
fn read_document(id: &'static str, document: &'static str) -> RuleInfo {
    let (front, body) = document.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).unwrap_or(("", document));
    let field = |name: &str| {
        let line = front.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map(str::trim).unwrap_or_default()
    };
    RuleInfo {
        id,
        title: field("title"),
        severity: match field("severity") {
            "info" => Severity::Info,
            "warning" => Severity::Warning,
            _ => Severity::Error,
        },
        is_default: field("default") != "off",
        fix: match field("fix") {
            "safe" => Some(Safety::Safe),
            "unsafe" => Some(Safety::Unsafe),
            "suggest" => Some(Safety::Suggest),
            _ => None,
        },
        since: field("since"),
        aliases: field("aliases").split(',').map(str::trim).filter(|alias| !alias.is_empty()).collect(),
        document: body,
    }
}
