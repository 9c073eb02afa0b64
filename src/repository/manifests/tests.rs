//! What each kind of manifest and lock file declares.

use super::*;
use crate::files::Memory;

/// The dependencies of a file as `name[extras] wanted group`.
#[track_caller]
fn check(name: &str, text: &str, expected: &[&str]) {
    let memory = Memory::new().with(Path::new("/p").join(name), text);
    let workspace = Workspace::new(&memory);
    let source = workspace.read(&Path::new("/p").join(name)).unwrap();
    let manifest = of(&workspace, &source);
    let show = |dependency: &Dependency| {
        assert!(source.whole().contains(dependency.span));
        let Dependency {
            name,
            extras,
            wanted,
            group,
            ..
        } = dependency;
        let extras = if extras.is_empty() {
            String::new()
        } else {
            format!("[{}]", extras.join(","))
        };
        format!("{name}{extras} {wanted} {group:?}")
    };
    let found: Vec<String> = manifest.dependencies.iter().map(show).collect();
    assert_eq!(found, expected, "{name}");
}

#[test]
fn every_kind_of_manifest_lists_what_it_depends_on() {
    check(
        "package.json",
        r#"{"dependencies": {"a": "^1"}, "devDependencies": {"b": "2"}, "peerDependencies": {"c": "*"}}"#,
        &["a ^1 Runtime", "b 2 Development", "c * Optional"],
    );
    check(
        "pyproject.toml",
        "[build-system]\nrequires = [\"hatchling\"]\n[project]\ndependencies = [\"uvicorn[standard]>=0.3\"]\n\
         optional-dependencies.x = [\"y\"]\n[dependency-groups]\ndev = [\"pytest\", {include-group = \"z\"}]\n\
         [tool.uv]\ndev-dependencies = [\"ruff==1\"]\n[tool.poetry.dependencies]\nflask = \"^2\"\n\
         arq = {version = \"1\", extras = [\"watch\"]}\nq = {version = \"2\", optional = true}\n\
         [tool.poetry.group.dev.dependencies]\nwatchdog = \"*\"\n[tool.hatch.envs.dev]\ndependencies = [\"h\"]\n",
        &[
            "uvicorn[standard] >=0.3 Runtime",
            "y  Optional",
            "pytest  Development",
            "hatchling  Build",
            "ruff ==1 Development",
            "flask ^2 Runtime",
            "arq[watch] 1 Runtime",
            "q 2 Optional",
            "watchdog * Development",
            "h  Development",
        ],
    );
    check(
        "requirements.txt",
        "# c\n-i https://x\nFlask[async]>=2,<3 ; python_version > '3'  # web\n./local\npkgs/x\n\
         a==1 --hash=sha256:0\nb @ git+https://x\nhttps://x/y.whl\n",
        &[
            "Flask[async] >=2,<3 Runtime",
            "a ==1 Runtime",
            "b @ git+https://x Runtime",
        ],
    );
    check("requirements-dev.txt", "pytest\n", &["pytest  Development"]);
    check(
        "Pipfile",
        "[packages]\nflask = \"*\"\ng = {git = \"x\"}\n[dev-packages]\npytest = \"==7\"\n",
        &["flask * Runtime", "g ? Runtime", "pytest ==7 Development"],
    );
    check(
        "setup.py",
        "setup(install_requires=['flask>=1', 'a'])\n",
        &["flask >=1 Runtime", "a  Runtime"],
    );
    check(
        "setup.cfg",
        "[options]\ninstall_requires =\n    flask>=1\n",
        &["flask >=1 Runtime"],
    );
    check(
        "environment.yml",
        "dependencies:\n  - conda-forge::python=3.11\n  - pip:\n    - watchfiles\n",
        &["python =3.11 Runtime", "watchfiles  Runtime"],
    );
    check(
        "go.mod",
        "module x\nrequire a/b v1.2.3\nrequire (\n\tc/d v2 // indirect\n)\ntool e/f\nreplace a/b => ../b\n",
        &["a/b v1.2.3 Runtime", "c/d v2 Runtime", "e/f  Development"],
    );
    check(
        "Cargo.toml",
        "[dependencies]\na = \"1\"\nb = {path = \"../b\"}\n[dev-dependencies]\nc = {version = \"2\"}\n[target.'cfg(unix)'.dependencies]\nd = \"3\"\n",
        &[
            "a 1 Runtime",
            "b  Runtime",
            "c 2 Development",
            "d 3 Runtime",
        ],
    );
    check(
        "composer.json",
        r#"{"require": {"php": ">=8"}, "require-dev": {"x/y": "^1"}}"#,
        &["php >=8 Runtime", "x/y ^1 Development"],
    );
    check(
        "Gemfile",
        "source 'x'\ngem 'rails', '~> 7'\n  gem(\"puma\")\n",
        &["rails ~> 7 Runtime", "puma  Runtime"],
    );
    check(
        "mix.exs",
        "[\n  {:phoenix, \"~> 1.7\"},\n]\n",
        &["phoenix ~> 1.7 Runtime"],
    );
    check(
        "pom.xml",
        "<dependency>\n<artifactId>x</artifactId>\n<module>m</module>",
        &["x  Runtime"],
    );
    check(
        "build.gradle.kts",
        "implementation(\"g:n:1.0\") // \"a:b\"\n",
        &["n 1.0 Runtime"],
    );
}

