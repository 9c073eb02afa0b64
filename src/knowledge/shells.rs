//! Shells and interpreters: their names, and what the name of a script says of who runs it.

/// A shell.
struct Shell {
    name: &'static str,
    /// Whether it knows `pipefail`. Source: each one's manual; that of dash and of ksh88 has none.
    pipefail: bool,
    /// Whether ShellCheck knows it. Source: github.com/koalaman/shellcheck (`--shell`).
    shellcheck: bool,
}

const fn shell(name: &'static str, pipefail: bool, shellcheck: bool) -> Shell {
    Shell {
        name,
        pipefail,
        shellcheck,
    }
}

/// Shells that read the language of POSIX.
const SHELLS: &[Shell] = &[
    shell("sh", false, true),
    shell("bash", true, true),
    shell("dash", false, true),
    shell("ash", true, true),
    shell("ksh", false, true),
    shell("zsh", true, false),
];

/// Who runs a file, by the ending of its name.
const BY_ENDING: &[(&str, &str)] = &[
    ("py", "python"),
    ("js", "node"),
    ("mjs", "node"),
    ("cjs", "node"),
    ("ts", "tsx"),
    ("rb", "ruby"),
    ("php", "php"),
];

/// Programs that run a file of their language, beside shells.
const INTERPRETERS: &[&str] = &["python", "node", "nodejs", "ruby", "php", "perl"];

/// Whether a program, which may stand with its directory, is a shell that reads POSIX scripts.
pub fn is_shell(program: &str) -> bool {
    find(program).is_some()
}

/// Whether a shell can let a pipe fail with any of its commands.
pub fn has_pipefail(program: &str) -> bool {
    find(program).is_some_and(|shell| shell.pipefail)
}

/// Whether ShellCheck reads scripts of a shell.
pub fn is_known_to_shellcheck(program: &str) -> bool {
    find(program).is_some_and(|shell| shell.shellcheck)
}

/// The program that runs a script, by its name; a shell when nothing else is known.
pub fn interpreter_of(script: &str) -> &'static str {
    let ending = script.rsplit('.').next().unwrap_or_default();
    BY_ENDING
        .iter()
        .find(|(known, _)| *known == ending)
        .map_or("sh", |(_, program)| program)
}

/// Whether a program is Python: `python3.12`, `pypy`.
pub fn is_python(name: &str) -> bool {
    let version = name
        .strip_prefix("python")
        .or_else(|| name.strip_prefix("pypy"));
    version.is_some_and(|version| {
        version
            .chars()
            .all(|c| c.is_ascii_digit() || c == '.' || c == 'w')
    })
}

/// Whether a program is Node.js.
pub fn is_node(name: &str) -> bool {
    matches!(name, "node" | "nodejs")
}

/// Whether a program runs a file of some language that is not a shell's.
pub fn is_interpreter(name: &str) -> bool {
    is_python(name) || INTERPRETERS.contains(&name)
}

fn find(program: &str) -> Option<&'static Shell> {
    let name = super::file_name(program);
    SHELLS.iter().find(|shell| shell.name == name)
}

/// Whether the `/bin/sh` of an image is known to be dash or that of busybox: it says so, or it is
/// an official image that does not rest on a distribution whose `sh` is bash.
pub fn has_plain_sh(image: &str) -> bool {
    let names = |words: &[&str]| words.iter().any(|word| image.contains(word));
    let is_official = !image.contains(['/', '$']) && !image.is_empty();
    names(&PLAIN) || is_official && !names(&WITH_BASH)
}

/// Words in names and tags of images whose `sh` is dash or busybox.
const PLAIN: [&str; 8] = [
    "alpine", "debian", "ubuntu", "slim", "bookworm", "bullseye", "trixie", "busybox",
];

/// Words in names and tags of official images whose `sh` is bash, or may be.
const WITH_BASH: [&str; 24] = [
    "almalinux",
    "alt",
    "amazon",
    "archlinux",
    "bash",
    "centos",
    "clearlinux",
    "corretto",
    "fedora",
    "liberty",
    "mageia",
    "mysql",
    "openjdk",
    "opensuse",
    "oracle",
    "percona",
    "photon",
    "redhat",
    "rocky",
    "sapmachine",
    "scratch",
    "semeru",
    "sl:",
    "ubi",
];
