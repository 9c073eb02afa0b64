//! Judgements over a project: the registry, and what every rule is given.
//!
//! A rule is two files and two lines: its document `rules/<id>.md`, which declares it, its
//! behaviour `src/rules/<id>.rs`, and here its module and its row. Lists, explanations and report
//! metadata are all derived from the table.

use std::fmt::Debug;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::diagnostic::{Diagnostic, Label, RuleInfo, Safety, Severity};
use crate::image::Image;
use crate::project::{Project, Service};

// Written out, for `cargo fmt` does not find modules that a macro declares.
mod add_instead_of_copy;
mod anonymous_volume_over_code;
mod apt_lists_left;
mod as_casing_differs;
mod baked_start_script;
mod bind_source_missing;
mod broad_copy_in_monorepo;
mod broken_json_form;
mod build_output_shared;
mod bytecode_cache_in_mount;
mod cachebust_arg;
mod cd_instead_of_workdir;
mod chmod_after_copy;
mod code_partially_mounted;
mod command_operator_dropped;
mod command_overrides_dev_stage;
mod compiled_stage_in_dev;
mod completed_service_restarts;
mod constant_platform_in_from;
mod container_name_clash;
mod context_noise;
mod copy_after_user_owned_by_root;
mod copy_all_before_install;
mod copy_from_empty_stage;
mod copy_from_later_stage;
mod copy_from_own_stage;
mod copy_from_unknown_stage;
mod copy_several_to_a_file;
mod copy_to_relative_path;
mod copy_whole_filesystem;
mod crlf_script;
mod definition_comment_without_name;
mod dependency_cycle;
mod dependency_volume_stale;
mod deprecated_attribute;
mod dev_stage_unused;
mod dockerignore_misplaced;
mod duplicate_key;
mod duplicate_stage_name;
mod early_volatile_arg;
mod empty_continuation_line;
mod entrypoint_drops_command;
mod env_baked_at_build;
mod env_file_variable_not_interpolated;
mod env_list_item_is_a_map;
mod env_list_item_with_colon;
mod env_override_blank;
mod env_refers_to_itself;
mod expose_with_host_part;
mod extends_inherits_profile;
mod file_bind_goes_stale;
mod forbidden_onbuild_trigger;
mod fraction_without_unit;
mod healthcheck_tool_missing;
mod healthcheck_words_dropped;
mod healthy_without_healthcheck;
mod hidden_input_layer;
mod host_port_clash;
mod image_owner_not_built;
mod image_without_healthcheck;
mod inconsistent_instruction_casing;
mod init_script_runs_once;
mod inline_config_not_refreshed;
mod install_at_start;
mod install_reruns_for_source_only_change;
mod install_waits_for_answer;
mod install_without_cache_mount;
mod installed_copy_shadows_mount;
mod instruction_before_from;
mod invalid_compose;
mod invalid_default_arg_in_from;
mod invalid_image_name;
mod invalid_restart_policy;
mod invalid_setting;
mod invalid_syntax;
mod latest_base_image;
mod legacy_key_value;
mod local_build_may_be_pulled;
mod localhost_address;
mod maintainer_instruction;
mod manifest_copied_twice;
mod manifest_copied_without_lock;
mod missing_dev_mount;
mod missing_directory;
mod missing_dockerfile;
mod missing_file;
mod missing_path;
mod misspelled_directive;
mod mount_hides_build_output;
mod mount_hides_dependencies;
mod mount_shadowed_by_volume;
mod mount_target_mismatch;
mod mounts_on_one_target;
mod named_dependency_volume;
mod named_user_in_scratch;
mod named_volume_over_code;
mod needed_file_ignored;
mod no_dockerignore;
mod no_profile_split;
mod node_watch_single_file;
mod obsolete_version;
mod oversized_dockerfile;
mod one_letter_volume;
mod opcache_blocks_edits;
mod optional_dependency_is_required;
mod override_merge_trap;
mod override_not_loaded;
mod partial_build;
mod pipe_without_pipefail;
mod polling_off_value;
mod port_out_of_range;
mod production_mounts_source;
mod profile_breaks_dependency;
mod profiled_containers_leak;
mod rails_evented_watcher;
mod redundant_target_platform;
mod relative_workdir;
mod reload_dir_misses_mount;
mod reload_flag_ineffective;
mod reload_ignores_config_files;
mod reload_tool_not_installed;
mod remote_compose_file;
mod repeated_instruction;
mod required_variable_unset;
mod reserved_stage_name;
mod restart_keeps_old_image;
mod runs_build_artifact;
mod script_not_executable;
mod secret_in_arg_or_env;
mod server_without_reload;
mod shared_image_tag_conflict;
mod shared_package_partially_mounted;
mod shell_form_command;
mod shell_form_healthcheck;
mod shell_in_scratch;
mod shell_operator_in_copy;
mod signal_swallowing_launcher;
mod single_stage_build;
mod slow_first_probe;
mod shellcheck;
mod stage_name_not_lowercase;
mod start_interval_without_start_period;
mod start_script_missing;
mod stop_signal_kills;
mod swarm_only_attribute;
mod undeclared_build_arg;
mod undefined_arg_in_from;
mod undefined_resource;
mod undefined_service;
mod undefined_variable;
mod unexposed_port;
mod unknown_host;
mod unknown_key;
mod unknown_suppression;
mod unknown_target;
mod unreachable_stage;
mod unset_variable;
mod up_without_build;
mod untagged_base_image;
mod unused_resource;
mod uppercase_expose_protocol;
mod user_missing;
mod useradd_with_large_uid;
mod wait_on_started_race;
mod watch_exec_loop;
mod watch_lockfile_uncovered;
mod variable_set_twice;
mod view_image_clash;
mod watch_misses_copied_files;
mod watch_rebuild_kills_siblings;
mod watch_rule_dead;
mod watch_trigger_invalid;
mod watcher_includes_vendor_tree;
mod worker_without_reload;
mod wrong_port;
mod yes_or_no_boolean;

