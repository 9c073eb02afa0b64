//! Faithfulness to Docker Compose: what `composelint resolve` prints for each case in
//! `fixtures/compose`, and our typed model of it, against the recorded answer of the reference; and
//! the reference itself against the record where it is installed.
//!
//! A case is a directory of project files, plus `args` (one a line; without it
//! `config --format json`), `env`, `cwd` and `stdin` where the run needs them, and the answer:
//! `expected.json`, `expected.out` or `expected.err`. Several admissible answers are separated by a
//! line `--- or ---`. What differs on purpose stands in `fixtures/compose/README.md`.
//! `COMPOSELINT_ORACLE_CASES` names another directory of cases.

mod answer;
mod case;
pub(crate) mod live;
mod shape;

use std::path::Path;

use answer::Answer;
use case::Case;

#[test]
fn resolve_prints_what_docker_compose_prints() {
    let program = Path::new(env!("CARGO_BIN_EXE_composelint"));
    let wrong = wrong_answers(|case| live::ask(program, "resolve", case));
    assert!(
        wrong.is_empty(),
        "{} cases differ:\n\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_typed_model_is_the_one_of_docker_compose() {
    let cases: Vec<Case> = Case::all().into_iter().filter(Case::is_typed).collect();
    let difference = |case: &Case| {
        let ours = case.ours();
        case.least(|expected| expected.shaped().difference(&ours))
    };
    let wrong: Vec<String> = cases.iter().filter_map(difference).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} cases differ:\n\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_record_is_what_docker_compose_answers() {
    let Some(program) = live::program() else {
        return;
    };
    let wrong = wrong_answers(|case| live::ask(&program, "config", case));
    assert!(
        wrong.is_empty(),
        "{} records do not hold:\n\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What is wrong with the answers to all cases. Each is a process, so a few of them are asked at a
/// time.
fn wrong_answers(ask: impl Fn(&Case) -> Answer + Sync) -> Vec<String> {
    let cases = Case::all();
    assert!(!cases.is_empty(), "no cases in fixtures/compose");
    let difference = |case: &Case| {
        let answer = ask(case);
        case.least(|expected| expected.difference(&answer))
    };
    let work = |cases: &[Case]| -> Vec<String> { cases.iter().filter_map(difference).collect() };
    let work = &work;
    std::thread::scope(|scope| {
        let workers: Vec<_> = cases
            .chunks(cases.len().div_ceil(4))
            .map(|cases| scope.spawn(move || work(cases)))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    })
}

impl Case {
    /// The first difference from a recorded answer, unless there is one without any.
    fn least(&self, difference: impl Fn(&Answer) -> String) -> Option<String> {
        let differences: Vec<String> = self.expected.iter().map(difference).collect();
        match differences.iter().any(String::is_empty) {
            true => None,
            false => Some(format!("{}\n{}", self.name, differences[0])),
        }
    }
}
