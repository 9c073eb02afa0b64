//! The picture in the README is what the program prints. `COMPOSELINT_BLESS=1` draws it anew.

mod svg;

use std::fs;

use crate::program::{root, run};

const PICTURE: &str = ".github/report.svg";
const COMMAND: &str = "check fixtures/stale-stack";

/// The whole report would be too tall: of these rules the first finding is shown, and dots stand
/// for what is left out.
const SHOWN: [&str; 2] = ["missing-dev-mount", "copy-all-before-install"];
const DOTS: &str = "⋮";

#[test]
fn the_picture_in_the_readme_is_what_the_program_prints() {
    let run = run(root(), &format!("{COMMAND} --color always"));
    assert_eq!(run.code, 1, "the stale stack has findings\n{}", run.stderr);
    let shown = format!("$ composelint {COMMAND}\n{}", one_of_each_rule(&run.stdout));
    let drawn = svg::draw(&shown, &format!("What composelint {COMMAND} prints"));

    let path = root().join(PICTURE);
    if std::env::var_os("COMPOSELINT_BLESS").is_some() {
        fs::write(&path, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "{PICTURE} shows something else than the program prints; draw it anew with COMPOSELINT_BLESS=1 cargo test"
    );
}

/// The first finding of each rule that is shown, and the summary.
fn one_of_each_rule(report: &str) -> String {
    let blocks: Vec<&str> = report.trim_end().split("\n\n").collect();
    let (summary, findings) = blocks.split_last().expect("a report has a summary");
    let mut open = SHOWN.to_vec();
    let mut shown: Vec<&str> = Vec::new();
    for finding in findings {
        let header = finding.lines().next().unwrap_or_default();
        if let Some(at) = open
            .iter()
            .position(|rule| header.contains(&format!("[{rule}]")))
        {
            open.remove(at);
            shown.push(finding);
        } else if shown.last() != Some(&DOTS) {
            shown.push(DOTS);
        }
    }
    assert!(open.is_empty(), "the stale stack breaks no {open:?}");
    shown.push(summary);
    shown.join("\n\n")
}

#[test]
fn of_each_rule_the_first_finding_is_shown() {
    let finding = |rule: &str| format!("\x1b[31mwarning[{rule}]\x1b[0m: x\n  y\n\n");
    let report = [SHOWN[1], SHOWN[1], "other", SHOWN[0]]
        .map(finding)
        .concat()
        + "Found 4 problems.\n";
    let shown = [finding(SHOWN[1]), format!("{DOTS}\n\n"), finding(SHOWN[0])].concat()
        + "Found 4 problems.";
    assert_eq!(one_of_each_rule(&report), shown);
}