#[test]
fn names_scripts_members_and_neighbours_are_known() {
    let memory = Memory::new()
        .with("/p/package.json", r#"{"name": "root", "packageManager": "pnpm@9", "scripts": {"dev": "a && b"}, "workspaces": {"packages": ["apps/*"]}, "bin": {"x": "x.js"}, "pnpm": {"patchedDependencies": {"y": "y.patch"}}}"#)
        .with("/p/pyproject.toml", "[project]\nname = \"py\"\n[project.scripts]\nserve = \"py.main:run\"\n[tool.poe.tasks]\ndev = \"x\"\nall = [\"dev\"]\npy = {script = \"a:b\"}\n[tool.hatch.envs.default.scripts]\nt = [\"a\", \"b\"]\n[tool.uv.sources]\nm = {workspace = true}\nn = {path = \"../n\"}\n[tool.uv.workspace]\nmembers = [\"packages/*\"]\n");
    let workspace = Workspace::new(&memory);
    let manifest = |name: &str| {
        of(
            &workspace,
            &workspace.read(&Path::new("/p").join(name)).unwrap(),
        )
    };
    let node = manifest("package.json");
    assert_eq!(node.name.as_ref().unwrap().as_str(), "root");
    assert_eq!(node.package_manager.as_ref().unwrap().as_str(), "pnpm@9");
    assert_eq!(
        node.script("npm", "dev").unwrap().lines.as_ref().unwrap()[0].as_str(),
        "a && b"
    );
    assert_eq!(node.members[0].as_str(), "apps/*");
    assert_eq!(
        (node.programs[0].name.as_str(), node.patches[0].as_str()),
        ("x", "y.patch")
    );
    let python = manifest("pyproject.toml");
    assert_eq!(python.programs[0].target.as_str(), "py.main:run");
    assert!(python.script("poe", "all").unwrap().is_list);
    assert!(python.script("poe", "py").unwrap().lines.is_none());
    assert_eq!(
        python
            .script("hatch", "default:t")
            .unwrap()
            .lines
            .as_ref()
            .unwrap()
            .len(),
        2
    );
    assert!(python.locals[0].is_member && python.locals[1].path.is_some());
    assert_eq!(python.members[0].as_str(), "packages/*");
}

#[test]
fn a_directory_has_the_lists_below_it_and_those_they_include() {
    let memory = Memory::new()
        .with(
            "/p/requirements/worker.txt",
            "-r base.txt\n-c ../limits.txt\nwatchfiles\n-r worker.txt\n",
        )
        .with("/p/requirements/base.txt", "flask\n")
        .with("/p/limits.txt", "flask<3\n")
        .with(
            "/p/poetry.lock",
            "[[package]]\nname = \"Typing_Extensions\"\nversion = \"4.1\"\n",
        );
    let workspace = Workspace::new(&memory);
    let directory = in_directory(&workspace, Path::new("/p"));
    assert!(
        directory
            .dependencies()
            .any(|dependency| dependency.is("watchfiles"))
    );
    assert!(
        directory
            .dependencies()
            .any(|dependency| dependency.is("flask"))
    );
    assert_eq!(directory.locks[0].version("typing-extensions"), Some("4.1"));
}

#[test]
fn a_requirements_file_names_paths_of_the_repository() {
    let text = "-e ./a\n--editable=b\n-e git+https://x\n.\n.[dev]\npkgs/x\nc @ file:///p/c\n\
                --find-links wheels\n--find-links https://x\nd @ https://x/y\nhttps://x/y.whl\n";
    let memory = Memory::new().with("/p/requirements.txt", text);
    let workspace = Workspace::new(&memory);
    let source = workspace.read(Path::new("/p/requirements.txt")).unwrap();
    let manifest = of(&workspace, &source);
    let written = manifest.locals.iter().map(|local| source.slice(local.span));
    assert_eq!(
        written.collect::<Vec<_>>(),
        [
            "-e ./a",
            "--editable=b",
            ".",
            ".[dev]",
            "pkgs/x",
            "c @ file:///p/c",
            "--find-links wheels",
        ]
    );
}

#[test]
fn lock_files_tell_versions() {
    for (name, text) in [
        (
            "package-lock.json",
            r#"{"packages": {"": {}, "node_modules/x": {"version": "1.2.3"}}}"#,
        ),
        (
            "npm-shrinkwrap.json",
            r#"{"dependencies": {"x": {"version": "1.2.3"}}}"#,
        ),
        (
            "yarn.lock",
            "# c\n\n\"x@npm:^1\", \"x@npm:^1.2\":\n  version: 1.2.3\n",
        ),
        (
            "pnpm-lock.yaml",
            "packages:\n\n  'x@1.2.3(y@2.0.0)':\n    resolution: {}\n",
        ),
        ("bun.lock", r#"{"packages": {"x": ["x@1.2.3", "", {},],},}"#),
        (
            "uv.lock",
            "[[package]]\nname = \"x\"\nversion = \"1.2.3\"\n",
        ),
        (
            "Pipfile.lock",
            r#"{"default": {"x": {"version": "==1.2.3"}}}"#,
        ),
        (
            "Cargo.lock",
            "[[package]]\nname = \"x\"\nversion = \"1.2.3\"\n",
        ),
        (
            "composer.lock",
            r#"{"packages": [{"name": "x", "version": "1.2.3"}]}"#,
        ),
        (
            "Gemfile.lock",
            "GEM\n  specs:\n    x (1.2.3)\n      y (>= 2)\n",
        ),
        (
            "mix.lock",
            "%{\n  \"x\": {:hex, :x, \"1.2.3\", \"0\"},\n}\n",
        ),
    ] {
        let path = Path::new("/p").join(name);
        let memory = Memory::new().with(&path, text);
        let workspace = Workspace::new(&memory);
        let lock = lock_of(&workspace, &workspace.read(&path).unwrap());
        assert_eq!(lock.version("x"), Some("1.2.3"), "{name}");
        assert_eq!(lock.version("y"), None, "{name}");
    }
}
