use super::*;
use crate::project::user_annotations::Stated;
use crate::testing;

/// Loads `/p/compose.yaml` beside the other files and hands it on with the recipes.
fn with<T>(
    compose: &str,
    others: &[(&str, &str)],
    ask: impl FnOnce(&Compose, &[Recipe]) -> T,
) -> T {
    let mut all = vec![("compose.yaml", compose)];
    all.extend(others);
    let project = testing::project(&all);
    ask(
        project.compose().expect("it has a compose file"),
        project.recipes(),
    )
}

/// What the compose file states of roles.
fn told(compose: &Compose) -> Vec<ServiceRole> {
    stated(&Stated::default().with_compose(compose, &mut Vec::new()))
}

/// The role of each service: `name: role (reasons)`.
fn check(compose: &str, others: &[(&str, &str)], expected: &[&str]) {
    let roles = with(compose, others, |compose, recipes| {
        infer(compose, recipes, &told(compose), &RoleEvidence::default())
    });
    let text = |role: &ServiceRole| {
        let reasons: Vec<&str> = role
            .reasons
            .iter()
            .map(|reason| reason.text.as_str())
            .collect();
        format!(
            "{}: {} ({})",
            role.service,
            role.role.as_str(),
            reasons.join("; ")
        )
    };
    assert_eq!(roles.iter().map(text).collect::<Vec<_>>(), expected);
}

/// The split as `service: profiles` and `from -/-> to`; nothing when there is none.
fn check_split(compose: &str, others: &[(&str, &str)], expected: &[&str]) {
    let split = with(compose, others, |compose, recipes| {
        split(compose, recipes, &told(compose), &RoleEvidence::default())
    });
    let mut lines = Vec::new();
    for (name, profiles) in split.iter().flat_map(|split| &split.profiles) {
        lines.push(format!("{name}: {}", profiles.join(" ")));
    }
    lines.extend(
        split
            .iter()
            .flat_map(|split| &split.softened)
            .map(|edge| format!("{} -/-> {}", edge.from, edge.to)),
    );
    assert_eq!(lines, expected);
}

/// The stack of a small voice assistant, as its authors run it: everything, always.
const ASSISTANT: &str = "
services:
  guardian: {build: ./guardian, ports: ['8787:8000']}
  nlu: {build: ./nlu}
  orchestrator:
    build: ./orchestrator
    ports: ['18000:8000']
    environment: {GUARDIAN_URL: 'http://guardian:8000', REDIS_URL: 'redis://redis:6379'}
    depends_on:
      guardian: {condition: service_healthy}
      nlu: {condition: service_healthy}
      redis: {condition: service_healthy, required: false}
  dev-proxy: {build: ./proxy, ports: ['18080:80'], depends_on: [orchestrator]}
  voice: {build: ./voice, environment: {ORCHESTRATOR_URL: 'http://orchestrator:8000'}, depends_on: [orchestrator]}
  memory: {build: ./memory, environment: {REDIS_URL: 'redis://redis:6379'}, depends_on: [redis]}
  redis: {image: 'redis:7-alpine'}
  dashboard: {image: 'grafana/grafana:11', ports: ['3001:3000']}
";

#[test]
fn the_core_is_what_can_be_reached_and_what_that_needs() {
    check(
        ASSISTANT,
        &[],
        &[
            "guardian: core (it publishes a port)",
            "nlu: core (`orchestrator` needs it)",
            "orchestrator: core (it publishes a port)",
            "dev-proxy: core (it publishes a port)",
            "voice: optional (nothing needs it; it publishes no port)",
            "memory: optional (nothing needs it; it publishes no port)",
            "redis: optional (only `memory` needs it, which is optional; `orchestrator` says `required: false`)",
            "dashboard: optional (image `grafana/grafana:11`; nothing needs it)",
        ],
    );
}

#[test]
fn the_split_takes_along_what_each_profile_needs() {
    check_split(
        ASSISTANT,
        &[],
        &[
            "voice: full voice",
            "memory: full memory",
            "redis: full memory",
            "dashboard: full",
        ],
    );
}

