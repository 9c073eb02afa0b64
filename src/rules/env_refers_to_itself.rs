//! `ENV A=1 B=$A`: the values of one ENV do not see what it sets.

use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles::{BuildFile, Line, variables};
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Keyword, Pair};

const ID: &str = "env-refers-to-itself";

/// Judges every ENV with several variables.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        for line in file.each(Keyword::Env) {
            let Arguments::Pairs(pairs) = &line.instruction.arguments else {
                continue;
            };
            // The first and the last place where each name is set.
            let mut places: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
            for (at, pair) in pairs.iter().enumerate() {
                places
                    .entry(pair.key.text.as_str())
                    .and_modify(|(_, last)| *last = at)
                    .or_insert((at, at));
            }
            for (at, pair) in pairs.iter().enumerate() {
                for used in variables::uses(&pair.value.text, file.file.escape) {
                    let Some((first, last)) = places.get(used.name.as_str()) else {
                        continue;
                    };
                    let Some(set) = [first, last]
                        .into_iter()
                        .find(|place| **place != at)
                        .map(|place| &pairs[*place])
                    else {
                        continue;
                    };
                    if is_set_before(&file, &line, &used.name) || is_of_base(&used.name, pair) {
                        continue;
                    }
                    let name = &used.name;
                    let message = format!(
                        "`{name}` is not set yet: the values of one `ENV` do not see what it sets"
                    );
                    let finding = Diagnostic::new(ID, used.span, message)
                        .label(set.key.span, "it is set here, for the next instruction");
                    findings.push(finding.help(format!(
                        "Set `{}` in an `ENV` of its own behind this one",
                        pair.key.text.as_str()
                    )));
                }
            }
        }
    }
}

/// Every base image sets PATH; who extends it twice at once loses the first.
fn is_of_base(name: &str, user: &Pair) -> bool {
    name == "PATH" && user.key.text.as_str() != "PATH"
}

fn is_set_before(file: &BuildFile<'_>, line: &Line<'_>, name: &str) -> bool {
    let chain = line
        .stage
        .map(|stage| file.chain(stage))
        .unwrap_or_default();
    let mut before = file.lines.iter().filter(|other| other.number < line.number);
    before.any(|other| {
        let is_seen =
            other.stage == line.stage || other.stage.is_some_and(|stage| chain.contains(&stage));
        is_seen
            && match (&other.instruction.arguments, other.instruction.keyword) {
                (Arguments::Pairs(pairs), Keyword::Env) => {
                    pairs.iter().any(|pair| pair.key.text.as_str() == name)
                }
                (_, Keyword::Arg) => other
                    .instruction
                    .words()
                    .iter()
                    .any(|word| word.text.as_str().split('=').next() == Some(name)),
                _ => false,
            }
    })
}
