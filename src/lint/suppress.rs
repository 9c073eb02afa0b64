//! Ignore comments: `# composelint: ignore[rule] reason`.
//!
//! A comment behind something speaks of its line; one on a line of its own of the node or
//! instruction that follows, with all its lines; behind or above the key of a service of the whole
//! service. `file-ignore[rule]` speaks of the file.
//!
//! Comments for hadolint and BuildKit hold as they do there, and so does the build argument that
//! takes the place of BuildKit's comment at the top of a file: see [`foreign`].

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::project::Project;
use crate::rules;
use crate::syntax::dockerfile::Checks;
use crate::syntax::pragma::{self, Pragma};
use crate::text::{FileId, Source, Span};
use crate::workspace::Workspace;

mod foreign;

/// What build arguments say of the checks of Dockerfiles, in the place of the comment at their top.
pub(super) type Told = FxHashMap<FileId, Checks>;

/// What the builds of a project are told by `BUILDKIT_DOCKERFILE_CHECK`; builds of one file that
/// are told different things count for nothing.
pub(super) fn told_by_builds(project: &Project<'_>) -> Told {
    let mut told = Told::default();
    for file in project.dockerfiles() {
        let mut values = file.images.iter().map(|image| foreign::told(&image.args));
        let Some(Some(first)) = values.next() else {
            continue;
        };
        if values.all(|value| value == Some(first))
            && let Ok(checks) = Checks::read(first)
        {
            told.insert(file.file.source.id(), checks);
        }
    }
    told
}

/// Takes out the findings that a comment in their file ignores, or an argument of its build.
pub(super) fn apply(workspace: &Workspace<'_>, told: &Told, diagnostics: &mut Vec<Diagnostic>) {
    let mut by_file: FxHashMap<FileId, Vec<Ignore>> = FxHashMap::default();
    diagnostics.retain_mut(|finding| {
        let ignores = by_file
            .entry(finding.span.file)
            .or_insert_with(|| ignores(workspace, told, finding.span.file));
        if ignores
            .iter()
            .any(|ignore| ignore.rules == [foreign::ERROR])
            && foreign::is_check_of_buildkit(finding.rule)
        {
            finding.severity = Severity::Error;
        }
        !ignores.iter().any(|ignore| ignore.covers(finding))
    });
}

struct Ignore {
    rules: Vec<String>,
    /// What it speaks of; `None` for the whole file.
    range: Option<Span>,
}

impl Ignore {
    fn covers(&self, finding: &Diagnostic) -> bool {
        let inside = self.range.is_none_or(|range| {
            range.start <= finding.span.start && finding.span.start < range.end.max(range.start + 1)
        });
        let is_meant = |name: &String| match name.as_str() {
            foreign::ALL => foreign::is_check_of_buildkit(finding.rule),
            name => {
                name == finding.rule
                    || rules::info(finding.rule).is_some_and(|info| info.aliases.contains(&name))
                    || foreign::is_code_of_shellcheck(name, finding)
            }
        };
        inside && self.rules.iter().any(is_meant)
    }
}

fn ignores(workspace: &Workspace<'_>, told: &Told, file: FileId) -> Vec<Ignore> {
    let source = workspace.sources().get(file);
    let name = source
        .path()
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let is_yaml =
        source.embedded().is_none() && (name.ends_with(".yml") || name.ends_with(".yaml"));
    let has =
        |word: &str| memchr::memmem::find(source.text().as_bytes(), word.as_bytes()).is_some();
    let told = told.get(&file);
    match is_yaml {
        _ if told.is_none()
            && !has("composelint:")
            && (is_yaml || !(has("hadolint") || foreign::may_speak_to_buildkit(source.text()))) =>
        {
            Vec::new()
        }
        true => in_yaml(workspace, &source),
        false => in_dockerfile(workspace, told, &source),
    }
}

fn in_yaml(workspace: &Workspace<'_>, source: &Source) -> Vec<Ignore> {
    let parsed = workspace.yaml(source);
    let lines = source.lines();
    let mut ignores = Vec::new();
    for comment in parsed.tree.comments() {
        let Some(Pragma { of_file, rules }) = read(source, *comment) else {
            continue;
        };
        let line = lines.line(comment.start);
        let alone = source.text()[lines.start(line) as usize..comment.start as usize]
            .trim()
            .is_empty();
        // The line the comment speaks of: its own, or the next that is neither blank nor a comment.
        let line = if alone {
            (line + 1..lines.count())
                .find(|line| !is_blank_or_comment(source, *line))
                .unwrap_or(line)
        } else {
            line
        };
        let start = lines.start(line) + leading_blanks(source, line);
        let mut range = Span::new(source.id(), start, lines.end(line));
        if let Some(node) = enclosing_entry(&parsed.tree, start)
            && (alone || is_service_key(&parsed.tree, start))
        {
            range = range.cover(node);
        }
        ignores.push(Ignore {
            rules: names(rules),
            range: (!of_file).then_some(range),
        });
    }
    ignores
}

