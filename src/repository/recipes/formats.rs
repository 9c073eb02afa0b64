//! The kinds of files that hold recipes, and how each gives its commands.

use std::path::{Path, PathBuf};

use super::resolve::Places;
use super::script::{Reader, ancestors};
use super::words::Scope;
use super::{Argument, ComposeCall, Recipe, RecipeKind, Tool};
use crate::knowledge::{shells, words};
use crate::syntax::{json, makefile, markdown};
use crate::text::{Cooked, CookedBuilder, Source, Span, offset};

mod keyed;
mod lines;

/// Kinds of files that hold recipes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    Makefile,
    Justfile,
    Taskfile,
    Shell,
    Windows,
    PackageJson,
    Procfile,
    SystemdUnit,
    EditorTasks,
    DevContainer,
    Pipeline,
    Markdown,
    Prose,
}

impl Format {
    /// The format of a file by its path, relative to the root.
    pub(super) fn of(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let directory = path.parent().and_then(Path::to_str).unwrap_or_default();
        let parent = directory.rsplit('/').next().unwrap_or_default();
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
        Some(match (name.as_str(), extension) {
            ("makefile" | "gnumakefile", _) | (_, "mk") => Format::Makefile,
            ("justfile" | ".justfile", _) | (_, "just") => Format::Justfile,
            ("taskfile.yml" | "taskfile.yaml" | "taskfile.dist.yml" | "taskfile.dist.yaml", _) => {
                Format::Taskfile
            }
            ("package.json" | "composer.json", _) => Format::PackageJson,
            ("devcontainer.json" | ".devcontainer.json", _) => Format::DevContainer,
            ("tasks.json", _) if parent == ".vscode" => Format::EditorTasks,
            ("procfile", _) | ("procfile.dev" | "procfile.local" | "procfile.prod", _) => {
                Format::Procfile
            }
            (
                ".gitlab-ci.yml"
                | ".gitlab-ci.yaml"
                | ".travis.yml"
                | ".drone.yml"
                | ".woodpecker.yml"
                | "bitbucket-pipelines.yml",
                _,
            )
            | (
                "azure-pipelines.yml"
                | "buildspec.yml"
                | "cloudbuild.yaml"
                | "cloudbuild.yml"
                | "appveyor.yml",
                _,
            ) => Format::Pipeline,
            (_, "yml" | "yaml")
                if directory.starts_with(".github")
                    || matches!(parent, ".gitlab" | ".circleci" | ".woodpecker") =>
            {
                Format::Pipeline
            }
            (_, ending) if shells::is_shell(ending) || ending == "command" => Format::Shell,
            (_, "ps1" | "bat" | "cmd") => Format::Windows,
            (_, "service") => Format::SystemdUnit,
            (_, "md" | "markdown" | "mdx") if !is_history(stem) => Format::Markdown,
            (_, "rst" | "adoc" | "asciidoc" | "txt")
                if !is_history(stem) && !name.starts_with("requirements") =>
            {
                Format::Prose
            }
            ("readme", "") => Format::Prose,
            (_, "")
                if matches!(
                    parent,
                    "bin" | "script" | "scripts" | "ops" | "dev" | "tools" | "deploy"
                ) =>
            {
                Format::Shell
            }
            _ => return None,
        })
    }

    pub(super) fn is_document(self) -> bool {
        matches!(self, Format::Markdown | Format::Prose)
    }

    fn kind(self) -> RecipeKind {
        match self {
            Format::Pipeline => RecipeKind::Ci,
            Format::Markdown | Format::Prose => RecipeKind::Document,
            _ => RecipeKind::Runnable,
        }
    }
}

/// Documents about what was, not about what is run.
fn is_history(stem: &str) -> bool {
    [
        "changelog",
        "history",
        "license",
        "licence",
        "code_of_conduct",
        "security",
        "authors",
    ]
    .iter()
    .any(|name| stem.starts_with(name))
}

