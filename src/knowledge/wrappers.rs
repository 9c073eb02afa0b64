//! Programs that run another program: what of their arguments is their own.

/// A program that runs the rest of its arguments.
#[derive(Debug)]
pub struct Wrapper {
    /// File names, each with the subcommands that must follow: `poetry run`.
    pub commands: &'static [&'static str],
    /// Options that take a value in the next word.
    pub valued: &'static [&'static str],
    /// How many words of its own stand before the command.
    pub own: usize,
    /// Whether `NAME=value` words may stand before the command.
    pub assignments: bool,
    /// Whether the command starts only behind `--`.
    pub needs_dashes: bool,
}

const ROW: Wrapper = Wrapper {
    commands: &[],
    valued: &[],
    own: 0,
    assignments: false,
    needs_dashes: false,
};

const WRAPPERS: &[Wrapper] = &[
    Wrapper {
        commands: &["tini", "tini-static", "docker-init", "catatonit"],
        valued: &["-e", "-p"],
        ..ROW
    },
    Wrapper {
        commands: &["dumb-init"],
        valued: &["-r"],
        ..ROW
    },
    Wrapper {
        commands: &["exec"],
        valued: &["-a"],
        ..ROW
    },
    Wrapper {
        commands: &[
            "command",
            "builtin",
            "nohup",
            "setsid",
            "time",
            "unbuffer",
            "with-contenv",
            "xvfb-run",
            "catchsegv",
        ],
        valued: &["-s", "-n", "--server-args"],
        ..ROW
    },
    Wrapper {
        commands: &["env", "cross-env", "cross-env-shell"],
        valued: &["-u", "-C", "--chdir"],
        assignments: true,
        ..ROW
    },
    Wrapper {
        commands: &["nice", "ionice", "stdbuf", "chrt", "taskset"],
        valued: &["-n", "-c", "-i", "-o", "-e"],
        ..ROW
    },
    Wrapper {
        commands: &["timeout"],
        valued: &["-k", "-s", "--signal", "--kill-after"],
        own: 1,
        ..ROW
    },
    Wrapper {
        commands: &["gosu", "su-exec", "s6-setuidgid"],
        own: 1,
        ..ROW
    },
    Wrapper {
        commands: &["sudo"],
        valued: &["-u", "-g", "--user", "--group"],
        assignments: true,
        ..ROW
    },
    Wrapper {
        commands: &["runuser", "chpst", "setpriv", "setuser"],
        valued: &["-u", "-g", "--reuid", "--regid"],
        ..ROW
    },
    Wrapper {
        commands: &[
            "wait-for-it.sh",
            "wait-for-it",
            "wait-for.sh",
            "wait-for",
            "wait-for-postgres.sh",
            "wait_for_it.sh",
        ],
        needs_dashes: true,
        ..ROW
    },
    Wrapper {
        commands: &["dockerize", "waitforit"],
        valued: &[
            "-wait",
            "-timeout",
            "-template",
            "-stdout",
            "-stderr",
            "-wait-retry-interval",
            "-wait-http-header",
            "-delims",
        ],
        ..ROW
    },
    Wrapper {
        commands: &["poetry run", "pdm run", "pipenv run", "rye run", "pixi run"],
        ..ROW
    },
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
        ..ROW
    },
    Wrapper {
        commands: &["uvx", "pipx run", "uv tool run"],
        valued: &["--from", "--with", "--python", "--spec"],
        ..ROW
    },
    Wrapper {
        commands: &["hatch run"],
        ..ROW
    },
    Wrapper {
        commands: &["conda run", "micromamba run", "mamba run"],
        valued: &["-n", "--name", "-p", "--prefix", "--cwd"],
        ..ROW
    },
    Wrapper {
        commands: &["coverage run"],
        valued: &[
            "--rcfile",
            "--source",
            "--omit",
            "--include",
            "--data-file",
            "--concurrency",
            "--context",
        ],
        ..ROW
    },
    Wrapper {
        commands: &[
            "ddtrace-run",
            "newrelic-admin run-program",
            "scalene",
            "py-spy record",
            "memray run",
            "elastic-apm-run",
        ],
        valued: &["-o"],
        ..ROW
    },
    Wrapper {
        commands: &["opentelemetry-instrument"],
        valued: &[
            "--traces_exporter",
            "--metrics_exporter",
            "--logs_exporter",
            "--service_name",
            "--exporter_otlp_endpoint",
        ],
        ..ROW
    },
    Wrapper {
        commands: &["debugpy"],
        valued: &[
            "--listen",
            "--connect",
            "--log-to",
            "--configure-subProcess",
        ],
        ..ROW
    },
    Wrapper {
        commands: &["npx", "bunx", "pnpx"],
        valued: &["-p", "--package", "-c", "--call", "-w", "--workspace"],
        ..ROW
    },
    Wrapper {
        commands: &[
            "pnpm exec",
            "pnpm dlx",
            "yarn exec",
            "yarn dlx",
            "npm exec",
            "bun x",
        ],
        valued: &["-p", "--package", "-w", "--workspace", "--filter", "-C"],
        ..ROW
    },
    Wrapper {
        commands: &["dotenv", "dotenvx run", "dotenv-cli"],
        valued: &["-e", "-f", "-v", "-c", "--env-file"],
        ..ROW
    },
    Wrapper {
        commands: &["env-cmd"],
        valued: &["-f", "--file", "-e", "--environments", "-r"],
        ..ROW
    },
    Wrapper {
        commands: &["doppler run", "infisical run", "op run"],
        valued: &[
            "-p",
            "-c",
            "--project",
            "--config",
            "--env",
            "--path",
            "--projectId",
            "--env-file",
            "--token",
        ],
        ..ROW
    },
    Wrapper {
        commands: &["bundle exec"],
        ..ROW
    },
    Wrapper {
        commands: &["spring"],
        ..ROW
    },
];

/// The wrapper that a command begins with, and how many words it takes away from the front; `None`
/// when nothing is left for another program.
pub fn wrapper(argv: &[&str]) -> Option<(&'static Wrapper, usize)> {
    let name = super::file_name(argv.first()?);
    WRAPPERS.iter().find_map(|wrapper| {
        let named = wrapper.commands.iter().find_map(|command| {
            let mut words = command.split(' ');
            if words.next()? != name {
                return None;
            }
            let rest: Vec<&str> = words.collect();
            let follows = argv
                .get(1..=rest.len())
                .is_some_and(|behind| behind == rest.as_slice());
            follows.then_some(1 + rest.len())
        })?;
        let length = own_words(wrapper, argv, named)?;
        (length < argv.len()).then_some((wrapper, length))
    })
}

fn own_words(wrapper: &Wrapper, argv: &[&str], start: usize) -> Option<usize> {
    if wrapper.needs_dashes {
        return argv.iter().position(|word| *word == "--").map(|at| at + 1);
    }
    let mut own = wrapper.own;
    let mut at = start;
    while let Some(word) = argv.get(at) {
        match *word {
            "--" => return Some(at + 1 + own),
            // The module form stays: `coverage run -m pytest` is `python -m pytest` to whoever
            // reads on.
            "-m" | "--module" => return Some(at),
            word if wrapper.valued.contains(&word) => at += 2,
            word if word.len() > 1 && word.starts_with('-') => at += 1,
            word if wrapper.assignments && is_assignment(word) => at += 1,
            _ if own > 0 => {
                own -= 1;
                at += 1;
            }
            _ => return Some(at),
        }
    }
    Some(at)
}

/// Whether a word is `NAME=value`.
pub fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}