fn in_dockerfile(workspace: &Workspace<'_>, told: Option<&Checks>, source: &Source) -> Vec<Ignore> {
    let parsed = workspace.dockerfile(source);
    let mut ignores = Vec::new();
    for comment in &parsed.tree.comments {
        let Some(Pragma { of_file, rules }) = read(source, *comment) else {
            continue;
        };
        let instructions = &parsed.tree.instructions;
        let next = instructions
            .get(instructions.partition_point(|instruction| instruction.span.end <= comment.start));
        match (of_file, next) {
            (true, _) => ignores.push(Ignore {
                rules: names(rules),
                range: None,
            }),
            (false, Some(instruction)) => ignores.push(Ignore {
                rules: names(rules),
                range: Some(instruction.span),
            }),
            (false, None) => {}
        }
    }
    ignores.extend(foreign::ignores(&parsed.tree, told));
    ignores
}

fn read(source: &Source, comment: Span) -> Option<Pragma> {
    pragma::read(source, comment)?.ok()
}

fn names(rules: Vec<(String, Span)>) -> Vec<String> {
    rules.into_iter().map(|(name, _)| name).collect()
}

fn is_blank_or_comment(source: &Source, line: u32) -> bool {
    let lines = source.lines();
    let text = source.text()[lines.start(line) as usize..lines.end(line) as usize].trim();
    text.is_empty() || text.starts_with('#')
}

fn leading_blanks(source: &Source, line: u32) -> u32 {
    let lines = source.lines();
    let text = &source.text()[lines.start(line) as usize..lines.end(line) as usize];
    crate::text::offset(text.len() - text.trim_start_matches([' ', '-']).len())
}

/// The value whose key starts at `start`, or the item that starts there.
fn enclosing_entry(tree: &crate::syntax::yaml::Tree, start: u32) -> Option<Span> {
    let mut node = tree.node_at(start)?;
    while let Some(parent) = node.parent() {
        if let Some(entry) = parent
            .entries()
            .find(|entry| entry.key.span().start == start)
        {
            return Some(entry.key.span().cover(entry.value.span()));
        }
        if parent.items().any(|item| item.span().start == start) {
            return Some(node.span());
        }
        node = parent;
    }
    None
}

