//! What installs need of the context.

use crate::image::Action;
use crate::testing;

/// The inputs of the last install: files, then what stands against moving it.
fn draw(dockerfile: &str, files: &[(&str, &str)]) -> String {
    let mut all = vec![("Dockerfile", dockerfile)];
    all.extend(files);
    let workspace = testing::workspace(&testing::files(&all));
    let image = testing::image(workspace);
    let history = image.history();
    let installs = history.iter().flat_map(|step| match &step.action {
        Action::Run(run) => run
            .installs
            .iter()
            .map(|install| (*step, install))
            .collect::<Vec<_>>(),
        _ => Vec::new(),
    });
    let (step, install) = installs.last().expect("there is an install");
    let Some(inputs) = image.inputs(workspace, step, install) else {
        return "unknown".to_owned();
    };
    let mut lines = vec![
        inputs
            .files
            .iter()
            .map(|input| input.path.as_str())
            .collect::<Vec<_>>()
            .join(" "),
    ];
    lines.extend(inputs.missing.iter().map(|path| format!("missing {path}")));
    lines.extend(
        inputs
            .ignored
            .iter()
            .map(|path| format!("ignored {}", path.display())),
    );
    lines.extend(inputs.sources.iter().map(|reason| reason.message.clone()));
    lines.extend(
        inputs
            .overwritten
            .iter()
            .map(|path| format!("overwrites {}", path.display())),
    );
    lines.join("\n")
}

#[track_caller]
fn check(run: &str, files: &[(&str, &str)], expected: &str) {
    let dockerfile = format!("FROM python\nWORKDIR /app\nCOPY . .\nRUN {run}\n");
    assert_eq!(draw(&dockerfile, files), expected, "{run}");
}

#[test]
fn requirements_files_are_followed() {
    let files = [
        (
            "req/dev.txt",
            "-r base.txt\n-c../constraints.txt\nflask # web\n",
        ),
        ("req/base.txt", "# nothing\nx==1\n"),
        ("constraints.txt", ""),
    ];
    check(
        "pip install -r req/dev.txt",
        &files,
        "req/dev.txt req/base.txt constraints.txt",
    );
    check(
        "pip install -r r.txt",
        &[("r.txt", "-r gone.txt\n")],
        "r.txt\nmissing gone.txt",
    );
    check(
        "pip install -r r.txt",
        &[("r.txt", "-e .\n./lib\nx @ file:///y\n-e git+https://a/b\n")],
        "r.txt\n`-e .` is a path of the project\n`./lib` is a path of the project\n`x @ file:///y` is a path of the project",
    );
    check(
        "pip install -r r.txt",
        &[("r.txt", ""), (".dockerignore", "*.txt\n")],
        "\nmissing r.txt\nignored /p/r.txt",
    );
    check("pip install -r r.txt", &[("r.txt", "-r r.txt\n")], "r.txt");
}

#[test]
fn package_manifests_are_followed() {
    let lock = ("package-lock.json", "{}");
    check(
        "npm ci",
        &[("package.json", "{}"), lock, ("node_modules/x", "")],
        "package.json package-lock.json\noverwrites /p/node_modules",
    );
    let scripts = (
        "package.json",
        r#"{"scripts": {"postinstall": "node x.js", "build": "y"}, "dependencies": {"a": "file:./a"}}"#,
    );
    check(
        "npm ci",
        &[scripts, lock],
        "package.json package-lock.json\nthe script `postinstall` of package.json runs with every install\n`file:./a` is a path of the project",
    );
    check(
        "npm ci --ignore-scripts",
        &[scripts],
        "package.json\n`file:./a` is a path of the project",
    );
    let members = [
        ("package.json", r#"{"workspaces": ["packages/*", "web"]}"#),
        ("packages/a/package.json", "{}"),
        ("web/package.json", "{}"),
        ("yarn.lock", ""),
    ];
    check(
        "yarn install",
        &members,
        "package.json yarn.lock packages/a/package.json web/package.json",
    );
    let pnpm = [
        ("package.json", "{}"),
        ("pnpm-lock.yaml", ""),
        ("pnpm-workspace.yaml", "packages:\n  - 'apps/*'\n"),
        ("apps/a/package.json", "{}"),
    ];
    check(
        "pnpm install",
        &pnpm,
        "package.json pnpm-lock.yaml pnpm-workspace.yaml apps/a/package.json",
    );
}

#[test]
fn manifests_of_other_languages_are_followed() {
    check(
        "go mod download",
        &[
            ("go.mod", "module x\nreplace a => ./a\n"),
            ("go.sum", ""),
            ("a/go.mod", ""),
        ],
        "go.mod go.sum a/go.mod",
    );
    check(
        "dotnet restore",
        &[("A/A.csproj", ""), ("B/B.csproj", ""), ("x.sln", "")],
        "A/A.csproj B/B.csproj x.sln",
    );
    check(
        "bundle install",
        &[("Gemfile", "gem 'x', path: 'y'\n")],
        "Gemfile\n`gem 'x', path: 'y'` names sources",
    );
    let uv = [
        (
            "pyproject.toml",
            "[tool.uv.workspace]\nmembers = [\"libs/*\"]\n[tool.uv.sources]\ny = { path = \"../y\" }\n",
        ),
        ("uv.lock", ""),
        ("libs/a/pyproject.toml", ""),
    ];
    check(
        "uv sync --no-install-project",
        &uv,
        "pyproject.toml uv.lock libs/a/pyproject.toml\n`y` is a path of the project",
    );
}

#[test]
fn bind_mounts_show_the_context() {
    let dockerfile = "FROM node\nWORKDIR /app\nRUN --mount=type=bind,source=web/package.json,target=package.json npm install\nCOPY . .\n";
    assert_eq!(
        draw(dockerfile, &[("web/package.json", "{}")]),
        "web/package.json"
    );
}

#[test]
fn manifests_that_were_copied_one_by_one_are_found() {
    let dockerfile = "FROM x/sdk AS b\nWORKDIR /src\nCOPY *.csproj .\nCOPY lib/lib.csproj lib/\nCOPY more ./more\nRUN dotnet restore\n";
    let files = [
        ("a.csproj", ""),
        ("lib/lib.csproj", ""),
        ("more/x/m.csproj", ""),
        ("other/o.csproj", ""),
    ];
    assert_eq!(
        draw(dockerfile, &files),
        "a.csproj lib/lib.csproj more/x/m.csproj"
    );
}

#[test]
fn only_what_was_copied_before_counts() {
    let dockerfile = "FROM node\nWORKDIR /app\nRUN npm install\nCOPY . .\n";
    assert_eq!(
        draw(dockerfile, &[("package.json", "{}")]),
        "\nmissing package.json"
    );
}
