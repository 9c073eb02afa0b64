//! Package managers of JavaScript; its programs lie below.

use super::package_manager::{
    Cache, CacheMount, Ecosystem, MANAGER, Manager, Needs, Scripts, VERB, Verb, Words, Write,
};
use super::wrapper::{WRAPPER, Wrapper};
use Needs::ManifestsWith;
use Words::{Local, Packages};
use Write::{At, Here};

mod programs;

pub(super) use programs::PROGRAMS;

const NODE: Manager = Manager {
    ecosystem: Ecosystem::Node,
    ..MANAGER
};
const NODE_LIFECYCLE: &str = "its own `package.json` may have install scripts";

/// What every package manager does by itself, without a script.
const OWN: &[&str] = &[
    "install",
    "i",
    "ci",
    "add",
    "remove",
    "rm",
    "uninstall",
    "un",
    "update",
    "up",
    "upgrade",
    "link",
    "unlink",
    "init",
    "create",
    "publish",
    "pack",
    "audit",
    "cache",
    "config",
    "set",
    "version",
    "why",
    "ls",
    "list",
    "outdated",
    "prune",
    "rebuild",
    "dedupe",
    "import",
    "fetch",
    "deploy",
    "store",
    "global",
    "pm",
    "build",
];
/// Yarn runs a script `build` without `run`.
const OWN_OF_YARN: &[&str] = OWN.split_last().expect("it is not empty").1;
/// Options of all of them that take a value in the next word.
const VALUED: &[&str] = &[
    "--prefix",
    "-C",
    "--cwd",
    "--dir",
    "-w",
    "--workspace",
    "--filter",
    "-F",
    "--loglevel",
    "--reporter",
    "--mutex",
    "--network-timeout",
];
/// `-w` of pnpm is the root of the workspace and takes no value.
const VALUED_OF_PNPM: &[&str] = &[
    "--prefix",
    "-C",
    "--cwd",
    "--dir",
    "--workspace",
    "--filter",
    "-F",
    "--loglevel",
    "--reporter",
    "--mutex",
    "--network-timeout",
];
const SCRIPTS: Scripts = Scripts {
    own: OWN,
    run: &["run", "run-script", "rum"],
    exec: &["exec", "dlx", "x"],
    bare: &["*"],
    valued: VALUED,
};
/// What runs a program of a package.
const RUN_VALUES: &[&str] = &["-p", "--package", "-w", "--workspace", "--filter", "-C"];
const FETCH_VALUES: &[&str] = &["-p", "--package", "-c", "--call", "-w", "--workspace"];