#[test]
fn what_the_core_depends_on_is_infrastructure_until_the_user_says_otherwise() {
    let hard = ASSISTANT.replace(", required: false", "");
    check_split(&hard, &[], &["voice: full voice", "dashboard: full"]);
    let stated = hard.replace(
        "'redis:7-alpine'}",
        "'redis:7-alpine', x-composelint: {role: optional}}",
    );
    check_split(
        &stated,
        &[],
        &[
            "voice: full voice",
            "memory: full memory",
            "redis: full memory",
            "dashboard: full",
            "orchestrator -/-> redis",
        ],
    );
    let at_the_top =
        format!("x-composelint: {{optional: [redis], roles: {{voice: core}}}}\n{hard}");
    check_split(
        &at_the_top,
        &[],
        &[
            "memory: full memory",
            "redis: full memory",
            "dashboard: full",
            "orchestrator -/-> redis",
        ],
    );
}

#[test]
fn scripts_that_name_services_say_what_the_core_is() {
    let compose = "services: {one: {build: .}, two: {build: .}, three: {build: .}, extra: {build: ., ports: ['1:1']}}";
    check(
        compose,
        &[(
            "Makefile",
            "fast:\n\tdocker compose up -d one two three\nextra:\n\tdocker compose up extra\n",
        )],
        &[
            "one: core (`make fast` starts it)",
            "two: core (`make fast` starts it)",
            "three: core (`make fast` starts it)",
            "extra: optional (`make extra` starts it by itself; nothing needs it)",
        ],
    );
}

#[test]
fn a_reference_in_the_environment_is_a_need() {
    check(
        "services: {api: {build: ., environment: [DB_HOST=db]}, db: {image: 'postgres:16'}, other: {image: 'mysql:8'}}",
        &[],
        &[
            "api: core (its name is that of an entry)",
            "db: infrastructure (`api` refers to it)",
            "other: unknown ()",
        ],
    );
}

#[test]
fn a_service_that_works_unseen_is_not_called_optional() {
    check(
        "services: {web: {build: ., ports: ['1:1'], depends_on: [db]}, db: {image: postgres}, mailer: {build: ., depends_on: [db]}, worker: {build: .}, beat: {build: ., depends_on: [mq]}, mq: {image: 'rabbitmq:3'}}",
        &[],
        &[
            "web: core (it publishes a port)",
            "db: infrastructure (`web` needs it)",
            "mailer: unknown ()",
            "worker: unknown ()",
            "beat: unknown ()",
            "mq: unknown ()",
        ],
    );
}

#[test]
fn a_viewer_says_nothing_of_what_it_shows() {
    check(
        "services: {web: {build: ., ports: ['1:1']}, mongo: {image: mongo}, viewer: {image: mongo-express, depends_on: [mongo]}}",
        &[],
        &[
            "web: core (it publishes a port)",
            "mongo: unknown ()",
            "viewer: optional (image `mongo-express`; nothing needs it)",
        ],
    );
}

#[test]
fn jobs_end_and_stay_with_those_who_wait_for_them() {
    let compose = "
services:
  web: {build: ., ports: ['1:1'], depends_on: {schema: {condition: service_completed_successfully}}}
  schema: {image: flyway/flyway}
  e2e-tests: {build: ., depends_on: [web]}
  seed: {build: ., restart: 'no'}
";
    check(
        compose,
        &[],
        &[
            "web: core (it publishes a port)",
            "schema: job (`web` waits for its end)",
            "e2e-tests: job (its name is that of a job)",
            "seed: job (its name is that of a job; it is never restarted)",
        ],
    );
    check_split(compose, &[], &["e2e-tests: test", "seed: jobs"]);
}

#[test]
fn the_builder_of_an_image_stays_with_its_users() {
    let compose = "
services:
  web: {image: 'shop/app', ports: ['1:1']}
  other: {image: 'shop/app:latest', build: .}
  grafana: {image: grafana/grafana}
";
    check_split(compose, &[], &["grafana: full"]);
}

