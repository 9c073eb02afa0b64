//! The ports that servers listen on.

/// How a server is told its port.
#[derive(Debug)]
pub struct Server {
    /// The name of its row in the tables of programs.
    pub name: &'static str,
    /// Options with a port, or an address that ends in one. A short one may have its value
    /// attached.
    pub flags: &'static [&'static str],
    /// Whether a bare argument `port` or `address:port` says it.
    pub positional: bool,
    /// Variables that say it.
    pub variables: &'static [&'static str],
    /// Where it listens when nothing is said; `None` when files may say it that are not looked at.
    pub default: Option<u16>,
    /// Files beside the code that may say it in the place of `usual`.
    pub files: &'static [&'static str],
    /// Where it listens when none of `files` says anything.
    pub usual: Option<u16>,
    /// Options after which it is not known.
    pub unsure: &'static [&'static str],
    /// Variables with which it is not known.
    pub hides: &'static [&'static str],
}

const SERVER: Server = Server {
    name: "",
    flags: &[],
    positional: false,
    variables: &[],
    default: None,
    files: &[],
    usual: None,
    unsure: &[],
    hides: &[],
};

/// By their own command line references.
const SERVERS: &[Server] = &[
    Server {
        name: "uvicorn",
        flags: &["--port"],
        variables: &["UVICORN_PORT"],
        default: Some(8000),
        unsure: &["--uds", "--fd", "--env-file"],
        ..SERVER
    },
    Server {
        name: "gunicorn",
        flags: &["-b", "--bind"],
        default: Some(8000),
        unsure: &["-c", "--config"],
        hides: &["GUNICORN_CMD_ARGS", "PORT"],
        ..SERVER
    },
    Server {
        name: "hypercorn",
        flags: &["-b", "--bind"],
        default: Some(8000),
        unsure: &["-c", "--config"],
        ..SERVER
    },
    Server {
        name: "daphne",
        flags: &["-p", "--port"],
        default: Some(8000),
        unsure: &["-e", "-u", "--fd"],
        ..SERVER
    },
    Server {
        name: "granian",
        flags: &["--port"],
        variables: &["GRANIAN_PORT"],
        default: Some(8000),
        ..SERVER
    },
    Server {
        name: "waitress",
        flags: &["--port", "--listen"],
        default: Some(8080),
        ..SERVER
    },
    Server {
        name: "fastapi dev",
        flags: &["--port"],
        default: Some(8000),
        hides: &["PORT"],
        ..SERVER
    },
    Server {
        name: "fastapi run",
        flags: &["--port"],
        default: Some(8000),
        hides: &["PORT"],
        ..SERVER
    },
    Server {
        name: "flask run",
        flags: &["-p", "--port"],
        variables: &["FLASK_RUN_PORT"],
        default: Some(5000),
        ..SERVER
    },
    Server {
        name: "django runserver",
        positional: true,
        default: Some(8000),
        ..SERVER
    },
    Server {
        name: "streamlit",
        flags: &["--server.port"],
        variables: &["STREAMLIT_SERVER_PORT"],
        ..SERVER
    },
    Server {
        name: "http.server",
        positional: true,
        default: Some(8000),
        ..SERVER
    },
    Server {
        name: "vite",
        flags: &["--port"],
        files: &[
            "vite.config.ts",
            "vite.config.js",
            "vite.config.mts",
            "vite.config.mjs",
            "vite.config.cjs",
        ],
        usual: Some(5173),
        ..SERVER
    },
    Server {
        name: "react-scripts start",
        variables: &["PORT"],
        files: &[".env", ".env.development"],
        usual: Some(3000),
        ..SERVER
    },
    Server {
        name: "ng serve",
        flags: &["--port"],
        files: &["angular.json"],
        usual: Some(4200),
        ..SERVER
    },
    Server {
        name: "astro dev",
        flags: &["--port"],
        files: &["astro.config.mjs", "astro.config.ts", "astro.config.js"],
        usual: Some(4321),
        ..SERVER
    },
    Server {
        name: "nuxt dev",
        flags: &["-p", "--port"],
        variables: &["NUXT_PORT", "PORT"],
        files: &["nuxt.config.ts", "nuxt.config.js"],
        usual: Some(3000),
        ..SERVER
    },
    Server {
        name: "vue-cli-service serve",
        flags: &["--port"],
        variables: &["PORT"],
        files: &["vue.config.js"],
        usual: Some(8080),
        ..SERVER
    },
    Server {
        name: "gatsby develop",
        flags: &["-p", "--port"],
        usual: Some(8000),
        ..SERVER
    },
    Server {
        name: "next dev",
        flags: &["-p", "--port"],
        variables: &["PORT"],
        default: Some(3000),
        ..SERVER
    },
    Server {
        name: "next start",
        flags: &["-p", "--port"],
        variables: &["PORT"],
        default: Some(3000),
        ..SERVER
    },
    Server {
        name: "rails server",
        flags: &["-p", "--port"],
        ..SERVER
    },
    Server {
        name: "artisan serve",
        flags: &["--port"],
        variables: &["SERVER_PORT"],
        default: Some(8000),
        ..SERVER
    },
    Server {
        name: "php -S",
        flags: &["-S"],
        ..SERVER
    },
];

/// What is known of a server's port, by the name of its row.
pub fn server(name: &str) -> Option<&'static Server> {
    SERVERS.iter().find(|server| server.name == name)
}
