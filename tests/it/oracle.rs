//! Faithfulness to Docker Compose: our model of each case in `fixtures/compose` against the recorded answer of the
//! reference, and the reference itself against the record where it is installed.
//!
//! A case is a directory of project files, plus `args` (one a line; without it `config --format json`), `env`, `cwd` and
//! `stdin` where the run needs them, and the answer: `expected.json`, `expected.out` or `expected.err`. Several
//! admissible answers are separated by a line `--- or ---`. `COMPOSELINT_ORACLE_CASES` names another directory of cases.

mod answer;
mod case;
pub(crate) mod live;
mod shape;

use answer::Answer;
use case::Case;

#[test]
fn the_model_is_the_one_of_docker_compose() {
    let cases = Case::all();
    assert!(!cases.is_empty(), "no cases in fixtures/compose");
    let wrong: Vec<String> = cases.iter().filter_map(|case| case.difference(&case.ours())).collect();
    assert!(wrong.is_empty(), "{} of {} cases differ:\n\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn the_record_is_what_docker_compose_answers() {
    let Some(program) = live::program() else { return };
    let cases = Case::all();
    // The reference is a process a case: a few of them at a time.
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let ask = |cases: &[Case]| -> Vec<String> { cases.iter().filter_map(|case| case.difference(&live::ask(&program, case))).collect() };
        let workers: Vec<_> = cases.chunks(cases.len().div_ceil(4)).map(|cases| scope.spawn(move || ask(cases))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} of {} records do not hold:\n\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

impl Case {
    /// What an answer has that no recorded one has, and the other way round.
    fn difference(&self, answer: &Answer) -> Option<String> {
        let differences: Vec<String> = self.expected.iter().map(|expected| expected.difference(answer)).collect();
        match differences.iter().any(String::is_empty) {
            true => None,
            false => Some(format!("{}\n{}", self.name, differences[0])),
        }
    }
}
