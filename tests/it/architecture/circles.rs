//! Who imports whom among the files of `src/`, and the circles in it.
//!
//! A name is followed to the file that holds it: `use super::Item`, where the parent has
//! `pub use child::Item`, imports the child's file. Methods are not seen, for no path names them.

use std::collections::{BTreeMap, BTreeSet};

use super::SourceFile;
use super::paths::{Import, Named, imports_in, paths_in, without_comments_and_strings};

/// The path of a module: `["syntax", "yaml"]`.
type Module = Vec<String>;

/// Which file imports which, with the names it takes from there.
pub(super) struct Imports {
    edges: BTreeMap<Module, BTreeMap<Module, BTreeSet<String>>>,
}

/// What one file names.
struct Names {
    paths: Vec<Named>,
    imports: Vec<Import>,
}

impl Imports {
    /// Those of all files. A child that uses its ancestor is left out: everybody above a file is a
    /// part of its surroundings.
    pub(super) fn of(files: &[SourceFile]) -> Imports {
        let mut names: BTreeMap<Module, Names> = BTreeMap::new();
        for file in files {
            let code = without_comments_and_strings(&file.code);
            names.insert(
                file.module.clone(),
                Names {
                    paths: paths_in(&code, &file.module),
                    imports: imports_in(&code, &file.module),
                },
            );
        }
        let mut edges: BTreeMap<Module, BTreeMap<Module, BTreeSet<String>>> = BTreeMap::new();
        for (from, own) in names.iter().filter(|(module, _)| *module != &["lib"]) {
            let imported = own.imports.iter().map(|import| &import.path);
            let paths: BTreeSet<&[String]> = own
                .paths
                .iter()
                .chain(imported)
                .map(Named::segments)
                .collect();
            for path in paths {
                let Some((to, item)) = follow(&names, from, path) else {
                    continue;
                };
                if !from.starts_with(&to) {
                    let targets = edges.entry(from.clone()).or_default();
                    targets.entry(to).or_default().insert(item);
                }
            }
        }
        Imports { edges }
    }

    /// The circles, each as lines that say which file ties itself to which other by which names.
    pub(super) fn circles(&self) -> Vec<String> {
        let reached: BTreeMap<&Module, BTreeSet<&Module>> = self
            .edges
            .keys()
            .map(|module| (module, self.reached_from(module)))
            .collect();
        let mut told: BTreeSet<&Module> = BTreeSet::new();
        let mut circles = Vec::new();
        for (module, others) in &reached {
            if !others.contains(module) || told.contains(module) {
                continue;
            }
            let circle: BTreeSet<&Module> = others
                .iter()
                .copied()
                .filter(|other| reached.get(other).is_some_and(|back| back.contains(module)))
                .collect();
            circles.push(self.describe(&circle));
            told.extend(circle);
        }
        circles
    }

    fn reached_from(&self, module: &Module) -> BTreeSet<&Module> {
        let mut reached = BTreeSet::new();
        let mut open = vec![module];
        while let Some(next) = open.pop() {
            for target in self.edges.get(next).into_iter().flat_map(BTreeMap::keys) {
                if reached.insert(target) {
                    open.push(target);
                }
            }
        }
        reached
    }

    fn describe(&self, circle: &BTreeSet<&Module>) -> String {
        let mut lines = format!("a circle of {} files:", circle.len());
        for from in circle {
            for (to, names) in &self.edges[*from] {
                if circle.contains(to) {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    let (from, to) = (from.join("::"), to.join("::"));
                    lines.push_str(&format!("\n    {from} -> {to}: {}", names.join(", ")));
                }
            }
        }
        lines
    }
}

/// The file and the name in it that a path of the file `from` leads to; `None` for a path that
/// stays in the file or leaves the crate, and for the bare name of a module.
fn follow(
    files: &BTreeMap<Module, Names>,
    from: &Module,
    path: &[String],
) -> Option<(Module, String)> {
    let (mut module, mut rest) = (from.clone(), path.to_vec());
    // Each turn follows one name that is passed on; nothing is passed on more often.
    for _ in 0..8 {
        if rest.first()? == "crate" {
            module.clear();
            rest.remove(0);
        }
        while let Some(child) = child_of(files, &module, rest.first()) {
            module = child;
            rest.remove(0);
        }
        let item = rest.first().filter(|item| *item != "self")?.clone();
        let imports = &files.get(&module)?.imports;
        let passed_on = imports.iter().find(|import| {
            let first = import.path.segments().first();
            let is_of_crate = first.is_some_and(|first| first == "crate")
                || child_of(files, &module, first).is_some();
            import.name == item && is_of_crate
        });
        let Some(import) = passed_on else {
            return (module != *from).then_some((module, item));
        };
        rest.splice(0..1, import.path.segments().iter().cloned());
    }
    None
}

fn child_of(
    files: &BTreeMap<Module, Names>,
    module: &Module,
    name: Option<&String>,
) -> Option<Module> {
    let child = [module.as_slice(), &[name?.clone()]].concat();
    files.contains_key(&child).then_some(child)
}

#[test]
fn a_circle_is_found_through_a_name_that_a_parent_passes_on() {
    let files = [
        ("a", "pub use b::Item; mod b; mod c; mod d;"),
        ("a::b", "use super::c; pub struct Item(c::Other);"),
        ("a::c", "use super::{Item, d::of}; pub struct Other;"),
        ("a::d", "use crate::a; pub fn of() { a::go(); }"),
    ];
    let files = files.map(|(module, code)| SourceFile {
        name: module.to_owned(),
        module: module.split("::").map(str::to_owned).collect(),
        text: code.to_owned(),
        code: code.to_owned(),
    });
    let circles = Imports::of(&files).circles();
    assert_eq!(
        circles,
        ["a circle of 2 files:\n    a::b -> a::c: Other\n    a::c -> a::b: Item"]
    );
}
