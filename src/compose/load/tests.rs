use crate::compose::{
    Compose, Condition, Data, HealthcheckTest, MountKind, ProjectOptions, Step, Unset, Value,
    VariableSource, View, ViewKind, load,
};
use crate::testing;
use crate::text::Span;
use crate::workspace::Workspace;

mod differences;
mod warnings;

/// A loaded project and the means to look at its texts.
struct Project {
    workspace: &'static Workspace<'static>,
    compose: Compose,
}

impl Project {
    fn of(files: &[(&str, &str)], change: impl FnOnce(&mut ProjectOptions)) -> Project {
        let workspace = testing::workspace(&testing::files(files));
        let compose = load(workspace, &testing::view(workspace, change));
        Project { workspace, compose }
    }

    fn text(&self, span: Option<Span>) -> String {
        span.map_or("(nowhere)".to_owned(), |span| {
            self.workspace.sources().slice(span)
        })
    }

    /// `line:text` of each diagnostic, with its message.
    fn problems(&self) -> Vec<String> {
        let shown = |diagnostic: &crate::diagnostic::Diagnostic| {
            format!(
                "{}: {}",
                self.text(Some(diagnostic.span)),
                diagnostic.message
            )
        };
        self.compose.diagnostics.iter().map(shown).collect()
    }

    fn service(&self, name: &str) -> &crate::compose::Service {
        self.compose.service(name).expect("the service is there")
    }

    fn written(&self, value: &Value<String>) -> String {
        self.text(value.span())
    }
}

fn project(files: &[(&str, &str)]) -> Project {
    Project::of(files, |_| {})
}

/// A project of one file that has nothing wrong with it.
fn one(text: &str) -> Project {
    let project = project(&[("compose.yaml", text)]);
    assert_eq!(project.problems(), [""; 0], "{text}");
    project
}

#[test]
fn a_project_is_named_after_its_directory_and_joins_its_default_network() {
    let project = one("services:\n  web:\n    image: nginx\n");
    assert_eq!(project.compose.name.value, "p");
    assert_eq!(project.compose.networks[0].name.value, "default");
    assert_eq!(
        project.compose.networks[0]
            .data
            .get("name")
            .and_then(Value::as_str),
        Some("p_default")
    );
    assert_eq!(
        project
            .service("web")
            .image
            .as_ref()
            .map(|image| image.value.as_str()),
        Some("nginx")
    );
    assert_eq!(project.text(Some(project.service("web").key())), "web");
}

#[test]
fn parts_of_short_forms_know_their_own_bytes() {
    let project = one(
        "services:\n  web:\n    image: x\n    volumes: ['./src:/app:ro', data:/data, /cache]\n    ports: ['127.0.0.1:8080:80/udp']\nvolumes: {data: }\n",
    );
    let web = project.service("web");
    let mounts: Vec<_> = web
        .mounts
        .iter()
        .map(|mount| {
            let source = mount
                .source
                .as_ref()
                .map(|source| (source.value.clone(), project.written(source)));
            (
                mount.kind,
                source,
                project.written(&mount.target),
                mount.read_only,
            )
        })
        .collect();
    assert_eq!(
        mounts,
        [
            (
                MountKind::Bind,
                Some(("/p/src".into(), "./src".into())),
                "/app".into(),
                true
            ),
            (
                MountKind::Volume,
                Some(("data".into(), "data".into())),
                "/data".into(),
                false
            ),
            (MountKind::AnonymousVolume, None, "/cache".into(), false),
        ]
    );
    let port = &web.ports[0];
    let text = |value: &Option<Value<String>>| value.as_ref().map(|value| project.written(value));
    assert_eq!(
        (text(&port.host_ip), text(&port.published)),
        (Some("127.0.0.1".into()), Some("8080".into()))
    );
    assert_eq!(
        port.target
            .as_ref()
            .map(|target| (target.value, project.text(target.span()))),
        Some((80, "80".into()))
    );
    assert_eq!(port.protocol, "udp");
}

