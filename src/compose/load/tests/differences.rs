//! What composelint does otherwise than the reference on purpose: the rows of
//! `fixtures/compose/README.md`.

use super::{Project, one, project};
use crate::compose::resolve::{Request, resolve};
use crate::compose::{Dialect, Unset};
use crate::testing;

#[test]
fn names_that_begin_with_x_stay_names_in_mappings() {
    let project = one(
        "services:\n  web:\n    image: x\n    labels: {x-a: one}\n    environment: {x-b: two}\n",
    );
    let web = project.service("web");
    assert_eq!(web.labels[0].key.value, "x-a");
    assert_eq!(web.environment[0].key.value, "x-b");
}

#[test]
fn a_key_for_a_build_can_be_printed_as_json() {
    let text = "services:\n  web:\n    build: {context: ., ssh: [key=./id]}\n";
    let workspace = testing::workspace(&testing::files(&[("compose.yaml", text)]));
    let view = testing::view(workspace, |_| {});
    let resolved = resolve(
        workspace,
        &view,
        &Request {
            services: Vec::new(),
            all_resources: false,
            dialect: Dialect::Json,
        },
    );
    assert_eq!(resolved.errors, []);
    let ssh = resolved
        .document
        .get("services")
        .and_then(|services| services.get("web")?.get("build")?.get("ssh"));
    assert!(ssh.is_some());
}

#[test]
fn null_says_nothing_where_the_reference_panics() {
    for key in ["pid", "uts", "ipc", "cgroup", "network_mode"] {
        let project = project(&[(
            "compose.yaml",
            &format!("services:\n  web:\n    image: x\n    {key}:\n"),
        )]);
        assert!(project.compose.service("web").is_some(), "{key}");
    }
}

#[test]
fn a_timestamp_is_one_text_in_all_places() {
    let project =
        one("services:\n  web:\n    image: 2024-02-29\n    environment: {DAY: 2024-02-29}\n");
    let web = project.service("web");
    let image = web.image.as_ref().map(|image| image.value.as_str());
    assert_eq!(image, Some("2024-02-29 00:00:00 +0000 UTC"));
    assert_eq!(web.variable("DAY").map(|day| day.value.as_str()), image);
}

#[test]
fn all_errors_are_told_at_once() {
    let text = "services:\n  web:\n    image: x\n    imagee: y\n    privileged: maybe\n  db: {image: x, depends_on: [nobody]}\n";
    assert_eq!(
        project(&[("compose.yaml", text)]).compose.diagnostics.len(),
        3
    );
}

#[test]
fn messages_name_both_services_of_a_clash() {
    let text =
        "services:\n  a: {image: x, container_name: same}\n  b: {image: x, container_name: same}\n";
    let project = Project::of(&[("compose.yaml", text)], |options| {
        options.unset = Unset::Blank
    });
    assert_eq!(
        project.problems(),
        ["same: `a` and `b` have the same `container_name`"]
    );
}

#[test]
fn what_lies_on_other_machines_is_not_read_and_not_an_error() {
    let text = "include: ['https://github.com/example/shop.git']\nservices:\n  web: {image: x, depends_on: [db]}\n";
    let project: Project = one(text);
    assert_eq!(
        project.written(&project.compose.unread[0]),
        "'https://github.com/example/shop.git'"
    );
}