/// Reads one file and adds its recipes.
pub(super) fn read(places: &Places, source: &Source, format: Format, recipes: &mut Vec<Recipe>) {
    let root = places.root;
    let directory = source.path().parent().unwrap_or(root);
    let scope = Scope {
        variables: Default::default(),
        parentheses_are_variables: false,
        directory,
        root,
    };
    let mut file = File {
        places,
        source,
        kind: format.kind(),
        scope,
        start: vec![directory.to_path_buf()],
        recipes,
    };
    match format {
        Format::Makefile => file.makefile(),
        Format::PackageJson => file.package_json(),
        Format::EditorTasks => file.editor_tasks(),
        Format::DevContainer => file.dev_container(),
        Format::Markdown => file.markdown(),
        Format::Shell => {
            file.start = ancestors(directory, root);
            let text = Cooked::verbatim(
                source,
                source.span(source.content_start() as usize..source.text().len()),
            );
            file.recipe(None, &[text], false);
        }
        Format::Justfile => lines::justfile(&mut file),
        Format::Procfile => lines::procfile(&mut file),
        Format::SystemdUnit => lines::systemd_unit(&mut file),
        Format::Windows => lines::windows(&mut file),
        Format::Prose => lines::prose(&mut file),
        Format::Taskfile | Format::Pipeline => keyed::read(&mut file, format),
    }
}

/// One file that is being read.
struct File<'a> {
    places: &'a Places<'a>,
    source: &'a Source,
    kind: RecipeKind,
    scope: Scope<'a>,
    /// The directories its commands may run in, the likeliest first.
    start: Vec<PathBuf>,
    recipes: &'a mut Vec<Recipe>,
}

impl File<'_> {
    /// Adds the calls in `texts` as one recipe, if there are any. Lines that are `separate` get a
    /// shell each.
    fn recipe(&mut self, name: Option<Argument>, texts: &[Cooked], separate: bool) {
        let mut reader = Reader::new(
            self.places,
            self.kind,
            self.scope.clone(),
            self.start.clone(),
        );
        for text in texts {
            reader.read(text);
            if separate {
                reader.new_shell();
            }
        }
        let calls = reader.calls;
        self.push(name, calls);
    }

    fn push(&mut self, name: Option<Argument>, calls: Vec<ComposeCall>) {
        if !calls.is_empty() {
            self.recipes.push(Recipe {
                source: self.source.clone(),
                kind: self.kind,
                name,
                calls,
            });
        }
    }

    fn makefile(&mut self) {
        let makefile = makefile::parse(self.source);
        self.scope.parentheses_are_variables = true;
        for variable in makefile
            .variables
            .iter()
            .filter(|variable| variable.targets.is_empty())
        {
            match variable.operator.as_str() {
                "+=" => self.scope.append(&variable.name, &variable.value),
                // The output of a command: nobody knows it.
                "!=" => self.scope.assign(
                    &variable.name,
                    Cooked::synthetic("$(shell)", variable.value.span()),
                ),
                _ => self.scope.assign(&variable.name, variable.value.clone()),
            }
        }
        for rule in &makefile.rules {
            let Some((target, span)) = rule.targets.first() else {
                continue;
            };
            let own: Vec<_> = makefile
                .variables
                .iter()
                .filter(|variable| variable.targets.contains(target))
                .collect();
            let global = (!own.is_empty()).then(|| self.scope.variables.clone());
            for variable in own {
                self.scope
                    .variables
                    .insert(variable.name.clone(), vec![variable.value.clone()]);
            }
            let texts: Vec<Cooked> = rule.recipe.iter().map(|line| line.text.clone()).collect();
            self.recipe(
                Some(Argument {
                    text: target.clone(),
                    span: *span,
                }),
                &texts,
                true,
            );
            if let Some(global) = global {
                self.scope.variables = global;
            }
        }
    }

    /// The scripts of `package.json`, and of `composer.json`, where one may be a list.
    fn package_json(&mut self) {
        let parsed = self.places.workspace.json(self.source);
        let tree = &parsed.tree;
        for script in tree
            .at(&["scripts"])
            .into_iter()
            .flat_map(json::Node::entries)
        {
            let Some(name) = script.key.as_str() else {
                continue;
            };
            let of_list = script.value.items();
            for text in script
                .value
                .cooked()
                .into_iter()
                .chain(of_list.filter_map(json::Node::cooked))
            {
                let name = Argument {
                    text: name.clone().into_owned(),
                    span: text.span(),
                };
                self.recipe(Some(name), &[text], false);
            }
        }
    }

    /// `.vscode/tasks.json`: `command` and `args` of each task, run in the folder that is open.
    fn editor_tasks(&mut self) {
        self.start = vec![parent_of_hidden(&self.scope)];
        let parsed = self.places.workspace.json(self.source);
        let tree = &parsed.tree;
        for task in tree.at(&["tasks"]).into_iter().flat_map(json::Node::items) {
            let Some(command) = task.get("command").and_then(json::Node::cooked) else {
                continue;
            };
            let mut builder = CookedBuilder::new(command.span());
            builder.append(&command, 0..command.as_str().len());
            let args = task.get("args").into_iter().flat_map(json::Node::items);
            for part in args.filter_map(json::Node::cooked) {
                builder.replaced(" ", part.span().start..part.span().start);
                builder.append(&part, 0..part.as_str().len());
            }
            let label = task.get("label").and_then(json::Node::cooked);
            let name = label.map(|label| string_argument(&label));
            let text = replace_references(&builder.finish(), "${", "}");
            self.scope.parentheses_are_variables = true;
            self.scope.variables.insert(
                "workspaceFolder".to_owned(),
                vec![Cooked::synthetic(".", command.span())],
            );
            self.recipe(name, &[text], false);
        }
    }

    /// `devcontainer.json`: the files it names are loaded together, and its services are started.
    fn dev_container(&mut self) {
        let parsed = self.places.workspace.json(self.source);
        let tree = &parsed.tree;
        let of = |key: &str| {
            let value = tree.at(&[key]);
            let items = value.into_iter().flat_map(json::Node::items);
            let texts = value
                .into_iter()
                .chain(items)
                .filter_map(json::Node::cooked);
            texts
                .map(|text| string_argument(&text))
                .collect::<Vec<Argument>>()
        };
        let files = of("dockerComposeFile");
        let Some(first) = files.first() else { return };
        let up = Argument {
            text: "up".to_owned(),
            span: first.span,
        };
        let mut call = ComposeCall::new(
            Tool::DevContainer,
            up,
            files
                .iter()
                .fold(first.span, |span, file| span.cover(file.span)),
        );
        call.services = of("runServices");
        if !call.services.is_empty() {
            call.services.extend(of("service"));
        }
        call.files = files;
        let directory = self
            .source
            .path()
            .parent()
            .unwrap_or(self.scope.root)
            .to_path_buf();
        self.places.resolve(&mut call, &[directory]);
        let name = of("name").into_iter().next();
        self.push(name, vec![call]);
    }

    fn markdown(&mut self) {
        self.start = ancestors(self.scope.directory, self.scope.root);
        for code in markdown::parse(self.source) {
            if words::LANGUAGES_WITHOUT_COMMANDS.contains(&code.language.as_str())
                || !code.text.as_str().contains("ompose")
            {
                continue;
            }
            let name = code.heading.map(|heading| Argument {
                text: heading.text,
                span: heading.span,
            });
            self.recipe(name, &[lines::without_prompts(&code.text)], false);
        }
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        self.source.span(range)
    }
}

