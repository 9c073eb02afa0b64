//! What BuildKit refuses because of what variables hold: an empty volume, a port that is none, a
//! variable that must be set.
//!
//! Only values that the file or the arguments of the build give count. A base image may set a
//! variable, and whoever builds may give one to an ARG without a default.

use crate::diagnostic::Diagnostic;
use crate::syntax::dockerfile::{Dockerfile, Instruction, Keyword, refused_values};

use super::config::Config;
use super::scope::Scope;
use super::stage::{MOST_INSTRUCTIONS, MOST_STAGES};

/// A stage with the variables in force where it has been read to.
struct Stage {
    name: Option<String>,
    config: Config,
    scope: Scope,
    /// Whether it has triggers, which may set anything in the stages above.
    has_triggers: bool,
}

/// Looks at every instruction with the variables that are known there. `is_context` says whether
/// the build is given a context of a name.
pub fn refused_by_values(
    file: &Dockerfile,
    args: &[(String, Option<String>)],
    is_context: &dyn Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let mut global = Scope::global(file.escape);
    let mut stages: Vec<Stage> = Vec::new();
    let mut found = Vec::new();
    if file.instructions.len() > MOST_INSTRUCTIONS {
        return found;
    }
    for instruction in &file.instructions {
        let Some(current) = stages
            .len()
            .checked_sub(1)
            .filter(|_| instruction.keyword != Keyword::From)
        else {
            match instruction.keyword {
                Keyword::From if stages.len() == MOST_STAGES => break,
                Keyword::From => stages.push(open(file, instruction, &global, &stages, is_context)),
                Keyword::Arg => _ = global.declare(instruction, args, None, ""),
                _ => {}
            }
            continue;
        };
        let stage = &mut stages[current];
        if file.source.slice(instruction.span).contains('$') {
            found.extend(refused_values(instruction, file.escape, &|name| {
                stage.scope.certain(name)
            }));
        }
        match instruction.keyword {
            Keyword::Arg => _ = stage.scope.declare(instruction, args, Some(&global), ""),
            Keyword::Env => {
                _ = stage
                    .config
                    .apply(instruction, current, &mut stage.scope, "")
            }
            Keyword::Onbuild => stage.has_triggers = true,
            _ => {}
        }
    }
    found
}

fn open(
    file: &Dockerfile,
    from: &Instruction,
    global: &Scope,
    stages: &[Stage],
    is_context: &dyn Fn(&str) -> bool,
) -> Stage {
    let words = from.words();
    let name = words.get(2).map(|word| word.text.as_str().to_lowercase());
    let base = words
        .first()
        .and_then(|word| global.expand(word.text.as_str()))
        .filter(|base| !is_context(base));
    let below = base.as_deref().and_then(|base| {
        stages
            .iter()
            .rfind(|stage| stage.name.as_deref() == Some(base))
    });
    let (config, mut scope) = match below {
        Some(below) if !below.has_triggers => (below.config.clone(), below.scope.clone()),
        Some(_) => (Config::default(), Scope::stage(file.escape, false)),
        None => (
            Config::default(),
            Scope::stage(file.escape, base.as_deref() == Some("scratch")),
        ),
    };
    // What ENV has set wins again over an ARG behind it.
    config
        .env
        .iter()
        .for_each(|variable| scope.set_env(&variable.name, variable.value.clone()));
    Stage {
        name,
        config,
        scope,
        has_triggers: false,
    }
}
