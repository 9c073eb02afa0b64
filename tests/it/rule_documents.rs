//! The documents of the rules are their tests: every example is checked, every report compared,
//! every fix made and proven.
//!
//! A document's `## Fails` and `## Passes` hold examples, one for each `###` heading or one for the
//! whole section. A fenced block with a path behind its language is a file of the example;
//! `text report` is what `composelint check --select ID` prints; a file in the language `sh-crlf`
//! has the line ends of Windows, which git keeps out of documents; `fixed PATH` is what the file
//! holds after `composelint fix --unsafe-fixes`. With `COMPOSELINT_BLESS=1` the reports and the
//! fixed files are written anew from what the program does.

mod markdown;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use codespan_reporting::term::termcolor::NoColor;
use composelint::diagnostic::Safety;
use composelint::files::{Files, Memory};
use composelint::lint::{self, Options};
use composelint::report::{Checked, Format, Report};
use composelint::workspace::Workspace;
use composelint::{fix, report, rules};

use crate::shellcheck::StandIn;
use markdown::{Document, Example};

const ROOT: &str = "/project";

#[test]
fn every_document_declares_its_rule() {
    for info in rules::infos() {
        assert!(
            !info.title.is_empty() && !info.since.is_empty(),
            "{}: the front matter wants title, severity, fix and since",
            info.id
        );
        assert!(
            info.document.starts_with(&format!("# {}\n", info.id)),
            "{}: the first heading is the rule's id",
            info.id
        );
        assert!(
            info.document.contains("\n## What to do\n"),
            "{}: a document says what to do",
            info.id
        );
    }
}

#[test]
fn the_table_the_documents_and_the_sources_name_the_same_rules() {
    let names = |directory: &str, ending: &str| -> Vec<String> {
        let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(directory)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
            .iter()
            .filter_map(|name| name.strip_suffix(ending))
            .map(|name| name.replace('_', "-"))
            .collect()
    };
    let mut table: Vec<String> = rules::all().iter().map(|rule| rule.id.to_owned()).collect();
    table.sort();
    assert_eq!(
        names("rules", ".md"),
        table,
        "rules/*.md and the table in src/rules.rs"
    );
    assert_eq!(
        names("src/rules", ".rs"),
        table,
        "src/rules/*.rs and the table in src/rules.rs"
    );
}

#[test]
fn every_document_shows_a_failure_and_a_pass() {
    for (id, document) in documents() {
        for section in ["Fails", "Passes"] {
            assert!(
                document.examples(section).next().is_some(),
                "{id}: no example under `## {section}`"
            );
        }
        for example in document.examples("Fails") {
            assert!(
                example.block("text report").is_some(),
                "{id}, {}: no `text report` block",
                example.title
            );
        }
    }
}

#[test]
fn every_failing_example_gives_the_report_it_shows() {
    each_document(|id, document| {
        for example in document.examples("Fails") {
            let report = printed(id, &example);
            assert!(
                report.contains(&format!("[{id}]")),
                "{id}, {}: the rule says nothing\n{report}",
                example.title
            );
            document.expect(&example, "text report", &report);
        }
    });
}

#[test]
fn no_passing_example_is_reported() {
    for (id, document) in documents() {
        for example in document.examples("Passes") {
            let report = printed(id, &example);
            assert!(report.is_empty(), "{id}, {}:\n{report}", example.title);
        }
    }
}

