//! ARG and ENV that have another value in each build, above installs that do not use them.
//!
//! A RUN gets all variables that are set above it, used or not: with another value it runs again.

use crate::image::layers;
use crate::image::{Action, Ecosystem, Image, Install, Step};
use crate::project::Project;
use crate::syntax::dockerfile::{Arguments, Keyword};
use crate::text::Span;

/// Instructions that set what each build sets anew, above installs.
#[derive(Debug)]
pub struct EarlyVariable<'i> {
    /// The variable that each build sets anew.
    pub name: String,
    /// What sets it, and what hands it on: ARG, then ENV and LABEL; in order.
    pub sets: Vec<&'i Step>,
    /// The RUNs that run again for nothing, in order, with what makes each slow.
    pub runs: Vec<(&'i Step, String)>,
    /// The step before which it could stand; `None` for the end of the stage.
    pub before: Option<&'i Step>,
    /// The last step that it could stand behind.
    pub behind: &'i Step,
    /// Whether the instructions can be moved as they are: each sets or says only this.
    pub is_movable: bool,
}

/// The early variables of the stages that a build needs.
pub fn early_variables<'i>(project: &Project<'_>, image: &'i Image) -> Vec<EarlyVariable<'i>> {
    let mut found = Vec::new();
    for stage in image.needed() {
        let steps = &image.stages[stage].steps;
        for (at, step) in steps
            .iter()
            .enumerate()
            .filter(|(_, step)| step.keyword == Keyword::Arg && !step.is_trigger)
        {
            for word in image.instruction(step).words() {
                let name = word.text.as_str().split('=').next().unwrap_or_default();
                found.extend(
                    Some(name)
                        .filter(|name| is_volatile(name))
                        .and_then(|name| early(project, image, steps, at, name)),
                );
            }
        }
    }
    found
}

fn early<'i>(
    project: &Project<'_>,
    image: &'i Image,
    steps: &'i [Step],
    at: usize,
    name: &str,
) -> Option<EarlyVariable<'i>> {
    if is_pinned(image, &steps[at], name) {
        return None;
    }
    let mut sets = vec![&steps[at]];
    let mut names = vec![name.to_owned()];
    let mut runs = Vec::new();
    let mut before = None;
    let mut behind = None;
    for step in &steps[at + 1..] {
        let is_named = names.iter().any(|name| mentions(image, step, name));
        if is_named
            && matches!(step.keyword, Keyword::Env | Keyword::Label | Keyword::Arg)
            && runs.is_empty()
        {
            names.extend(step.sets.iter().map(|set| set.name.clone()));
            sets.push(step);
            continue;
        }
        let is_end = matches!(
            step.keyword,
            Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck
        );
        if is_named || is_end || may_use(project, image, step) {
            before = Some(step);
            break;
        }
        if step.makes_layer() {
            behind = Some(step);
            // Without sources above it an install of the system is made once, were it not for the
            // variable.
            runs.extend(layers::heavy(step).map(|why| (step, why)));
        }
    }
    let behind = behind.filter(|_| !runs.is_empty())?;
    let is_movable = sets.iter().all(|step| says_one_thing(image, step))
        && sets.iter().all(|step| step.span.end < behind.span.start);
    Some(EarlyVariable {
        name: name.to_owned(),
        sets,
        runs,
        before,
        behind,
        is_movable,
    })
}

/// Words of which one makes a variable that each build sets anew, when the others only say whose it
/// is.
const VOLATILE: [&str; 7] = [
    "SHA",
    "SHA1",
    "COMMIT",
    "REV",
    "REVISION",
    "TIMESTAMP",
    "HASH",
];
const OF_A_BUILD: [&str; 9] = [
    "ID", "DATE", "TIME", "NUM", "NUMBER", "REF", "DATETIME", "SHORT", "NO",
];
const WHOSE: [&str; 14] = [
    "GIT", "VCS", "SOURCE", "APP", "BUILD", "CI", "LAST", "HEAD", "IMAGE", "GITHUB", "CURRENT",
    "FULL", "ARG", "SHORT",
];

/// Whether a variable is called like the commit, the time or the number of a build.
fn is_volatile(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let words: Vec<&str> = upper.split('_').filter(|word| !word.is_empty()).collect();
    let is_known =
        |word: &&str| VOLATILE.contains(word) || OF_A_BUILD.contains(word) || WHOSE.contains(word);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    // `BUILD_ID`, `GIT_REF`, `VCS_REF`: a word such as `ID` alone says nothing.
    let is_of_build = has(&["BUILD", "GIT", "VCS", "CI"])
        && has(&OF_A_BUILD)
        && words.last().is_some_and(|last| OF_A_BUILD.contains(last));
    words.iter().all(is_known) && (has(&VOLATILE) || is_of_build)
}

/// Whether the Dockerfile itself gives a value that means something: the version of something to be
/// fetched.
fn is_pinned(image: &Image, step: &Step, name: &str) -> bool {
    let words = image.instruction(step).words();
    let default = words
        .iter()
        .find_map(|word| word.text.as_str().strip_prefix(name)?.strip_prefix('='));
    let default = default
        .map(|value| value.trim_matches(['"', '\'']))
        .unwrap_or_default();
    let is_given = image.args.iter().any(|(given, _)| given == name);
    !is_given
        && default.len() > 6
        && default
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'.')
}

/// Whether a step may read the variable without naming it: anything but an install whose words are
/// all known. Scripts of the project that run with an install are such readers too.
fn may_use(project: &Project<'_>, image: &Image, step: &Step) -> bool {
    let Action::Run(run) = &step.action else {
        return false;
    };
    let reads = |install: &Install| {
        let is_pure = install.ecosystem == Ecosystem::System
            || install.needs_sources.is_none() && !install.builds();
        let inputs = || image.inputs(project.workspace(), step, install);
        !is_pure
            || !install.manifests.is_empty()
                && inputs().is_none_or(|inputs| !inputs.sources.is_empty())
    };
    !run.others.is_empty() || run.installs.iter().any(reads)
}

/// Whether an instruction names a variable, in its words or, for a RUN, in its script.
fn mentions(image: &Image, step: &Step, name: &str) -> bool {
    let text = image.dockerfile.tree.source.slice(step.span);
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part)
    })
}

/// Whether an instruction holds one variable or label, so that it can be moved as a whole.
fn says_one_thing(image: &Image, step: &Step) -> bool {
    match &image.instruction(step).arguments {
        Arguments::Words(words) => words.len() == 1,
        Arguments::Pairs(pairs) => pairs.len() == 1,
        _ => false,
    }
}

/// The lines of a step, with the comments right above it.
pub fn lines_with_comments(image: &Image, step: &Step) -> Span {
    let tree = &image.dockerfile.tree;
    let lines = tree.source.lines();
    let mut first = lines.line(step.span.start);
    while first > 0
        && tree
            .comments
            .iter()
            .any(|comment| lines.line(comment.start) + 1 == first)
    {
        first -= 1;
    }
    Span::new(
        step.span.file,
        lines.start(first),
        lines.end(lines.line(step.span.end)),
    )
}
