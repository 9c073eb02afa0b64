//! The attributes of the Compose specification and what each may hold: the facts of the JSON schema
//! that Docker Compose 5.6.1 carries.

use super::Schema::{Node, OneOf, Only};
use super::{
    ANY, BOOLEAN, INTEGER, Keys, LIST, MAPPING, NULL, NUMBER, Pattern, Rules, STRING, Schema,
};

/// A whole file.
pub(super) static FILE: Schema = Node(&Rules {
    kinds: MAPPING,
    properties: &[
        (
            "configs",
            &Node(&Rules {
                kinds: MAPPING,
                others: Some((Keys::Name, &CONFIG)),
                closed: true,
                ..ANY
            }),
        ),
        (
            "include",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&INCLUDE),
                ..ANY
            }),
        ),
        (
            "jobs",
            &Node(&Rules {
                kinds: MAPPING,
                others: Some((Keys::Name, &JOB)),
                closed: true,
                ..ANY
            }),
        ),
        (
            "models",
            &Node(&Rules {
                kinds: MAPPING,
                others: Some((Keys::Name, &MODEL)),
                closed: true,
                ..ANY
            }),
        ),
        ("name", &Only(STRING)),
        (
            "networks",
            &Node(&Rules {
                kinds: MAPPING,
                others: Some((Keys::Name, &NETWORK)),
                closed: true,
                ..ANY
            }),
        ),
        (
            "secrets",
            &Node(&Rules {
                kinds: MAPPING,
                others: Some((Keys::Name, &SECRET)),
                closed: true,
                ..ANY
            }),
        ),
        (
            "services",
            &Node(&Rules {
                kinds: MAPPING,
                others: Some((Keys::Name, &SERVICE)),
                closed: true,
                ..ANY
            }),
        ),
        ("version", &Only(STRING)),
        (
            "volumes",
            &Node(&Rules {
                kinds: MAPPING,
                others: Some((Keys::Name, &VOLUME)),
                closed: true,
                ..ANY
            }),
        ),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

static BLKIO_LIMIT: Schema = Node(&Rules {
    kinds: MAPPING,
    properties: &[("path", &Only(STRING)), ("rate", &Only(STRING | INTEGER))],
    closed: true,
    ..ANY
});

static BLKIO_WEIGHT: Schema = Node(&Rules {
    kinds: MAPPING,
    properties: &[("path", &Only(STRING)), ("weight", &Only(STRING | INTEGER))],
    closed: true,
    ..ANY
});

static COMMAND: Schema = OneOf(&[
    &Only(NULL),
    &Only(STRING),
    &Node(&Rules {
        kinds: LIST,
        items: Some(&Only(STRING)),
        ..ANY
    }),
]);

static CONFIG: Schema = Node(&Rules {
    kinds: MAPPING,
    properties: &[
        ("content", &Only(STRING)),
        ("environment", &Only(STRING)),
        (
            "external",
            &Node(&Rules {
                kinds: STRING | BOOLEAN | MAPPING,
                properties: &[("name", &Only(STRING))],
                ..ANY
            }),
        ),
        ("file", &Only(STRING)),
        ("labels", &LIST_OR_DICT),
        ("name", &Only(STRING)),
        ("template_driver", &Only(STRING)),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

static DEPLOYMENT: Schema = Node(&Rules {
    kinds: MAPPING | NULL,
    properties: &[
        ("endpoint_mode", &Only(STRING)),
        ("labels", &LIST_OR_DICT),
        ("mode", &Only(STRING)),
        (
            "placement",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    (
                        "constraints",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&Only(STRING)),
                            ..ANY
                        }),
                    ),
                    ("max_replicas_per_node", &Only(STRING | INTEGER)),
                    (
                        "preferences",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&Node(&Rules {
                                kinds: MAPPING,
                                properties: &[("spread", &Only(STRING))],
                                extensions: true,
                                closed: true,
                                ..ANY
                            })),
                            ..ANY
                        }),
                    ),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        ("replicas", &Only(STRING | INTEGER)),
        (
            "resources",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    (
                        "limits",
                        &Node(&Rules {
                            kinds: MAPPING,
                            properties: &[
                                ("cpus", &Only(STRING | NUMBER)),
                                ("memory", &Only(STRING)),
                                ("pids", &Only(STRING | INTEGER)),
                            ],
                            extensions: true,
                            closed: true,
                            ..ANY
                        }),
                    ),
                    (
                        "reservations",
                        &Node(&Rules {
                            kinds: MAPPING,
                            properties: &[
                                ("cpus", &Only(STRING | NUMBER)),
                                ("devices", &DEVICES),
                                ("generic_resources", &GENERIC_RESOURCES),
                                ("memory", &Only(STRING)),
                            ],
                            extensions: true,
                            closed: true,
                            ..ANY
                        }),
                    ),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        (
            "restart_policy",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    ("condition", &Only(STRING)),
                    ("delay", &Only(STRING)),
                    ("max_attempts", &Only(STRING | INTEGER)),
                    ("window", &Only(STRING)),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        (
            "rollback_config",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    ("delay", &Only(STRING)),
                    ("failure_action", &Only(STRING)),
                    ("max_failure_ratio", &Only(STRING | NUMBER)),
                    ("monitor", &Only(STRING)),
                    (
                        "order",
                        &Node(&Rules {
                            kinds: STRING,
                            values: &["start-first", "stop-first"],
                            ..ANY
                        }),
                    ),
                    ("parallelism", &Only(STRING | INTEGER)),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        (
            "update_config",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    ("delay", &Only(STRING)),
                    ("failure_action", &Only(STRING)),
                    ("max_failure_ratio", &Only(STRING | NUMBER)),
                    ("monitor", &Only(STRING)),
                    (
                        "order",
                        &Node(&Rules {
                            kinds: STRING,
                            values: &["start-first", "stop-first"],
                            ..ANY
                        }),
                    ),
                    ("parallelism", &Only(STRING | INTEGER)),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

static DEVELOPMENT: Schema = Node(&Rules {
    kinds: MAPPING | NULL,
    properties: &[(
        "watch",
        &Node(&Rules {
            kinds: LIST,
            items: Some(&Node(&Rules {
                kinds: MAPPING,
                required: &["path", "action"],
                properties: &[
                    (
                        "action",
                        &Node(&Rules {
                            kinds: STRING,
                            values: &["rebuild", "sync", "restart", "sync+restart", "sync+exec"],
                            ..ANY
                        }),
                    ),
                    ("exec", &SERVICE_HOOK),
                    ("ignore", &STRING_OR_LIST),
                    ("include", &STRING_OR_LIST),
                    ("initial_sync", &Only(BOOLEAN)),
                    ("path", &Only(STRING)),
                    ("target", &Only(STRING)),
                ],
                extensions: true,
                closed: true,
                ..ANY
            })),
            ..ANY
        }),
    )],
    extensions: true,
    closed: true,
    ..ANY
});

static DEVICES: Schema = Node(&Rules {
    kinds: LIST,
    items: Some(&Node(&Rules {
        kinds: MAPPING,
        required: &["capabilities"],
        properties: &[
            ("capabilities", &LIST_OF_STRINGS),
            ("count", &Only(STRING | INTEGER)),
            ("device_ids", &LIST_OF_STRINGS),
            ("driver", &Only(STRING)),
            ("options", &LIST_OR_DICT),
        ],
        extensions: true,
        closed: true,
        ..ANY
    })),
    ..ANY
});

static ENV_FILE: Schema = OneOf(&[
    &Only(STRING),
    &Node(&Rules {
        kinds: LIST,
        items: Some(&OneOf(&[
            &Only(STRING),
            &Node(&Rules {
                kinds: MAPPING,
                required: &["path"],
                properties: &[
                    ("format", &Only(STRING)),
                    ("path", &Only(STRING)),
                    ("required", &Only(STRING | BOOLEAN)),
                ],
                closed: true,
                ..ANY
            }),
        ])),
        ..ANY
    }),
]);

static EXTRA_HOSTS: Schema = OneOf(&[
    &Node(&Rules {
        kinds: MAPPING,
        others: Some((
            Keys::Any,
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: LIST,
                    items: Some(&Only(STRING)),
                    ..ANY
                }),
            ]),
        )),
        closed: true,
        ..ANY
    }),
    &Node(&Rules {
        kinds: LIST,
        items: Some(&Only(STRING)),
        unique: true,
        ..ANY
    }),
]);

static GENERIC_RESOURCES: Schema = Node(&Rules {
    kinds: LIST,
    items: Some(&Node(&Rules {
        kinds: MAPPING,
        properties: &[(
            "discrete_resource_spec",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[("kind", &Only(STRING)), ("value", &Only(STRING | NUMBER))],
                extensions: true,
                closed: true,
                ..ANY
            }),
        )],
        extensions: true,
        closed: true,
        ..ANY
    })),
    ..ANY
});