#[test]
fn a_variable_without_value_is_unknown_and_never_blank() {
    let project = one(
        "services:\n  web:\n    image: app:${TAG}\n    ports: ['${PORT}:80']\n    volumes: ['${SRC}:/app', '${DATA:-./data}:/data']\n    privileged: ${P}\n",
    );
    let web = project.service("web");
    let image = web.image.as_ref().unwrap();
    assert!(image.origin.is_unknown());
    assert_eq!(image.value, "app:${TAG}");
    let port = &web.ports[0];
    assert!(port.published.as_ref().unwrap().origin.is_unknown());
    assert_eq!(
        port.target
            .as_ref()
            .map(|target| (target.value, target.origin.is_unknown())),
        Some((80, false))
    );
    assert_eq!(web.mounts[0].kind, MountKind::Bind);
    assert!(
        web.mounts[0].source.as_ref().unwrap().origin.is_unknown()
            && !web.mounts[0].target.origin.is_unknown()
    );
    let data = web.mounts[1].source.as_ref().unwrap();
    assert_eq!(
        (data.value.as_str(), data.origin.is_unknown()),
        ("/p/data", false)
    );
    assert_eq!(project.written(data), "./data");
}

#[test]
fn a_variable_names_the_line_that_sets_it() {
    let project = project(&[
        ("compose.yaml", "services: {web: {image: \"app:${TAG}\"}}"),
        (".env", "# tags\nTAG=\"1.2\"\n"),
    ]);
    let image = project.service("web").image.as_ref().unwrap();
    assert_eq!(image.value, "app:1.2");
    let [
        Step::Variable {
            used,
            name,
            from: VariableSource::File(line),
        },
    ] = image.origin.steps.as_slice()
    else {
        panic!("{:?}", image.origin)
    };
    assert_eq!(
        (project.text(Some(*used)), name.as_str()),
        ("${TAG}".into(), "TAG")
    );
    assert!(project.text(Some(*line)).contains("1.2"));
}

#[test]
fn an_override_replaces_and_appends() {
    let project = project(&[
        (
            "compose.yaml",
            "services:\n  web:\n    image: a\n    command: run\n    environment: {A: 1, B: 2}\n    volumes: ['./a:/app']\n    ports: ['80:80']\n",
        ),
        (
            "compose.override.yaml",
            "services:\n  web:\n    image: b\n    command: [dev]\n    environment: ['B=3']\n    volumes: ['./b:/app', './c:/c']\n    ports: ['81:80']\n",
        ),
    ]);
    assert_eq!(project.problems(), [""; 0]);
    let web = project.service("web");
    assert_eq!(web.keys.len(), 2);
    assert_eq!(
        (project.compose.main_files, project.compose.files.len()),
        (2, 2)
    );
    let image = web.image.as_ref().unwrap();
    assert!(
        matches!(image.origin.steps.as_slice(), [Step::Replaced { replaced }] if project.text(Some(*replaced)) == "a")
    );
    assert_eq!(web.command.as_ref().unwrap().words.len(), 1);
    let variables: Vec<_> = web
        .environment
        .iter()
        .map(|entry| {
            (
                entry.key.value.as_str(),
                project.text(entry.value.as_ref().unwrap().span()),
            )
        })
        .collect();
    assert_eq!(variables, [("A", "1".into()), ("B", "3".into())]);
    let sources: Vec<_> = web
        .mounts
        .iter()
        .map(|mount| mount.source.as_ref().unwrap().value.as_str())
        .collect();
    assert_eq!(sources, ["/p/b", "/p/c"]);
    assert_eq!(web.ports.len(), 2);
}

#[test]
fn tags_of_a_later_file_take_out_what_earlier_ones_say() {
    let project = project(&[
        (
            "compose.yaml",
            "services: {web: {image: a, ports: ['80:80'], volumes: ['./a:/a'], command: x}, old: {image: b}}",
        ),
        (
            "compose.override.yaml",
            "services: {web: {ports: !override ['90:80'], volumes: !reset [], command: !reset null}, old: !reset null}",
        ),
    ]);
    let web = project.service("web");
    assert_eq!(web.ports.len(), 1);
    assert!(
        web.mounts.is_empty() && web.command.is_none() && project.compose.service("old").is_none()
    );
}

