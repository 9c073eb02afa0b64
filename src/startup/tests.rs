use std::time::Duration;

use super::{critical_path, seconds, starts, told};
use crate::testing;

/// The critical path of a project, as people read it, and whether a job is on it.
fn path(services: &str, dockerfile: &str) -> (String, bool) {
    let compose = format!("services:\n{services}");
    let project = testing::project(&[("compose.yaml", &compose), ("Dockerfile", dockerfile)]);
    let starts = starts(&project);
    let path = critical_path(&starts);
    let text: Vec<String> = path
        .iter()
        .map(|start| format!("{} {}", start.service, start.at.as_millis()))
        .collect();
    (
        text.join(", "),
        path.last().is_some_and(|last| last.after_job),
    )
}

const CHAIN: &str = "  web: {image: a, depends_on: {api: {condition: service_healthy}}}
  api: {image: a, healthcheck: {test: [CMD, x]}, depends_on: {db: {condition: service_healthy}, quick: {condition: service_started}}}
  db: {image: a, healthcheck: {test: [CMD, x], interval: 10s}}
  quick: {image: a}
";

#[test]
fn a_chain_of_health_checks_adds_up() {
    assert_eq!(path(CHAIN, "").0, "db 0, api 10000, web 40000");
}

#[test]
fn a_start_period_makes_the_first_probe_come_sooner() {
    let chain = CHAIN.replace("interval: 10s", "start_period: 60s").replace(
        "[CMD, x]}",
        "[CMD, x], start_period: 1m, start_interval: 500ms}",
    );
    assert_eq!(path(&chain, "").0, "db 0, api 5000, web 5500");
}

#[test]
fn what_a_job_takes_is_not_known() {
    let services = "  web: {image: a, depends_on: {seed: {condition: service_completed_successfully}}}\n  seed: {image: a}\n";
    assert_eq!(path(services, ""), ("seed 0, web 0".to_owned(), true));
}

#[test]
fn the_health_check_of_an_image_counts() {
    let services =
        "  web: {image: a, depends_on: {api: {condition: service_healthy}}}\n  api: {build: .}\n";
    let from = |options: &str| {
        path(
            services,
            &format!("FROM scratch\nHEALTHCHECK {options} CMD x\n"),
        )
        .0
    };
    assert_eq!(from("--interval=1m30s"), "api 0, web 90000");
    assert_eq!(from("--start-period=10s"), "api 0, web 5000");
    assert_eq!(from(""), "api 0, web 30000");
}

#[test]
fn services_in_a_circle_and_disabled_ones_are_left_out() {
    let circle =
        "  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [a]}\n  c: {image: x}\n";
    assert_eq!(path(circle, "").0, "c 0");
    let off = "  web: {image: a, depends_on: {db: {condition: service_healthy, required: false}}}\n  db: {image: a, profiles: [full], healthcheck: {test: [CMD, x]}}\n";
    assert_eq!(path(off, "").0, "web 0");
}

#[test]
fn durations_are_read_and_told_as_people_write_them() {
    assert_eq!(seconds("1m30s"), Some(Duration::from_secs(90)));
    for wrong in [
        "",
        "10",
        "s",
        "1x",
        "99999999999999999999s",
        "18446744073709551615h",
    ] {
        assert_eq!(seconds(wrong), None, "{wrong}");
    }
    assert_eq!(
        (
            told(Duration::from_millis(500)),
            told(Duration::from_secs(90))
        ),
        ("500 ms".to_owned(), "90 s".to_owned())
    );
}