/// A rule: what it is called, what it says of itself, what it does.
pub struct Rule {
    /// Kebab-case name of the bad thing.
    pub id: &'static str,
    /// What it has in common with its neighbours in the table.
    pub group: &'static str,
    /// The text of `rules/<id>.md`.
    pub document: &'static str,
    /// Looks at a project and reports what it finds.
    pub check: fn(&Project<'_>, &mut Findings),
}

macro_rules! rules {
    ($($group:literal: $($module:ident = $id:literal,)*)*) => {
        const RULES: &[Rule] = &[
            $($(Rule {
                id: $id,
                group: $group,
                document: include_str!(concat!("../rules/", $id, ".md")),
                check: $module::check,
            },)*)*
        ];
    };
}

rules! {
    "The edit does not arrive, or nothing of it is seen":
    missing_dev_mount = "missing-dev-mount",
    mount_target_mismatch = "mount-target-mismatch",
    mount_shadowed_by_volume = "mount-shadowed-by-volume",
    named_volume_over_code = "named-volume-over-code",
    anonymous_volume_over_code = "anonymous-volume-over-code",
    dependency_volume_stale = "dependency-volume-stale",
    named_dependency_volume = "named-dependency-volume",
    mount_hides_dependencies = "mount-hides-dependencies",
    mount_hides_build_output = "mount-hides-build-output",
    file_bind_goes_stale = "file-bind-goes-stale",
    bind_source_missing = "bind-source-missing",
    installed_copy_shadows_mount = "installed-copy-shadows-mount",
    runs_build_artifact = "runs-build-artifact",
    compiled_stage_in_dev = "compiled-stage-in-dev",
    dev_stage_unused = "dev-stage-unused",
    command_overrides_dev_stage = "command-overrides-dev-stage",
    code_partially_mounted = "code-partially-mounted",
    shared_package_partially_mounted = "shared-package-partially-mounted",
    shared_image_tag_conflict = "shared-image-tag-conflict",
    restart_keeps_old_image = "restart-keeps-old-image",
    image_owner_not_built = "image-owner-not-built",
    up_without_build = "up-without-build",
    partial_build = "partial-build",
    view_image_clash = "view-image-clash",
    local_build_may_be_pulled = "local-build-may-be-pulled",
    env_baked_at_build = "env-baked-at-build",
    env_override_blank = "env-override-blank",
    hidden_input_layer = "hidden-input-layer",
    inline_config_not_refreshed = "inline-config-not-refreshed",
    bytecode_cache_in_mount = "bytecode-cache-in-mount",
    production_mounts_source = "production-mounts-source",
    build_output_shared = "build-output-shared",
    baked_start_script = "baked-start-script",
    init_script_runs_once = "init-script-runs-once",

    "It arrives, but the process does not read it again":
    server_without_reload = "server-without-reload",
    worker_without_reload = "worker-without-reload",
    reload_flag_ineffective = "reload-flag-ineffective",
    reload_dir_misses_mount = "reload-dir-misses-mount",
    node_watch_single_file = "node-watch-single-file",
    polling_off_value = "polling-off-value",
    entrypoint_drops_command = "entrypoint-drops-command",
    reload_tool_not_installed = "reload-tool-not-installed",
    opcache_blocks_edits = "opcache-blocks-edits",
    reload_ignores_config_files = "reload-ignores-config-files",
    watcher_includes_vendor_tree = "watcher-includes-vendor-tree",
    rails_evented_watcher = "rails-evented-watcher",
    signal_swallowing_launcher = "signal-swallowing-launcher",

    "It arrives slowly":
    broad_copy_in_monorepo = "broad-copy-in-monorepo",
    copy_all_before_install = "copy-all-before-install",
    install_reruns_for_source_only_change = "install-reruns-for-source-only-change",
    manifest_copied_without_lock = "manifest-copied-without-lock",
    early_volatile_arg = "early-volatile-arg",
    context_noise = "context-noise",
    cachebust_arg = "cachebust-arg",
    install_without_cache_mount = "install-without-cache-mount",
    manifest_copied_twice = "manifest-copied-twice",

    "Who starts, with whom, and when":
    no_profile_split = "no-profile-split",
    profile_breaks_dependency = "profile-breaks-dependency",
    extends_inherits_profile = "extends-inherits-profile",
    optional_dependency_is_required = "optional-dependency-is-required",
    profiled_containers_leak = "profiled-containers-leak",
    dependency_cycle = "dependency-cycle",
    healthy_without_healthcheck = "healthy-without-healthcheck",
    start_interval_without_start_period = "start-interval-without-start-period",
    slow_first_probe = "slow-first-probe",
    wait_on_started_race = "wait-on-started-race",
    install_at_start = "install-at-start",
    completed_service_restarts = "completed-service-restarts",

    "Override files and compose watch":
    watch_misses_copied_files = "watch-misses-copied-files",
    override_not_loaded = "override-not-loaded",
    override_merge_trap = "override-merge-trap",
    watch_trigger_invalid = "watch-trigger-invalid",
    watch_rule_dead = "watch-rule-dead",
    watch_exec_loop = "watch-exec-loop",
    watch_lockfile_uncovered = "watch-lockfile-uncovered",
    watch_rebuild_kills_siblings = "watch-rebuild-kills-siblings",

    "What Docker Compose refuses":
    invalid_syntax = "invalid-syntax",
    invalid_compose = "invalid-compose",
    unknown_key = "unknown-key",
    undefined_service = "undefined-service",
    undefined_resource = "undefined-resource",
    duplicate_key = "duplicate-key",
    container_name_clash = "container-name-clash",
    env_list_item_is_a_map = "env-list-item-is-a-map",
    required_variable_unset = "required-variable-unset",
    invalid_image_name = "invalid-image-name",
    invalid_restart_policy = "invalid-restart-policy",

    "What Docker Compose takes otherwise than meant":
    missing_file = "missing-file",
    missing_directory = "missing-directory",
    unset_variable = "unset-variable",
    env_file_variable_not_interpolated = "env-file-variable-not-interpolated",
    host_port_clash = "host-port-clash",
    mounts_on_one_target = "mounts-on-one-target",
    one_letter_volume = "one-letter-volume",
    command_operator_dropped = "command-operator-dropped",
    unused_resource = "unused-resource",
    obsolete_version = "obsolete-version",
    env_list_item_with_colon = "env-list-item-with-colon",
    variable_set_twice = "variable-set-twice",
    fraction_without_unit = "fraction-without-unit",
    swarm_only_attribute = "swarm-only-attribute",
    deprecated_attribute = "deprecated-attribute",
    yes_or_no_boolean = "yes-or-no-boolean",
    remote_compose_file = "remote-compose-file",

    "Compose file and Dockerfile together":
    missing_dockerfile = "missing-dockerfile",
    unknown_target = "unknown-target",
    undeclared_build_arg = "undeclared-build-arg",
    missing_path = "missing-path",
    needed_file_ignored = "needed-file-ignored",
    unknown_host = "unknown-host",
    localhost_address = "localhost-address",
    wrong_port = "wrong-port",
    unexposed_port = "unexposed-port",
    healthcheck_tool_missing = "healthcheck-tool-missing",
    healthcheck_words_dropped = "healthcheck-words-dropped",
    script_not_executable = "script-not-executable",
    crlf_script = "crlf-script",
    start_script_missing = "start-script-missing",
    user_missing = "user-missing",
    unreachable_stage = "unreachable-stage",
    dockerignore_misplaced = "dockerignore-misplaced",
    no_dockerignore = "no-dockerignore",

    "What is said to composelint itself":
    invalid_setting = "invalid-setting",
    unknown_suppression = "unknown-suppression",

    "Dockerfiles: what BuildKit refuses or takes otherwise than meant":
    instruction_before_from = "instruction-before-from",
    forbidden_onbuild_trigger = "forbidden-onbuild-trigger",
    undefined_arg_in_from = "undefined-arg-in-from",
    invalid_default_arg_in_from = "invalid-default-arg-in-from",
    undefined_variable = "undefined-variable",
    env_refers_to_itself = "env-refers-to-itself",
    broken_json_form = "broken-json-form",
    misspelled_directive = "misspelled-directive",
    empty_continuation_line = "empty-continuation-line",
    copy_from_unknown_stage = "copy-from-unknown-stage",
    copy_from_later_stage = "copy-from-later-stage",
    copy_from_own_stage = "copy-from-own-stage",
    copy_from_empty_stage = "copy-from-empty-stage",
    shell_operator_in_copy = "shell-operator-in-copy",
    copy_several_to_a_file = "copy-several-to-a-file",
    copy_to_relative_path = "copy-to-relative-path",
    relative_workdir = "relative-workdir",
    duplicate_stage_name = "duplicate-stage-name",
    reserved_stage_name = "reserved-stage-name",
    repeated_instruction = "repeated-instruction",
    port_out_of_range = "port-out-of-range",
    expose_with_host_part = "expose-with-host-part",
    shell_in_scratch = "shell-in-scratch",
    named_user_in_scratch = "named-user-in-scratch",
    install_waits_for_answer = "install-waits-for-answer",

    "Dockerfiles: how the image behaves":
    shell_form_command = "shell-form-command",
    shell_form_healthcheck = "shell-form-healthcheck",
    stop_signal_kills = "stop-signal-kills",
    secret_in_arg_or_env = "secret-in-arg-or-env",
    constant_platform_in_from = "constant-platform-in-from",
    redundant_target_platform = "redundant-target-platform",
    untagged_base_image = "untagged-base-image",
    latest_base_image = "latest-base-image",
    image_without_healthcheck = "image-without-healthcheck",
    copy_whole_filesystem = "copy-whole-filesystem",
    single_stage_build = "single-stage-build",
    copy_after_user_owned_by_root = "copy-after-user-owned-by-root",
    chmod_after_copy = "chmod-after-copy",
    apt_lists_left = "apt-lists-left",
    pipe_without_pipefail = "pipe-without-pipefail",
    useradd_with_large_uid = "useradd-with-large-uid",

    "Dockerfiles: how a Dockerfile is written":
    stage_name_not_lowercase = "stage-name-not-lowercase",
    as_casing_differs = "as-casing-differs",
    inconsistent_instruction_casing = "inconsistent-instruction-casing",
    uppercase_expose_protocol = "uppercase-expose-protocol",
    legacy_key_value = "legacy-key-value",
    maintainer_instruction = "maintainer-instruction",
    oversized_dockerfile = "oversized-dockerfile",
    add_instead_of_copy = "add-instead-of-copy",
    cd_instead_of_workdir = "cd-instead-of-workdir",
    shellcheck = "shellcheck",
    definition_comment_without_name = "definition-comment-without-name",
}

/// Every rule, in the order of the table.
pub fn all() -> &'static [Rule] {
    RULES
}