#[test]
fn a_fixed_need_keeps_its_service() {
    let compose = "
services:
  web: {build: ., ports: ['1:1'], network_mode: 'service:net', x-composelint: {role: core}}
  net: {image: busybox, x-composelint: {role: optional}}
  adminer: {image: adminer}
";
    check_split(compose, &[], &["adminer: full"]);
}

#[test]
fn every_set_of_profiles_is_tried() {
    let compose = "
services:
  web: {image: x, depends_on: [db]}
  db: {image: x}
  tool: {image: x, links: [cache]}
  cache: {image: x, profiles: [other]}
";
    let assign = |names: &[(&str, &str)]| -> Vec<(String, Vec<String>)> {
        names
            .iter()
            .map(|(name, profile)| ((*name).to_owned(), vec![(*profile).to_owned()]))
            .collect()
    };
    let violations = |assignment: &[(&str, &str)]| {
        let found = with(compose, &[], |compose, _| {
            check_sets(compose, &assign(assignment), &[])
        });
        let text = |violation: Violation| {
            format!(
                "[{}] {} needs {}",
                violation.active.join(" "),
                violation.service,
                violation.needs
            )
        };
        found.into_iter().map(text).collect::<Vec<_>>()
    };
    assert_eq!(violations(&[("tool", "other")]), [""; 0]);
    assert_eq!(violations(&[("tool", "own")]), ["[own] tool needs cache"]);
    assert_eq!(
        violations(&[("tool", "other"), ("db", "other")]),
        ["[] web needs db"]
    );
    assert_eq!(
        violations(&[("tool", "other"), ("db", "other"), ("web", "other")]),
        ["[]  needs "]
    );
}

#[test]
fn a_split_is_missed_only_where_much_starts_and_nobody_minds() {
    let missing = |compose: &str, others: &[(&str, &str)]| {
        with(compose, others, |compose, recipes| {
            missing_split(compose, recipes, &[], RoleEvidence::default).is_some()
        })
    };
    assert!(missing(ASSISTANT, &[]));
    assert!(missing(
        ASSISTANT,
        &[("Makefile", "up:\n\tdocker compose up -d\n")]
    ));
    assert!(!missing(
        ASSISTANT,
        &[("Makefile", "up:\n\tdocker compose up -d nlu guardian\n")]
    ));
    assert!(!missing(
        &ASSISTANT.replace("build: ./voice", "build: ./voice, profiles: [voice]"),
        &[]
    ));
    assert!(!missing(
        "services: {web: {build: ., ports: ['1:1']}, a: {build: .}, b: {build: .}}",
        &[]
    ));
}

#[test]
fn what_other_files_say_decides_who_is_needed() {
    let compose = "services:\n  proxy: {build: ./proxy, ports: ['80:80']}\n  api: {build: ./api, depends_on: [redis]}\n  redis: {image: redis}\n  \
                   memory: {build: ./memory, depends_on: [redis]}\n";
    let role = |evidence: RoleEvidence| {
        let roles = with(compose, &[], |compose, recipes| {
            infer(compose, recipes, &[], &evidence)
        });
        roles
            .into_iter()
            .find(|role| role.service == "memory")
            .map(|role| role.role)
    };
    let calls = |to: &[&str]| {
        to.iter()
            .map(|to| ("proxy".to_owned(), (*to).to_owned()))
            .collect::<Vec<_>>()
    };
    let servers = vec!["memory".to_owned()];
    // It may work on what lies in redis.
    assert_eq!(
        role(RoleEvidence {
            calls: calls(&["api"]),
            servers: Vec::new()
        }),
        Some(Role::Unknown)
    );
    assert_eq!(
        role(RoleEvidence {
            calls: calls(&["api"]),
            servers: servers.clone()
        }),
        Some(Role::Optional)
    );
    assert_eq!(
        role(RoleEvidence {
            calls: calls(&["api", "memory"]),
            servers
        }),
        Some(Role::Core)
    );
}
