//! Ignore comments of other linters, so that a project can come over as it is.
//!
//! Hadolint: `# hadolint ignore=DL3008,SC2046 # why` in the line above an instruction,
//! `# hadolint stage ignore=…` for the rest of a stage, `# hadolint global ignore=…`. BuildKit:
//! `# check=skip=A,B;error=true` at the top, and `# check=skip=A` among the comments above an
//! instruction; the build argument `BUILDKIT_DOCKERFILE_CHECK` takes the place of what stands at
//! the top. Their codes are aliases of our rules; a code that we do not have says nothing.

use super::Ignore;
use crate::diagnostic::Diagnostic;
use crate::rules;
use crate::syntax::dockerfile::{Checks, Dockerfile, Instruction, Keyword};
use crate::text::Span;

/// Stands for all checks of BuildKit, as in `skip=all`.
pub(super) const ALL: &str = "check=skip=all";

/// The only rule of an entry that makes the checks of BuildKit errors.
pub(super) const ERROR: &str = "check=error=true";

/// The checks of BuildKit.
const CHECKS: [&str; 22] = [
    "ConsistentInstructionCasing",
    "CopyIgnoredFile",
    "DuplicateStageName",
    "ExposeInvalidFormat",
    "ExposeProtoCasing",
    "FromAsCasing",
    "FromPlatformFlagConstDisallowed",
    "InvalidBaseImagePlatform",
    "InvalidDefaultArgInFrom",
    "InvalidDefinitionDescription",
    "JSONArgsRecommended",
    "LegacyKeyValueFormat",
    "MaintainerDeprecated",
    "MultipleInstructionsDisallowed",
    "NoEmptyContinuation",
    "RedundantTargetPlatform",
    "ReservedStageName",
    "SecretsUsedInArgOrEnv",
    "StageNameCasing",
    "UndefinedArgInFrom",
    "UndefinedVar",
    "WorkdirRelativePath",
];

/// Whether a rule is a check of BuildKit under another name.
pub(super) fn is_check_of_buildkit(rule: &str) -> bool {
    rules::info(rule).is_some_and(|info| info.aliases.iter().any(|alias| CHECKS.contains(alias)))
}

/// Whether a name is the code under which ShellCheck says a finding.
pub(super) fn is_code_of_shellcheck(name: &str, finding: &Diagnostic) -> bool {
    finding.rule == "shellcheck" && finding.message.split(':').next() == Some(name)
}

/// Whether a comment to BuildKit may stand in a file, in any case and with blanks.
pub(super) fn may_speak_to_buildkit(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), "=").any(|equals| {
        let name = text[..equals].trim_end();
        name.len() >= 5 && name.as_bytes()[name.len() - 5..].eq_ignore_ascii_case(b"check")
    })
}

/// What a build is told of checks by its arguments.
pub(super) fn told(args: &[(String, Option<String>)]) -> Option<&str> {
    args.iter()
        .rev()
        .find(|(name, _)| name == "BUILDKIT_DOCKERFILE_CHECK")?
        .1
        .as_deref()
}

/// What the comments of a file ignore. What a build is told takes the place of the directives at
/// its top.
pub(super) fn ignores(file: &Dockerfile, told: Option<&Checks>) -> Vec<Ignore> {
    let mut ignores = Vec::new();
    let directives = file
        .directives
        .iter()
        .filter(|directive| directive.name == "check");
    let written = directives.map(|directive| Checks::read(&directive.value).unwrap_or_default());
    let checks: Vec<Checks> = told.map_or_else(|| written.collect(), |told| vec![told.clone()]);
    for checks in checks {
        if checks.error {
            ignores.push(Ignore {
                rules: vec![ERROR.to_owned()],
                range: None,
            });
        }
        ignores.push(Ignore {
            rules: skipped(checks),
            range: None,
        });
    }
    for instruction in &file.instructions {
        // The first comment that is a directive counts. An indented one is none to BuildKit.
        let mut directives = instruction.comments.iter().filter_map(|comment| {
            let text = file.source.slice(*comment).strip_prefix('#')?.trim();
            let is_indented = comment.start > 0
                && !file.source.text()[..comment.start as usize].ends_with(['\n', '\u{feff}']);
            let (name, value) = text.split_once('=').filter(|_| !is_indented)?;
            name.trim_end()
                .eq_ignore_ascii_case("check")
                .then_some(value.trim_start())
        });
        if let Some(value) = directives.next() {
            let checks =
                Checks::read(value.split(' ').next().unwrap_or_default()).unwrap_or_default();
            ignores.push(Ignore {
                rules: skipped(checks),
                range: Some(instruction.span),
            });
        }
    }
    let is_from = |instruction: &&Instruction| instruction.keyword == Keyword::From;
    let stages: Vec<u32> = file
        .instructions
        .iter()
        .filter(is_from)
        .map(|instruction| instruction.span.start)
        .collect();
    for comment in &file.comments {
        ignores.extend(hadolint(file, &stages, *comment));
    }
    ignores
}

fn skipped(checks: Checks) -> Vec<String> {
    if checks.skip_all {
        vec![ALL.to_owned()]
    } else {
        checks.skip
    }
}

/// A comment for hadolint, if it is one. `stages` are the offsets of all FROM.
fn hadolint(file: &Dockerfile, stages: &[u32], comment: Span) -> Option<Ignore> {
    let text = file
        .source
        .slice(comment)
        .strip_prefix('#')?
        .trim_start_matches([' ', '\t']);
    let text = text.strip_prefix("hadolint")?;
    let words = text.trim_start_matches([' ', '\t']);
    if words.len() == text.len() {
        return None;
    }
    let behind = |word: &str| Some(words.strip_prefix(word)?.trim_start_matches([' ', '\t']));
    let (scope, rest) = match (behind("stage "), behind("global ")) {
        (Some(rest), _) => (Scope::Stage, rest),
        (_, Some(rest)) => (Scope::File, rest),
        _ => (Scope::Instruction, words),
    };
    let list = rest
        .strip_prefix("ignore")?
        .trim_start_matches([' ', '\t'])
        .strip_prefix('=')?;
    let list = list.split('#').next().unwrap_or_default();
    let rules: Vec<String> = list.split(',').map(|code| code.trim().to_owned()).collect();
    // Anything else behind the codes makes it a comment like any other.
    if rules
        .iter()
        .any(|code| code.is_empty() || !code.bytes().all(|byte| b"DLSC0123456789".contains(&byte)))
    {
        return None;
    }
    let lines = file.source.lines();
    let at = file
        .instructions
        .partition_point(|instruction| instruction.span.start < comment.start);
    let range = match scope {
        Scope::File => None,
        Scope::Instruction => {
            let next = file.instructions.get(at)?;
            Some(next.span)
                .filter(|next| lines.line(next.start) == lines.line(comment.start) + 1)
                .map(Some)?
        }
        Scope::Stage => {
            // Above a FROM it speaks of that stage, elsewhere of what is left of its own.
            let first = file.instructions.get(at)?;
            let end = stages
                .get(stages.partition_point(|start| *start <= first.span.start))
                .copied();
            let end = end.unwrap_or(file.source.whole().end);
            Some(Span::new(comment.file, first.span.start, end))
        }
    };
    Some(Ignore { rules, range })
}

/// How far a comment reaches.
enum Scope {
    Instruction,
    Stage,
    File,
}