pub(super) const MANAGERS: &[Manager] = &[
    Manager {
        name: "npm",
        frozen_by: Some(&["ci", "clean-install", "--no-package-lock"]),
        programs: &["npm", "cnpm"],
        verbs: &[Verb {
            commands: &["npm ci", "npm clean-install", "npm install", "npm i"],
            manifests: &[
                "package.json",
                "package-lock.json|npm-shrinkwrap.json?",
                ".npmrc?",
                "patches/**?",
            ],
            needs: ManifestsWith(&["--ignore-scripts"], NODE_LIFECYCLE),
            words: Local,
            writes: &[Here("node_modules")],
            directory_flags: &["--prefix", "-C"],
            value_flags: &[
                "--registry",
                "--cache",
                "--loglevel",
                "--omit",
                "--include",
                "-w",
                "--workspace",
                "--fetch-retries",
                "--fetch-timeout",
            ],
            global_flags: &["-g", "--global"],
            ..VERB
        }],
        refreshes: &["add", "update", "up"],
        wrappers: &[
            Wrapper {
                commands: &["npm exec"],
                valued: RUN_VALUES,
                ..WRAPPER
            },
            Wrapper {
                commands: &["npx"],
                valued: FETCH_VALUES,
                ..WRAPPER
            },
        ],
        scripts: Some(&Scripts {
            bare: &["start", "test", "stop", "restart", "t"],
            ..SCRIPTS
        }),
        manifests: &["package.json", ".npmrc"],
        locks: &["package-lock.json", "npm-shrinkwrap.json"],
        cache: CacheMount::At(Cache {
            directories: &["/root/.npm"],
            image: None,
            flags: &["--cache"],
            variables: &["npm_config_cache", "NPM_CONFIG_CACHE", "HOME"],
            commands: &["npm cache clean"],
        }),
        harmless: &["config", "cache", "set", "--version", "-v"],
        source: "docs.npmjs.com/cli",
        fills: &["node_modules"],
        ..NODE
    },
    Manager {
        name: "yarn",
        frozen_by: Some(&["--frozen-lockfile", "--immutable", "--pure-lockfile"]),
        programs: &["yarn", "yarnpkg"],
        verbs: &[
            Verb {
                commands: &["yarn", "yarn install"],
                manifests: &[
                    "package.json",
                    "yarn.lock?",
                    ".yarnrc?",
                    ".yarnrc.yml?",
                    ".npmrc?",
                    ".yarn/releases/**?",
                    ".yarn/plugins/**?",
                    ".yarn/patches/**?",
                    ".yarn/cache/**?",
                    "patches/**?",
                ],
                needs: ManifestsWith(&["--ignore-scripts", "--mode=skip-build"], NODE_LIFECYCLE),
                writes: &[Here("node_modules")],
                directory_flags: &["--cwd"],
                value_flags: &[
                    "--network-timeout",
                    "--registry",
                    "--cache-folder",
                    "--network-concurrency",
                    "--modules-folder",
                ],
                ..VERB
            },
            Verb {
                commands: &["yarn workspaces focus"],
                manifests: &[
                    "package.json",
                    "yarn.lock?",
                    ".yarnrc.yml?",
                    ".yarn/releases/**?",
                    ".yarn/plugins/**?",
                    ".yarn/patches/**?",
                ],
                needs: ManifestsWith(&["--ignore-scripts"], NODE_LIFECYCLE),
                writes: &[Here("node_modules")],
                ..VERB
            },
            Verb {
                commands: &["yarn global add"],
                words: Packages,
                ..VERB
            },
        ],
        refreshes: &["add", "upgrade", "up"],
        wrappers: &[Wrapper {
            commands: &["yarn exec", "yarn dlx"],
            valued: RUN_VALUES,
            ..WRAPPER
        }],
        scripts: Some(&Scripts {
            own: OWN_OF_YARN,
            ..SCRIPTS
        }),
        manifests: &["package.json", ".yarnrc.yml", ".yarnrc"],
        locks: &["yarn.lock"],
        cache: CacheMount::None(
            "its place depends on the version: /usr/local/share/.cache/yarn of the first, a directory of the project or of the home of later ones",
        ),
        harmless: &["config", "cache", "--version"],
        source: "yarnpkg.com/cli, classic.yarnpkg.com/en/docs/cli",
        fills: &["node_modules"],
        ..NODE
    },
    Manager {
        name: "pnpm",
        frozen_by: Some(&["--frozen-lockfile"]),
        programs: &["pnpm"],
        verbs: &[
            Verb {
                commands: &["pnpm install", "pnpm i"],
                manifests: &[
                    "package.json",
                    "pnpm-lock.yaml?",
                    "pnpm-workspace.yaml?",
                    ".npmrc?",
                    ".pnpmfile.cjs?",
                    "patches/**?",
                ],
                needs: ManifestsWith(&["--ignore-scripts"], NODE_LIFECYCLE),
                words: Local,
                writes: &[Here("node_modules")],
                directory_flags: &["-C", "--dir", "--prefix"],
                value_flags: &[
                    "--filter",
                    "-F",
                    "--registry",
                    "--store-dir",
                    "--reporter",
                    "--loglevel",
                ],
                global_flags: &["-g", "--global"],
                ..VERB
            },
            Verb {
                commands: &["pnpm fetch"],
                manifests: &[
                    "pnpm-lock.yaml",
                    "pnpm-workspace.yaml?",
                    ".npmrc?",
                    "patches/**?",
                ],
                writes: &[Here("node_modules")],
                directory_flags: &["-C", "--dir", "--prefix"],
                ..VERB
            },
            Verb {
                commands: &["pnpm add"],
                words: Packages,
                global_flags: &["-g", "--global"],
                ..VERB
            },
        ],
        refreshes: &["update", "up"],
        wrappers: &[
            Wrapper {
                commands: &["pnpm exec", "pnpm dlx"],
                valued: RUN_VALUES,
                ..WRAPPER
            },
            Wrapper {
                commands: &["pnpx"],
                valued: FETCH_VALUES,
                ..WRAPPER
            },
        ],
        scripts: Some(&Scripts {
            valued: VALUED_OF_PNPM,
            ..SCRIPTS
        }),
        manifests: &["package.json", "pnpm-workspace.yaml"],
        locks: &["pnpm-lock.yaml"],
        cache: CacheMount::None("its place depends on PNPM_HOME and on which disks there are"),
        harmless: &["config", "store", "--version"],
        source: "pnpm.io/pnpm-cli",
        fills: &["node_modules"],
        ..NODE
    },
    Manager {
        name: "bun",
        frozen_by: Some(&["--frozen-lockfile", "ci"]),
        programs: &["bun"],
        verbs: &[Verb {
            commands: &["bun install", "bun i", "bun ci"],
            manifests: &[
                "package.json",
                "bun.lock|bun.lockb?",
                "bunfig.toml?",
                ".npmrc?",
                "patches/**?",
            ],
            needs: ManifestsWith(&["--ignore-scripts"], NODE_LIFECYCLE),
            words: Local,
            writes: &[Here("node_modules")],
            directory_flags: &["--cwd"],
            value_flags: &["--filter", "--registry", "--cache-dir", "--backend"],
            global_flags: &["-g", "--global"],
            ..VERB
        }],
        refreshes: &["add", "update"],
        wrappers: &[
            Wrapper {
                commands: &["bun x"],
                valued: RUN_VALUES,
                ..WRAPPER
            },
            Wrapper {
                commands: &["bunx"],
                valued: FETCH_VALUES,
                ..WRAPPER
            },
        ],
        scripts: Some(&SCRIPTS),
        manifests: &["package.json", "bunfig.toml"],
        locks: &["bun.lock", "bun.lockb"],
        cache: CacheMount::At(Cache {
            directories: &["/root/.bun/install/cache"],
            image: None,
            flags: &["--no-cache", "--cache-dir"],
            variables: &["BUN_INSTALL_CACHE_DIR", "BUN_INSTALL", "HOME"],
            commands: &[],
        }),
        harmless: &["--version", "pm cache"],
        source: "bun.com/docs/cli/install",
        fills: &["node_modules"],
        ..NODE
    },
    Manager {
        name: "deno",
        programs: &["deno"],
        verbs: &[Verb {
            commands: &["deno install", "deno cache"],
            manifests: &["deno.json|deno.jsonc?", "deno.lock?", "package.json?"],
            words: Packages,
            writes: &[At("/deno-dir")],
            ..VERB
        }],
        refreshes: &["add", "run", "serve", "task"],
        manifests: &["deno.json", "deno.jsonc", "package.json"],
        locks: &["deno.lock"],
        fills: &["node_modules"],
        cache: CacheMount::None("programs are run out of DENO_DIR"),
        harmless: &["--version", "info"],
        source: "docs.deno.com/runtime/reference/cli",
        ..NODE
    },
    Manager {
        name: "ni",
        programs: &["ni", "nci"],
        verbs: &[Verb {
            commands: &["ni", "nci"],
            manifests: &["package.json"],
            writes: &[Here("node_modules")],
            needs: ManifestsWith(&["--ignore-scripts"], NODE_LIFECYCLE),
            words: Local,
            ..VERB
        }],
        manifests: &["package.json"],
        cache: CacheMount::None("it calls another manager"),
        source: "github.com/antfu-collective/ni",
        fills: &["node_modules"],
        ..NODE
    },
];

