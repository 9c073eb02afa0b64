//! What reloaders leave out, and what programs read again without one.

/// What is known of how a program looks at files, beside its row among the programs.
#[derive(Debug)]
pub struct Reloader {
    /// The names of the programs it holds for.
    pub programs: &'static [&'static str],
    /// Options that name files or directories which it leaves out, and what separates several in
    /// one value.
    pub excludes: &'static [&'static str],
    /// Variables that do the same.
    pub exclude_variables: &'static [&'static str],
    /// What separates several names in one value; spaces do in a variable that has none.
    pub separators: &'static [char],
    /// Endings of templates that are read each time while it reloads.
    pub templates: &'static [&'static str],
    /// Whether it walks all of its directory, so that it cannot work in `/`.
    pub walks: bool,
    /// Whether it looks at the modules that were imported, and at no other file.
    pub loaded_only: bool,
    /// Where the row can be checked.
    pub source: &'static str,
}

const ROW: Reloader = Reloader {
    programs: &[],
    excludes: &[],
    exclude_variables: &[],
    separators: &[],
    templates: &[],
    walks: false,
    loaded_only: false,
    source: "",
};

const RELOADERS: &[Reloader] = &[
    Reloader {
        programs: &["uvicorn", "fastapi dev", "fastapi run"],
        excludes: &["--reload-exclude"],
        exclude_variables: &["UVICORN_RELOAD_EXCLUDES"],
        walks: true,
        source: "uvicorn.dev/settings/#reloading-with-watchfiles",
        ..ROW
    },
    Reloader {
        programs: &["watchfiles"],
        excludes: &["--ignore-paths"],
        separators: &[','],
        walks: true,
        source: "watchfiles.helpmanual.io/cli",
        ..ROW
    },
    Reloader {
        programs: &["watchmedo"],
        excludes: &["--ignore-patterns", "-i"],
        separators: &[';'],
        walks: true,
        source: "github.com/gorakhargosh/watchdog#shell-utilities",
        ..ROW
    },
    Reloader {
        programs: &["flask run", "flask app.run"],
        excludes: &["--exclude-patterns"],
        exclude_variables: &["FLASK_RUN_EXCLUDE_PATTERNS"],
        separators: &[':', ';'],
        templates: &["html", "htm", "jinja", "jinja2", "j2", "xml", "txt"],
        source: "flask.palletsprojects.com/en/stable/cli/#watch-and-ignore-files-with-the-reloader",
        ..ROW
    },
    Reloader {
        programs: &["django runserver"],
        templates: &["html", "htm", "jinja", "jinja2", "j2", "xml", "txt"],
        source: "docs.djangoproject.com/en/stable/ref/django-admin/#runserver",
        ..ROW
    },
    Reloader {
        programs: &["nodemon"],
        excludes: &["--ignore", "-i"],
        walks: true,
        source: "github.com/remy/nodemon#ignoring-files",
        ..ROW
    },
    Reloader {
        programs: &["tsx watch"],
        excludes: &["--exclude", "--ignore"],
        loaded_only: true,
        source: "tsx.is/watch-mode",
        ..ROW
    },
    Reloader {
        programs: &["node"],
        loaded_only: true,
        source: "nodejs.org/api/cli.html#--watch",
        ..ROW
    },
];

/// What is known of how a program of that name looks at files.
pub fn reloader(program: &str) -> Option<&'static Reloader> {
    RELOADERS
        .iter()
        .find(|reloader| reloader.programs.contains(&program))
}

/// A server of others that reads its settings again without a new start.
#[derive(Debug)]
pub struct Rereads {
    /// The program's file name.
    pub program: &'static str,
    /// An option with which it looks at its settings by itself.
    pub watches_with: &'static [&'static str],
    /// The command in its container that makes it read them again.
    pub command: &'static [&'static str],
    /// Where the row can be checked.
    pub source: &'static str,
}

const REREADS: &[Rereads] = &[
    Rereads {
        program: "nginx",
        watches_with: &[],
        command: &["nginx", "-s", "reload"],
        source: "nginx.org/en/docs/control.html",
    },
    Rereads {
        program: "caddy",
        watches_with: &["--watch", "-w"],
        command: &["caddy", "reload", "--config", "/etc/caddy/Caddyfile"],
        source: "caddyserver.com/docs/command-line#caddy-run",
    },
    Rereads {
        program: "httpd",
        watches_with: &[],
        command: &["httpd", "-k", "graceful"],
        source: "httpd.apache.org/docs/current/stopping.html",
    },
    Rereads {
        program: "traefik",
        watches_with: &["--providers.file.watch=true", "--providers.file.watch"],
        command: &[],
        source: "doc.traefik.io/traefik/providers/file/#watch",
    },
    Rereads {
        program: "prometheus",
        watches_with: &[],
        command: &["kill", "-HUP", "1"],
        source: "prometheus.io/docs/prometheus/latest/configuration/configuration",
    },
];

/// What is known of a server that reads its settings again, by the program's file name.
pub fn rereads(program: &str) -> Option<&'static Rereads> {
    REREADS.iter().find(|row| row.program == program)
}
