use crate::links::installed_copies;
use crate::testing;

const COMPOSE: &str = "services:\n  a:\n    build: .\n    volumes: [\".:/app\"]\n";
const PYPROJECT: &str =
    "[project]\nname = \"shop\"\nversion = \"1\"\n[project.scripts]\nshop = \"shop.cli:main\"\n";

/// What service `a` imports as it was installed: the package, and where a mount shows its modules.
fn copies(compose: &str, install: &str, command: &str, modules: &str) -> Vec<String> {
    let dockerfile =
        format!("FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN {install}\nCMD {command}\n");
    let (package, code) = (
        format!("{modules}shop/__init__.py"),
        format!("{modules}shop/cli.py"),
    );
    let files = [
        ("compose.yaml", compose),
        ("Dockerfile", &dockerfile),
        ("pyproject.toml", PYPROJECT),
        (&package, ""),
        (
            &code,
            "import uvicorn\ndef main():\n    uvicorn.run('shop.app:app')\n",
        ),
        ("main.py", "import uvicorn\nuvicorn.run('shop.app:app')\n"),
        (
            "libs/common/pyproject.toml",
            "[project]\nname = \"common\"\n",
        ),
        ("libs/common/common/__init__.py", ""),
    ];
    let project = testing::project(&files);
    let service = project.service("a").unwrap();
    let found = installed_copies::of(service, &service.processes()[0]);
    found
        .into_iter()
        .map(|copy| {
            format!(
                "{} at {}",
                copy.package,
                copy.shown_at.as_deref().unwrap_or("-")
            )
        })
        .collect()
}

#[track_caller]
fn check(install: &str, command: &str, modules: &str, expected: &[&str]) {
    assert_eq!(
        copies(COMPOSE, install, command, modules),
        expected,
        "{install} / {command} / {modules}"
    );
}

#[test]
fn a_server_finds_a_flat_package_beside_it_before_the_installed_one() {
    for command in [
        "uvicorn shop.app:app",
        "python -m shop.cli",
        "gunicorn shop.app:app",
        "celery -A shop.app worker",
        "hypercorn shop.app:app",
    ] {
        check("pip install .", command, "", &[]);
        check("pip install .", command, "src/", &["shop at /app/src"]);
        check("pip install -e .", command, "src/", &[]);
    }
}

#[test]
fn a_command_of_the_package_imports_the_installed_copy() {
    check("pip install .", "shop", "", &["shop at /app"]);
    check("pip install .[dev]", "shop", "src/", &["shop at /app/src"]);
    check("pip install -e .", "shop", "", &[]);
    check("pip install . && pip install -e .", "shop", "", &[]);
}

#[test]
fn what_puts_the_sources_first_cures_it() {
    check(
        "pip install .",
        "uvicorn --app-dir src shop.app:app",
        "src/",
        &[],
    );
    check(
        "pip install .",
        "gunicorn --pythonpath=src shop.app:app",
        "src/",
        &[],
    );
    check(
        "pip install .",
        "sh -c 'PYTHONPATH=/app/src uvicorn shop.app:app'",
        "src/",
        &[],
    );
    check(
        "pip install .",
        "sh -c 'pip install -e . && uvicorn shop.app:app'",
        "src/",
        &[],
    );
    check("pip install .", "uvicorn src.shop.app:app", "src/", &[]);
    let outside = format!("{COMPOSE}    environment: [PYTHONPATH]\n");
    assert!(copies(&outside, "pip install .", "uvicorn shop.app:app", "src/").is_empty());
}

#[test]
fn managers_install_the_project_as_a_reference_unless_told_otherwise() {
    check("uv sync --locked", "uv run shop", "src/", &[]);
    check(
        "uv sync --no-editable",
        "uv run shop",
        "src/",
        &["shop at /app/src"],
    );
    check(
        "uv sync --no-editable --no-install-project",
        "uv run shop",
        "src/",
        &[],
    );
    check("poetry install", "poetry run shop", "src/", &[]);
}

#[test]
fn a_shared_package_that_was_copied_is_not_read_from_its_mount() {
    check(
        "pip install ./libs/common",
        "uvicorn main:app",
        "",
        &["common at /app/libs/common"],
    );
    check("pip install -e ./libs/common", "uvicorn main:app", "", &[]);
    check(
        "pip install ./libs/common",
        "sh -c 'PYTHONPATH=libs/common uvicorn main:app'",
        "",
        &[],
    );
}