/// Files that name the members of a workspace, and the key under which they do.
pub const WORKSPACE_FILES: &[(&str, &str)] = &[
    ("package.json", "workspaces"),
    ("pnpm-workspace.yaml", "packages"),
];

/// Names of variables that a bundler puts into what it writes, by what they begin with, and the
/// packages of which one is that bundler.
#[derive(Debug)]
pub struct BrowserPrefix {
    /// What the names begin with.
    pub prefix: &'static str,
    /// The packages.
    pub bundlers: &'static [&'static str],
    /// Where the row can be checked.
    pub source: &'static str,
}

/// Every prefix.
pub const BROWSER_PREFIXES: &[BrowserPrefix] = &[
    BrowserPrefix {
        prefix: "NEXT_PUBLIC_",
        bundlers: &["next"],
        source: "nextjs.org/docs/app/guides/environment-variables",
    },
    BrowserPrefix {
        prefix: "VITE_",
        bundlers: &["vite", "astro", "vitest", "nuxt"],
        source: "vite.dev/guide/env-and-mode",
    },
    BrowserPrefix {
        prefix: "REACT_APP_",
        bundlers: &[
            "react-scripts",
            "@craco/craco",
            "react-app-rewired",
            "vite",
            "webpack",
        ],
        source: "create-react-app.dev/docs/adding-custom-environment-variables",
    },
    BrowserPrefix {
        prefix: "VUE_APP_",
        bundlers: &["@vue/cli-service", "vite", "webpack"],
        source: "cli.vuejs.org/guide/mode-and-env.html",
    },
    BrowserPrefix {
        prefix: "GATSBY_",
        bundlers: &["gatsby"],
        source: "gatsbyjs.com/docs/how-to/local-development/environment-variables",
    },
    BrowserPrefix {
        prefix: "EXPO_PUBLIC_",
        bundlers: &["expo"],
        source: "docs.expo.dev/guides/environment-variables",
    },
];

/// Scripts of `package.json` that an install runs by itself. Source:
/// docs.npmjs.com/cli/using-npm/scripts, pnpm.io/scripts
pub const LIFECYCLE: &[&str] = &[
    "preinstall",
    "install",
    "postinstall",
    "prepublish",
    "preprepare",
    "prepare",
    "postprepare",
    "pnpm:devPreinstall",
];

/// Packages whose own install scripts read files of the project: a schema, patches, a
/// configuration.
pub const READ_SOURCES: &[&str] = &[
    "@prisma/client",
    "prisma",
    "patch-package",
    "electron-builder",
    "nuxt",
];
