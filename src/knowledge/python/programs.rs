//! Python: servers, workers, and the tools around them.

use crate::knowledge::program::{
    Dev, Family, Habit, Imports, Language, Program, ROW, Reading, Roots, Sign,
};

const PYTHON: Program = Program {
    language: Language::Python,
    protect: &[".venv"],
    watches: &["**/*.py"],
    ..ROW
};
const SERVER: Program = PYTHON;
/// Servers that put the directory they start in before everything that is installed.
const IMPORTER: Program = Program {
    imports: Imports::WorkingDirectory,
    ..SERVER
};
const WORKER: Program = Program {
    family: Family::Worker,
    dev: &[
        Dev::WrapQuoted(&["watchfiles", "--filter", "python"]),
        Dev::Wrap(&[
            "watchmedo",
            "auto-restart",
            "--directory=.",
            "--pattern=*.py",
            "--recursive",
            "--",
        ]),
    ],
    ..PYTHON
};
const ONCE: Program = Program {
    family: Family::OneShot,
    habit: Habit::NotAServer,
    ..PYTHON
};
const WATCHER: Program = Program {
    family: Family::Watcher,
    habit: Habit::Restarts,
    ..PYTHON
};

const NO_RELOAD_DIR: &str = "`--reload-dir` alone switches nothing on: it needs `--reload`";
const UVICORN_WORKER: &str =
    "gunicorn says that it reloads, but its uvicorn workers never do (gunicorn issue 2339)";
const PRELOAD: &str = "`--preload` keeps the code in the parent process, so that a restarted worker runs the old code again";
const WATCHDOG: &str = "Werkzeug up to 3.1 sees no edit through watchdog 7, though it says that it restarts with it; it needs `watchdog<7`";
const FLASK_ENV: &str = "Flask has ignored FLASK_ENV since 2.3; it wants FLASK_DEBUG";

