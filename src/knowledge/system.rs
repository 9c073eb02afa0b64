//! The package managers of operating systems, and their tools for users and groups.

use super::package_manager::{Asks, CacheMount, Ecosystem, MANAGER, Manager, VERB, Verb, Words};
use Words::Packages;

const SYSTEM: Manager = Manager {
    ecosystem: Ecosystem::System,
    ..MANAGER
};

pub(super) const MANAGERS: &[Manager] = &[
    Manager {
        name: "apt",
        programs: &["apt-get", "apt", "aptitude"],
        verbs: &[
            Verb {
                commands: &[
                    "apt-get install",
                    "apt install",
                    "apt-get upgrade",
                    "apt-get dist-upgrade",
                    "apt-get build-dep",
                ],
                words: Packages,
                value_flags: &["-o", "-t", "--target-release"],
                ..VERB
            },
            Verb {
                commands: &["apt-get update", "apt update"],
                words: Packages,
                fetches: false,
                value_flags: &["-o"],
                ..VERB
            },
        ],
        cache: CacheMount::None(
            "its directories need a lock between builds, and the image empties them",
        ),
        harmless: &["clean", "autoremove", "autoclean", "remove", "purge"],
        asks: Some(Asks {
            commands: &["install"],
            answers: &["y", "yes", "assume-yes", "force-yes"],
            flag: "-y",
            settings: &["apt::get::assume-yes"],
        }),
        source: "manpages.debian.org/apt-get",
        ..SYSTEM
    },
    Manager {
        name: "apk",
        programs: &["apk"],
        verbs: &[
            Verb {
                commands: &["apk add", "apk upgrade"],
                words: Packages,
                value_flags: &["-t", "--virtual", "-X", "--repository"],
                ..VERB
            },
            Verb {
                commands: &["apk update"],
                words: Packages,
                fetches: false,
                ..VERB
            },
        ],
        cache: CacheMount::None("`--no-cache` is the custom"),
        harmless: &["del", "cache"],
        source: "wiki.alpinelinux.org/wiki/Alpine_Package_Keeper",
        ..SYSTEM
    },
    Manager {
        name: "dnf",
        programs: &["dnf", "yum"],
        verbs: &[Verb {
            commands: &["dnf install", "yum install", "dnf update", "yum update"],
            words: Packages,
            value_flags: &["--enablerepo", "--disablerepo", "--setopt"],
            ..VERB
        }],
        cache: CacheMount::None("it is emptied in the same step"),
        harmless: &["clean"],
        asks: Some(Asks {
            commands: &["install", "groupinstall", "localinstall"],
            answers: &["y", "assumeyes"],
            flag: "-y",
            settings: &[],
        }),
        source: "dnf.readthedocs.io/en/latest/command_ref.html",
        ..SYSTEM
    },
    // It always assumes yes, with or without `-y`. Source: github.com/rpm-software-management/microdnf.
    Manager {
        name: "microdnf",
        programs: &["microdnf"],
        verbs: &[Verb {
            commands: &["microdnf install", "microdnf update"],
            words: Packages,
            value_flags: &["--enablerepo", "--disablerepo", "--setopt"],
            ..VERB
        }],
        cache: CacheMount::None("it is emptied in the same step"),
        harmless: &["clean"],
        source: "github.com/rpm-software-management/microdnf",
        ..SYSTEM
    },
    Manager {
        name: "zypper",
        programs: &["zypper"],
        verbs: &[Verb {
            commands: &["zypper install", "zypper in"],
            words: Packages,
            value_flags: &["-r", "--repo"],
            ..VERB
        }],
        cache: CacheMount::None("it is emptied in the same step"),
        harmless: &["clean"],
        asks: Some(Asks {
            commands: &[
                "install",
                "in",
                "remove",
                "rm",
                "source-install",
                "si",
                "patch",
            ],
            answers: &["n", "non-interactive", "y", "no-confirm"],
            flag: "-y",
            settings: &[],
        }),
        source: "en.opensuse.org/SDB:Zypper_manual",
        ..SYSTEM
    },
    Manager {
        name: "pacman",
        programs: &["pacman"],
        verbs: &[Verb {
            commands: &["pacman"],
            words: Packages,
            ..VERB
        }],
        cache: CacheMount::None("it is emptied in the same step"),
        source: "man.archlinux.org/man/pacman.8",
        ..SYSTEM
    },
    Manager {
        name: "nix",
        programs: &["nix-env"],
        cache: CacheMount::None("programs are run out of the store"),
        source: "nix.dev/manual/nix/stable/command-ref/nix-env",
        ..SYSTEM
    },
    Manager {
        name: "brew",
        programs: &["brew"],
        cache: CacheMount::None("programs are run out of its directory"),
        source: "docs.brew.sh/Manpage",
        ..SYSTEM
    },
];

/// Commands that change the users and groups of the system, and nothing of a project.
const ACCOUNT_TOOLS: &[&str] = &[
    "useradd", "adduser", "newusers", "usermod", "groupadd", "addgroup", "groupmod", "chpasswd",
    "passwd",
];

/// Whether a program is apt, by any of its names.
pub fn is_apt(program: &str) -> bool {
    let mut apt = MANAGERS.iter().filter(|manager| manager.name == "apt");
    apt.any(|manager| manager.programs.contains(&program))
}

/// Commands that name users without creating any. `addgroup` with a user and a group puts the one
/// into the other. Source: their manual pages.
const CREATE_NO_USERS: &[&str] = &[
    "chown", "chgrp", "chmod", "mkdir", "install", "cp", "mv", "rm", "ln", "touch", "find", "echo",
    "printf", "cd", "export", "set", "test", "[", "id", "su", "gosu", "su-exec", "sudo", "runuser",
    "usermod", "groupadd", "groupmod", "addgroup", "passwd", "chpasswd", "setfacl",
];

/// Whether a program creates no users, though it may name some.
pub fn creates_no_users(program: &str) -> bool {
    CREATE_NO_USERS.contains(&program)
}

/// Whether a program changes users or groups.
pub fn changes_accounts(program: &str) -> bool {
    ACCOUNT_TOOLS.contains(&program)
}
