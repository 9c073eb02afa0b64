//! A case: its files, how the program is called, what the reference answered.

use std::fs;
use std::path::{Path, PathBuf};

use composelint::compose::{ProjectOptions, Unset, load, locate};
use composelint::files::Memory;
use composelint::workspace::Workspace;

use super::answer::Answer;
use super::shape;

/// Files of a case that belong to the run and not to the project.
const META: [&str; 5] = ["args", "env", "cwd", "stdin", "topic"];

/// Where the projects of all cases lie in memory, and the home of whoever runs them.
const PARENT: &str = "/oracle";
const HOME: &str = "/home/oracle";

pub(super) struct Case {
    pub(super) name: String,
    pub(super) directory: PathBuf,
    pub(super) args: Vec<String>,
    /// `KEY=VALUE` with the places still in it.
    pub(super) environment: Vec<(String, String)>,
    /// Where it is run, below the case.
    pub(super) cwd: String,
    pub(super) stdin: String,
    /// Admissible answers.
    pub(super) expected: Vec<Answer>,
}

impl Case {
    /// All cases, by name.
    pub(super) fn all() -> Vec<Case> {
        let directory = std::env::var_os("COMPOSELINT_ORACLE_CASES").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/compose"),
            PathBuf::from,
        );
        let mut directories: Vec<PathBuf> = fs::read_dir(directory)
            .map(|entries| {
                entries
                    .filter_map(|entry| Some(entry.ok()?.path()))
                    .filter(|path| path.is_dir())
                    .collect()
            })
            .unwrap_or_default();
        directories.sort();
        directories
            .iter()
            .map(|directory| Case::read(directory))
            .collect()
    }

    fn read(directory: &Path) -> Case {
        let text = |name: &str| fs::read_to_string(directory.join(name)).ok();
        let lines = |name: &str| {
            text(name).map(|text| {
                text.lines()
                    .filter(|line| !line.is_empty())
                    .map(str::to_owned)
                    .collect()
            })
        };
        let pair = |line: String| {
            line.split_once('=')
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
        };
        let answers = |name: &str, of: fn(&str) -> Answer| {
            text(name).map(|text| text.split("\n--- or ---\n").map(of).collect::<Vec<_>>())
        };
        let expected = answers("expected.json", Answer::of_json)
            .or_else(|| answers("expected.out", |text| Answer::of_lines(text.lines())))
            .or_else(|| answers("expected.err", |text| Answer::Refusal(text.to_owned())));
        Case {
            name: directory
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned(),
            directory: directory.to_path_buf(),
            args: lines("args")
                .unwrap_or_else(|| ["config", "--format", "json"].map(str::to_owned).to_vec()),
            environment: lines("env")
                .unwrap_or_default()
                .into_iter()
                .filter_map(pair)
                .collect(),
            cwd: text("cwd").unwrap_or_default().trim().to_owned(),
            stdin: text("stdin").unwrap_or_default(),
            expected: expected.expect("a case has an answer"),
        }
    }

    /// Whether the program is called with this word.
    pub(super) fn has(&self, word: &str) -> bool {
        self.args.iter().any(|arg| arg == word)
    }

    /// Paths of the project's own files, relative to the case.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut directories = vec![self.directory.clone()];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(&directory).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(&self.directory).unwrap().to_path_buf();
                let shown = name.to_string_lossy();
                if path.is_dir() && !path.is_symlink() {
                    directories.push(path);
                } else if !META.contains(&shown.as_ref()) && !shown.starts_with("expected.") {
                    files.push(name);
                }
            }
        }
        files.sort();
        files
    }

    /// Whether the typed model has all that the case asks for: nothing is switched off, and it is
    /// no list.
    pub(super) fn is_typed(&self) -> bool {
        if self
            .files()
            .iter()
            .any(|path| self.directory.join(path).is_symlink())
        {
            // The typed model is loaded in memory, which has no links.
            return false;
        }
        let known = [
            "config",
            "--all-resources",
            "--services",
            "--format",
            "json",
        ];
        let mut args = self.args.iter().map(String::as_str);
        while let Some(arg) = args.next() {
            match arg {
                "-f" | "--file" | "--profile" | "--env-file" | "--project-directory" | "-p" => {
                    args.next();
                }
                arg if known.contains(&arg) => {}
                _ => return false,
            }
        }
        true
    }

    /// What our loader answers.
    pub(super) fn ours(&self) -> Answer {
        let project = format!("{PARENT}/{}", self.name);
        let place = |text: &str| {
            text.replace("$PROJECT", &project)
                .replace("$PARENT", PARENT)
                .replace("$HOME", HOME)
        };
        let hide = |text: &str| {
            text.replace(&project, "$PROJECT")
                .replace(HOME, "$HOME")
                .replace(PARENT, "$PARENT")
        };
        let mut options = self.options(place);
        options.working_directory = Path::new(&project).join(&self.cwd);
        let mut memory = Memory::new()
            .with(Path::new(PARENT).join("anything"), "")
            .with(options.working_directory.join("-"), &self.stdin);
        for path in self
            .files()
            .into_iter()
            .filter(|path| !self.directory.join(path).is_symlink())
        {
            memory.write(
                Path::new(&project).join(&path),
                fs::read(self.directory.join(&path)).unwrap(),
            );
        }
        let workspace = Workspace::new(&memory);
        let view = match locate(&workspace, &options) {
            Ok(view) => view,
            Err(error) => return Answer::Refusal(error.to_string()),
        };
        let compose = load(&workspace, &view);
        if let Some(diagnostic) = compose.diagnostics.first() {
            return Answer::Refusal(format!(
                "{}: {}",
                workspace.sources().slice(diagnostic.span),
                diagnostic.message
            ));
        }
        if self.args.iter().any(|arg| arg == "--services") {
            return Answer::of_lines(
                compose
                    .active_services()
                    .map(|service| service.name.value.as_str()),
            );
        }
        let text = hide(
            &shape::model(
                &compose,
                self.args.iter().any(|arg| arg == "--all-resources"),
            )
            .to_string(),
        );
        Answer::of_json(&text)
    }

    fn options(&self, place: impl Fn(&str) -> String) -> ProjectOptions {
        let environment = self
            .environment
            .iter()
            .map(|(key, value)| (key.clone(), place(value)));
        let mut options = ProjectOptions {
            environment: std::iter::once(("HOME".to_owned(), HOME.to_owned()))
                .chain(environment)
                .collect(),
            unset: Unset::Blank,
            ..ProjectOptions::default()
        };
        let mut args = self.args.iter().map(|arg| place(arg));
        while let Some(arg) = args.next() {
            let mut value = || args.next().expect("the option has a value");
            match arg.as_str() {
                "-f" | "--file" => options.files.push(value().into()),
                "--profile" => options.profiles.push(value()),
                "--env-file" => options.env_files.push(value().into()),
                "--project-directory" => options.project_directory = Some(value().into()),
                "-p" => options.project_name = Some(value()),
                "--format" => drop(value()),
                "config" | "--services" | "--all-resources" => {}
                other => panic!("{}: the typed model knows nothing of {other}", self.name),
            }
        }
        options
    }
}
