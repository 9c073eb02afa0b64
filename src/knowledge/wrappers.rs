//! Programs that run another program: what of their arguments is their own.

use super::manager::{managers, verb_of};
use super::wrapper::{WRAPPER, Wrapper};
use super::{harmless, shells};

/// Wrappers that are no part of a package manager; those of managers stand in their rows.
const WRAPPERS: &[Wrapper] = &[
    Wrapper {
        commands: &["busybox", "corepack"],
        ..WRAPPER
    },
    Wrapper {
        commands: &["tini", "tini-static", "docker-init", "catatonit"],
        valued: &["-e", "-p"],
        ..WRAPPER
    },
    Wrapper {
        commands: &["dumb-init"],
        valued: &["-r"],
        ..WRAPPER
    },
    Wrapper {
        commands: &["exec"],
        valued: &["-a"],
        ..WRAPPER
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
        ..WRAPPER
    },
    Wrapper {
        commands: &["env", "cross-env", "cross-env-shell"],
        valued: &["-u", "-C", "--chdir"],
        assignments: true,
        ..WRAPPER
    },
    Wrapper {
        commands: &["nice", "ionice", "stdbuf", "chrt", "taskset"],
        valued: &["-n", "-c", "-i", "-o", "-e"],
        ..WRAPPER
    },
    Wrapper {
        commands: &["timeout"],
        valued: &["-k", "-s", "--signal", "--kill-after"],
        own: 1,
        ..WRAPPER
    },
    Wrapper {
        commands: &["gosu", "su-exec", "s6-setuidgid"],
        own: 1,
        ..WRAPPER
    },
    Wrapper {
        commands: &["sudo"],
        valued: &["-u", "-g", "--user", "--group"],
        assignments: true,
        ..WRAPPER
    },
    Wrapper {
        commands: &["runuser", "chpst", "setpriv", "setuser"],
        valued: &["-u", "-g", "--reuid", "--regid"],
        ..WRAPPER
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
        ..WRAPPER
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
        ..WRAPPER
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
        ..WRAPPER
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
        ..WRAPPER
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
        ..WRAPPER
    },
    Wrapper {
        commands: &["debugpy"],
        valued: &[
            "--listen",
            "--connect",
            "--log-to",
            "--configure-subProcess",
        ],
        ..WRAPPER
    },
    Wrapper {
        commands: &["dotenv", "dotenvx run", "dotenv-cli"],
        valued: &["-e", "-f", "-v", "-c", "--env-file"],
        ..WRAPPER
    },
    Wrapper {
        commands: &["env-cmd"],
        valued: &["-f", "--file", "-e", "--environments", "-r"],
        ..WRAPPER
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
        ..WRAPPER
    },
];

/// The wrapper that a command begins with, and how many words it takes away from the front; `None`
/// when nothing is left for another program.
pub fn wrapper(argv: &[&str]) -> Option<(&'static Wrapper, usize)> {
    let name = super::file_name(argv.first()?);
    let of_managers = managers().flat_map(|manager| manager.wrappers);
    WRAPPERS.iter().chain(of_managers).find_map(|wrapper| {
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

/// How many words stand before the command itself: wrappers, their options and assignments. What is a
/// command of a package manager is not taken apart: `corepack enable`, `uv pip install`.
pub fn unwrapped(words: &[&str]) -> usize {
    let mut start = 0;
    while start < words.len() {
        let rest = &words[start..];
        if verb_of(rest).is_some() || harmless::is_harmless(rest) {
            break;
        }
        match *rest {
            [program, "-m", _, ..] if shells::is_python(super::file_name(program)) => start += 2,
            _ => match wrapper(rest) {
                Some((_, own)) => start += own,
                None => break,
            },
        }
    }
    start
}

/// Whether a command, behind its wrappers, fetches packages of others: `python -m pip install x`.
pub fn fetches_packages(words: &[&str]) -> bool {
    let called = verb_of(&words[unwrapped(words)..]);
    called.is_some_and(|called| called.verb.fetches && !called.verb.builds())
}

/// Programs of people's scripts that run what stands somewhere behind them, in ways that are not
/// followed word for word.
const LOOSE: &[&str] = &[
    "!",
    "aws-vault",
    "call",
    "direnv",
    "doas",
    "dotenv",
    "doppler",
    "infisical",
    "op",
    "start",
    "winpty",
    "wsl",
];

/// Whether a program may run another one that stands behind it.
pub fn may_run_another(program: &str) -> bool {
    let names = |wrapper: &Wrapper| {
        let mut commands = wrapper.commands.iter();
        commands.any(|command| *command == program)
    };
    LOOSE.contains(&program) || WRAPPERS.iter().any(names)
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
