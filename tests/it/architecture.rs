//! The layers of the house, as a test: which module may import which, that no files import each
//! other in a circle, who may touch the outside, how long a file may be.
//!
//! The tables below are the documentation. Rust checks cycles between crates but never between
//! modules, so this does. It reads the text of `src/` and follows every path that starts with
//! `crate`, `super`, `self` or `std`.

mod circles;
mod paths;
mod tables;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use circles::Imports;
use paths::{paths_in, without_comments_and_strings};

/// The top modules from the ground to the roof, and what each may import. A row names only rows
/// above it.
const LAYERS: &[&str] = &[
    "text",
    "diagnostic",
    "files",
    "syntax",
    "workspace",
    "knowledge",
    "compose",
    "repository",
    "image",
    "process",
    "project",
    "links",
    "intent",
    "network",
    "startup",
    "cache",
    "roles",
    "dev",
    "overrides",
    "rules",
    "plan",
    "config",
    "lint",
    "fix",
    "report",
    "disk",
    "cli",
    "main",
];

/// Modules that may import less than all below them: a module, and what it may import.
const NARROW: &[(&str, &[&str])] = &[
    ("files", &[]),
    // Facts about tools, as tables.
    ("knowledge", &["text"]),
    // Of a command line alone: which file lies at a path of the container is handed in, and what
    // manifests among them declare is read in one place.
    (
        "process",
        &["text", "syntax", "workspace", "knowledge", "repository"],
    ),
    (
        "rules",
        &[
            "text",
            "diagnostic",
            "syntax",
            "knowledge",
            "compose",
            "repository",
            "image",
            "process",
            "project",
            "links",
            "intent",
            "network",
            "startup",
            "cache",
            "roles",
            "dev",
        ],
    ),
    // What the user chose; what is stated of a project enters it as plain data.
    (
        "config",
        &[
            "text",
            "diagnostic",
            "files",
            "syntax",
            "workspace",
            "compose",
            "project",
            "rules",
        ],
    ),
    ("report", &["text", "diagnostic"]),
    ("disk", &["files"]),
    ("main", &["cli"]),
];

/// What may never be imported, where a row of [`LAYERS`] would allow it because both sides lie in
/// the same top module. `(importer, imported, the exceptions)`.
const NEVERS: &[(&str, &str, &[&str])] = &[
    // One syntax never reads another: the body of a RUN is handed up, and `project` gives it to
    // `shell`. Words of go-shellwords are shell words, cut by other rules.
    (
        "syntax::*",
        "syntax::*",
        &["syntax::shellwords -> syntax::shell::Word"],
    ),
    // What two rules would both derive is a question that `project` answers.
    ("rules::*", "rules::*", &[]),
];

/// What reaches outside: only these modules may name it, so that everything else runs in memory.
const ROOF: &[&str] = &["disk", "cli", "main"];
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::process",
    "std::net",
    "std::thread::sleep",
    "ignore::WalkBuilder",
    "tempfile",
    "print!",
    "println!",
    "eprint!",
    "eprintln!",
];

/// What only these files may do. Whatever is read from a disk may be a pipe or a device, and a
/// program on the path may be a stranger's, so that each has one door with guards.
const DOORS: &[(&str, &[&str])] = &[
    // A directory, so that a rename in it survives a crash.
    ("File::open", &["src/disk.rs"]),
    ("OpenOptions::new", &["src/disk.rs", "src/disk/read.rs"]),
    ("fs::read", &[]),
    ("fs::read_to_string", &[]),
    ("WalkBuilder::new", &["src/disk/walk.rs"]),
    ("Gitignore::new", &[]),
    ("Command::new", &["src/cli/program.rs"]),
];

/// Each output format has its own structs; the types of the core are not serialised.
const SERIALISED: &[&str] = &["report", "cli"];

/// A file longer than this has more than one duty. Tests, and the tables of data named here, may be
/// longer.
const LONGEST_FILE: usize = 800;
const TABLES_OF_DATA: &[&str] = &["src/compose/schema/table.rs"];

/// Who may hold tables of tools: each of these modules is one.
const TABLES_OF_TOOLS: &[&str] = &["knowledge", "syntax", "compose"];

/// Types that everybody asks: their methods stand in the file that defines them, and are only what
/// they are made of.
const GATHERED: &[(&str, &str)] = &[("project", "Project"), ("project", "Service")];

/// What a top module may import.
fn allowed(module: &str) -> Vec<&'static str> {
    let below = LAYERS.iter().copied().take_while(|layer| *layer != module);
    match NARROW.iter().find(|(narrow, _)| *narrow == module) {
        Some((_, imports)) => imports.to_vec(),
        None => below.collect(),
    }
}

