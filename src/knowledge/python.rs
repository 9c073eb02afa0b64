//! Package managers of Python; its programs lie below.

use super::package_manager::{
    Alone, Cache, CacheMount, Ecosystem, MANAGER, Manager, Needs, VERB, Verb, Words, Write,
};
use super::wrapper::{WRAPPER, Wrapper};
use Needs::{ManifestsWith, Sources};
use Words::{Creates, Files, Local, Packages};
use Write::{Flag, Here, OrVariable, WhenVariable};

mod programs;
pub mod source;
pub mod tasks;

pub(super) use programs::PROGRAMS;

const PYTHON: Manager = Manager {
    ecosystem: Ecosystem::Python,
    ..MANAGER
};
const PIP_VALUES: &[&str] = &[
    "-i",
    "--index-url",
    "--extra-index-url",
    "--trusted-host",
    "--timeout",
    "--retries",
    "--prefix",
    "--target",
    "-t",
    "--root",
    "--platform",
    "--python-version",
    "--cache-dir",
    "--progress-bar",
    "--proxy",
    "--cert",
    "--no-binary",
    "--only-binary",
    "--python",
    "-p",
    "--index-strategy",
    "--extra",
    "--group",
    "--upgrade-strategy",
    "--index",
];
const PIP_PATHS: &[&str] = &["-e", "--editable", "-f", "--find-links"];
const UV_VALUES: &[&str] = &[
    "--group",
    "--no-group",
    "--only-group",
    "--extra",
    "--no-extra",
    "--python",
    "-p",
    "--package",
    "--index-url",
    "--index",
    "--link-mode",
    "--cache-dir",
    "--no-install-package",
];

/// Names that people give to files of requirements.
pub const REQUIREMENTS: &[&str] = &[
    "requirements.txt",
    "requirements.in",
    "requirements-dev.txt",
    "requirements_dev.txt",
    "dev-requirements.txt",
    "requirements/base.txt",
    "requirements/dev.txt",
    "requirements/development.txt",
    "requirements/local.txt",
    "requirements/worker.txt",
];

/// Rows of programs that watch every directory below theirs, installed packages as well. Source:
/// watchfiles.helpmanual.io/api/filters, uvicorn.dev/settings, github.com/gorakhargosh/watchdog
pub const WATCH_PACKAGES: &[&str] = &[
    "uvicorn",
    "fastapi dev",
    "fastapi run",
    "watchfiles",
    "watchmedo",
];

/// Keys of `tool.<manager>` in pyproject.toml, and the value with which the project is none that is
/// installed. Sources: docs.astral.sh/uv/concepts/projects/config, python-poetry.org/docs/basic-usage,
/// pdm-project.org/en/latest/reference/pep621, rye.astral.sh/guide/virtual
const NO_PACKAGE: &[(&str, &str, bool)] = &[
    ("uv", "package", false),
    ("poetry", "package-mode", false),
    ("pdm", "distribution", false),
    ("rye", "virtual", true),
];

/// The key, and its value, by which a project is none that its manager installs.
pub fn no_package(manager: &str) -> Option<(&'static str, bool)> {
    let mut rows = NO_PACKAGE.iter();
    let (_, key, value) = rows.find(|(name, _, _)| *name == manager)?;
    Some((key, *value))
}

/// Environments beside the code; the last is that of `pip install` for the whole system.
const ENVIRONMENTS: &[&str] = &[".venv", "venv"];
const ITSELF: &str = "it installs the project itself";

