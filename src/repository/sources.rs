//! Which files are source code, in which language, and whether a process reads them as they are.

use std::path::Path;

use crate::files::{FOREIGN_DIRECTORIES, Files};
use crate::knowledge::{Language, directories};

/// File name endings, and whether the process that runs them reads the file itself. TypeScript is
/// on the side of those that do: tsx, ts-node, Vite or Bun run it in development, and where it is
/// compiled first the process says so.
const LANGUAGES: &[(&str, Language, bool)] = &[
    ("c", Language::Other, false),
    ("cc", Language::Other, false),
    ("cjs", Language::JavaScript, true),
    ("clj", Language::Jvm, true),
    ("cljs", Language::Jvm, true),
    ("cpp", Language::Other, false),
    ("cr", Language::Other, false),
    ("cs", Language::DotNet, false),
    ("cshtml", Language::DotNet, false),
    ("cxx", Language::Other, false),
    ("dart", Language::Other, false),
    ("erb", Language::Ruby, true),
    ("erl", Language::Elixir, false),
    ("ex", Language::Elixir, true),
    ("exs", Language::Elixir, true),
    ("fs", Language::DotNet, false),
    ("go", Language::Go, false),
    ("groovy", Language::Jvm, false),
    ("hs", Language::Other, false),
    ("java", Language::Jvm, false),
    ("jl", Language::Other, true),
    ("js", Language::JavaScript, true),
    ("jsx", Language::JavaScript, true),
    ("kt", Language::Jvm, false),
    ("lua", Language::Other, true),
    ("mjs", Language::JavaScript, true),
    ("nim", Language::Other, false),
    ("php", Language::Php, true),
    ("pl", Language::Other, true),
    ("pm", Language::Other, true),
    ("py", Language::Python, true),
    ("r", Language::Other, true),
    ("rb", Language::Ruby, true),
    ("rs", Language::Rust, false),
    ("scala", Language::Jvm, false),
    ("svelte", Language::JavaScript, true),
    ("swift", Language::Other, false),
    ("ts", Language::JavaScript, true),
    ("tsx", Language::JavaScript, true),
    ("vue", Language::JavaScript, true),
    ("zig", Language::Other, false),
];

/// The language of a file, by the ending of its name, and whether the process that runs it reads
/// the file itself. Files that configure a build (`vite.config.ts`, `setup.py`, `conftest.py`) are
/// not what runs, and have none.
fn kind_of(name: &str) -> Option<(Language, bool)> {
    let lower = name.to_ascii_lowercase();
    let is_configuration = lower.contains(".config.")
        || lower.contains(".conf.")
        || lower.ends_with(".d.ts")
        || lower == "setup.py"
        || lower.starts_with('.');
    let is_test = lower == "conftest.py" || lower.contains(".test.") || lower.contains(".spec.");
    if is_configuration || is_test {
        return None;
    }
    let ending = lower.rsplit_once('.')?.1;
    LANGUAGES
        .iter()
        .find(|(known, ..)| *known == ending)
        .map(|(_, language, interpreted)| (*language, *interpreted))
}

/// The language of a file, by the ending of its name.
pub fn language(name: &str) -> Option<Language> {
    kind_of(name).map(|(language, _)| language)
}

/// Whether a file of that name is source code, of whatever language.
pub fn is_source(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| {
        LANGUAGES
            .iter()
            .any(|(known, ..)| ending.eq_ignore_ascii_case(known))
    })
}

/// How much source code a directory holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    counts: Vec<(Language, usize)>,
    interpreted: usize,
}

impl Census {
    /// Counts the source files in a directory or, for a file, that file. `ignored` says of a path
    /// below `path`, with `/`, and of whether it is a directory, if it is left out. Large trees are
    /// not walked to their end: the first two thousand names tell enough.
    pub fn of(files: &dyn Files, path: &Path, ignored: &dyn Fn(&str, bool) -> bool) -> Self {
        let mut census = Census::default();
        if !files.is_directory(path) {
            census.count(
                path.file_name()
                    .and_then(|name| name.to_str())
                    .unwrap_or_default(),
            );
            return census;
        }
        let mut budget = 2000_usize;
        let mut open = vec![(path.to_path_buf(), String::new())];
        while let Some((directory, prefix)) = open.pop() {
            for entry in files.list(&directory).iter() {
                let Some(rest) = budget.checked_sub(1) else {
                    return census;
                };
                budget = rest;
                let below = format!("{prefix}{}", entry.name);
                if ignored(&below, entry.is_directory) {
                    continue;
                }
                if !entry.is_directory {
                    census.count(&entry.name);
                } else if !is_foreign(&entry.name) && prefix.matches('/').count() < 8 {
                    open.push((directory.join(&entry.name), below + "/"));
                }
            }
        }
        census
    }

    /// The language of most files.
    pub fn main(&self) -> Option<Language> {
        self.counts
            .iter()
            .max_by_key(|(_, count)| *count)
            .map(|(language, _)| *language)
    }

    /// Whether there is any source code.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many source files there are.
    pub fn number(&self) -> usize {
        self.counts.iter().map(|(_, count)| *count).sum()
    }

    /// How many files there are that the process which runs them reads as they are.
    pub fn interpreted(&self) -> usize {
        self.interpreted
    }

    /// How many files of that language there are.
    pub fn number_of(&self, language: Language) -> usize {
        self.counts
            .iter()
            .find(|(known, _)| *known == language)
            .map_or(0, |(_, count)| *count)
    }

    fn count(&mut self, name: &str) {
        let Some((language, interpreted)) = kind_of(name) else {
            return;
        };
        self.interpreted += usize::from(interpreted);
        match self.counts.iter_mut().find(|(known, _)| *known == language) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((language, 1)),
        }
    }
}

/// Tests, documents and tools beside the code are not what a container runs.
fn is_foreign(name: &str) -> bool {
    FOREIGN_DIRECTORIES.contains(&name)
        || directories::is_always_made(name)
        || ["tests", "test", "docs", "migrations"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn census(files: &[&str]) -> Census {
        let files: Vec<_> = files.iter().map(|path| (*path, "")).collect();
        Census::of(&testing::files(&files), Path::new("/p"), &|path, _| {
            path.starts_with("ignored/")
        })
    }

    #[test]
    fn the_main_language_is_that_of_most_files() {
        let census = census(&["main.py", "app/a.py", "static/x.js", "README.md"]);
        assert_eq!(census.main(), Some(Language::Python));
        assert_eq!(census.interpreted(), 3);
    }

    #[test]
    fn foreign_ignored_and_configuration_files_do_not_count() {
        assert!(
            census(&[
                "node_modules/x/y.js",
                "ignored/a.py",
                "vite.config.ts",
                "setup.py",
                "data.csv"
            ])
            .is_empty()
        );
    }

    #[test]
    fn compiled_languages_are_told_from_interpreted_ones() {
        assert_eq!(census(&["main.go", "x.rb"]).interpreted(), 1);
    }
}
