//! A recipe that gives a build argument another value each time, so that nothing behind it is ever
//! cached.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::project::Project;
use crate::repository::recipes::{ComposeCall, Recipe};
use crate::rules::Findings;
use crate::syntax::dockerfile::{Keyword, Word};
use crate::text::Span;

const ID: &str = "cachebust-arg";

/// Names that say what the argument is for, without their underscores.
const BUSTS: [&str; 10] = [
    "CACHEBUST",
    "CACHEBUSTER",
    "CACHEBREAKER",
    "CACHEDATE",
    "CACHEINVALIDATE",
    "BUSTCACHE",
    "BREAKCACHE",
    "NOCACHE",
    "INVALIDATECACHE",
    "FORCEREBUILD",
];

/// Commands whose output is another one each time.
const NEVER_THE_SAME: [&str; 5] = ["date", "RANDOM", "uuidgen", "EPOCHSECONDS", "mktemp"];

/// Judges the builds of all recipes.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for recipe in project.recipes() {
        for call in recipe
            .calls
            .iter()
            .filter(|call| call.is("build") || call.is("up"))
        {
            for flag in call.flags.iter().filter(|flag| flag.name == "--build-arg") {
                findings.extend(
                    given(recipe, flag.span)
                        .and_then(|given| report(project, recipe, call, &given)),
                );
            }
        }
    }
}

/// `--build-arg NAME=value` with a value that is never the same.
struct Given {
    name: String,
    span: Span,
}

fn given(recipe: &Recipe, flag: Span) -> Option<Given> {
    let text = recipe.source.text();
    let start = flag.start as usize;
    let rest = text.get(start..)?.strip_prefix("--build-arg")?;
    let word = rest.trim_start_matches([' ', '=']);
    let at = start + "--build-arg".len() + (rest.len() - word.len());
    let end = at + end_of_word(word);
    let written = text.get(at..end)?;
    let (name, value) = written.trim_start_matches(['"', '\'']).split_once('=')?;
    let bare: String = name.to_ascii_uppercase().replace('_', "");
    let is_new = (value.contains('$') || value.contains('`'))
        && NEVER_THE_SAME.iter().any(|word| value.contains(word));
    (BUSTS.contains(&bare.as_str()) && is_new).then(|| Given {
        name: name.to_owned(),
        span: recipe.source.span(start..end),
    })
}

/// Where a word of a shell ends: at a blank outside of quotes and substitutions.
fn end_of_word(text: &str) -> usize {
    let (mut depth, mut quote) = (0usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open && depth == 0 => quote = None,
            (_, '(') => depth += 1,
            (_, ')') => depth = depth.saturating_sub(1),
            (_, '\n') => return at,
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, ' ' | '\t' | ';' | '&') if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

fn report(
    project: &Project<'_>,
    recipe: &Recipe,
    call: &ComposeCall,
    given: &Given,
) -> Option<Diagnostic> {
    // One that no Dockerfile declares does nothing.
    let declares = project.images().iter().find_map(|image| {
        let tree = &image.dockerfile.tree;
        let is_it = |word: &Word| word.text.as_str().split('=').next() == Some(&given.name);
        tree.instructions.iter().find(|instruction| {
            instruction.keyword == Keyword::Arg && instruction.words().iter().any(is_it)
        })
    })?;
    let message = format!(
        "`{}` gives `{}` another value each time: every RUN behind it is built anew",
        recipe.title(),
        given.name
    );
    let finding = Diagnostic::new(ID, given.span, message)
        .note("never the same value twice")
        .label(declares.span, "no RUN below it is taken from the cache");
    let help = "Leave it out, and let the steps rest on what they really need; `docker compose build --no-cache SERVICE` makes all anew when that is meant";
    let before = Span::new(
        given.span.file,
        given.span.start.saturating_sub(1),
        given.span.end,
    );
    let is_apart = before.start >= call.span.start && recipe.source.slice(before).starts_with(' ');
    let fix = Fix::new(
        format!("Leave `{}` out", given.name),
        Safety::Unsafe,
        Edit::delete(before),
    );
    Some(finding.help(help).fix(Some(fix).filter(|_| is_apart)))
}