static GPUS: Schema = OneOf(&[
    &Node(&Rules {
        kinds: STRING,
        values: &["all"],
        ..ANY
    }),
    &Node(&Rules {
        kinds: LIST,
        items: Some(&Node(&Rules {
            kinds: MAPPING,
            properties: &[
                ("capabilities", &LIST_OF_STRINGS),
                ("count", &Only(STRING | INTEGER)),
                ("device_ids", &LIST_OF_STRINGS),
                ("driver", &Only(STRING)),
                ("options", &LIST_OR_DICT),
            ],
            ..ANY
        })),
        ..ANY
    }),
]);

static HEALTHCHECK: Schema = Node(&Rules {
    kinds: MAPPING,
    properties: &[
        ("disable", &Only(STRING | BOOLEAN)),
        ("interval", &Only(STRING)),
        ("retries", &Only(STRING | NUMBER)),
        ("start_interval", &Only(STRING)),
        ("start_period", &Only(STRING)),
        (
            "test",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: LIST,
                    items: Some(&Only(STRING)),
                    ..ANY
                }),
            ]),
        ),
        ("timeout", &Only(STRING)),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

static JOB: Schema = Node(&Rules {
    kinds: MAPPING,
    required: &["triggers"],
    properties: &[
        ("annotations", &LIST_OR_DICT),
        (
            "blkio_config",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    (
                        "device_read_bps",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_LIMIT),
                            ..ANY
                        }),
                    ),
                    (
                        "device_read_iops",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_LIMIT),
                            ..ANY
                        }),
                    ),
                    (
                        "device_write_bps",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_LIMIT),
                            ..ANY
                        }),
                    ),
                    (
                        "device_write_iops",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_LIMIT),
                            ..ANY
                        }),
                    ),
                    ("weight", &Only(STRING | INTEGER)),
                    (
                        "weight_device",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_WEIGHT),
                            ..ANY
                        }),
                    ),
                ],
                closed: true,
                ..ANY
            }),
        ),
        (
            "build",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: MAPPING,
                    properties: &[
                        ("additional_contexts", &LIST_OR_DICT),
                        ("args", &LIST_OR_DICT),
                        (
                            "cache_from",
                            &Node(&Rules {
                                kinds: LIST,
                                items: Some(&Only(STRING)),
                                ..ANY
                            }),
                        ),
                        (
                            "cache_to",
                            &Node(&Rules {
                                kinds: LIST,
                                items: Some(&Only(STRING)),
                                ..ANY
                            }),
                        ),
                        ("context", &Only(STRING)),
                        ("dockerfile", &Only(STRING)),
                        ("dockerfile_inline", &Only(STRING)),
                        (
                            "entitlements",
                            &Node(&Rules {
                                kinds: LIST,
                                items: Some(&Only(STRING)),
                                ..ANY
                            }),
                        ),
                        ("extra_hosts", &EXTRA_HOSTS),
                        ("isolation", &Only(STRING)),
                        ("labels", &LIST_OR_DICT),
                        ("network", &Only(STRING)),
                        ("no_cache", &Only(STRING | BOOLEAN)),
                        ("no_cache_filter", &STRING_OR_LIST),
                        (
                            "platforms",
                            &Node(&Rules {
                                kinds: LIST,
                                items: Some(&Only(STRING)),
                                ..ANY
                            }),
                        ),
                        ("privileged", &Only(STRING | BOOLEAN)),
                        ("provenance", &Only(STRING | BOOLEAN)),
                        ("pull", &Only(STRING | BOOLEAN)),
                        ("sbom", &Only(STRING | BOOLEAN)),
                        ("secrets", &SERVICE_CONFIG_OR_SECRET),
                        ("shm_size", &Only(STRING | INTEGER)),
                        ("ssh", &LIST_OR_DICT),
                        (
                            "tags",
                            &Node(&Rules {
                                kinds: LIST,
                                items: Some(&Only(STRING)),
                                ..ANY
                            }),
                        ),
                        ("target", &Only(STRING)),
                        ("ulimits", &ULIMITS),
                    ],
                    extensions: true,
                    closed: true,
                    ..ANY
                }),
            ]),
        ),
        (
            "cap_add",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        (
            "cap_drop",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        (
            "cgroup",
            &Node(&Rules {
                kinds: STRING,
                values: &["host", "private"],
                ..ANY
            }),
        ),
        ("cgroup_parent", &Only(STRING)),
        ("command", &COMMAND),
        ("configs", &SERVICE_CONFIG_OR_SECRET),
        (
            "cpu_count",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: INTEGER,
                    range: Some((0, i64::MAX)),
                    ..ANY
                }),
            ]),
        ),
        (
            "cpu_percent",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: INTEGER,
                    range: Some((0, 100)),
                    ..ANY
                }),
            ]),
        ),
        ("cpu_period", &Only(STRING | NUMBER)),
        ("cpu_quota", &Only(STRING | NUMBER)),
        ("cpu_rt_period", &Only(STRING | NUMBER)),
        ("cpu_rt_runtime", &Only(STRING | NUMBER)),
        ("cpu_shares", &Only(STRING | NUMBER)),
        ("cpus", &Only(STRING | NUMBER)),
        ("cpuset", &Only(STRING)),
        (
            "credential_spec",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    ("config", &Only(STRING)),
                    ("file", &Only(STRING)),
                    ("registry", &Only(STRING)),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        (
            "depends_on",
            &OneOf(&[
                &LIST_OF_STRINGS,
                &Node(&Rules {
                    kinds: MAPPING,
                    others: Some((
                        Keys::Name,
                        &Node(&Rules {
                            kinds: MAPPING,
                            required: &["condition"],
                            properties: &[
                                (
                                    "condition",
                                    &Node(&Rules {
                                        kinds: STRING,
                                        values: &[
                                            "service_started",
                                            "service_healthy",
                                            "service_completed_successfully",
                                        ],
                                        ..ANY
                                    }),
                                ),
                                ("required", &Only(BOOLEAN)),
                                ("restart", &Only(STRING | BOOLEAN)),
                            ],
                            extensions: true,
                            closed: true,
                            ..ANY
                        }),
                    )),
                    closed: true,
                    ..ANY
                }),
            ]),
        ),
        ("device_cgroup_rules", &LIST_OF_STRINGS),
        (
            "devices",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&OneOf(&[
                    &Only(STRING),
                    &Node(&Rules {
                        kinds: MAPPING,
                        required: &["source"],
                        properties: &[
                            ("permissions", &Only(STRING)),
                            ("source", &Only(STRING)),
                            ("target", &Only(STRING)),
                        ],
                        extensions: true,
                        closed: true,
                        ..ANY
                    }),
                ])),
                ..ANY
            }),
        ),
        ("dns", &STRING_OR_LIST),
        (
            "dns_opt",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        ("dns_search", &STRING_OR_LIST),
        ("domainname", &Only(STRING)),
        ("entrypoint", &COMMAND),
        ("env_file", &ENV_FILE),
        ("environment", &LIST_OR_DICT),
        (
            "expose",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING | NUMBER)),
                unique: true,
                ..ANY
            }),
        ),
        ("extra_hosts", &EXTRA_HOSTS),
        ("gpus", &GPUS),
        (
            "group_add",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING | NUMBER)),
                unique: true,
                ..ANY
            }),
        ),
        ("healthcheck", &HEALTHCHECK),
        ("hostname", &Only(STRING)),
        ("image", &Only(STRING)),
        ("init", &Only(STRING | BOOLEAN)),
        ("ipc", &Only(STRING)),
        ("isolation", &Only(STRING)),
        ("label_file", &LABEL_FILE),
        ("labels", &LIST_OR_DICT),
        (
            "logging",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    ("driver", &Only(STRING)),
                    (
                        "options",
                        &Node(&Rules {
                            kinds: MAPPING,
                            others: Some((Keys::Any, &Only(STRING | NUMBER | NULL))),
                            ..ANY
                        }),
                    ),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        ("mac_address", &Only(STRING)),
        ("mem_limit", &Only(STRING | NUMBER)),
        ("mem_reservation", &Only(STRING | INTEGER)),
        ("mem_swappiness", &Only(STRING | INTEGER)),
        ("memswap_limit", &Only(STRING | NUMBER)),
        (
            "models",
            &OneOf(&[
                &LIST_OF_STRINGS,
                &Node(&Rules {
                    kinds: MAPPING,
                    others: Some((
                        Keys::Name,
                        &OneOf(&[
                            &Node(&Rules {
                                kinds: MAPPING,
                                properties: &[
                                    ("endpoint_var", &Only(STRING)),
                                    ("model_var", &Only(STRING)),
                                ],
                                extensions: true,
                                closed: true,
                                ..ANY
                            }),
                            &Only(NULL),
                        ]),
                    )),
                    ..ANY
                }),
            ]),
        ),
        ("network_mode", &Only(STRING)),
        (
            "networks",
            &OneOf(&[
                &LIST_OF_STRINGS,
                &Node(&Rules {
                    kinds: MAPPING,
                    others: Some((
                        Keys::Name,
                        &OneOf(&[
                            &Node(&Rules {
                                kinds: MAPPING,
                                properties: &[
                                    ("aliases", &LIST_OF_STRINGS),
                                    (
                                        "driver_opts",
                                        &Node(&Rules {
                                            kinds: MAPPING,
                                            others: Some((Keys::Any, &Only(STRING | NUMBER))),
                                            ..ANY
                                        }),
                                    ),
                                    ("gw_priority", &Only(NUMBER)),
                                    ("interface_name", &Only(STRING)),
                                    ("ipv4_address", &Only(STRING)),
                                    ("ipv6_address", &Only(STRING)),
                                    ("link_local_ips", &LIST_OF_STRINGS),
                                    ("mac_address", &Only(STRING)),
                                    ("priority", &Only(NUMBER)),
                                ],
                                extensions: true,
                                closed: true,
                                ..ANY
                            }),
                            &Only(NULL),
                        ]),
                    )),
                    closed: true,
                    ..ANY
                }),
            ]),
        ),
        ("oom_kill_disable", &Only(STRING | BOOLEAN)),
        (
            "oom_score_adj",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: INTEGER,
                    range: Some((-1000, 1000)),
                    ..ANY
                }),
            ]),
        ),
        ("pid", &Only(STRING | NULL)),
        ("pids_limit", &Only(STRING | NUMBER)),
        ("platform", &Only(STRING)),
        (
            "ports",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&OneOf(&[
                    &Only(NUMBER),
                    &Only(STRING),
                    &Node(&Rules {
                        kinds: MAPPING,
                        properties: &[
                            ("app_protocol", &Only(STRING)),
                            ("host_ip", &Only(STRING)),
                            ("mode", &Only(STRING)),
                            ("name", &Only(STRING)),
                            ("protocol", &Only(STRING)),
                            ("published", &Only(STRING | INTEGER)),
                            ("target", &Only(STRING | INTEGER)),
                        ],
                        extensions: true,
                        closed: true,
                        ..ANY
                    }),
                ])),
                unique: true,
                ..ANY
            }),
        ),
        ("privileged", &Only(STRING | BOOLEAN)),
        ("profiles", &LIST_OF_STRINGS),
        (
            "pull_policy",
            &Node(&Rules {
                kinds: STRING,
                pattern: Some(Pattern::PullPolicy),
                ..ANY
            }),
        ),
        ("pull_refresh_after", &Only(STRING)),
        ("read_only", &Only(STRING | BOOLEAN)),
        ("runtime", &Only(STRING)),
        ("secrets", &SERVICE_CONFIG_OR_SECRET),
        (
            "security_opt",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        ("shm_size", &Only(STRING | NUMBER)),
        ("stdin_open", &Only(STRING | BOOLEAN)),
        ("stop_grace_period", &Only(STRING)),
        ("stop_signal", &Only(STRING)),
        ("storage_opt", &Only(MAPPING)),
        ("sysctls", &LIST_OR_DICT),
        ("tmpfs", &STRING_OR_LIST),
        (
            "triggers",
            &Node(&Rules {
                kinds: MAPPING,
                needs_one_of: &["manual", "schedule"],
                properties: &[
                    ("manual", &Only(STRING | BOOLEAN)),
                    (
                        "schedule",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&OneOf(&[&Only(STRING), &SCHEDULE])),
                            ..ANY
                        }),
                    ),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        ("tty", &Only(STRING | BOOLEAN)),
        ("ulimits", &ULIMITS),
        ("use_api_socket", &Only(BOOLEAN)),
        ("user", &Only(STRING)),
        ("userns_mode", &Only(STRING)),
        ("uts", &Only(STRING)),
        (
            "volumes",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&OneOf(&[
                    &Only(STRING),
                    &Node(&Rules {
                        kinds: MAPPING,
                        required: &["type"],
                        properties: &[
                            (
                                "bind",
                                &Node(&Rules {
                                    kinds: MAPPING,
                                    properties: &[
                                        ("create_host_path", &Only(STRING | BOOLEAN)),
                                        ("propagation", &Only(STRING)),
                                        (
                                            "recursive",
                                            &Node(&Rules {
                                                kinds: STRING,
                                                values: &[
                                                    "enabled", "disabled", "writable", "readonly",
                                                ],
                                                ..ANY
                                            }),
                                        ),
                                        (
                                            "selinux",
                                            &Node(&Rules {
                                                kinds: STRING,
                                                values: &["z", "Z"],
                                                ..ANY
                                            }),
                                        ),
                                    ],
                                    extensions: true,
                                    closed: true,
                                    ..ANY
                                }),
                            ),
                            ("consistency", &Only(STRING)),
                            (
                                "image",
                                &Node(&Rules {
                                    kinds: MAPPING,
                                    properties: &[("subpath", &Only(STRING))],
                                    extensions: true,
                                    closed: true,
                                    ..ANY
                                }),
                            ),
                            ("read_only", &Only(STRING | BOOLEAN)),
                            ("source", &Only(STRING)),
                            ("target", &Only(STRING)),
                            (
                                "tmpfs",
                                &Node(&Rules {
                                    kinds: MAPPING,
                                    properties: &[
                                        ("mode", &Only(STRING | NUMBER)),
                                        (
                                            "size",
                                            &OneOf(&[
                                                &Node(&Rules {
                                                    kinds: INTEGER,
                                                    range: Some((0, i64::MAX)),
                                                    ..ANY
                                                }),
                                                &Only(STRING),
                                            ]),
                                        ),
                                    ],
                                    extensions: true,
                                    closed: true,
                                    ..ANY
                                }),
                            ),
                            (
                                "type",
                                &Node(&Rules {
                                    kinds: STRING,
                                    values: &[
                                        "bind", "volume", "tmpfs", "cluster", "npipe", "image",
                                    ],
                                    ..ANY
                                }),
                            ),
                            (
                                "volume",
                                &Node(&Rules {
                                    kinds: MAPPING,
                                    properties: &[
                                        ("labels", &LIST_OR_DICT),
                                        ("nocopy", &Only(STRING | BOOLEAN)),
                                        ("subpath", &Only(STRING)),
                                    ],
                                    extensions: true,
                                    closed: true,
                                    ..ANY
                                }),
                            ),
                        ],
                        extensions: true,
                        closed: true,
                        ..ANY
                    }),
                ])),
                unique: true,
                ..ANY
            }),
        ),
        (
            "volumes_from",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        ("working_dir", &Only(STRING)),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

static LABEL_FILE: Schema = OneOf(&[
    &Only(STRING),
    &Node(&Rules {
        kinds: LIST,
        items: Some(&Only(STRING)),
        ..ANY
    }),
]);

static LIST_OF_STRINGS: Schema = Node(&Rules {
    kinds: LIST,
    items: Some(&Only(STRING)),
    unique: true,
    ..ANY
});

static LIST_OR_DICT: Schema = OneOf(&[
    &Node(&Rules {
        kinds: MAPPING,
        others: Some((Keys::Any, &Only(STRING | NUMBER | BOOLEAN | NULL))),
        closed: true,
        ..ANY
    }),
    &Node(&Rules {
        kinds: LIST,
        items: Some(&Only(STRING)),
        unique: true,
        ..ANY
    }),
]);

static MODEL: Schema = Node(&Rules {
    kinds: MAPPING,
    required: &["model"],
    properties: &[
        ("context_size", &Only(INTEGER)),
        ("model", &Only(STRING)),
        ("name", &Only(STRING)),
        (
            "runtime_flags",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                ..ANY
            }),
        ),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

static NETWORK: Schema = Node(&Rules {
    kinds: MAPPING | NULL,
    properties: &[
        ("attachable", &Only(STRING | BOOLEAN)),
        ("driver", &Only(STRING)),
        (
            "driver_opts",
            &Node(&Rules {
                kinds: MAPPING,
                others: Some((Keys::Any, &Only(STRING | NUMBER))),
                ..ANY
            }),
        ),
        ("enable_ipv4", &Only(STRING | BOOLEAN)),
        ("enable_ipv6", &Only(STRING | BOOLEAN)),
        (
            "external",
            &Node(&Rules {
                kinds: STRING | BOOLEAN | MAPPING,
                properties: &[("name", &Only(STRING))],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        ("internal", &Only(STRING | BOOLEAN)),
        (
            "ipam",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    (
                        "config",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&Node(&Rules {
                                kinds: MAPPING,
                                properties: &[
                                    (
                                        "aux_addresses",
                                        &Node(&Rules {
                                            kinds: MAPPING,
                                            others: Some((Keys::Any, &Only(STRING))),
                                            closed: true,
                                            ..ANY
                                        }),
                                    ),
                                    ("gateway", &Only(STRING)),
                                    ("ip_range", &Only(STRING)),
                                    ("subnet", &Only(STRING)),
                                ],
                                extensions: true,
                                closed: true,
                                ..ANY
                            })),
                            ..ANY
                        }),
                    ),
                    ("driver", &Only(STRING)),
                    (
                        "options",
                        &Node(&Rules {
                            kinds: MAPPING,
                            others: Some((Keys::Any, &Only(STRING))),
                            closed: true,
                            ..ANY
                        }),
                    ),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        ("labels", &LIST_OR_DICT),
        ("name", &Only(STRING)),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

static PRE_START_HOOK: Schema = Node(&Rules {
    kinds: MAPPING,
    properties: &[
        ("annotations", &LIST_OR_DICT),
        (
            "blkio_config",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    (
                        "device_read_bps",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_LIMIT),
                            ..ANY
                        }),
                    ),
                    (
                        "device_read_iops",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_LIMIT),
                            ..ANY
                        }),
                    ),
                    (
                        "device_write_bps",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_LIMIT),
                            ..ANY
                        }),
                    ),
                    (
                        "device_write_iops",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_LIMIT),
                            ..ANY
                        }),
                    ),
                    ("weight", &Only(STRING | INTEGER)),
                    (
                        "weight_device",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_WEIGHT),
                            ..ANY
                        }),
                    ),
                ],
                closed: true,
                ..ANY
            }),
        ),
        (
            "cap_add",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        (
            "cap_drop",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        (
            "cgroup",
            &Node(&Rules {
                kinds: STRING,
                values: &["host", "private"],
                ..ANY
            }),
        ),
        ("cgroup_parent", &Only(STRING)),
        ("command", &COMMAND),
        ("configs", &SERVICE_CONFIG_OR_SECRET),
        (
            "cpu_count",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: INTEGER,
                    range: Some((0, i64::MAX)),
                    ..ANY
                }),
            ]),
        ),
        (
            "cpu_percent",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: INTEGER,
                    range: Some((0, 100)),
                    ..ANY
                }),
            ]),
        ),
        ("cpu_period", &Only(STRING | NUMBER)),
        ("cpu_quota", &Only(STRING | NUMBER)),
        ("cpu_rt_period", &Only(STRING | NUMBER)),
        ("cpu_rt_runtime", &Only(STRING | NUMBER)),
        ("cpu_shares", &Only(STRING | NUMBER)),
        ("cpus", &Only(STRING | NUMBER)),
        ("cpuset", &Only(STRING)),
        (
            "credential_spec",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    ("config", &Only(STRING)),
                    ("file", &Only(STRING)),
                    ("registry", &Only(STRING)),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        ("device_cgroup_rules", &LIST_OF_STRINGS),
        (
            "devices",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&OneOf(&[
                    &Only(STRING),
                    &Node(&Rules {
                        kinds: MAPPING,
                        required: &["source"],
                        properties: &[
                            ("permissions", &Only(STRING)),
                            ("source", &Only(STRING)),
                            ("target", &Only(STRING)),
                        ],
                        extensions: true,
                        closed: true,
                        ..ANY
                    }),
                ])),
                ..ANY
            }),
        ),
        ("dns", &STRING_OR_LIST),
        (
            "dns_opt",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        ("dns_search", &STRING_OR_LIST),
        ("domainname", &Only(STRING)),
        ("entrypoint", &COMMAND),
        ("env_file", &ENV_FILE),
        ("environment", &LIST_OR_DICT),
        ("extra_hosts", &EXTRA_HOSTS),
        ("gpus", &GPUS),
        (
            "group_add",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING | NUMBER)),
                unique: true,
                ..ANY
            }),
        ),
        ("hostname", &Only(STRING)),
        ("image", &Only(STRING)),
        ("init", &Only(STRING | BOOLEAN)),
        ("ipc", &Only(STRING)),
        ("isolation", &Only(STRING)),
        ("label_file", &LABEL_FILE),
        ("labels", &LIST_OR_DICT),
        (
            "logging",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    ("driver", &Only(STRING)),
                    (
                        "options",
                        &Node(&Rules {
                            kinds: MAPPING,
                            others: Some((Keys::Any, &Only(STRING | NUMBER | NULL))),
                            ..ANY
                        }),
                    ),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        ("mac_address", &Only(STRING)),
        ("mem_limit", &Only(STRING | NUMBER)),
        ("mem_reservation", &Only(STRING | INTEGER)),
        ("mem_swappiness", &Only(STRING | INTEGER)),
        ("memswap_limit", &Only(STRING | NUMBER)),
        (
            "models",
            &OneOf(&[
                &LIST_OF_STRINGS,
                &Node(&Rules {
                    kinds: MAPPING,
                    others: Some((
                        Keys::Name,
                        &OneOf(&[
                            &Node(&Rules {
                                kinds: MAPPING,
                                properties: &[
                                    ("endpoint_var", &Only(STRING)),
                                    ("model_var", &Only(STRING)),
                                ],
                                extensions: true,
                                closed: true,
                                ..ANY
                            }),
                            &Only(NULL),
                        ]),
                    )),
                    ..ANY
                }),
            ]),
        ),
        ("network_mode", &Only(STRING)),
        (
            "networks",
            &OneOf(&[
                &LIST_OF_STRINGS,
                &Node(&Rules {
                    kinds: MAPPING,
                    others: Some((
                        Keys::Name,
                        &OneOf(&[
                            &Node(&Rules {
                                kinds: MAPPING,
                                properties: &[
                                    ("aliases", &LIST_OF_STRINGS),
                                    (
                                        "driver_opts",
                                        &Node(&Rules {
                                            kinds: MAPPING,
                                            others: Some((Keys::Any, &Only(STRING | NUMBER))),
                                            ..ANY
                                        }),
                                    ),
                                    ("gw_priority", &Only(NUMBER)),
                                    ("interface_name", &Only(STRING)),
                                    ("ipv4_address", &Only(STRING)),
                                    ("ipv6_address", &Only(STRING)),
                                    ("link_local_ips", &LIST_OF_STRINGS),
                                    ("mac_address", &Only(STRING)),
                                    ("priority", &Only(NUMBER)),
                                ],
                                extensions: true,
                                closed: true,
                                ..ANY
                            }),
                            &Only(NULL),
                        ]),
                    )),
                    closed: true,
                    ..ANY
                }),
            ]),
        ),
        ("oom_kill_disable", &Only(STRING | BOOLEAN)),
        (
            "oom_score_adj",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: INTEGER,
                    range: Some((-1000, 1000)),
                    ..ANY
                }),
            ]),
        ),
        ("per_replica", &Only(STRING | BOOLEAN)),
        ("pid", &Only(STRING | NULL)),
        ("pids_limit", &Only(STRING | NUMBER)),
        ("platform", &Only(STRING)),
        ("privileged", &Only(STRING | BOOLEAN)),
        (
            "pull_policy",
            &Node(&Rules {
                kinds: STRING,
                pattern: Some(Pattern::PullPolicy),
                ..ANY
            }),
        ),
        ("pull_refresh_after", &Only(STRING)),
        ("read_only", &Only(STRING | BOOLEAN)),
        ("runtime", &Only(STRING)),
        ("secrets", &SERVICE_CONFIG_OR_SECRET),
        (
            "security_opt",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        ("shm_size", &Only(STRING | NUMBER)),
        ("stop_grace_period", &Only(STRING)),
        ("stop_signal", &Only(STRING)),
        ("storage_opt", &Only(MAPPING)),
        ("sysctls", &LIST_OR_DICT),
        ("tmpfs", &STRING_OR_LIST),
        ("ulimits", &ULIMITS),
        ("use_api_socket", &Only(BOOLEAN)),
        ("user", &Only(STRING)),
        ("userns_mode", &Only(STRING)),
        ("uts", &Only(STRING)),
        (
            "volumes",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&OneOf(&[
                    &Only(STRING),
                    &Node(&Rules {
                        kinds: MAPPING,
                        required: &["type"],
                        properties: &[
                            (
                                "bind",
                                &Node(&Rules {
                                    kinds: MAPPING,
                                    properties: &[
                                        ("create_host_path", &Only(STRING | BOOLEAN)),
                                        ("propagation", &Only(STRING)),
                                        (
                                            "recursive",
                                            &Node(&Rules {
                                                kinds: STRING,
                                                values: &[
                                                    "enabled", "disabled", "writable", "readonly",
                                                ],
                                                ..ANY
                                            }),
                                        ),
                                        (
                                            "selinux",
                                            &Node(&Rules {
                                                kinds: STRING,
                                                values: &["z", "Z"],
                                                ..ANY
                                            }),
                                        ),
                                    ],
                                    extensions: true,
                                    closed: true,
                                    ..ANY
                                }),
                            ),
                            ("consistency", &Only(STRING)),
                            (
                                "image",
                                &Node(&Rules {
                                    kinds: MAPPING,
                                    properties: &[("subpath", &Only(STRING))],
                                    extensions: true,
                                    closed: true,
                                    ..ANY
                                }),
                            ),
                            ("read_only", &Only(STRING | BOOLEAN)),
                            ("source", &Only(STRING)),
                            ("target", &Only(STRING)),
                            (
                                "tmpfs",
                                &Node(&Rules {
                                    kinds: MAPPING,
                                    properties: &[
                                        ("mode", &Only(STRING | NUMBER)),
                                        (
                                            "size",
                                            &OneOf(&[
                                                &Node(&Rules {
                                                    kinds: INTEGER,
                                                    range: Some((0, i64::MAX)),
                                                    ..ANY
                                                }),
                                                &Only(STRING),
                                            ]),
                                        ),
                                    ],
                                    extensions: true,
                                    closed: true,
                                    ..ANY
                                }),
                            ),
                            (
                                "type",
                                &Node(&Rules {
                                    kinds: STRING,
                                    values: &[
                                        "bind", "volume", "tmpfs", "cluster", "npipe", "image",
                                    ],
                                    ..ANY
                                }),
                            ),
                            (
                                "volume",
                                &Node(&Rules {
                                    kinds: MAPPING,
                                    properties: &[
                                        ("labels", &LIST_OR_DICT),
                                        ("nocopy", &Only(STRING | BOOLEAN)),
                                        ("subpath", &Only(STRING)),
                                    ],
                                    extensions: true,
                                    closed: true,
                                    ..ANY
                                }),
                            ),
                        ],
                        extensions: true,
                        closed: true,
                        ..ANY
                    }),
                ])),
                unique: true,
                ..ANY
            }),
        ),
        (
            "volumes_from",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        ("working_dir", &Only(STRING)),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

static SCHEDULE: Schema = Node(&Rules {
    kinds: MAPPING,
    required: &["cron"],
    properties: &[
        (
            "concurrency",
            &Node(&Rules {
                kinds: STRING,
                values: &["forbid", "queue"],
                ..ANY
            }),
        ),
        ("cron", &Only(STRING)),
        (
            "missed_fires",
            &Node(&Rules {
                kinds: STRING,
                values: &["one", "skip"],
                ..ANY
            }),
        ),
        ("timezone", &Only(STRING)),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

static SECRET: Schema = Node(&Rules {
    kinds: MAPPING,
    properties: &[
        ("driver", &Only(STRING)),
        (
            "driver_opts",
            &Node(&Rules {
                kinds: MAPPING,
                others: Some((Keys::Any, &Only(STRING | NUMBER))),
                ..ANY
            }),
        ),
        ("environment", &Only(STRING)),
        (
            "external",
            &Node(&Rules {
                kinds: STRING | BOOLEAN | MAPPING,
                properties: &[("name", &Only(STRING))],
                ..ANY
            }),
        ),
        ("file", &Only(STRING)),
        ("labels", &LIST_OR_DICT),
        ("name", &Only(STRING)),
        ("template_driver", &Only(STRING)),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

pub(super) static SERVICE: Schema = Node(&Rules {
    kinds: MAPPING,
    properties: &[
        ("annotations", &LIST_OR_DICT),
        ("attach", &Only(STRING | BOOLEAN)),
        (
            "blkio_config",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    (
                        "device_read_bps",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_LIMIT),
                            ..ANY
                        }),
                    ),
                    (
                        "device_read_iops",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_LIMIT),
                            ..ANY
                        }),
                    ),
                    (
                        "device_write_bps",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_LIMIT),
                            ..ANY
                        }),
                    ),
                    (
                        "device_write_iops",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_LIMIT),
                            ..ANY
                        }),
                    ),
                    ("weight", &Only(STRING | INTEGER)),
                    (
                        "weight_device",
                        &Node(&Rules {
                            kinds: LIST,
                            items: Some(&BLKIO_WEIGHT),
                            ..ANY
                        }),
                    ),
                ],
                closed: true,
                ..ANY
            }),
        ),
        (
            "build",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: MAPPING,
                    properties: &[
                        ("additional_contexts", &LIST_OR_DICT),
                        ("args", &LIST_OR_DICT),
                        (
                            "cache_from",
                            &Node(&Rules {
                                kinds: LIST,
                                items: Some(&Only(STRING)),
                                ..ANY
                            }),
                        ),
                        (
                            "cache_to",
                            &Node(&Rules {
                                kinds: LIST,
                                items: Some(&Only(STRING)),
                                ..ANY
                            }),
                        ),
                        ("context", &Only(STRING)),
                        ("dockerfile", &Only(STRING)),
                        ("dockerfile_inline", &Only(STRING)),
                        (
                            "entitlements",
                            &Node(&Rules {
                                kinds: LIST,
                                items: Some(&Only(STRING)),
                                ..ANY
                            }),
                        ),
                        ("extra_hosts", &EXTRA_HOSTS),
                        ("isolation", &Only(STRING)),
                        ("labels", &LIST_OR_DICT),
                        ("network", &Only(STRING)),
                        ("no_cache", &Only(STRING | BOOLEAN)),
                        ("no_cache_filter", &STRING_OR_LIST),
                        (
                            "platforms",
                            &Node(&Rules {
                                kinds: LIST,
                                items: Some(&Only(STRING)),
                                ..ANY
                            }),
                        ),
                        ("privileged", &Only(STRING | BOOLEAN)),
                        ("provenance", &Only(STRING | BOOLEAN)),
                        ("pull", &Only(STRING | BOOLEAN)),
                        ("sbom", &Only(STRING | BOOLEAN)),
                        ("secrets", &SERVICE_CONFIG_OR_SECRET),
                        ("shm_size", &Only(STRING | INTEGER)),
                        ("ssh", &LIST_OR_DICT),
                        (
                            "tags",
                            &Node(&Rules {
                                kinds: LIST,
                                items: Some(&Only(STRING)),
                                ..ANY
                            }),
                        ),
                        ("target", &Only(STRING)),
                        ("ulimits", &ULIMITS),
                    ],
                    extensions: true,
                    closed: true,
                    ..ANY
                }),
            ]),
        ),
        (
            "cap_add",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        (
            "cap_drop",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        (
            "cgroup",
            &Node(&Rules {
                kinds: STRING,
                values: &["host", "private"],
                ..ANY
            }),
        ),
        ("cgroup_parent", &Only(STRING)),
        ("command", &COMMAND),
        ("configs", &SERVICE_CONFIG_OR_SECRET),
        (
            "container_name",
            &Node(&Rules {
                kinds: STRING,
                pattern: Some(Pattern::ContainerName),
                ..ANY
            }),
        ),
        (
            "cpu_count",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: INTEGER,
                    range: Some((0, i64::MAX)),
                    ..ANY
                }),
            ]),
        ),
        (
            "cpu_percent",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: INTEGER,
                    range: Some((0, 100)),
                    ..ANY
                }),
            ]),
        ),
        ("cpu_period", &Only(STRING | NUMBER)),
        ("cpu_quota", &Only(STRING | NUMBER)),
        ("cpu_rt_period", &Only(STRING | NUMBER)),
        ("cpu_rt_runtime", &Only(STRING | NUMBER)),
        ("cpu_shares", &Only(STRING | NUMBER)),
        ("cpus", &Only(STRING | NUMBER)),
        ("cpuset", &Only(STRING)),
        (
            "credential_spec",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    ("config", &Only(STRING)),
                    ("file", &Only(STRING)),
                    ("registry", &Only(STRING)),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        (
            "depends_on",
            &OneOf(&[
                &LIST_OF_STRINGS,
                &Node(&Rules {
                    kinds: MAPPING,
                    others: Some((
                        Keys::Name,
                        &Node(&Rules {
                            kinds: MAPPING,
                            required: &["condition"],
                            properties: &[
                                (
                                    "condition",
                                    &Node(&Rules {
                                        kinds: STRING,
                                        values: &[
                                            "service_started",
                                            "service_healthy",
                                            "service_completed_successfully",
                                        ],
                                        ..ANY
                                    }),
                                ),
                                ("required", &Only(BOOLEAN)),
                                ("restart", &Only(STRING | BOOLEAN)),
                            ],
                            extensions: true,
                            closed: true,
                            ..ANY
                        }),
                    )),
                    closed: true,
                    ..ANY
                }),
            ]),
        ),
        ("deploy", &DEPLOYMENT),
        ("develop", &DEVELOPMENT),
        ("device_cgroup_rules", &LIST_OF_STRINGS),
        (
            "devices",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&OneOf(&[
                    &Only(STRING),
                    &Node(&Rules {
                        kinds: MAPPING,
                        required: &["source"],
                        properties: &[
                            ("permissions", &Only(STRING)),
                            ("source", &Only(STRING)),
                            ("target", &Only(STRING)),
                        ],
                        extensions: true,
                        closed: true,
                        ..ANY
                    }),
                ])),
                ..ANY
            }),
        ),
        ("dns", &STRING_OR_LIST),
        (
            "dns_opt",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        ("dns_search", &STRING_OR_LIST),
        ("domainname", &Only(STRING)),
        ("entrypoint", &COMMAND),
        ("env_file", &ENV_FILE),
        ("environment", &LIST_OR_DICT),
        (
            "expose",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING | NUMBER)),
                unique: true,
                ..ANY
            }),
        ),
        (
            "extends",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: MAPPING,
                    required: &["service"],
                    properties: &[("file", &Only(STRING)), ("service", &Only(STRING))],
                    closed: true,
                    ..ANY
                }),
            ]),
        ),
        (
            "external_links",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        ("extra_hosts", &EXTRA_HOSTS),
        ("gpus", &GPUS),
        (
            "group_add",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING | NUMBER)),
                unique: true,
                ..ANY
            }),
        ),
        ("healthcheck", &HEALTHCHECK),
        ("hostname", &Only(STRING)),
        ("image", &Only(STRING)),
        ("init", &Only(STRING | BOOLEAN)),
        ("ipc", &Only(STRING)),
        ("isolation", &Only(STRING)),
        ("label_file", &LABEL_FILE),
        ("labels", &LIST_OR_DICT),
        (
            "links",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        (
            "logging",
            &Node(&Rules {
                kinds: MAPPING,
                properties: &[
                    ("driver", &Only(STRING)),
                    (
                        "options",
                        &Node(&Rules {
                            kinds: MAPPING,
                            others: Some((Keys::Any, &Only(STRING | NUMBER | NULL))),
                            ..ANY
                        }),
                    ),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        ("mac_address", &Only(STRING)),
        ("mem_limit", &Only(STRING | NUMBER)),
        ("mem_reservation", &Only(STRING | INTEGER)),
        ("mem_swappiness", &Only(STRING | INTEGER)),
        ("memswap_limit", &Only(STRING | NUMBER)),
        (
            "models",
            &OneOf(&[
                &LIST_OF_STRINGS,
                &Node(&Rules {
                    kinds: MAPPING,
                    others: Some((
                        Keys::Name,
                        &OneOf(&[
                            &Node(&Rules {
                                kinds: MAPPING,
                                properties: &[
                                    ("endpoint_var", &Only(STRING)),
                                    ("model_var", &Only(STRING)),
                                ],
                                extensions: true,
                                closed: true,
                                ..ANY
                            }),
                            &Only(NULL),
                        ]),
                    )),
                    ..ANY
                }),
            ]),
        ),
        ("network_mode", &Only(STRING)),
        (
            "networks",
            &OneOf(&[
                &LIST_OF_STRINGS,
                &Node(&Rules {
                    kinds: MAPPING,
                    others: Some((
                        Keys::Name,
                        &OneOf(&[
                            &Node(&Rules {
                                kinds: MAPPING,
                                properties: &[
                                    ("aliases", &LIST_OF_STRINGS),
                                    (
                                        "driver_opts",
                                        &Node(&Rules {
                                            kinds: MAPPING,
                                            others: Some((Keys::Any, &Only(STRING | NUMBER))),
                                            ..ANY
                                        }),
                                    ),
                                    ("gw_priority", &Only(NUMBER)),
                                    ("interface_name", &Only(STRING)),
                                    ("ipv4_address", &Only(STRING)),
                                    ("ipv6_address", &Only(STRING)),
                                    ("link_local_ips", &LIST_OF_STRINGS),
                                    ("mac_address", &Only(STRING)),
                                    ("priority", &Only(NUMBER)),
                                ],
                                extensions: true,
                                closed: true,
                                ..ANY
                            }),
                            &Only(NULL),
                        ]),
                    )),
                    closed: true,
                    ..ANY
                }),
            ]),
        ),
        ("oom_kill_disable", &Only(STRING | BOOLEAN)),
        (
            "oom_score_adj",
            &OneOf(&[
                &Only(STRING),
                &Node(&Rules {
                    kinds: INTEGER,
                    range: Some((-1000, 1000)),
                    ..ANY
                }),
            ]),
        ),
        ("pid", &Only(STRING | NULL)),
        ("pids_limit", &Only(STRING | NUMBER)),
        ("platform", &Only(STRING)),
        (
            "ports",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&OneOf(&[
                    &Only(NUMBER),
                    &Only(STRING),
                    &Node(&Rules {
                        kinds: MAPPING,
                        properties: &[
                            ("app_protocol", &Only(STRING)),
                            ("host_ip", &Only(STRING)),
                            ("mode", &Only(STRING)),
                            ("name", &Only(STRING)),
                            ("protocol", &Only(STRING)),
                            ("published", &Only(STRING | INTEGER)),
                            ("target", &Only(STRING | INTEGER)),
                        ],
                        extensions: true,
                        closed: true,
                        ..ANY
                    }),
                ])),
                unique: true,
                ..ANY
            }),
        ),
        (
            "post_start",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&SERVICE_HOOK),
                ..ANY
            }),
        ),
        (
            "pre_start",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&PRE_START_HOOK),
                ..ANY
            }),
        ),
        (
            "pre_stop",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&SERVICE_HOOK),
                ..ANY
            }),
        ),
        ("privileged", &Only(STRING | BOOLEAN)),
        ("profiles", &LIST_OF_STRINGS),
        (
            "provider",
            &Node(&Rules {
                kinds: MAPPING,
                required: &["type"],
                properties: &[
                    (
                        "options",
                        &Node(&Rules {
                            kinds: MAPPING,
                            others: Some((
                                Keys::Any,
                                &OneOf(&[
                                    &Only(STRING | NUMBER | BOOLEAN),
                                    &Node(&Rules {
                                        kinds: LIST,
                                        items: Some(&Only(STRING | NUMBER | BOOLEAN)),
                                        ..ANY
                                    }),
                                ]),
                            )),
                            ..ANY
                        }),
                    ),
                    ("type", &Only(STRING)),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        (
            "pull_policy",
            &Node(&Rules {
                kinds: STRING,
                pattern: Some(Pattern::PullPolicy),
                ..ANY
            }),
        ),
        ("pull_refresh_after", &Only(STRING)),
        ("read_only", &Only(STRING | BOOLEAN)),
        ("restart", &Only(STRING)),
        ("runtime", &Only(STRING)),
        ("scale", &Only(STRING | INTEGER)),
        ("secrets", &SERVICE_CONFIG_OR_SECRET),
        (
            "security_opt",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        ("shm_size", &Only(STRING | NUMBER)),
        ("stdin_open", &Only(STRING | BOOLEAN)),
        ("stop_grace_period", &Only(STRING)),
        ("stop_signal", &Only(STRING)),
        ("storage_opt", &Only(MAPPING)),
        ("sysctls", &LIST_OR_DICT),
        ("tmpfs", &STRING_OR_LIST),
        ("tty", &Only(STRING | BOOLEAN)),
        ("ulimits", &ULIMITS),
        ("use_api_socket", &Only(BOOLEAN)),
        ("user", &Only(STRING)),
        ("userns_mode", &Only(STRING)),
        ("uts", &Only(STRING)),
        (
            "volumes",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&OneOf(&[
                    &Only(STRING),
                    &Node(&Rules {
                        kinds: MAPPING,
                        required: &["type"],
                        properties: &[
                            (
                                "bind",
                                &Node(&Rules {
                                    kinds: MAPPING,
                                    properties: &[
                                        ("create_host_path", &Only(STRING | BOOLEAN)),
                                        ("propagation", &Only(STRING)),
                                        (
                                            "recursive",
                                            &Node(&Rules {
                                                kinds: STRING,
                                                values: &[
                                                    "enabled", "disabled", "writable", "readonly",
                                                ],
                                                ..ANY
                                            }),
                                        ),
                                        (
                                            "selinux",
                                            &Node(&Rules {
                                                kinds: STRING,
                                                values: &["z", "Z"],
                                                ..ANY
                                            }),
                                        ),
                                    ],
                                    extensions: true,
                                    closed: true,
                                    ..ANY
                                }),
                            ),
                            ("consistency", &Only(STRING)),
                            (
                                "image",
                                &Node(&Rules {
                                    kinds: MAPPING,
                                    properties: &[("subpath", &Only(STRING))],
                                    extensions: true,
                                    closed: true,
                                    ..ANY
                                }),
                            ),
                            ("read_only", &Only(STRING | BOOLEAN)),
                            ("source", &Only(STRING)),
                            ("target", &Only(STRING)),
                            (
                                "tmpfs",
                                &Node(&Rules {
                                    kinds: MAPPING,
                                    properties: &[
                                        ("mode", &Only(STRING | NUMBER)),
                                        (
                                            "size",
                                            &OneOf(&[
                                                &Node(&Rules {
                                                    kinds: INTEGER,
                                                    range: Some((0, i64::MAX)),
                                                    ..ANY
                                                }),
                                                &Only(STRING),
                                            ]),
                                        ),
                                    ],
                                    extensions: true,
                                    closed: true,
                                    ..ANY
                                }),
                            ),
                            (
                                "type",
                                &Node(&Rules {
                                    kinds: STRING,
                                    values: &[
                                        "bind", "volume", "tmpfs", "cluster", "npipe", "image",
                                    ],
                                    ..ANY
                                }),
                            ),
                            (
                                "volume",
                                &Node(&Rules {
                                    kinds: MAPPING,
                                    properties: &[
                                        ("labels", &LIST_OR_DICT),
                                        ("nocopy", &Only(STRING | BOOLEAN)),
                                        ("subpath", &Only(STRING)),
                                    ],
                                    extensions: true,
                                    closed: true,
                                    ..ANY
                                }),
                            ),
                        ],
                        extensions: true,
                        closed: true,
                        ..ANY
                    }),
                ])),
                unique: true,
                ..ANY
            }),
        ),
        (
            "volumes_from",
            &Node(&Rules {
                kinds: LIST,
                items: Some(&Only(STRING)),
                unique: true,
                ..ANY
            }),
        ),
        ("working_dir", &Only(STRING)),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

static SERVICE_CONFIG_OR_SECRET: Schema = Node(&Rules {
    kinds: LIST,
    items: Some(&OneOf(&[
        &Only(STRING),
        &Node(&Rules {
            kinds: MAPPING,
            properties: &[
                ("gid", &Only(STRING)),
                ("mode", &Only(STRING | NUMBER)),
                ("source", &Only(STRING)),
                ("target", &Only(STRING)),
                ("uid", &Only(STRING)),
            ],
            extensions: true,
            closed: true,
            ..ANY
        }),
    ])),
    ..ANY
});

static SERVICE_HOOK: Schema = Node(&Rules {
    kinds: MAPPING,
    required: &["command"],
    properties: &[
        ("command", &COMMAND),
        ("environment", &LIST_OR_DICT),
        ("privileged", &Only(STRING | BOOLEAN)),
        ("user", &Only(STRING)),
        ("working_dir", &Only(STRING)),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

static STRING_OR_LIST: Schema = OneOf(&[&Only(STRING), &LIST_OF_STRINGS]);

static ULIMITS: Schema = Node(&Rules {
    kinds: MAPPING,
    others: Some((
        Keys::Lower,
        &OneOf(&[
            &Only(STRING | INTEGER),
            &Node(&Rules {
                kinds: MAPPING,
                required: &["soft", "hard"],
                properties: &[
                    ("hard", &Only(STRING | INTEGER)),
                    ("soft", &Only(STRING | INTEGER)),
                ],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ]),
    )),
    ..ANY
});

static VOLUME: Schema = Node(&Rules {
    kinds: MAPPING | NULL,
    properties: &[
        ("driver", &Only(STRING)),
        (
            "driver_opts",
            &Node(&Rules {
                kinds: MAPPING,
                others: Some((Keys::Any, &Only(STRING | NUMBER))),
                ..ANY
            }),
        ),
        (
            "external",
            &Node(&Rules {
                kinds: STRING | BOOLEAN | MAPPING,
                properties: &[("name", &Only(STRING))],
                extensions: true,
                closed: true,
                ..ANY
            }),
        ),
        ("labels", &LIST_OR_DICT),
        ("name", &Only(STRING)),
    ],
    extensions: true,
    closed: true,
    ..ANY
});

static INCLUDE: Schema = OneOf(&[
    &Only(STRING),
    &Node(&Rules {
        kinds: MAPPING,
        properties: &[
            ("env_file", &STRING_OR_LIST),
            ("path", &STRING_OR_LIST),
            ("project_directory", &Only(STRING)),
        ],
        closed: true,
        ..ANY
    }),
]);