/// What the documents declare, in the same order.
pub fn infos() -> &'static [RuleInfo] {
    static INFOS: LazyLock<Vec<RuleInfo>> = LazyLock::new(|| {
        RULES
            .iter()
            .map(|rule| read_document(rule.id, rule.document))
            .collect()
    });
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
    subjects: FxHashSet<String>,
}

impl Findings {
    /// Reports something.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether the rule has not spoken of a subject so far; from now on it has. It is the one way to
    /// say a thing once: `if findings.is_new(path) { findings.push(…) }`.
    pub fn is_new(&mut self, subject: impl Debug) -> bool {
        self.subjects.insert(format!("{subject:?}"))
    }

    /// Reports something about a service. Services that share one text, by an anchor or one image,
    /// share the finding: the first has it, the others are labels.
    pub fn push_shared(&mut self, service: Service<'_>, finding: Diagnostic) {
        let Some(known) = self
            .diagnostics
            .iter_mut()
            .find(|known| known.span == finding.span)
        else {
            return self.push(finding);
        };
        let place = service.spec().key();
        if known.service.as_deref() != Some(service.name())
            && !known.labels.iter().any(|label| label.span == place)
        {
            known.labels.push(Label {
                span: place,
                message: format!("the same in `{}`", service.name()),
            });
        }
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

/// A finding about a build, with the service that runs its image.
fn of_image(project: &Project<'_>, image: &Image, finding: Diagnostic) -> Diagnostic {
    match project.users_of(image).next() {
        Some(service) => finding.service(service.name()),
        None => finding,
    }
}

/// The same with the build context, as the service writes it.
fn of_build_context(project: &Project<'_>, image: &Image, finding: Diagnostic) -> Diagnostic {
    let build = project
        .users_of(image)
        .next()
        .and_then(|service| service.spec().build.as_ref());
    let place = build.and_then(|build| build.context.span().or(build.origin.span));
    let finding = of_image(project, image, finding);
    match place {
        Some(span) => finding.label(span, "the build context"),
        None => finding,
    }
}

/// Reads a document's front matter: `key: value` lines between two `---`. That the documents are
/// well-formed is held by `tests/it/rule_documents.rs`, so what is missing here falls back quietly.
fn read_document(id: &'static str, document: &'static str) -> RuleInfo {
    let (front, body) = document
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
        .unwrap_or(("", document));
    let field = |name: &str| {
        let line = front
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
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
        is_graded: field("graded") == "yes",
        is_default: field("default") != "off",
        fix: match field("fix") {
            "safe" => Some(Safety::Safe),
            "unsafe" => Some(Safety::Unsafe),
            "suggest" => Some(Safety::Suggest),
            _ => None,
        },
        since: field("since"),
        aliases: field("aliases")
            .split(',')
            .map(str::trim)
            .filter(|alias| !alias.is_empty())
            .collect(),
        document: body,
    }
}
