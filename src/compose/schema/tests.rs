use crate::compose::{Compose, load};
use crate::diagnostic::Edit;
use crate::testing;
use crate::workspace::Workspace;

/// A compose file, loaded.
fn loaded(text: &str) -> (&'static Workspace<'static>, Compose) {
    let workspace = testing::workspace(&testing::files(&[("compose.yaml", text)]));
    let compose = load(workspace, &testing::view(workspace, |_| {}));
    (workspace, compose)
}

/// What is said about a file: the text that is pointed at, and the message, with the rename if one
/// is offered.
fn check(text: &str, expected: &[&str]) {
    let (workspace, compose) = loaded(text);
    let said: Vec<String> = compose
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let rename = diagnostic
                .fix
                .as_ref()
                .map(|fix| format!(" -> {}", fix.edits[0].text))
                .unwrap_or_default();
            format!(
                "{}: {}{rename}",
                workspace.sources().slice(diagnostic.span).trim_end(),
                diagnostic.message
            )
        })
        .collect();
    assert_eq!(said, expected, "{text}");
}

#[test]
fn a_key_with_a_slip_is_renamed() {
    check(
        "services:\n  web:\n    imagee: x\n    enviroment: {A: 1}\n    image: y\n",
        &[
            "imagee: `services.web` can have no key `imagee`",
            "enviroment: `services.web` can have no key `enviroment`; did you mean `environment`? -> environment",
        ],
    );
    check(
        "service:\n  web: {image: x}\n",
        &[
            "service: a compose file can have no key `service`; did you mean `services`? -> services",
        ],
    );
}

#[test]
fn a_service_at_the_top_is_told_where_it_belongs() {
    let (_, compose) = loaded("web:\n  image: x\n");
    let help: Vec<_> = compose
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.help.as_deref())
        .collect();
    assert_eq!(
        help,
        [Some("A service stands below `services`: indent it.")]
    );
}

#[test]
fn all_errors_are_found_at_their_places() {
    check(
        "services:\n  web:\n    image: 1.5\n    ports: 80\n    networks: [a, a]\n    depends_on: {db: {condition: healthy}}\n    deploy: {resources: {limits: {memmory: 1g}}}\n  db: {image: x, privileged: maybe}\nnetworks: {a: , b c: }\n",
        &[
            "maybe: `services.db.privileged` must be true or false, not `maybe`",
            "1.5: `services.web.image` must be text, not a number -> \"",
            "80: `services.web.ports` must be a list, not a number -> [\"",
            "a: `a` stands in `services.web.networks` twice",
            "healthy: `services.web.depends_on.db.condition` must be `service_started`, `service_healthy` or `service_completed_successfully`, not `healthy`",
            "memmory: `services.web.deploy.resources.limits` can have no key `memmory`; did you mean `memory`? -> memory",
            "b c: `b c` is no name that `networks` can have: use letters, digits, `.`, `_` and `-`",
        ],
    );
}

#[test]
fn what_is_missing_is_named() {
    check(
        "services:\n  web: {image: x, depends_on: {db: {}}, volumes: [{target: /x}]}\n  db: {image: y}\n",
        &[
            "{}: `services.web.depends_on.db` lacks `condition`",
            "{target: /x}: `services.web.volumes[0]` lacks `type`",
        ],
    );
}

#[test]
fn extensions_and_unknown_variables_are_left_alone() {
    check(
        "x-a: 1\nservices:\n  web: {image: x, x-b: 2, ports: \"${PORTS}\", scale: \"${N}\", labels: {x: null}}\n",
        &[],
    );
}

#[test]
fn what_a_later_file_completes_is_judged_as_a_whole() {
    check(
        "services:\n  web: {image: x, depends_on: {db: {condition: service_started}}}\n  db: {image: y}\n---\nservices:\n  web: {depends_on: {db: {restart: true}}}\n",
        &[],
    );
}

#[test]
fn the_rename_stands_in_the_place_of_the_key() {
    let text = "services:\n  web:\n    image: x\n    volume: [a:/b]\nvolumes: {a: }\n";
    let (_, compose) = loaded(text);
    let fix = compose.diagnostics[0]
        .fix
        .as_ref()
        .expect("there is one name that is close");
    assert_eq!(
        Edit::apply_all(text, &fix.edits),
        text.replace("    volume:", "    volumes:")
    );
}

#[test]
fn a_short_form_with_a_blank_behind_its_colon_is_one_mistake() {
    check(
        "services:\n  web:\n    image: x\n    volumes:\n      - ./a: /b\n",
        &[
            "./a: /b: `services.web.volumes[0]` is a mapping, because of the blank behind the colon -> \"./a:/b\"",
        ],
    );
}

#[test]
fn a_key_in_the_wrong_place_is_told_where_it_belongs() {
    let (_, compose) = loaded("services:\n  web:\n    image: x\n    dockerfile: Dockerfile.dev\n");
    assert_eq!(
        compose.diagnostics[0].help.as_deref(),
        Some("`dockerfile` belongs below `build`.")
    );
}