#[test]
fn narrow_modules_name_only_layers_below_them() {
    for (module, imports) in NARROW {
        let below: Vec<&str> = LAYERS
            .iter()
            .copied()
            .take_while(|layer| layer != module)
            .collect();
        assert!(below.len() < LAYERS.len(), "`{module}` has no layer");
        for import in *imports {
            assert!(
                below.contains(import),
                "`{module}` may not import `{import}`, which lies above it"
            );
        }
    }
}

#[test]
fn every_module_has_a_layer() {
    let known: BTreeSet<&str> = LAYERS.iter().copied().collect();
    let found: BTreeSet<String> = sources()
        .iter()
        .map(|file| file.module[0].clone())
        .filter(|module| module != "lib")
        .collect();
    let homeless: Vec<&String> = found
        .iter()
        .filter(|module| !known.contains(module.as_str()))
        .collect();
    assert!(homeless.is_empty(), "give {homeless:?} a row in LAYERS");
}

#[test]
fn a_module_imports_only_what_its_layer_may_see() {
    refuse(|file, path| {
        let (from, to) = (&file.module[0], path.strip_prefix("crate")?);
        if from == "lib" || to.first().is_none_or(|module| module == from) {
            return None;
        }
        let allowed = allowed(from);
        let reaches = to
            .first()
            .is_some_and(|module| allowed.contains(&module.as_str()));
        (!reaches).then(|| {
            format!(
                "`{from}` may not import `{}`; it may import {allowed:?}",
                to.join()
            )
        })
    });
}

#[test]
fn siblings_that_must_not_know_each_other_do_not() {
    refuse(|file, path| {
        let to = path.strip_prefix("crate")?;
        NEVERS.iter().find_map(|(importer, imported, exceptions)| {
            let (from, target) = (
                child_of(&file.module, importer)?,
                child_of(to.segments(), imported)?,
            );
            if from == target {
                return None;
            }
            let named = format!("{from} -> {}", to.join());
            let excepted = exceptions.iter().any(|exception| *exception == named);
            (!excepted).then(|| format!("`{from}` may not know `{}`", to.join()))
        })
    });
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let circles = Imports::of(&sources()).circles();
    assert!(circles.is_empty(), "\n{}\n", circles.join("\n"));
}

