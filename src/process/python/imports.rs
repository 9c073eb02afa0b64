//! The files of the project that a Python file imports, and those that these import.

use rustc_hash::FxHashSet;

use crate::process::Input;
use crate::process::task::join;
use crate::text::Source;

/// More files than anybody reads to see how a program starts.
const MOST: usize = 80;

/// All files of the project that are imported from `source`, which lies at `path` of the container
/// and runs in `cwd`; `None` when there are too many.
pub(super) fn reachable(
    input: &Input<'_>,
    source: &Source,
    path: &str,
    cwd: &str,
) -> Option<Vec<Source>> {
    let mut found: Vec<Source> = Vec::new();
    let mut seen: FxHashSet<String> = FxHashSet::default();
    seen.insert(path.to_owned());
    let beside = join(path, "..");
    let mut open = vec![(source.clone(), path.to_owned())];
    while let Some((source, path)) = open.pop() {
        for module in modules(source.text()) {
            let roots = match module.strip_prefix('.') {
                // One dot is the directory of the file, each further one the directory above.
                Some(rest) => {
                    let up = rest.len() - rest.trim_start_matches('.').len();
                    vec![join(&path, &"../".repeat(up + 1))]
                }
                None => vec![cwd.to_owned(), beside.clone(), join(cwd, "src")],
            };
            let file = module.trim_start_matches('.').replace('.', "/");
            let names = [format!("{file}.py"), format!("{file}/__init__.py")];
            let candidates = roots
                .iter()
                .flat_map(|root| names.iter().map(|name| join(root, name)));
            let Some((next, at)) = candidates
                .into_iter()
                .find_map(|at| Some((input.look(&at).file()?, at)))
            else {
                continue;
            };
            if !seen.insert(at.clone()) {
                continue;
            }
            if found.len() >= MOST {
                return None;
            }
            found.push(next.clone());
            open.push((next, at));
        }
    }
    Some(found)
}

/// The modules that a text imports: `a.b`, `.c`, and for `from a import b` both `a` and `a.b`.
fn modules(text: &str) -> Vec<String> {
    let mut modules = Vec::new();
    for line in text.lines().map(str::trim_start).take(5_000) {
        if let Some(names) = line.strip_prefix("import ") {
            modules.extend(
                names
                    .split(',')
                    .filter_map(|name| name.split_whitespace().next())
                    .map(str::to_owned),
            );
        }
        let Some((module, names)) = line
            .strip_prefix("from ")
            .and_then(|rest| rest.split_once(" import "))
        else {
            continue;
        };
        let module = module.trim();
        let names = names
            .trim_start_matches('(')
            .split(',')
            .filter_map(|name| name.split_whitespace().next());
        let dot = if module.ends_with('.') { "" } else { "." };
        modules.extend(
            names
                .filter(|name| *name != "*")
                .map(|name| format!("{module}{dot}{name}")),
        );
        modules.push(module.to_owned());
    }
    modules
}

#[cfg(test)]
mod tests {
    use super::modules;

    #[test]
    fn imports_name_modules_and_what_may_be_one() {
        let text =
            "import os, a.b as c\nfrom .x import y\nfrom . import z\n    from p.q import (r,\n";
        assert_eq!(
            modules(text),
            ["os", "a.b", ".x.y", ".x", ".z", ".", "p.q.r", "p.q"]
        );
    }
}
