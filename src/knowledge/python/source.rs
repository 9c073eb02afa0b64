//! What the source of a Python program says of the process that runs it.

/// Receivers whose `run(…)` starts no web server.
pub const NO_APPS: &[&str] = &[
    "uvicorn",
    "asyncio",
    "subprocess",
    "anyio",
    "trio",
    "self",
    "loop",
    "runner",
    "unittest",
    "mcp",
    "typer",
    "curio",
    "nest_asyncio",
    "cProfile",
];

/// Frameworks whose applications are started by `app.run(…)`. Sources: the quick start of each.
pub const FRAMEWORKS: &[&str] = &[
    "flask",
    "quart",
    "sanic",
    "bottle",
    "dash",
    "connexion",
    "eve",
    "robyn",
];

/// Calls that stay and never look at a file again.
pub const STAYING: &[&str] = &[
    "serve_forever(",
    "run_forever(",
    "run_polling(",
    "start_polling(",
    "infinity_polling(",
    "start_consuming(",
    "run_pending(",
    "wait_for_termination(",
    "run_until_disconnected(",
    "run_app(",
    "uvicorn.Server(",
    "while not ",
    "while self.",
    "while running",
    ".run_worker(",
    ".xreadgroup(",
    "worker_main(",
    ".work(",
    "start_http_server(",
    "while True",
    "while 1:",
    ".launch(",
    "IOLoop.",
    "mcp.run(",
    "waitress",
    "bot.run(",
    "client.run(",
];

/// What may reload a program, or switch reloading on.
pub const RELOADING: &[&str] = &[
    "reload=",
    "reloader",
    "watchfiles",
    "watchdog",
    "hupper",
    "autoreload",
    "jurigged",
    "watchgod",
];