#[test]
fn every_declared_fix_is_shown_and_holds() {
    each_document(|id, document| {
        let declared = rules::info(id)
            .unwrap()
            .fix
            .is_some_and(|safety| safety > Safety::Suggest);
        let mut shown = 0;
        for example in document.examples("Fails") {
            let files = memory(&example);
            let fixed = fix::run_all(&files, Safety::Unsafe, &|workspace| check(workspace, &[id]));
            assert!(
                fixed.refused.is_empty(),
                "{id}, {}: refused {:?}",
                example.title,
                fixed.refused
            );
            let mut after = files.clone();
            for change in &fixed.changes {
                after.write(&change.path, &change.after);
            }
            let paths: Vec<String> = fixed
                .changes
                .iter()
                .map(|change| relative(&change.path))
                .collect();
            for path in document.fixed_paths(&example) {
                assert!(
                    paths.contains(&path),
                    "{id}, {}: `{path}` is shown as fixed, but no fix touches it",
                    example.title
                );
            }
            for change in &fixed.changes {
                shown += 1;
                document.expect(
                    &example,
                    &format!("fixed {}", relative(&change.path)),
                    &change.after,
                );
            }
            if !fixed.changes.is_empty() {
                let left = check(&Workspace::new(&after), &["invalid-syntax", id]);
                let broken: Vec<&str> = left
                    .diagnostics
                    .iter()
                    .map(|finding| finding.message.as_str())
                    .collect();
                assert!(
                    broken.is_empty(),
                    "{id}, {}: after the fix: {broken:?}",
                    example.title
                );
                let again =
                    fix::run_all(&after, Safety::Unsafe, &|workspace| check(workspace, &[id]));
                assert!(
                    again.changes.is_empty(),
                    "{id}, {}: a second fix changes something",
                    example.title
                );
            }
        }
        assert_eq!(
            shown > 0,
            declared,
            "{id}: a fix is declared exactly when an example shows one"
        );
    });
}

fn documents() -> Vec<(&'static str, Document)> {
    let read = |id: &'static str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("rules")
            .join(format!("{id}.md"));
        (id, Document::read(&path))
    };
    rules::all().iter().map(|rule| read(rule.id)).collect()
}

/// Lays the files of every example into a directory of its own, and lets `look` see them there.
pub(crate) fn examples_on_disk(mut look: impl FnMut(&str, &Path)) {
    for (id, document) in documents() {
        for section in ["Fails", "Passes"] {
            for example in document.examples(section) {
                let directory = tempfile::tempdir().unwrap();
                for (path, text) in example.files() {
                    let path = directory.path().join(path);
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, text).unwrap();
                }
                look(&format!("{id}, {}", example.title), directory.path());
            }
        }
    }
}

/// Runs a test over every document; when it blesses, the documents are written back. One test at a
/// time, for two of them write different blocks of the same document.
fn each_document(test: impl Fn(&'static str, &mut Document)) {
    static WRITER: Mutex<()> = Mutex::new(());
    let _alone = WRITER.lock().unwrap_or_else(PoisonError::into_inner);
    for (id, mut document) in documents() {
        test(id, &mut document);
        document.write_if_blessed();
    }
}

fn memory(example: &Example) -> Memory {
    let files: BTreeMap<&str, &str> = example.files().collect();
    files
        .into_iter()
        .fold(Memory::new().with_run_bits(), |memory, (path, text)| {
            memory.with(Path::new(ROOT).join(path), text)
        })
}

fn check(workspace: &Workspace<'_>, select: &[&str]) -> lint::Outcome {
    let select = select.iter().map(|id| (*id).to_owned()).collect();
    lint::check(
        workspace,
        &Options {
            paths: vec![ROOT.into()],
            select,
            keep_models: true,
            ..Options::default()
        },
    )
}

/// What `composelint check --select ID` prints: what other rules say of an example is shown in
/// their documents.
fn printed(id: &str, example: &Example) -> String {
    let files = memory(example);
    assert!(
        files.is_directory(Path::new(ROOT)),
        "{}: an example without files",
        example.title
    );
    let workspace = Workspace::new(&files).with_shellcheck(&StandIn);
    let outcome = check(&workspace, &[id]);
    let mut text = Vec::new();
    let report = Report {
        diagnostics: &lint::fold(workspace.sources(), outcome.diagnostics),
        sources: workspace.sources(),
        root: Path::new(ROOT),
        checked: Checked::default(),
        quiet: true,
    };
    report::write(&report, Format::Full, &mut NoColor::new(&mut text)).unwrap();
    String::from_utf8(text).unwrap()
}

fn relative(path: &Path) -> String {
    PathBuf::from(path)
        .strip_prefix(ROOT)
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned()
}
