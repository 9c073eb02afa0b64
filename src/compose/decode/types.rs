//! The types of all attributes, in the order in which Docker Compose prints them.
//!
//! The facts are those of the Go types of the reference: the order of the fields, which of them are
//! left out when they are empty, and what text becomes in each.

/// What a value becomes.
#[derive(Clone, Copy, Debug)]
pub(in crate::compose) enum Type {
    /// Text; a number becomes its digits.
    Text,
    /// A boolean; false is left out.
    Bool,
    /// A boolean that is shown as soon as it is written.
    Flag,
    /// A boolean that is true unless written otherwise; true is left out.
    OptOut,
    /// A number without fraction; zero is left out.
    Int,
    /// The same, and text is refused.
    Number,
    /// A number without fraction that is shown as soon as it is written.
    Count,
    /// The same, not below zero.
    Unsigned,
    /// A share of block I/O: not below zero and no text; zero is left out.
    Weight,
    /// A number of 32 bits with fraction.
    Float,
    /// Bytes, with or without a unit; printed as text.
    Size,
    /// Time with units, printed as Go does; zero is left out.
    Duration,
    /// The same, shown as soon as it is written.
    Period,
    /// The mode of a file, printed as octal text.
    Mode,
    /// A command line: text is cut into words.
    Command,
    /// `healthcheck.test`: text is for a shell.
    Test,
    /// A list of texts.
    Texts,
    /// A list of texts and whole numbers.
    Digits,
    /// A mapping or `KEY=VALUE` items; a key may be without a value.
    Variables,
    /// A mapping or `KEY=VALUE` items; a key without a value is empty.
    Pairs,
    /// A mapping to lists of texts.
    Options,
    /// `extra_hosts`.
    Hosts,
    /// `build.ssh`.
    Ssh,
    /// How many devices; `all` is -1.
    Devices,
    /// One limit, or a soft and a hard one.
    Ulimit,
    /// A list.
    List(&'static Type),
    /// A mapping whose keys are names; null stays.
    Map(&'static Type),
    /// A mapping whose keys are attributes.
    Struct(&'static Struct),
}

/// A mapping whose keys are attributes, in parts that several of them share.
#[derive(Debug)]
pub(in crate::compose) struct Struct(pub(in crate::compose) &'static [&'static [Field]]);

/// An attribute.
#[derive(Debug)]
pub(in crate::compose) struct Field {
    /// Its key.
    pub(in crate::compose) name: &'static str,
    /// What it becomes.
    pub(in crate::compose) kind: Type,
    /// When it is printed.
    pub(in crate::compose) shown: Shown,
}

/// When an attribute is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::compose) enum Shown {
    /// When it holds something.
    Filled,
    /// Always.
    Always,
    /// In JSON always, in YAML when it holds something.
    InJson,
    /// Always, in JSON with a capital letter, for so the reference prints it.
    Capital,
}

const fn field(name: &'static str, kind: Type) -> Field {
    Field {
        name,
        kind,
        shown: Shown::Filled,
    }
}

const fn always(name: &'static str, kind: Type) -> Field {
    Field {
        name,
        kind,
        shown: Shown::Always,
    }
}

const fn capital(name: &'static str, kind: Type) -> Field {
    Field {
        name,
        kind,
        shown: Shown::Capital,
    }
}

const fn in_json(name: &'static str, kind: Type) -> Field {
    Field {
        name,
        kind,
        shown: Shown::InJson,
    }
}

use Type::{
    Bool, Command, Count, Devices, Duration, Flag, Float, Hosts, Int, List, Map, Mode, OptOut,
    Options, Pairs, Period, Size, Ssh, Test, Text, Texts, Ulimit, Unsigned, Variables,
};

/// A service.
pub(in crate::compose) const SERVICE: Struct = Struct(&[
    &[
        field("profiles", Texts),
        field("deploy", Type::Struct(&DEPLOY)),
        field("develop", Type::Struct(&DEVELOP)),
        field("restart", Text),
        field("scale", Count),
        field("attach", Flag),
        field("container_name", Text),
        field("provider", Type::Struct(&PROVIDER)),
        field("external_links", Texts),
        field("links", Texts),
        field("pre_start", List(&Type::Struct(&PRE_START))),
        field("post_start", List(&Type::Struct(&HOOK))),
        field("pre_stop", List(&Type::Struct(&HOOK))),
    ],
    CONTAINER,
    WORKLOAD,
]);

/// A job.
pub(in crate::compose) const JOB: Struct = Struct(&[
    &[
        field("name", Text),
        field("profiles", Texts),
        field("triggers", Type::Struct(&TRIGGERS)),
    ],
    CONTAINER,
    WORKLOAD,
]);

/// What everything that runs a container has.
pub(in crate::compose) const CONTAINER: &[Field] = &[
    field("annotations", Pairs),
    field("blkio_config", Type::Struct(&BLKIO)),
    field("cap_add", Texts),
    field("cap_drop", Texts),
    field("cgroup_parent", Text),
    field("cgroup", Text),
    field("cpu_count", Int),
    field("cpu_percent", Float),
    field("cpu_period", Int),
    field("cpu_quota", Int),
    field("cpu_rt_period", Int),
    field("cpu_rt_runtime", Int),
    field("cpus", Float),
    field("cpuset", Text),
    field("cpu_shares", Int),
    in_json("command", Command),
    field("configs", List(&Type::Struct(&FILE_MOUNT))),
    field("credential_spec", Type::Struct(&CREDENTIALS)),
    field("device_cgroup_rules", Texts),
    field("devices", List(&Type::Struct(&DEVICE))),
    field("dns", Texts),
    field("dns_opt", Texts),
    field("dns_search", Texts),
    field("domainname", Text),
    in_json("entrypoint", Command),
    field("environment", Variables),
    field("env_file", List(&Type::Struct(&ENV_FILE))),
    field("extra_hosts", Hosts),
    field("group_add", Type::Digits),
    field("gpus", List(&Type::Struct(&DEVICE_REQUEST))),
    field("hostname", Text),
    field("image", Text),
    field("init", Flag),
    field("ipc", Text),
    field("isolation", Text),
    field("labels", Pairs),
    field("label_file", Texts),
    field("logging", Type::Struct(&LOGGING)),
    field("mem_limit", Size),
    field("mem_reservation", Size),
    field("memswap_limit", Size),
    field("mem_swappiness", Size),
    field("mac_address", Text),
    field("models", Map(&Type::Struct(&SERVICE_MODEL))),
    field("network_mode", Text),
    field("networks", Map(&Type::Struct(&SERVICE_NETWORK))),
    field("oom_kill_disable", Bool),
    field("oom_score_adj", Int),
    field("pid", Text),
    field("pids_limit", Int),
    field("platform", Text),
    field("privileged", Bool),
    field("pull_policy", Text),
    field("pull_refresh_after", Text),
    field("read_only", Bool),
    field("runtime", Text),
    field("secrets", List(&Type::Struct(&FILE_MOUNT))),
    field("security_opt", Texts),
    field("shm_size", Size),
    field("stop_grace_period", Period),
    field("stop_signal", Text),
    field("storage_opt", Pairs),
    field("sysctls", Pairs),
    field("tmpfs", Texts),
    field("ulimits", Map(&Ulimit)),
    field("use_api_socket", Bool),
    field("user", Text),
    field("userns_mode", Text),
    field("uts", Text),
    field("volumes", List(&Type::Struct(&MOUNT))),
    field("volumes_from", Texts),
    field("working_dir", Text),
];

/// What services and jobs have besides a container.
const WORKLOAD: &[Field] = &[
    field("build", Type::Struct(&BUILD)),
    field("depends_on", Map(&Type::Struct(&DEPENDENCY))),
    field("expose", Texts),
    field("healthcheck", Type::Struct(&HEALTHCHECK)),
    field("ports", List(&Type::Struct(&PORT))),
    field("stdin_open", Bool),
    field("tty", Bool),
];

const PRE_START: Struct = Struct(&[CONTAINER, &[field("per_replica", Bool)]]);

const HOOK: Struct = Struct(&[&[
    in_json("command", Command),
    field("user", Text),
    field("privileged", Bool),
    field("working_dir", Text),
    field("environment", Variables),
]]);

const TRIGGERS: Struct = Struct(&[&[
    field("manual", Flag),
    field("schedule", List(&Type::Struct(&SCHEDULE))),
]]);

const SCHEDULE: Struct = Struct(&[&[
    field("cron", Text),
    field("timezone", Text),
    field("concurrency", Text),
    field("missed_fires", Text),
]]);

const PROVIDER: Struct = Struct(&[&[field("type", Text), field("options", Options)]]);

const BUILD: Struct = Struct(&[&[
    field("context", Text),
    field("dockerfile", Text),
    field("dockerfile_inline", Text),
    field("entitlements", Texts),
    field("args", Variables),
    field("provenance", Text),
    field("sbom", Text),
    field("ssh", Ssh),
    field("labels", Pairs),
    field("cache_from", Texts),
    field("cache_to", Texts),
    field("no_cache", Bool),
    field("no_cache_filter", Texts),
    field("additional_contexts", Pairs),
    field("pull", Bool),
    field("extra_hosts", Hosts),
    field("isolation", Text),
    field("network", Text),
    field("target", Text),
    field("secrets", List(&Type::Struct(&FILE_MOUNT))),
    field("shm_size", Size),
    field("tags", Texts),
    field("ulimits", Map(&Ulimit)),
    field("platforms", Texts),
    field("privileged", Bool),
]]);

const BLKIO: Struct = Struct(&[&[
    field("weight", Type::Weight),
    field("weight_device", List(&Type::Struct(&WEIGHT))),
    field("device_read_bps", List(&Type::Struct(&RATE))),
    field("device_read_iops", List(&Type::Struct(&RATE))),
    field("device_write_bps", List(&Type::Struct(&RATE))),
    field("device_write_iops", List(&Type::Struct(&RATE))),
]]);

const WEIGHT: Struct = Struct(&[&[capital("path", Text), capital("weight", Type::Weight)]]);

const RATE: Struct = Struct(&[&[capital("path", Text), capital("rate", Size)]]);

const FILE_MOUNT: Struct = Struct(&[&[
    field("source", Text),
    field("target", Text),
    field("uid", Text),
    field("gid", Text),
    field("mode", Mode),
]]);

const CREDENTIALS: Struct = Struct(&[&[
    field("config", Text),
    field("file", Text),
    field("registry", Text),
]]);

const DEVICE: Struct = Struct(&[&[
    field("source", Text),
    field("target", Text),
    field("permissions", Text),
]]);

const ENV_FILE: Struct = Struct(&[&[
    field("path", Text),
    field("required", OptOut),
    field("format", Text),
]]);

const DEVICE_REQUEST: Struct = Struct(&[&[
    field("capabilities", Texts),
    field("driver", Text),
    field("count", Devices),
    field("device_ids", Texts),
    field("options", Pairs),
]]);

const LOGGING: Struct = Struct(&[&[field("driver", Text), field("options", Pairs)]]);

const SERVICE_MODEL: Struct = Struct(&[&[field("endpoint_var", Text), field("model_var", Text)]]);

const SERVICE_NETWORK: Struct = Struct(&[&[
    field("aliases", Texts),
    field("driver_opts", Pairs),
    field("gw_priority", Int),
    field("interface_name", Text),
    field("ipv4_address", Text),
    field("ipv6_address", Text),
    field("link_local_ips", Texts),
    field("mac_address", Text),
    field("priority", Int),
]]);

const MOUNT: Struct = Struct(&[&[
    field("type", Text),
    field("source", Text),
    field("target", Text),
    field("read_only", Bool),
    field("consistency", Text),
    field("bind", Type::Struct(&BIND)),
    field("volume", Type::Struct(&NAMED_VOLUME)),
    field("tmpfs", Type::Struct(&TMPFS)),
    field("image", Type::Struct(&IMAGE_VOLUME)),
]]);

const BIND: Struct = Struct(&[&[
    field("selinux", Text),
    field("propagation", Text),
    field("create_host_path", OptOut),
    field("recursive", Text),
]]);

const NAMED_VOLUME: Struct = Struct(&[&[
    field("labels", Pairs),
    field("nocopy", Bool),
    field("subpath", Text),
]]);

const TMPFS: Struct = Struct(&[&[field("size", Size), field("mode", Type::Number)]]);

const IMAGE_VOLUME: Struct = Struct(&[&[field("subpath", Text)]]);

const DEPENDENCY: Struct = Struct(&[&[
    field("condition", Text),
    field("restart", Bool),
    always("required", Bool),
]]);

const HEALTHCHECK: Struct = Struct(&[&[
    field("test", Test),
    field("timeout", Period),
    field("interval", Period),
    field("retries", Unsigned),
    field("start_period", Period),
    field("start_interval", Period),
    field("disable", Bool),
]]);

const PORT: Struct = Struct(&[&[
    field("name", Text),
    field("mode", Text),
    field("host_ip", Text),
    field("target", Int),
    field("published", Text),
    field("protocol", Text),
    field("app_protocol", Text),
]]);

const DEVELOP: Struct = Struct(&[&[field("watch", List(&Type::Struct(&WATCH)))]]);

const WATCH: Struct = Struct(&[&[
    always("path", Text),
    always("action", Text),
    field("target", Text),
    in_json("exec", Type::Struct(&HOOK)),
    field("include", Texts),
    field("ignore", Texts),
    field("initial_sync", Bool),
]]);

const DEPLOY: Struct = Struct(&[&[
    field("mode", Text),
    field("replicas", Count),
    field("labels", Pairs),
    field("update_config", Type::Struct(&UPDATE)),
    field("rollback_config", Type::Struct(&UPDATE)),
    in_json("resources", Type::Struct(&RESOURCES)),
    field("restart_policy", Type::Struct(&RESTART)),
    in_json("placement", Type::Struct(&PLACEMENT)),
    field("endpoint_mode", Text),
]]);

const UPDATE: Struct = Struct(&[&[
    field("parallelism", Unsigned),
    field("delay", Duration),
    field("failure_action", Text),
    field("monitor", Duration),
    field("max_failure_ratio", Float),
    field("order", Text),
]]);

const RESOURCES: Struct = Struct(&[&[
    field("limits", Type::Struct(&RESOURCE)),
    field("reservations", Type::Struct(&RESOURCE)),
]]);

const RESOURCE: Struct = Struct(&[&[
    field("cpus", Float),
    field("memory", Size),
    field("pids", Int),
    field("devices", List(&Type::Struct(&DEVICE_REQUEST))),
    field("generic_resources", List(&Type::Struct(&GENERIC))),
]]);

const GENERIC: Struct = Struct(&[&[field("discrete_resource_spec", Type::Struct(&DISCRETE))]]);

const DISCRETE: Struct = Struct(&[&[always("kind", Text), always("value", Int)]]);

const RESTART: Struct = Struct(&[&[
    field("condition", Text),
    field("delay", Period),
    field("max_attempts", Unsigned),
    field("window", Period),
]]);

const PLACEMENT: Struct = Struct(&[&[
    field("constraints", Texts),
    field("preferences", List(&Type::Struct(&PREFERENCE))),
    field("max_replicas_per_node", Int),
]]);

const PREFERENCE: Struct = Struct(&[&[field("spread", Text)]]);

/// A top-level network.
pub(in crate::compose) const NETWORK: Struct = Struct(&[&[
    field("name", Text),
    field("driver", Text),
    field("driver_opts", Pairs),
    in_json("ipam", Type::Struct(&IPAM)),
    field("external", Bool),
    field("internal", Bool),
    field("attachable", Bool),
    field("labels", Pairs),
    field("enable_ipv4", Flag),
    field("enable_ipv6", Flag),
]]);

const IPAM: Struct = Struct(&[&[
    field("driver", Text),
    field("config", List(&Type::Struct(&POOL))),
    field("options", Pairs),
]]);

const POOL: Struct = Struct(&[&[
    field("subnet", Text),
    field("gateway", Text),
    field("ip_range", Text),
    field("aux_addresses", Pairs),
]]);

/// A top-level volume.
pub(in crate::compose) const VOLUME: Struct = Struct(&[&[
    field("name", Text),
    field("driver", Text),
    field("driver_opts", Pairs),
    field("external", Bool),
    field("labels", Pairs),
]]);

/// A top-level secret or config.
pub(in crate::compose) const FILE: Struct = Struct(&[&[
    field("name", Text),
    field("file", Text),
    field("environment", Text),
    field("content", Text),
    field("external", Bool),
    field("labels", Pairs),
    field("driver", Text),
    field("driver_opts", Pairs),
    field("template_driver", Text),
]]);

/// A top-level model.
pub(in crate::compose) const MODEL: Struct = Struct(&[&[
    field("name", Text),
    field("model", Text),
    field("context_size", Int),
    field("runtime_flags", Texts),
]]);