pub(super) const MANAGERS: &[Manager] = &[
    Manager {
        name: "pip",
        programs: &["pip", "pip3"],
        verbs: &[Verb {
            commands: &["pip install", "pip wheel", "pip download"],
            words: Packages,
            writes: &[Flag("--target"), Flag("-t"), Flag("--prefix")],
            file_flags: &["-r", "--requirement", "-c", "--constraint"],
            value_flags: PIP_VALUES,
            path_flags: PIP_PATHS,
            ..VERB
        }],
        manifests: &[
            "requirements.txt",
            "setup.py",
            "setup.cfg",
            "pyproject.toml",
        ],
        fills: &["site-packages"],
        cache: CacheMount::At(Cache {
            directories: &["/root/.cache/pip"],
            image: None,
            flags: &["--no-cache-dir", "--cache-dir"],
            variables: &[
                "PIP_NO_CACHE_DIR",
                "PIP_CACHE_DIR",
                "XDG_CACHE_HOME",
                "HOME",
            ],
            commands: &["pip cache purge"],
        }),
        harmless: &["config", "cache", "--version", "list", "freeze", "check"],
        source: "pip.pypa.io/en/stable/cli",
        ..PYTHON
    },
    Manager {
        name: "uv",
        frozen_by: Some(&["--locked", "--frozen"]),
        programs: &["uv"],
        verbs: &[
            Verb {
                commands: &["uv pip install", "uv pip sync"],
                words: Packages,
                writes: &[Flag("--target"), Flag("--prefix")],
                file_flags: &[
                    "-r",
                    "--requirement",
                    "--requirements",
                    "-c",
                    "--constraint",
                    "--constraints",
                ],
                value_flags: PIP_VALUES,
                path_flags: PIP_PATHS,
                ..VERB
            },
            Verb {
                commands: &["uv sync"],
                manifests: &["pyproject.toml", "uv.lock?", ".python-version?"],
                needs: ManifestsWith(
                    &[
                        "--no-install-project",
                        "--no-install-workspace",
                        "--no-install-local",
                    ],
                    "it installs the project itself (no `--no-install-project`)",
                ),
                writes: &[OrVariable("UV_PROJECT_ENVIRONMENT", ".venv")],
                directory_flags: &["--directory", "--project"],
                value_flags: UV_VALUES,
                alone: Alone::WithFlag,
                ..VERB
            },
        ],
        refreshes: &["run", "add", "remove"],
        kept_by: &["--no-sync"],
        wrappers: &[
            Wrapper {
                commands: &["uv run"],
                valued: &[
                    "--with",
                    "--with-requirements",
                    "--with-editable",
                    "--python",
                    "-p",
                    "--project",
                    "--directory",
                    "--group",
                    "--only-group",
                    "--no-group",
                    "--extra",
                    "--no-extra",
                    "--env-file",
                    "--package",
                    "--index",
                    "--index-url",
                    "--cache-dir",
                    "--config-file",
                ],
                ..WRAPPER
            },
            Wrapper {
                commands: &["uvx", "uv tool run"],
                valued: &["--from", "--with", "--python", "--spec"],
                ..WRAPPER
            },
        ],
        manifests: &["pyproject.toml"],
        locks: &["uv.lock"],
        fills: &[".venv"],
        cache: CacheMount::At(Cache {
            directories: &["/root/.cache/uv"],
            image: None,
            flags: &["--no-cache", "-n", "--cache-dir", "--link-mode"],
            variables: &[
                "UV_CACHE_DIR",
                "UV_NO_CACHE",
                "UV_LINK_MODE",
                "XDG_CACHE_HOME",
                "HOME",
            ],
            commands: &[],
        }),
        harmless: &["cache", "--version", "python"],
        source: "docs.astral.sh/uv/reference/cli",
        ..PYTHON
    },
    Manager {
        name: "pip-tools",
        programs: &["pip-sync"],
        verbs: &[Verb {
            commands: &["pip-sync"],
            words: Files,
            value_flags: PIP_VALUES,
            path_flags: PIP_PATHS,
            ..VERB
        }],
        manifests: &["requirements.in"],
        cache: CacheMount::None("pip keeps what it fetches"),
        source: "pip-tools.readthedocs.io",
        ..PYTHON
    },
    Manager {
        name: "poetry",
        programs: &["poetry"],
        verbs: &[Verb {
            commands: &["poetry install", "poetry sync"],
            manifests: &["pyproject.toml", "poetry.lock?", "poetry.toml?"],
            needs: ManifestsWith(
                &["--no-root"],
                "it installs the project itself (no `--no-root`)",
            ),
            writes: &[WhenVariable("POETRY_VIRTUALENVS_IN_PROJECT", ".venv")],
            directory_flags: &["-C", "--directory", "-P", "--project"],
            value_flags: &["--only", "--with", "--without", "-E", "--extras"],
            alone: Alone::WithFlag,
            ..VERB
        }],
        refreshes: &["add", "update", "remove"],
        wrappers: &[Wrapper {
            commands: &["poetry run"],
            ..WRAPPER
        }],
        manifests: &["pyproject.toml", "poetry.toml"],
        locks: &["poetry.lock"],
        fills: &[".venv"],
        cache: CacheMount::At(Cache {
            directories: &[
                "/root/.cache/pypoetry/cache",
                "/root/.cache/pypoetry/artifacts",
            ],
            image: None,
            flags: &["--no-cache"],
            variables: &[
                "POETRY_CACHE_DIR",
                "POETRY_NO_CACHE",
                "XDG_CACHE_HOME",
                "HOME",
            ],
            commands: &["poetry cache clear", "poetry config cache-dir"],
        }),
        harmless: &["config", "cache", "--version"],
        source: "python-poetry.org/docs/cli",
        ..PYTHON
    },
    Manager {
        name: "pdm",
        programs: &["pdm"],
        verbs: &[Verb {
            commands: &["pdm install", "pdm sync"],
            manifests: &["pyproject.toml", "pdm.lock?", "pdm.toml?"],
            needs: ManifestsWith(
                &["--no-self"],
                "it installs the project itself (no `--no-self`)",
            ),
            writes: &[Here(".venv")],
            directory_flags: &["-p", "--project"],
            value_flags: &["-G", "--group", "--without", "-L", "--lockfile"],
            alone: Alone::WithFlag,
            ..VERB
        }],
        refreshes: &["add", "update", "remove"],
        wrappers: &[Wrapper {
            commands: &["pdm run"],
            ..WRAPPER
        }],
        manifests: &["pyproject.toml", "pdm.toml"],
        locks: &["pdm.lock"],
        fills: &[".venv", "__pypackages__"],
        cache: CacheMount::At(Cache {
            directories: &["/root/.cache/pdm"],
            image: None,
            flags: &[],
            variables: &[
                "PDM_CACHE_DIR",
                "PDM_INSTALL_CACHE",
                "PDM_USE_UV",
                "XDG_CACHE_HOME",
                "HOME",
            ],
            commands: &["pdm config", "pdm cache clear"],
        }),
        harmless: &["config", "cache", "--version"],
        source: "pdm-project.org/en/latest/reference/cli, /reference/configuration (cache_dir, install.cache)",
        ..PYTHON
    },
    Manager {
        name: "pipenv",
        frozen_by: Some(&["--deploy", "--ignore-pipfile"]),
        programs: &["pipenv"],
        verbs: &[Verb {
            commands: &["pipenv install", "pipenv sync"],
            manifests: &["Pipfile", "Pipfile.lock?"],
            words: Local,
            writes: &[WhenVariable("PIPENV_VENV_IN_PROJECT", ".venv")],
            file_flags: &["-r", "--requirements"],
            value_flags: &["--python", "-i", "--index", "--categories"],
            ..VERB
        }],
        refreshes: &["update", "uninstall"],
        wrappers: &[Wrapper {
            commands: &["pipenv run"],
            ..WRAPPER
        }],
        manifests: &["Pipfile"],
        locks: &["Pipfile.lock"],
        fills: &[".venv"],
        cache: CacheMount::At(Cache {
            directories: &["/root/.cache/pipenv"],
            image: None,
            flags: &["--clear"],
            variables: &[
                "PIPENV_CACHE_DIR",
                "PIP_NO_CACHE_DIR",
                "PIP_CACHE_DIR",
                "XDG_CACHE_HOME",
                "HOME",
            ],
            commands: &["pipenv --clear"],
        }),
        harmless: &["--clear", "--version"],
        source: "pipenv.pypa.io/en/latest/configuration.html (PIPENV_CACHE_DIR, which it also gives to pip)",
        ..PYTHON
    },
    Manager {
        name: "hatch",
        programs: &["hatch"],
        verbs: &[
            Verb {
                commands: &["hatch env create"],
                manifests: &["pyproject.toml", "hatch.toml?"],
                needs: Sources(ITSELF),
                alone: Alone::Somehow,
                directory_flags: &[],
                value_flags: &[
                    "-e",
                    "--env",
                    "-p",
                    "--project",
                    "--data-dir",
                    "--cache-dir",
                    "--config",
                ],
                ..VERB
            },
            Verb {
                commands: &["hatch build"],
                manifests: &["pyproject.toml", "hatch.toml?"],
                needs: Needs::Compiles,
                words: Local,
                writes: &[Here("dist")],
                value_flags: &["-t", "--target"],
                ..VERB
            },
        ],
        refreshes: &["run", "test", "shell"],
        wrappers: &[Wrapper {
            commands: &["hatch run"],
            ..WRAPPER
        }],
        manifests: &["pyproject.toml", "hatch.toml"],
        cache: CacheMount::None(
            "pip or uv keeps what it fetches, as the version and the environment say",
        ),
        harmless: &["config", "--version", "python"],
        source: "hatch.pypa.io/latest/cli/reference",
        ..PYTHON
    },
    Manager {
        name: "rye",
        frozen_by: Some(&["--no-lock"]),
        programs: &["rye"],
        verbs: &[
            Verb {
                commands: &["rye sync"],
                manifests: &[
                    "pyproject.toml",
                    "requirements.lock?",
                    "requirements-dev.lock?",
                    ".python-version?",
                ],
                needs: Sources(ITSELF),
                alone: Alone::Somehow,
                writes: &[Here(".venv")],
                file_flags: &["--pyproject"],
                value_flags: &["--features", "--lock"],
                ..VERB
            },
            Verb {
                commands: &["rye install"],
                words: Packages,
                value_flags: &[
                    "--git",
                    "--tag",
                    "--rev",
                    "--branch",
                    "-p",
                    "--python",
                    "--features",
                ],
                ..VERB
            },
        ],
        refreshes: &["add", "lock", "remove"],
        wrappers: &[Wrapper {
            commands: &["rye run"],
            ..WRAPPER
        }],
        manifests: &["pyproject.toml"],
        locks: &["requirements.lock", "requirements-dev.lock"],
        fills: &[".venv"],
        cache: CacheMount::None(
            "uv keeps what it fetches, below the home of Rye or of the user as the version says",
        ),
        harmless: &["config", "--version", "toolchain", "self"],
        source: "rye.astral.sh/guide/commands",
        ..PYTHON
    },
    Manager {
        name: "pixi",
        frozen_by: Some(&["--locked", "--frozen"]),
        is_general: true,
        programs: &["pixi"],
        verbs: &[
            Verb {
                commands: &["pixi install", "pixi i"],
                manifests: &["pixi.toml|pyproject.toml", "pixi.lock?"],
                writes: &[Here(".pixi")],
                file_flags: &["--manifest-path"],
                value_flags: &[
                    "-e",
                    "--environment",
                    "--pypi-keyring-provider",
                    "--concurrent-downloads",
                    "--concurrent-solves",
                ],
                ..VERB
            },
            Verb {
                commands: &["pixi global install"],
                words: Packages,
                value_flags: &["-c", "--channel", "-p", "--platform", "-e", "--environment"],
                ..VERB
            },
        ],
        refreshes: &["run", "add", "shell", "shell-hook", "update", "upgrade"],
        kept_by: &["--no-install", "--as-is"],
        wrappers: &[Wrapper {
            commands: &["pixi run"],
            valued: &["-e", "--environment", "--manifest-path"],
            ..WRAPPER
        }],
        manifests: &["pixi.toml", "pyproject.toml"],
        locks: &["pixi.lock"],
        fills: &[".pixi"],
        cache: CacheMount::None("it links packages out of its cache into the environment"),
        harmless: &["config", "--version", "list", "info", "clean"],
        source: "pixi.sh/latest/reference/cli/pixi",
        ..PYTHON
    },
    Manager {
        name: "conda",
        is_general: true,
        programs: &["conda", "mamba", "micromamba"],
        verbs: &[
            Verb {
                commands: &[
                    "conda env create",
                    "conda env update",
                    "mamba env create",
                    "mamba env update",
                    "micromamba env create",
                ],
                manifests: &["environment.yml|environment.yaml?"],
                words: Local,
                file_flags: &["-f", "--file"],
                value_flags: &["-n", "--name", "-p", "--prefix", "--solver"],
                ..VERB
            },
            Verb {
                commands: &[
                    "conda install",
                    "conda create",
                    "mamba install",
                    "mamba create",
                    "micromamba install",
                    "micromamba create",
                ],
                words: Packages,
                file_flags: &["-f", "--file"],
                value_flags: &[
                    "-n",
                    "--name",
                    "-p",
                    "--prefix",
                    "-c",
                    "--channel",
                    "--solver",
                ],
                ..VERB
            },
        ],
        refreshes: &["update", "upgrade"],
        wrappers: &[Wrapper {
            commands: &["conda run", "micromamba run", "mamba run"],
            valued: &["-n", "--name", "-p", "--prefix", "--cwd"],
            ..WRAPPER
        }],
        manifests: &["environment.yml", "environment.yaml"],
        locks: &["conda-lock.yml"],
        cache: CacheMount::None("it links packages out of its cache into the environment"),
        harmless: &["clean", "config", "info", "--version"],
        source: "docs.conda.io/projects/conda/en/stable/commands",
        ..PYTHON
    },
    Manager {
        name: "venv",
        programs: &["venv", "virtualenv"],
        verbs: &[Verb {
            commands: &["venv", "uv venv", "virtualenv"],
            words: Creates,
            writes: &[],
            value_flags: &["--python", "-p", "--prompt"],
            fetches: false,
            ..VERB
        }],
        fills: ENVIRONMENTS,
        cache: CacheMount::None("it fetches nothing to speak of"),
        source: "docs.python.org/3/library/venv.html",
        ..PYTHON
    },
    Manager {
        name: "pipx",
        programs: &["pipx"],
        verbs: &[Verb {
            commands: &["pipx install"],
            words: Packages,
            value_flags: &["--python", "--index-url", "-i", "--suffix", "--pip-args"],
            ..VERB
        }],
        wrappers: &[Wrapper {
            commands: &["pipx run"],
            valued: &["--from", "--with", "--python", "--spec"],
            ..WRAPPER
        }],
        cache: CacheMount::None("pip keeps what it fetches"),
        source: "pipx.pypa.io/stable/docs",
        ..PYTHON
    },
];
