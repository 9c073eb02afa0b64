//! What the reference loads and warns of.

use super::{Project, one, project};

impl Project {
    /// The rule and the text of each warning.
    fn warnings(&self) -> Vec<String> {
        self.compose
            .warnings
            .iter()
            .map(|warning| format!("{}: {}", warning.rule, self.text(Some(warning.span))))
            .collect()
    }
}

#[test]
fn a_version_is_told_of_and_a_file_with_nothing_else_is_empty() {
    assert_eq!(
        one("version: '3'\nservices: {}\n").warnings(),
        ["obsolete-version: version: '3'"]
    );
    let empty = project(&[("compose.yaml", "version: '3'\n")]);
    assert_eq!((empty.problems().len(), empty.warnings().len()), (1, 1));
}

#[test]
fn words_of_yaml_1_1_are_told_of_where_a_boolean_is_wanted() {
    let project = one(
        "services:\n  web: {image: x, tty: yes, attach: \"off\", init: true, hostname: yes, restart: no}\n",
    );
    assert_eq!(
        project.warnings(),
        ["yes-or-no-boolean: yes", "yes-or-no-boolean: \"off\""]
    );
}

#[test]
fn names_of_old_are_told_of() {
    let project = one(
        "services:\n  web:\n    image: x\n    x-develop: {watch: [{path: ., action: sync, target: /a, x-initialSync: true}]}\n    volumes: ['d1:/d']\nvolumes: {d1: {external: {name: e}}}\n",
    );
    assert_eq!(
        project.warnings(),
        [
            "deprecated-attribute: x-develop",
            "deprecated-attribute: x-initialSync",
            "deprecated-attribute: external"
        ]
    );
}

#[test]
fn what_swarm_alone_heeds_is_told_of_in_each_service() {
    let project = one(
        "services:\n  web:\n    image: x\n    deploy: {mode: global, labels: {a: b}, replicas: 2}\n    ports: [{target: 80, mode: host}, '81']\n    secrets: [{source: s, mode: 0400}, {source: t, mode: 0400}]\n  off: {image: x, profiles: [p], deploy: {placement: {}}}\nsecrets: {s: {file: ./s}, t: {environment: T}}\n",
    );
    let expected = ["mode", "labels", "mode", "mode", "placement"]
        .map(|key| format!("swarm-only-attribute: {key}"));
    assert_eq!(project.warnings(), expected);
}

#[test]
fn a_size_that_is_dropped_is_told_of() {
    assert_eq!(
        one("services:\n  web: {image: x, mem_limit: 1.5, shm_size: 1.5g}\n").warnings(),
        ["fraction-without-unit: 1.5"]
    );
}