#[test]
fn anchors_and_merge_keys_leave_their_trace() {
    let project = one(
        "x-base: &base {image: a, working_dir: /app}\nservices:\n  web:\n    <<: *base\n    image: b\n  api: *base\n",
    );
    let web = project.service("web");
    assert_eq!(web.image.as_ref().unwrap().value, "b");
    let directory = web.working_dir.as_ref().unwrap();
    assert!(
        matches!(
            directory.origin.steps.as_slice(),
            [Step::Alias { .. }, Step::MergeKey { .. }]
        ),
        "{:?}",
        directory.origin
    );
    assert!(matches!(
        project
            .service("api")
            .image
            .as_ref()
            .unwrap()
            .origin
            .steps
            .as_slice(),
        [Step::Alias { .. }]
    ));
}

#[test]
fn extends_brings_everything_from_another_file_with_its_own_paths() {
    let project = project(&[
        (
            "compose.yaml",
            "services:\n  web:\n    extends: {file: common/base.yaml, service: base}\n    environment: {B: 2}\n",
        ),
        (
            "common/base.yaml",
            "services:\n  base:\n    extends: root\n    build: .\n    environment: {A: 1}\n  root: {image: r, volumes: ['./x:/x']}\n",
        ),
    ]);
    assert_eq!(project.problems(), [""; 0]);
    let web = project.service("web");
    assert_eq!(
        web.build.as_ref().unwrap().context_directory.as_deref(),
        Some("/p/common".as_ref())
    );
    assert_eq!(web.mounts[0].source.as_ref().unwrap().value, "/p/common/x");
    let image = web.image.as_ref().unwrap();
    let services: Vec<_> = image
        .origin
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Extends { service, .. } => Some(service.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(services, ["root", "base"]);
    assert_eq!(web.environment.len(), 2);
}

#[test]
fn an_include_is_a_project_of_its_own_and_loses_to_the_file_that_names_it() {
    let project = project(&[
        (
            "compose.yaml",
            "include: [api/compose.yaml]\nservices:\n  api: {environment: {A: mine}}\n",
        ),
        (
            "api/compose.yaml",
            "services:\n  api: {build: ., environment: {A: theirs, B: '${B}'}, depends_on: [db]}\n  db: {image: pg}\n",
        ),
        ("api/.env", "B=from-env\n"),
    ]);
    assert_eq!(project.problems(), [""; 0]);
    let api = project.service("api");
    assert_eq!(api.variable("A").unwrap().value, "mine");
    assert_eq!(api.variable("B").unwrap().value, "from-env");
    assert_eq!(
        api.build.as_ref().unwrap().dockerfile_path().as_deref(),
        Some("/p/api/Dockerfile".as_ref())
    );
    let image = project.service("db").image.as_ref().unwrap();
    assert!(matches!(
        image.origin.steps.as_slice(),
        [Step::Include { .. }]
    ));
    assert_eq!(project.compose.main_files, 1);
}

#[test]
fn files_that_include_or_extend_themselves_are_reported_once() {
    for (text, message) in [
        (
            "include: [compose.yaml]\nservices: {a: {image: x}}",
            "compose.yaml: files include each other in a ring: compose.yaml → compose.yaml",
        ),
        (
            "services: {a: {image: x, extends: b}, b: {extends: a}}",
            "b: services extend each other in a ring: a → b → a",
        ),
        (
            "include: [gone.yaml]\nservices: {a: {depends_on: [b]}}",
            "gone.yaml: cannot include gone.yaml: no such file",
        ),
        (
            "services: {a: {extends: gone, image: x}}",
            "gone: there is no service `gone` to extend",
        ),
    ] {
        let project = project(&[("compose.yaml", text)]);
        assert_eq!(
            project.problems().first().map(String::as_str),
            Some(message),
            "{:?}",
            project.problems()
        );
    }
}

#[test]
fn variables_of_env_files_lie_under_those_of_the_service() {
    let project = project(&[
        (
            "compose.yaml",
            "services: {web: {image: x, env_file: [a.env, {path: gone.env, required: false}], environment: {B: own, C: }}}",
        ),
        ("a.env", "A=1\nB=2\nC=3\n"),
    ]);
    let web = project.service("web");
    assert_eq!(
        web.variable("A")
            .map(|value| project.written(value))
            .as_deref(),
        Some("1")
    );
    assert_eq!(web.variable("B").unwrap().value, "own");
    assert!(
        web.variable("C").is_none(),
        "a name without value hides what the file says"
    );
    assert!(matches!(
        web.variable("A").unwrap().origin.steps.as_slice(),
        [Step::EnvFile { .. }]
    ));
    let files: Vec<_> = web
        .env_files
        .iter()
        .map(|(path, required)| (path.value.to_str().unwrap(), *required))
        .collect();
    assert_eq!(files, [("/p/a.env", true), ("/p/gone.env", false)]);
}

#[test]
fn dependencies_are_read_in_both_forms_and_out_of_other_attributes() {
    let project = one(
        "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: {c: {condition: service_healthy, required: false}}}\n  c: {image: x}\n  d: {image: x, network_mode: 'service:a', links: ['b:alias']}\n",
    );
    let edges = |name: &str| -> Vec<_> {
        let service = project.service(name);
        service
            .depends_on
            .iter()
            .map(|edge| {
                (
                    edge.service.value.clone(),
                    edge.condition,
                    edge.required,
                    edge.implied_by,
                )
            })
            .collect()
    };
    assert_eq!(
        edges("a"),
        [("b".to_owned(), Condition::Started, true, None)]
    );
    assert_eq!(
        edges("b"),
        [("c".to_owned(), Condition::Healthy, false, None)]
    );
    assert_eq!(
        edges("d"),
        [
            ("b".to_owned(), Condition::Started, true, Some("links")),
            (
                "a".to_owned(),
                Condition::Started,
                true,
                Some("network_mode")
            )
        ]
    );
}

#[test]
fn profiles_decide_what_starts() {
    let files = [(
        "compose.yaml",
        "services: {a: {image: x}, b: {image: x, profiles: [dev]}, c: {profiles: [ops]}}",
    )];
    let active = |profiles: &[&str]| -> Vec<String> {
        let project = Project::of(&files, |options| {
            options.profiles = profiles
                .iter()
                .map(|profile| (*profile).to_owned())
                .collect()
        });
        project
            .compose
            .active_services()
            .map(|service| service.name.value.clone())
            .collect()
    };
    assert_eq!(active(&[]), ["a"]);
    assert_eq!(active(&["dev", "unheard-of"]), ["a", "b"]);
    assert_eq!(active(&["*"]), ["a", "b", "c"]);
}

#[test]
fn health_checks_and_watches_are_typed() {
    let project = one(
        "services:\n  a:\n    build: .\n    healthcheck: {test: curl localhost, interval: 1m30s, retries: 3, timeout: '${T:-500ms}'}\n    develop: {watch: [{path: ./src, action: sync, target: /app, ignore: node_modules/}]}\n",
    );
    let a = project.service("a");
    let check = a.healthcheck.as_ref().unwrap();
    assert_eq!(check.interval.as_ref().unwrap().as_secs(), 90);
    assert_eq!(check.timeout.as_ref().unwrap().as_millis(), 500);
    assert_eq!(check.retries.as_ref().unwrap().value, 3);
    assert!(
        matches!(&check.test.as_ref().unwrap().value, HealthcheckTest::Shell(text) if text.as_str() == "curl localhost")
    );
    assert_eq!(
        (
            a.watch[0].path.value.as_str(),
            a.watch[0].ignore[0].value.as_str()
        ),
        ("/p/src", "node_modules/")
    );
}

#[test]
fn what_cannot_be_used_is_reported_where_it_stands() {
    for (text, problem) in [
        ("- a", "- a: a compose file must be a mapping, not a list"),
        (
            "services: [a]",
            "services: `services` must be a mapping, not a list",
        ),
        (
            "services: {a: b}",
            "a: `services.a` must be a mapping, not text",
        ),
        (
            "services: {a: {image: x, ports: [b]}}",
            "b: `b` is no port: it must be a number up to 65535, or a range of two",
        ),
        (
            "services: {a: {image: 'x${'}}",
            "${: this `${` starts no valid variable expression",
        ),
        (
            "services: {a: {image: x, privileged: maybe}}",
            "maybe: `services.a.privileged` must be true or false, not `maybe`",
        ),
        (
            "services: {a: {image: x, depends_on: [b]}}",
            "b: `a` depends on `b`, which is no service of this project",
        ),
        ("services: {a: {image: x, volumes: ['v:/x']}}", ""),
        (
            "services: {a: {image: x, volumes: ['vol:/x']}}",
            "vol: the volume `vol` is not declared under `volumes`",
        ),
        (
            "services: {a: {image: x, networks: [n]}}",
            "n: the network `n` is not declared under `networks`",
        ),
        (
            "services: {a: {image: x, environment: [{A: 1}]}}",
            "{A: 1}: an item of `environment` must be text such as `NAME=value`",
        ),
        (
            "services: {a: {restart: always}}",
            "a: the service `a` has neither an image nor a build",
        ),
        (
            "services: {a: {image: x, command: 'a \"b'}}",
            "\": this command line cannot be cut into words: a quote or a parenthesis is left open",
        ),
        (
            "services: {a: {image: x, healthcheck: {interval: '10'}}}",
            "'10': `10` is no duration: write a number with a unit, such as 30s or 1m30s",
        ),
    ] {
        let project = project(&[("compose.yaml", text)]);
        assert_eq!(project.problems().join("\n"), problem, "{text}");
    }
}

#[test]
fn with_blank_variables_the_loader_judges_as_the_reference_does() {
    let files = [(
        "compose.yaml",
        "services: {a: {image: 'x:${TAG}', ports: ['${PORT}:80'], user: '${U:?who}'}}",
    )];
    let project = Project::of(&files, |options| options.unset = Unset::Blank);
    assert_eq!(project.service("a").image.as_ref().unwrap().value, "x:");
    assert!(project.service("a").ports[0].published.is_none());
    assert_eq!(
        project.problems(),
        ["${U:?who}: the required variable `U` is not set: who"]
    );
}

#[test]
fn a_file_that_is_not_there_is_a_diagnostic() {
    let files = testing::files(&[]);
    let workspace = Workspace::new(&files);
    let view = View::new("/p".into(), vec!["/p/compose.yaml".into()], ViewKind::Named);
    let compose = load(&workspace, &view);
    assert_eq!(compose.diagnostics.len(), 1);
    assert!(compose.services.is_empty());
}

#[test]
fn bombs_end() {
    let mut aliases = "x-0: &a0 [x, x, x]\n".to_owned();
    for level in 1..40 {
        let below = level - 1;
        aliases += &format!("x-{level}: &a{level} [*a{below}, *a{below}, *a{below}]\n");
    }
    let bomb = project(&[(
        "compose.yaml",
        &format!("{aliases}services: {{a: {{image: x}}}}"),
    )]);
    assert!(
        bomb.problems()
            .iter()
            .any(|problem| problem.contains("aliases make more than")),
        "{:?}",
        bomb.problems()
    );

    let variables = (1..60).fold("V0=0123456789\n".to_owned(), |text, level| {
        text + &format!("V{level}=${{V{0}}}${{V{0}}}\n", level - 1)
    });
    let bomb = project(&[
        (".env", &variables),
        ("compose.yaml", "services: {a: {image: '${V59}'}}"),
    ]);
    assert!(
        bomb.problems()
            .iter()
            .any(|problem| problem.contains("64 MiB")),
        "{:?}",
        bomb.problems()
    );

    let chain: String = (0..5000)
        .map(|at| format!("  s{at}: {{extends: s{}}}\n", at + 1))
        .collect();
    let chain = project(&[(
        "compose.yaml",
        &format!("services:\n{chain}  s5000: {{image: x}}\n"),
    )]);
    assert!(
        chain
            .problems()
            .iter()
            .any(|problem| problem.contains("services extend each other"))
    );

    let includes: Vec<(String, String)> = (0..40)
        .map(|at| {
            (
                format!("c{at}.yaml"),
                format!(
                    "include: [c{0}.yaml, {{path: c{0}.yaml}}]\nservices: {{s{at}: {{image: x}}}}",
                    at + 1
                ),
            )
        })
        .chain([(
            "c40.yaml".to_owned(),
            "services: {last: {image: x}}".to_owned(),
        )])
        .collect();
    let mut files: Vec<(&str, &str)> = includes
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    files.push(("compose.yaml", "include: [c0.yaml]"));
    let tower = project(&files);
    assert!(
        tower
            .problems()
            .iter()
            .any(|problem| problem.contains("includes files more than")),
        "{:?}",
        tower.problems()
    );
}

#[test]
fn a_mapping_of_many_keys_is_read_at_once() {
    let keys: String = (0..20_000).map(|at| format!("      K{at}: v\n")).collect();
    let text = format!("services:\n  a:\n    image: x\n    environment:\n{keys}");
    let files = [
        ("compose.yaml", text.as_str()),
        ("compose.override.yaml", text.as_str()),
    ];
    let project = project(&files);
    assert_eq!(project.service("a").environment.len(), 20_000);
    assert!(matches!(project.compose.data.value, Data::Map(_)));
}

#[test]
fn services_that_wait_for_each_other_are_reported() {
    let text = "services: {a: {image: x, depends_on: [b, d]}, b: {image: x, depends_on: [c]}, c: {image: x, depends_on: [b]}, d: {image: x}}";
    assert_eq!(
        project(&[("compose.yaml", text)]).problems(),
        ["b: services wait for each other in a ring: b → c → b"]
    );
    one(
        "services: {a: {image: x, depends_on: [b, c]}, b: {image: x, depends_on: [c]}, c: {image: x}}",
    );
}

#[test]
fn an_empty_file_is_reported_and_an_empty_project_is_not() {
    assert_eq!(
        project(&[("compose.yaml", "# nothing\n")]).problems().len(),
        1
    );
    one("services: {}");
    one("name: x");
}

#[test]
fn a_file_with_broken_syntax_is_not_judged_any_further() {
    let broken = project(&[(
        "compose.yaml",
        "services:\n  a: {image: x, depends_on: [b]}\n  b\n    image: y\nnetworks: 5\n",
    )]);
    let rules: Vec<_> = broken
        .compose
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.rule)
        .collect();
    assert!(
        !rules.is_empty()
            && rules
                .iter()
                .all(|rule| *rule == crate::syntax::INVALID_SYNTAX),
        "{:?}",
        broken.problems()
    );
    assert!(!broken.compose.is_whole());
}