/// The directory that holds the hidden directory of the file.
fn parent_of_hidden(scope: &Scope) -> PathBuf {
    scope
        .directory
        .parent()
        .filter(|parent| parent.starts_with(scope.root))
        .unwrap_or(scope.root)
        .to_path_buf()
}

/// The text with the references of another language (`{{name}}`, `${{ … }}`) written as `$(name)`,
/// which keeps each of them one word.
fn replace_references(text: &Cooked, open: &str, close: &str) -> Cooked {
    if !text.as_str().contains(open) {
        return text.clone();
    }
    let mut builder = CookedBuilder::new(text.span());
    let mut at = 0;
    let whole = text.as_str();
    while let Some(start) = whole[at..].find(open).map(|found| at + found) {
        let inner = start + open.len();
        let Some(end) = whole[inner..].find(close).map(|found| inner + found) else {
            break;
        };
        builder.append(text, at..start);
        let name = whole[inner..end].trim().trim_start_matches('.');
        let name = if name.contains(char::is_whitespace) {
            "unknown"
        } else {
            name
        };
        let span = text.span_of(start..end + close.len());
        builder.replaced(&format!("$({name})"), span.start..span.end);
        at = end + close.len();
    }
    builder.append(text, at..whole.len());
    builder.finish()
}

/// The lines of a text with the offset of each.
fn numbered_lines(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    source.text().split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (
            start,
            line.trim_end_matches(['\n', '\r'])
                .trim_start_matches('\u{feff}'),
        )
    })
}

/// A string of JSON as a word.
fn string_argument(text: &Cooked) -> Argument {
    Argument {
        text: text.as_str().to_owned(),
        span: text.span(),
    }
}

fn argument(source: &Source, text: &str, at: usize) -> Argument {
    Argument {
        text: text.to_owned(),
        span: Span::new(source.id(), offset(at), offset(at + text.len())),
    }
}
