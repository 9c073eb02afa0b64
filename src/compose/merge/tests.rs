use super::*;
use crate::syntax::yaml;
use crate::text::Source;

/// Merges two texts that stand at `path` and shows the result.
fn check(path: &str, base: &str, over: &str, expected: &str) {
    let tree = |text: &str| {
        let (tree, _) = yaml::parse(&Source::detached(text));
        let mut budget = 1000;
        crate::compose::tree::build(
            tree.root().expect("a document"),
            &mut budget,
            &mut Vec::new(),
        )
        .value
    };
    let place = path
        .split('.')
        .fold(KeyPath::ROOT, |place, key| place.key(key));
    let mut problems = Vec::new();
    let merged = merge(tree(base), tree(over), place, &mut problems);
    assert_eq!(show(&merged), expected, "{path}: {base} and {over}");
    assert!(problems.is_empty());
}

fn show(value: &Value<Data>) -> String {
    match &value.value {
        Data::Null => "null".to_owned(),
        Data::List(items) => format!(
            "[{}]",
            items.iter().map(show).collect::<Vec<_>>().join(", ")
        ),
        Data::Map(map) => {
            format!(
                "{{{}}}",
                map.iter()
                    .map(|entry| format!("{}: {}", entry.key, show(&entry.value)))
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        }
        data => data.scalar_text().unwrap_or_default().into_owned(),
    }
}

#[test]
fn each_attribute_is_merged_by_its_own_rule() {
    check(
        "services.a",
        "{image: x, user: u}",
        "{image: y}",
        "{image: y, user: u}",
    );
    check("services.a.command", "[a, b]", "[c]", "[c]");
    check("services.a.command", "[a, b]", "null", "null");
    check("services.a.image", "x", "null", "x");
    check("services.a.cap_add", "[A, B]", "[B, C]", "[A, B, C]");
    check(
        "services.a.environment",
        "{A: 1, B: 1.10}",
        "[B=2, C]",
        "[A=1, B=2, C]",
    );
    check(
        "services.a.dns",
        "1.1.1.1",
        "[8.8.8.8, 1.1.1.1]",
        "[1.1.1.1, 8.8.8.8]",
    );
    check(
        "services.a.build",
        "./x",
        "{target: dev}",
        "{context: ./x, target: dev}",
    );
    check(
        "services.a.depends_on",
        "{db: {condition: service_healthy, restart: true}}",
        "[db, cache]",
        "{db: {condition: service_started, restart: true, required: true}, cache: {condition: service_started, required: true}}",
    );
    check(
        "services.a.networks",
        "{n: {aliases: [x]}}",
        "[n, m]",
        "{n: {aliases: [x]}, m: null}",
    );
    check(
        "services.a.logging",
        "{driver: a, options: {x: 1}}",
        "{driver: b}",
        "{driver: b}",
    );
    check(
        "services.a.logging",
        "{driver: a, options: {x: 1}}",
        "{options: {y: 2}}",
        "{driver: a, options: {x: 1, y: 2}}",
    );
    check(
        "services.a.ulimits.nofile",
        "5",
        "{soft: 1, hard: 2}",
        "{soft: 1, hard: 2}",
    );
    check(
        "services.a.extra_hosts",
        "{a: 1.1.1.1}",
        "['a=2.2.2.2']",
        "[a=1.1.1.1, a=2.2.2.2]",
    );
    check(
        "x-any",
        "{a: [1, {b: 2}]}",
        "{a: [{b: 2}, 3]}",
        "{a: [1, {b: 2}, 3]}",
    );
}

#[test]
fn values_of_different_kinds_cannot_be_merged() {
    let source = Source::detached("");
    let at = |value: Data| Value::new(value, source.whole());
    let mut problems = Vec::new();
    merge(
        at(Data::Map(Map::new())),
        at(Data::List(Vec::new())),
        KeyPath::ROOT.key("services").key("a").key("deploy"),
        &mut problems,
    );
    assert_eq!(
        problems[0].message,
        "`services.a.deploy` is a list here, but a mapping where it was set before"
    );
}
