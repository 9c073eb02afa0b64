use super::*;
use crate::text::Source;

/// The long form of one item of `ports` or `volumes`, or what is wrong with it.
fn check(key: &str, item: &str, expected: &str) {
    let source = Source::detached(item);
    let text = Value::new(
        Data::String(crate::text::Cooked::verbatim(&source, source.whole())),
        source.whole(),
    );
    let list = Value::new(Data::List(vec![text]), source.whole());
    let service = Value::new(
        Data::Map(Map::from_iter([MapEntry::new(key, None, list)])),
        source.whole(),
    );
    let services = Value::new(
        Data::Map(Map::from_iter([MapEntry::new("a", None, service)])),
        source.whole(),
    );
    let mut document = Value::new(
        Data::Map(Map::from_iter([MapEntry::new("services", None, services)])),
        source.whole(),
    );
    let mut problems = Vec::new();
    canonicalise(
        &mut document,
        &FxHashSet::from_iter(["a".to_owned()]),
        false,
        &mut problems,
    );
    let list = document
        .get("services")
        .and_then(|services| services.get("a")?.get(key))
        .expect("the list is still there");
    let items: Vec<String> = list
        .as_list()
        .unwrap_or_default()
        .iter()
        .map(show)
        .collect();
    let problems: Vec<String> = problems
        .into_iter()
        .map(|problem| problem.message)
        .collect();
    assert_eq!(
        items
            .into_iter()
            .chain(problems)
            .collect::<Vec<_>>()
            .join(" | "),
        expected,
        "{item}"
    );
}

fn show(item: &Value<Data>) -> String {
    let text = |key: &str| {
        item.get(key)
            .and_then(|value| value.value.scalar_text().map(|text| text.into_owned()))
            .unwrap_or_default()
    };
    match item.get("type") {
        Some(_) => format!(
            "{} {}>{} {}",
            text("type"),
            text("source"),
            text("target"),
            text("read_only")
        )
        .trim_end()
        .to_owned(),
        None => format!(
            "{}:{}:{}/{}",
            text("host_ip"),
            text("published"),
            text("target"),
            text("protocol")
        ),
    }
}

#[test]
fn ports_are_read_as_the_reference_reads_them() {
    check("ports", "80", "::80/tcp");
    check("ports", ":80", "::80/tcp");
    check("ports", "8080:80/UDP", ":8080:80/udp");
    check("ports", "127.0.0.1::80", "127.0.0.1::80/tcp");
    check("ports", "[::1]:6000:6001", "::1:6000:6001/tcp");
    check("ports", "::1:6002:6002", "::1:6002:6002/tcp");
    check(
        "ports",
        "8-11:8-11",
        ":10:10/tcp | :11:11/tcp | :8:8/tcp | :9:9/tcp",
    );
    check(
        "ports",
        "65534-65535:65534-65535",
        ":65534:65534/tcp | :65535:65535/tcp",
    );
    check("ports", "12400-12402:1240", ":12400-12402:1240/tcp");
    check(
        "ports",
        "80-81:80-82",
        "the ranges of the port `80-81:80-82` differ in length",
    );
    check(
        "ports",
        "70000:80",
        "`70000` is no port: it must be a number up to 65535, or a range of two",
    );
    check(
        "ports",
        "80/foo",
        "`foo` is no protocol: use tcp, udp or sctp",
    );
    check("ports", "1.2.3:80:80", "`1.2.3` is no IP address");
}

#[test]
fn volumes_are_read_as_the_reference_reads_them() {
    check("volumes", "./a:/b", "bind ./a>/b");
    check("volumes", "~/a:/b:ro,z", "bind ~/a>/b true");
    check("volumes", "src/app:/x", "volume src/app>/x");
    check("volumes", "/data", "volume >/data");
    check("volumes", "ab", "volume >ab");
    check("volumes", "v:/data", "volume >v:/data");
    check("volumes", "d:/x:ro", "bind d:/x>ro");
    check("volumes", "a1:/y/../z//w/", "volume a1>/z/w");
    check("volumes", "${A:-b:c}:/x", "bind ${A:-b:c}>/x");
    check("volumes", "data:/x:ro,rw", "volume data>/x false");
    check(
        "volumes",
        ":/x",
        "the volume `:/x` has nothing between two colons",
    );
}