/// What a type of a room below is asked is a function of the room that asks, with a name of its
/// own: no type collects the questions of the whole house.
#[test]
fn a_type_has_its_methods_in_its_own_room() {
    let files = sources();
    let defines = |module: &[String], name: &str| {
        let mut same = files.iter().filter(|file| file.module.starts_with(module));
        same.any(|file| types_of(file).any(|defined| defined == name))
    };
    let mut complaints = Vec::new();
    for file in &files {
        for name in inherent_impls_of(file) {
            let is_gathered = GATHERED.contains(&(file.module[0].as_str(), name));
            let own = if is_gathered { file.module.len() } else { 1 };
            if !defines(&file.module[..own], name) {
                let file = &file.name;
                complaints.push(format!("{file}: `impl {name}` lies outside its own room"));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn only_the_roof_reaches_outside() {
    refuse(|file, path| {
        let word = OUTSIDE.iter().find(|word| path.starts_with(word))?;
        (!ROOF.contains(&file.module[0].as_str()))
            .then(|| format!("only {ROOF:?} may name `{word}`"))
    });
}

#[test]
fn the_outside_has_one_door() {
    refuse(|file, path| {
        let named = format!("::{}", path.join());
        let (what, _) = DOORS.iter().find(|(what, files)| {
            named.ends_with(&format!("::{what}")) && !files.contains(&file.name.as_str())
        })?;
        Some(format!(
            "may not name `{what}`; see `disk::read` and `cli::program`"
        ))
    });
}

#[test]
fn the_core_is_not_serialised() {
    refuse(|file, path| {
        let serialises =
            path.starts_with("serde") && !SERIALISED.contains(&file.module[0].as_str());
        serialises.then(|| format!("only {SERIALISED:?} may derive serde's traits"))
    });
}

#[test]
fn tables_of_tools_lie_in_knowledge() {
    let names = tables::names_of_tools();
    refuse_files(|file| {
        if TABLES_OF_TOOLS.contains(&file.module[0].as_str()) {
            return None;
        }
        let lists = tables::lists(&file.code, &names);
        let (begin, list) = lists.first()?;
        let line = file.code[..*begin].lines().count();
        Some(format!("line {line} lists {list:?}: ask `knowledge`"))
    });
}

#[test]
fn no_file_is_longer_than_eight_hundred_lines() {
    refuse_files(|file| {
        let lines = file.code.lines().count();
        let excused = TABLES_OF_DATA.contains(&file.name.as_str());
        (lines > LONGEST_FILE && !excused).then(|| format!("{lines} lines: split it by duty"))
    });
}

#[test]
fn every_file_opens_with_its_duty() {
    refuse_files(|file| {
        (!file.text.starts_with("//! ")).then(|| "does not open with a `//!` line".to_owned())
    });
}

#[test]
fn a_folder_is_never_named_mod_rs() {
    refuse_files(|file| {
        file.name
            .ends_with("mod.rs")
            .then(|| "is src/x.rs beside src/x/".to_owned())
    });
}

#[test]
fn a_silenced_lint_has_its_reason_beside_it() {
    refuse_files(|file| {
        let lines: Vec<&str> = file.text.lines().collect();
        let silent = |line: &str| {
            line.trim_start().starts_with("#[allow(") || line.trim_start().starts_with("#![allow(")
        };
        let reasoned = |at: usize| {
            let end = (at..lines.len())
                .find(|&line| lines[line].contains(")]"))
                .unwrap_or(at);
            let attribute = lines[at..=end].join(" ");
            attribute.contains("//")
                || attribute.contains("reason =")
                || (at > 0 && lines[at - 1].trim_start().starts_with("//"))
        };
        let naked = (0..lines.len()).find(|&at| silent(lines[at]) && !reasoned(at))?;
        Some(format!(
            "line {} silences a lint and does not say why",
            naked + 1
        ))
    });
}

// How `src/` is read.

/// One file of `src/`, without its tests.
struct SourceFile {
    /// Its path from the root, with `/`.
    name: String,
    /// Its module path: `["syntax", "yaml"]` for `src/syntax/yaml.rs`.
    module: Vec<String>,
    /// The whole text.
    text: String,
    /// The text up to a `#[cfg(test)] mod tests {`.
    code: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<SourceFile> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(&path)
            {
                found.push(read(&path));
            }
        }
    }
    assert!(found.len() > 5, "src/ was not found");
    found
}

fn read(path: &Path) -> SourceFile {
    let text = fs::read_to_string(path).expect("sources are readable UTF-8");
    let name: Vec<String> = path
        .strip_prefix(root())
        .unwrap()
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect();
    let module = name[1..]
        .iter()
        .map(|part| part.trim_end_matches(".rs").to_owned())
        .collect();
    let tests = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    SourceFile {
        name: name.join("/"),
        module,
        code: text[..tests].to_owned(),
        text,
    }
}

/// The names of the types that a file defines.
fn types_of(file: &SourceFile) -> impl Iterator<Item = &str> {
    file.code.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let is_definition = words.any(|word| matches!(word, "struct" | "enum"));
        let name = words.next().filter(|_| is_definition)?;
        name.split(['<', '(', ';']).next()
    })
}

/// The names of the types to which a file adds methods of their own: `Service` of
/// `impl<'p> Service<'p> {`.
fn inherent_impls_of(file: &SourceFile) -> impl Iterator<Item = &str> {
    file.code.lines().filter_map(|line| {
        let header = line.strip_prefix("impl")?;
        let of_type = if header.starts_with('<') {
            header.split_once("> ")?.1
        } else {
            header.strip_prefix(' ')?
        };
        let path = of_type.split(['<', ' ']).next()?;
        let name = path.rsplit("::").next();
        name.filter(|_| !of_type.contains(" for "))
    })
}

/// `src/testing.rs`, `src/x/tests.rs` and everything in `src/x/tests/`.
fn is_test(path: &Path) -> bool {
    path.iter()
        .any(|part| part == "tests" || part == "tests.rs" || part == "testing.rs")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

/// Fails with all complaints about files at once.
fn refuse_files(complaint: impl Fn(&SourceFile) -> Option<String>) {
    let complaints: Vec<String> = sources()
        .iter()
        .filter_map(|file| complaint(file).map(|text| format!("{}: {text}", file.name)))
        .collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Fails with all complaints about the paths that the files name.
fn refuse(complaint: impl Fn(&SourceFile, &paths::Named) -> Option<String>) {
    refuse_files(|file| {
        let code = without_comments_and_strings(&file.code);
        let complaints: BTreeSet<String> = paths_in(&code, &file.module)
            .iter()
            .filter_map(|path| complaint(file, path))
            .collect();
        (!complaints.is_empty()).then(|| complaints.into_iter().collect::<Vec<_>>().join("\n    "))
    });
}

/// `syntax::yaml` for the path of anything in it and the pattern `syntax::*`; `None` for what
/// `syntax` itself holds, which its children may share.
fn child_of(path: &[String], pattern: &str) -> Option<String> {
    let parent = pattern.trim_end_matches("::*");
    let child = path.get(1)?;
    let is_module = root().join(format!("src/{parent}/{child}.rs")).exists();
    (path[0] == parent && is_module).then(|| format!("{parent}::{child}"))
}