pub(in crate::knowledge) const PROGRAMS: &[Program] = &[
    Program {
        name: "uvicorn",
        commands: &["uvicorn"],
        on: &[Sign::Word("--reload"), Sign::Variable("UVICORN_RELOAD")],
        mistaken: &[(Sign::Word("--reload-dir"), NO_RELOAD_DIR)],
        dev: &[
            Dev::Since("uvicorn", (0, 16)),
            Dev::Variable("UVICORN_RELOAD", "true"),
            Dev::Append(&["--reload"]),
        ],
        roots: Roots::Named(&["--reload-dir"]),
        polling: &["WATCHFILES_FORCE_POLLING"],
        source: "uvicorn.dev/settings/#development",
        ..IMPORTER
    },
    Program {
        name: "gunicorn",
        commands: &["gunicorn"],
        on: &[
            Sign::Word("--reload"),
            Sign::VariableHolds("GUNICORN_CMD_ARGS", "--reload"),
        ],
        spoilers: &[
            (Sign::Part("UvicornWorker"), UVICORN_WORKER),
            (Sign::Part("UvicornH11Worker"), UVICORN_WORKER),
            (
                Sign::VariableHolds("GUNICORN_CMD_ARGS", "UvicornWorker"),
                UVICORN_WORKER,
            ),
            (Sign::Word("--preload"), PRELOAD),
            (
                Sign::VariableHolds("GUNICORN_CMD_ARGS", "--preload"),
                PRELOAD,
            ),
        ],
        dev: &[
            Dev::Without("--preload"),
            Dev::VariableWord("GUNICORN_CMD_ARGS", "--reload"),
            Dev::Append(&["--reload"]),
        ],
        roots: Roots::Loaded,
        source: "docs.gunicorn.org/en/stable/settings.html#reload",
        ..IMPORTER
    },
    Program {
        name: "hypercorn",
        commands: &["hypercorn"],
        on: &[Sign::Word("--reload")],
        dev: &[Dev::Append(&["--reload"])],
        roots: Roots::Loaded,
        source: "hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html",
        ..IMPORTER
    },
    Program {
        name: "granian",
        commands: &["granian"],
        on: &[Sign::Word("--reload"), Sign::Variable("GRANIAN_RELOAD")],
        off: &[Sign::Word("--no-reload")],
        dev: &[Dev::Listed("watchfiles"), Dev::Append(&["--reload"])],
        roots: Roots::Named(&["--reload-paths"]),
        source: "github.com/emmett-framework/granian#options",
        ..IMPORTER
    },
    Program {
        name: "daphne",
        commands: &["daphne"],
        source: "github.com/django/daphne",
        ..SERVER
    },
    Program {
        name: "waitress",
        commands: &["waitress-serve"],
        source: "docs.pylonsproject.org/projects/waitress",
        ..SERVER
    },
    Program {
        name: "uwsgi",
        commands: &["uwsgi"],
        on: &[
            Sign::Word("--py-autoreload"),
            Sign::Word("--py-auto-reload"),
            Sign::Variable("UWSGI_PY_AUTORELOAD"),
        ],
        dev: &[Dev::Append(&["--py-autoreload=1"])],
        source: "uwsgi-docs.readthedocs.io/en/latest/Options.html#py-auto-reload",
        ..SERVER
    },
    Program {
        name: "fastapi dev",
        commands: &["fastapi dev"],
        habit: Habit::Restarts,
        off: &[Sign::Word("--no-reload")],
        host: &["--host", "0.0.0.0"],
        polling: &["WATCHFILES_FORCE_POLLING"],
        roots: Roots::Named(&["--reload-dir"]),
        source: "fastapi.tiangolo.com/fastapi-cli",
        ..SERVER
    },
    Program {
        name: "fastapi run",
        commands: &["fastapi run", "fastapi"],
        on: &[Sign::Word("--reload")],
        dev: &[Dev::Append(&["--reload"])],
        roots: Roots::Named(&["--reload-dir"]),
        polling: &["WATCHFILES_FORCE_POLLING"],
        source: "fastapi.tiangolo.com/fastapi-cli",
        ..SERVER
    },
    Program {
        name: "flask run",
        commands: &["flask run", "quart run"],
        on: &[
            Sign::Word("--debug"),
            Sign::Word("--reload"),
            Sign::Variable("FLASK_DEBUG"),
            Sign::Variable("FLASK_RUN_RELOAD"),
            Sign::Variable("QUART_DEBUG"),
            Sign::All(&[
                Sign::VariableIs("FLASK_ENV", "development"),
                Sign::Before("flask", (2, 3)),
            ]),
        ],
        off: &[Sign::Word("--no-reload")],
        mistaken: &[(
            Sign::All(&[
                Sign::VariableIs("FLASK_ENV", "development"),
                Sign::Since("flask", (2, 3)),
            ]),
            FLASK_ENV,
        )],
        spoilers: &[(
            Sign::All(&[
                Sign::Since("watchdog", (7, 0)),
                Sign::Before("werkzeug", (3, 2)),
            ]),
            WATCHDOG,
        )],
        unsure: &[(
            Sign::VariableIs("FLASK_ENV", "development"),
            "FLASK_ENV switches reloading on before Flask 2.3, and its version is not known",
        )],
        roots: Roots::Loaded,
        dev: &[Dev::Variable("FLASK_DEBUG", "1"), Dev::Append(&["--debug"])],
        source: "flask.palletsprojects.com/en/stable/cli/#debug-mode",
        ..IMPORTER
    },
    Program {
        name: "django runserver",
        commands: &[
            "manage.py runserver",
            "django-admin runserver",
            "manage.py runserver_plus",
            "manage.py runserver_uvicorn",
            "manage.py tailwind",
        ],
        habit: Habit::Restarts,
        off: &[Sign::Word("--noreload")],
        roots: Roots::Loaded,
        source: "docs.djangoproject.com/en/stable/ref/django-admin/#runserver",
        ..SERVER
    },
    Program {
        name: "django command",
        commands: &["manage.py", "django-admin"],
        ..Program {
            source: "docs.djangoproject.com/en/stable/ref/django-admin",
            ..WORKER
        }
    },
    Program {
        name: "django one-shot",
        commands: &[
            "manage.py migrate",
            "manage.py makemigrations",
            "manage.py collectstatic",
            "manage.py test",
            "manage.py check",
            "manage.py createsuperuser",
            "manage.py loaddata",
            "manage.py compilemessages",
            "manage.py shell",
            "manage.py flush",
            "manage.py dumpdata",
            "django-admin migrate",
        ],
        source: "docs.djangoproject.com/en/stable/ref/django-admin",
        ..ONCE
    },
    Program {
        name: "sanic",
        commands: &["sanic"],
        on: &[
            Sign::Word("--auto-reload"),
            Sign::Word("--reload"),
            Sign::Word("-r"),
            Sign::Word("--dev"),
            Sign::Word("-d"),
        ],
        dev: &[Dev::Append(&["--dev"])],
        source: "sanic.dev/en/guide/running/development.html",
        ..SERVER
    },
    Program {
        name: "litestar",
        commands: &["litestar run"],
        on: &[
            Sign::Word("--reload"),
            Sign::Word("-r"),
            Sign::Variable("LITESTAR_RELOAD"),
        ],
        dev: &[Dev::Append(&["--reload"])],
        source: "docs.litestar.dev/latest/usage/cli.html",
        ..SERVER
    },
    Program {
        name: "adev",
        commands: &["adev runserver"],
        habit: Habit::Restarts,
        source: "github.com/aio-libs/aiohttp-devtools",
        ..SERVER
    },
    Program {
        name: "robyn",
        commands: &["robyn"],
        on: &[Sign::Word("--dev")],
        dev: &[Dev::Append(&["--dev"])],
        source: "robyn.tech/documentation",
        ..SERVER
    },
    Program {
        name: "pserve",
        commands: &["pserve"],
        on: &[Sign::Word("--reload")],
        dev: &[Dev::Append(&["--reload"])],
        source: "docs.pylonsproject.org/projects/pyramid/en/latest/narr/startup.html",
        ..SERVER
    },
    Program {
        name: "streamlit",
        commands: &["streamlit run"],
        habit: Habit::Hot,
        off: &[
            Sign::Pair("--server.fileWatcherType", "none"),
            Sign::VariableIs("STREAMLIT_SERVER_FILE_WATCHER_TYPE", "none"),
        ],
        source: "docs.streamlit.io/develop/api-reference/configuration/config.toml",
        ..SERVER
    },
    Program {
        name: "gradio",
        commands: &["gradio"],
        habit: Habit::Hot,
        source: "gradio.app/guides/developing-faster-with-reload-mode",
        ..SERVER
    },
    Program {
        name: "chainlit",
        commands: &["chainlit run"],
        on: &[Sign::Word("-w"), Sign::Word("--watch")],
        dev: &[Dev::Append(&["-w"])],
        source: "docs.chainlit.io/backend/command-line",
        ..SERVER
    },
    Program {
        name: "reflex",
        commands: &["reflex run"],
        habit: Habit::Restarts,
        off: &[Sign::Pair("--env", "prod")],
        source: "reflex.dev/docs/api-reference/cli",
        ..SERVER
    },
    Program {
        name: "panel",
        commands: &["panel serve", "bokeh serve"],
        on: &[Sign::Word("--dev"), Sign::Word("--autoreload")],
        dev: &[Dev::Append(&["--dev"])],
        source: "panel.holoviz.org/how_to/server/commandline.html",
        ..SERVER
    },
    Program {
        name: "mkdocs",
        commands: &["mkdocs serve"],
        habit: Habit::Hot,
        off: &[Sign::Word("--no-livereload")],
        source: "mkdocs.org/user-guide/cli",
        ..SERVER
    },
    Program {
        name: "sphinx-autobuild",
        commands: &["sphinx-autobuild"],
        source: "github.com/sphinx-doc/sphinx-autobuild",
        ..WATCHER
    },
    Program {
        name: "jupyter",
        commands: &[
            "jupyter",
            "jupyter-lab",
            "jupyter-notebook",
            "start-notebook.sh",
            "start-notebook.py",
        ],
        family: Family::Foreign,
        habit: Habit::NotAServer,
        source: "docs.jupyter.org",
        ..PYTHON
    },
    Program {
        name: "odoo",
        commands: &["odoo", "odoo-bin"],
        on: &[
            Sign::Pair("--dev", "all"),
            Sign::Pair("--dev", "reload"),
            Sign::Part("--dev="),
        ],
        dev: &[Dev::Append(&["--dev=all"])],
        source: "odoo.com/documentation/master/developer/reference/cli.html",
        ..SERVER
    },
    Program {
        name: "celery",
        commands: &["celery worker", "celery beat"],
        source: "docs.celeryq.dev/en/stable/history/whatsnew-4.0.html",
        imports: Imports::WorkingDirectory,
        ..WORKER
    },
    Program {
        name: "celery flower",
        commands: &["celery flower", "flower"],
        family: Family::Foreign,
        habit: Habit::NotAServer,
        source: "flower.readthedocs.io",
        ..PYTHON
    },
    Program {
        name: "celery command",
        commands: &["celery"],
        source: "docs.celeryq.dev/en/stable/reference/cli.html",
        ..ONCE
    },
    Program {
        name: "rq",
        commands: &["rq worker", "rqworker", "rq scheduler", "rqscheduler"],
        source: "python-rq.org/docs/workers",
        ..WORKER
    },
    Program {
        name: "dramatiq",
        family: Family::Worker,
        commands: &["dramatiq", "dramatiq-gevent"],
        on: &[Sign::Word("--watch")],
        dev: &[Dev::Listed("watchdog"), Dev::Append(&["--watch", "."])],
        source: "dramatiq.io/guide.html#auto-discovery-and-code-reload",
        ..PYTHON
    },
    Program {
        name: "arq",
        family: Family::Worker,
        commands: &["arq"],
        on: &[Sign::Word("--watch")],
        dev: &[Dev::Listed("watchfiles"), Dev::Append(&["--watch", "."])],
        source: "arq-docs.helpmanuals.io",
        ..PYTHON
    },
    Program {
        name: "taskiq",
        commands: &["taskiq worker"],
        on: &[Sign::Word("--reload"), Sign::Word("-r")],
        dev: &[Dev::Listed("watchdog"), Dev::Append(&["--reload"])],
        source: "taskiq-python.github.io/guide/cli.html",
        ..WORKER
    },
    Program {
        name: "huey",
        commands: &["huey_consumer", "huey_consumer.py", "manage.py run_huey"],
        source: "huey.readthedocs.io",
        ..WORKER
    },
    Program {
        name: "faust",
        commands: &["faust"],
        source: "faust.readthedocs.io",
        ..WORKER
    },
    Program {
        name: "faststream",
        commands: &["faststream run"],
        on: &[Sign::Word("--reload")],
        dev: &[Dev::Append(&["--reload"])],
        source: "faststream.ag2.ai",
        ..WORKER
    },
    Program {
        name: "dagster dev",
        commands: &["dagster dev"],
        source: "docs.dagster.io",
        ..WORKER
    },
    Program {
        name: "nameko",
        commands: &[
            "nameko run",
            "kopf run",
            "procrastinate worker",
            "saq",
            "streaq",
        ],
        source: "nameko.readthedocs.io",
        ..WORKER
    },
    Program {
        name: "airflow",
        commands: &["airflow"],
        family: Family::Foreign,
        habit: Habit::NotAServer,
        source: "airflow.apache.org",
        ..PYTHON
    },
    Program {
        name: "prefect",
        commands: &["prefect"],
        source: "docs.prefect.io",
        ..WORKER
    },
    Program {
        name: "rasa",
        commands: &["rasa run"],
        source: "rasa.com/docs/rasa/command-line-interface",
        ..SERVER
    },
    Program {
        name: "scrapyd",
        commands: &["scrapyd"],
        family: Family::Foreign,
        habit: Habit::NotAServer,
        source: "scrapyd.readthedocs.io",
        ..PYTHON
    },
    Program {
        name: "watchfiles",
        commands: &["watchfiles"],
        polling: &["WATCHFILES_FORCE_POLLING"],
        roots: Roots::Behind,
        source: "watchfiles.helpmanual.io/cli",
        ..WATCHER
    },
    Program {
        name: "watchmedo",
        commands: &["watchmedo auto-restart", "watchmedo shell-command"],
        roots: Roots::Named(&["-d", "--directory"]),
        source: "github.com/gorakhargosh/watchdog",
        ..WATCHER
    },
    Program {
        name: "hupper",
        commands: &["hupper"],
        source: "docs.pylonsproject.org/projects/hupper",
        ..WATCHER
    },
    Program {
        name: "jurigged",
        commands: &["jurigged"],
        habit: Habit::Hot,
        source: "github.com/breuleux/jurigged",
        ..WATCHER
    },
    Program {
        name: "http.server",
        commands: &["http.server"],
        family: Family::Static,
        habit: Habit::PerRequest,
        source: "docs.python.org/3/library/http.server.html",
        ..PYTHON
    },
    Program {
        name: "alembic",
        commands: &["alembic"],
        source: "alembic.sqlalchemy.org",
        ..ONCE
    },
    Program {
        name: "pip",
        commands: &["pip", "pip3", "pip-sync", "poetry", "pdm", "uv", "pipenv"],
        source: "pip.pypa.io",
        ..ONCE
    },
    Program {
        name: "pytest",
        commands: &["pytest", "py.test", "unittest", "tox", "nox", "behave"],
        source: "docs.pytest.org",
        ..ONCE
    },
    Program {
        name: "locust",
        commands: &["locust"],
        source: "docs.locust.io",
        ..WORKER
    },
    Program {
        name: "dbt",
        commands: &["dbt"],
        source: "docs.getdbt.com",
        ..ONCE
    },
    Program {
        name: "ruff",
        commands: &["ruff", "black", "isort", "mypy", "flake8", "pylint"],
        source: "docs.astral.sh/ruff",
        ..ONCE
    },
    Program {
        name: "python server",
        source: "docs.python.org",
        family: Family::Server,
        ..WORKER
    },
    Program {
        name: "python worker",
        source: "docs.python.org",
        ..WORKER
    },
    Program {
        name: "flask app.run",
        dev: &[Dev::Variable("FLASK_DEBUG", "1")],
        source: "flask.palletsprojects.com/en/stable/api/#flask.Flask.run",
        ..SERVER
    },
    Program {
        name: "python",
        commands: &["python*", "pypy*"],
        family: Family::Interpreter,
        reads: Reading::File,
        ..Program {
            source: "docs.python.org/3/using/cmdline.html",
            ..WORKER
        }
    },
];