fn is_service_key(tree: &crate::syntax::yaml::Tree, start: u32) -> bool {
    let services = tree.documents().filter_map(|root| root.get("services"));
    services
        .flat_map(|services| services.entries())
        .any(|entry| entry.key.span().start == start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    fn ignored(text: &str, rule: &'static str, needle: &str) -> bool {
        ignored_in("/p/compose.yaml", text, rule, needle)
    }

    fn ignored_in(path: &str, text: &str, rule: &'static str, needle: &str) -> bool {
        let files = Memory::new().with(path, text);
        let workspace = Workspace::new(&files);
        let source = workspace.read(std::path::Path::new(path)).unwrap();
        let at = text.find(needle).unwrap();
        let mut findings = vec![Diagnostic::new(
            rule,
            source.span(at..at + needle.len()),
            "x",
        )];
        apply(&workspace, &Told::default(), &mut findings);
        findings.is_empty()
    }

    const TEXT: &str = "services:\n  a: # composelint: ignore[slow] because\n    image: x\n    build: one\n  b:\n    # composelint: ignore[slow, old]\n    volumes:\n      - here\n    build: two # composelint: ignore[old]\n";

    #[test]
    fn a_comment_behind_a_service_key_speaks_of_the_whole_service() {
        assert!(ignored(TEXT, "slow", "one"));
        assert!(!ignored(TEXT, "old", "one"));
    }

    #[test]
    fn a_comment_alone_speaks_of_what_follows_with_all_its_lines() {
        assert!(ignored(TEXT, "old", "here"));
        assert!(!ignored(TEXT, "slow", "two"));
    }

    #[test]
    fn a_comment_behind_something_speaks_of_its_line() {
        assert!(ignored(TEXT, "old", "two"));
    }

    #[test]
    fn a_file_comment_speaks_of_the_file() {
        assert!(ignored(
            "# composelint: file-ignore[old] all of it\nservices:\n  a:\n    image: x\n",
            "old",
            "image"
        ));
    }

    /// A Dockerfile with comments of other linters, and for each step whether a finding there
    /// stays.
    fn stays(text: &str, rule: &'static str, needle: &str) -> bool {
        !ignored_in("/p/Dockerfile", text, rule, needle)
    }

    #[test]
    fn a_comment_for_hadolint_speaks_of_the_instruction_in_the_next_line() {
        let rule = "add-instead-of-copy";
        assert!(!stays(
            "FROM a\n# hadolint ignore=DL3008,DL3020 # why\nADD \\\n here b\n",
            rule,
            "here"
        ));
        assert!(!stays(
            "FROM a\n  #hadolint  ignore = DL3020\nADD here b\n",
            rule,
            "here"
        ));
        for other in [
            "FROM a\n# hadolint ignore=DL3008\nADD here b\n",
            "FROM a\n# hadolint ignore=DL3020 because\nADD here b\n",
            "FROM a\n# hadolint ignore=DL3020\n# why\nADD here b\n",
            "FROM a\n# hadolint ignore=DL3020\nADD one b\nADD here b\n",
        ] {
            assert!(stays(other, rule, "here"), "{other}");
        }
    }

    #[test]
    fn a_comment_for_hadolint_speaks_of_a_stage_or_of_all() {
        let rule = "add-instead-of-copy";
        let stage = "FROM a\nADD one b\n# hadolint stage ignore=DL3020\nFROM a\nADD two b\nFROM a\nADD three b\n";
        assert_eq!(
            ["one", "two", "three"].map(|step| stays(stage, rule, step)),
            [true, false, true]
        );
        let global = "FROM a\nADD one b\n# hadolint global ignore=DL3020\n";
        assert!(!stays(global, rule, "one"));
    }

    #[test]
    fn checks_of_buildkit_are_skipped_in_a_file_or_above_an_instruction() {
        let rule = "as-casing-differs";
        assert!(!stays(
            "# syntax=docker/dockerfile:1\n# check=skip=StageNameCasing,FromAsCasing;error=true\nFROM a as b\n",
            rule,
            "as"
        ));
        assert!(!stays(
            "# check=skip=all;error=true\nFROM a as b\n",
            rule,
            "as"
        ));
        assert!(stays(
            "# check=skip=all\nFROM a\nADD here b\n",
            "add-instead-of-copy",
            "here"
        ));
        assert!(stays(
            "# why\n# check=skip=all\n#\nFROM a as b\n",
            rule,
            "as"
        ));
        assert!(!stays(
            "# check=error=true\n\n# check=skip=FromAsCasing // why\nFROM a as b\nFROM c as d\n",
            rule,
            "as b"
        ));
        assert!(stays(
            "# check=error=true\n\n# check=skip=FromAsCasing // why\nFROM a as b\nFROM c as d\n",
            rule,
            "as d"
        ));
    }

    #[test]
    fn an_argument_of_the_build_takes_the_place_of_the_comment_for_buildkit() {
        let severity = |args: &str, comment: &str| {
            let compose =
                format!("services:\n  a:\n    build:\n      context: .\n      args:\n{args}");
            let dockerfile = format!("{comment}FROM a as b\n");
            let files = Memory::new()
                .with("/p/compose.yaml", &*compose)
                .with("/p/Dockerfile", &*dockerfile);
            let workspace = Workspace::new(&files);
            let options = crate::lint::Options {
                paths: vec!["/p".into()],
                select: vec!["as-casing-differs".to_owned()],
                ..Default::default()
            };
            crate::lint::check(&workspace, &options)
                .diagnostics
                .first()
                .map(|finding| finding.severity)
        };
        let told = |value: &str| format!("        BUILDKIT_DOCKERFILE_CHECK: {value}\n");
        let usual = severity("        A: b\n", "");
        assert!(usual.is_some_and(|severity| severity < Severity::Error));
        assert_eq!(severity(&told("skip=FromAsCasing"), ""), None);
        assert_eq!(
            severity(&told("error=true"), "# check=skip=all\n"),
            Some(Severity::Error)
        );
        assert_eq!(
            severity(
                &told("skip=StageNameCasing"),
                "# check=skip=all;error=true\n"
            ),
            usual
        );
    }

    #[test]
    fn a_file_can_make_the_checks_of_buildkit_errors() {
        let files = Memory::new().with("/p/Dockerfile", "# check=error=true\nFROM a as b\n");
        let workspace = Workspace::new(&files);
        let source = workspace
            .read(std::path::Path::new("/p/Dockerfile"))
            .unwrap();
        let mut findings: Vec<_> = ["as-casing-differs", "add-instead-of-copy"]
            .map(|rule| Diagnostic::new(rule, source.whole(), "x"))
            .into();
        findings
            .iter_mut()
            .for_each(|finding| finding.severity = Severity::Info);
        apply(&workspace, &Told::default(), &mut findings);
        let severities: Vec<_> = findings.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Error, Severity::Info]);
    }
}