proptest::proptest! {
    #[test]
    fn any_text_loads_and_every_place_lies_in_its_file(parts in proptest::collection::vec(proptest::sample::select(PARTS.to_vec()), 0..40)) {
        let text = parts.concat();
        let project = project(&[("compose.yaml", &text), ("compose.override.yaml", "services: {a: {ports: ['1:2'], environment: {B: 1}}}")]);
        for diagnostic in &project.compose.diagnostics {
            let source = project.workspace.sources().get(diagnostic.span.file);
            proptest::prop_assert!(diagnostic.span.end as usize <= source.text().len());
            proptest::prop_assert!(source.text().is_char_boundary(diagnostic.span.start as usize));
        }
    }
}

/// What compose files are made of, whole and broken.
const PARTS: [&str; 40] = [
    "services:\n",
    "  a:\n",
    "  b: ",
    "    image: x\n",
    "    build: .\n",
    "    ports:\n",
    "      - \"80:80\"\n",
    "      - 1-5:1-5/udp\n",
    "    volumes: [",
    "./é:/x:ro",
    "'v:/y'",
    "]",
    ", ",
    "{",
    "}",
    "    environment:\n",
    "      A: ${B:-${C}}\n",
    "      - A=${B\n",
    "${",
    "&x ",
    "*x",
    "<<: *x\n",
    "    extends: b\n",
    "    extends: {file: compose.yaml, service: a}\n",
    "include: [compose.yaml]\n",
    "!reset ",
    "!override ",
    "null",
    "\n",
    "  ",
    "\t",
    "\"",
    "'",
    "$",
    "    depends_on: [a, b]\n",
    "    command: \"a 'b\"\n",
    "networks: {n: }\n",
    "---\n",
    "    healthcheck: {test: [], interval: 1x}\n",
    "    tmpfs: /x:ro\n",
];
