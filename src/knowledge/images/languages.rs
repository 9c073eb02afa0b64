//! Images of languages and of the tools that build what is written in them.

use super::{Check, Entry, FETCHERS, FOREIGN, IMAGE, Image, Script, Tag, Tools};

/// Source: github.com/tiangolo/uvicorn-gunicorn-docker
const TIANGOLO: &[Script] = &[
    Script {
        path: "/start-reload.sh",
        command: &[
            "uvicorn",
            "app.main:app",
            "--host",
            "0.0.0.0",
            "--port",
            "80",
            "--reload",
        ],
    },
    Script {
        path: "/start.sh",
        command: &[
            "gunicorn",
            "-k",
            "uvicorn.workers.UvicornWorker",
            "app.main:app",
        ],
    },
];

pub(super) const IMAGES: &[Image] = &[
    Image {
        names: &["golang"],
        runs: Some(Entry::Prompt),
        as_given: true,
        workdir: Some("/go"),
        variables: Some(&["GOLANG_VERSION", "GOTOOLCHAIN", "GOPATH"]),
        users: Some(&[]),
        tools: &[Tools {
            tag: Tag::With("alpine"),
            has: &["wget", "nc"],
            lacks: &["curl"],
        }],
        check: Check::Missing,
        source: "hub.docker.com/_/golang",
        ..IMAGE
    },
    Image {
        names: &["php"],
        as_given: true,
        workdir: Some("/var/www/html"),
        variables: Some(&[
            "PHPIZE_DEPS",
            "PHP_INI_DIR",
            "PHP_EXTRA_CONFIGURE_ARGS",
            "PHP_CFLAGS",
            "PHP_CPPFLAGS",
            "PHP_LDFLAGS",
            "GPG_KEYS",
            "PHP_VERSION",
            "PHP_URL",
            "PHP_ASC_URL",
            "PHP_SHA256",
            "PHP_MD5",
            "APACHE_CONFDIR",
            "APACHE_ENVVARS",
        ]),
        users: Some(&["www-data"]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["curl", "wget", "nc", "php"],
                lacks: &[],
            },
            Tools {
                tag: Tag::Any,
                has: &["curl", "php"],
                lacks: &["wget", "nc"],
            },
        ],
        check: Check::Missing,
        source: "hub.docker.com/_/php",
        ..IMAGE
    },
    Image {
        names: &["gradle"],
        runs: Some(Entry::Prompt),
        as_given: true,
        workdir: Some("/home/gradle"),
        variables: Some(&[
            "GRADLE_HOME",
            "GRADLE_VERSION",
            "JAVA_HOME",
            "JAVA_VERSION",
            "LANG",
            "LANGUAGE",
            "LC_ALL",
        ]),
        users: Some(&["gradle", "ubuntu"]),
        check: Check::Missing,
        source: "hub.docker.com/_/gradle",
        ..IMAGE
    },
    Image {
        names: &["composer"],
        workdir: Some("/app"),
        variables: Some(&[
            "COMPOSER_ALLOW_SUPERUSER",
            "COMPOSER_HOME",
            "COMPOSER_MAX_PARALLEL_HTTP",
            "COMPOSER_VERSION",
            "PHPIZE_DEPS",
            "PHP_INI_DIR",
            "PHP_CFLAGS",
            "PHP_CPPFLAGS",
            "PHP_LDFLAGS",
            "GPG_KEYS",
            "PHP_VERSION",
            "PHP_URL",
            "PHP_ASC_URL",
            "PHP_SHA256",
        ]),
        check: Check::Missing,
        source: "hub.docker.com/_/composer",
        ..IMAGE
    },
    Image {
        names: &["oven/bun"],
        runs: Some(Entry::Prompt),
        as_given: true,
        workdir: Some("/home/bun/app"),
        users: Some(&["bun"]),
        source: "hub.docker.com/r/oven/bun",
        ..IMAGE
    },
    Image {
        names: &["denoland/deno"],
        runs: Some(Entry::Prompt),
        as_given: true,
        workdir: Some("/"),
        users: Some(&["deno"]),
        source: "hub.docker.com/r/denoland/deno",
        ..IMAGE
    },
    Image {
        names: &[
            "tiangolo/uvicorn-gunicorn-fastapi",
            "tiangolo/uvicorn-gunicorn",
        ],
        workdir: Some("/app"),
        source: "hub.docker.com/r/tiangolo/uvicorn-gunicorn-fastapi",
        ..IMAGE
    },
    Image {
        names: &["condaforge/miniforge3"],
        workdir: Some("/"),
        source: "hub.docker.com/r/condaforge/miniforge3",
        ..IMAGE
    },
    Image {
        names: &[
            "php-fpm",
            "joomla",
            "nextcloud",
            "webdevops/php-*",
            "trafex/php-nginx",
            "richarvey/nginx-php-fpm",
            "serversideup/php*",
            "thecodingmachine/php*",
        ],
        runs: Some(Entry::Command(&["php-fpm"])),
        source: "hub.docker.com/_/php-fpm",
        ..IMAGE
    },
    Image {
        names: &["python"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&[
            "GPG_KEY",
            "LANG",
            "PYTHON_VERSION",
            "PYTHON_SHA256",
            "PYTHON_PIP_VERSION",
            "PYTHON_SETUPTOOLS_VERSION",
            "PYTHON_GET_PIP_URL",
            "PYTHON_GET_PIP_SHA256",
        ]),
        users: Some(&[]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc", "python"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::With("slim"),
                has: &["python"],
                lacks: FETCHERS,
            },
            Tools {
                tag: Tag::Without(FOREIGN),
                has: &["curl", "wget", "python"],
                lacks: &[],
            },
        ],
        check: Check::Missing,
        source: "hub.docker.com/_/python",
        ..IMAGE
    },
    Image {
        names: &["node"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&["NODE_VERSION", "YARN_VERSION"]),
        users: Some(&["node"]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc", "node"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::With("slim"),
                has: &["node"],
                lacks: FETCHERS,
            },
            Tools {
                tag: Tag::Without(FOREIGN),
                has: &["curl", "wget", "node"],
                lacks: &[],
            },
        ],
        check: Check::Missing,
        source: "hub.docker.com/_/node",
        ..IMAGE
    },
    Image {
        names: &["ruby"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&[
            "LANG",
            "RUBY_VERSION",
            "RUBY_MAJOR",
            "RUBY_DOWNLOAD_URL",
            "RUBY_DOWNLOAD_SHA256",
            "GEM_HOME",
            "BUNDLE_SILENCE_ROOT_WARNING",
            "BUNDLE_APP_CONFIG",
            "BUNDLE_PATH",
            "BUNDLE_BIN",
            "RUBYGEMS_VERSION",
            "BUNDLER_VERSION",
        ]),
        users: Some(&[]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::With("slim"),
                has: &[],
                lacks: FETCHERS,
            },
        ],
        check: Check::Missing,
        source: "hub.docker.com/_/ruby",
        ..IMAGE
    },
    Image {
        names: &["rust"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&["RUSTUP_HOME", "CARGO_HOME", "RUST_VERSION"]),
        users: Some(&[]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::With("slim"),
                has: &[],
                lacks: FETCHERS,
            },
        ],
        check: Check::Missing,
        source: "hub.docker.com/_/rust",
        ..IMAGE
    },
    Image {
        names: &["elixir"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&[
            "ELIXIR_VERSION",
            "OTP_VERSION",
            "REBAR_VERSION",
            "REBAR3_VERSION",
            "LANG",
        ]),
        users: Some(&[]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::With("slim"),
                has: &[],
                lacks: FETCHERS,
            },
        ],
        check: Check::Missing,
        source: "hub.docker.com/_/elixir",
        ..IMAGE
    },
    Image {
        names: &["erlang"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&["OTP_VERSION", "REBAR_VERSION", "REBAR3_VERSION", "LANG"]),
        users: Some(&[]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::With("slim"),
                has: &[],
                lacks: FETCHERS,
            },
        ],
        check: Check::Missing,
        source: "hub.docker.com/_/erlang",
        ..IMAGE
    },
    Image {
        names: &["openjdk"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&[
            "JAVA_HOME",
            "JAVA_VERSION",
            "JAVA_URL_VERSION",
            "JAVA_BASE_URL",
            "LANG",
        ]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::With("slim"),
                has: &[],
                lacks: FETCHERS,
            },
        ],
        check: Check::Missing,
        source: "hub.docker.com/_/openjdk",
        ..IMAGE
    },
    Image {
        names: &["eclipse-temurin"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&["JAVA_HOME", "JAVA_VERSION", "LANG", "LANGUAGE", "LC_ALL"]),
        users: Some(&["ubuntu"]),
        tools: &[Tools {
            tag: Tag::With("alpine"),
            has: &["wget", "nc"],
            lacks: &["curl"],
        }],
        check: Check::Missing,
        source: "hub.docker.com/_/eclipse-temurin",
        ..IMAGE
    },
    Image {
        names: &["amazoncorretto"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&["JAVA_HOME", "LANG"]),
        check: Check::Missing,
        source: "hub.docker.com/_/amazoncorretto",
        ..IMAGE
    },
    Image {
        names: &["maven"],
        runs: Some(Entry::Prompt),
        as_given: true,
        variables: Some(&[
            "MAVEN_HOME",
            "MAVEN_CONFIG",
            "JAVA_HOME",
            "JAVA_VERSION",
            "LANG",
            "LANGUAGE",
            "LC_ALL",
        ]),
        check: Check::Missing,
        source: "hub.docker.com/_/maven",
        ..IMAGE
    },
    Image {
        names: &["swift", "dotnet/*"],
        runs: Some(Entry::Prompt),
        as_given: true,
        check: Check::Missing,
        source: "hub.docker.com/_/swift",
        ..IMAGE
    },
    Image {
        names: &["perl"],
        runs: Some(Entry::Prompt),
        as_given: true,
        users: Some(&[]),
        tools: &[Tools {
            tag: Tag::With("slim"),
            has: &[],
            lacks: FETCHERS,
        }],
        check: Check::Missing,
        source: "hub.docker.com/_/perl",
        ..IMAGE
    },
    Image {
        names: &["haskell"],
        runs: Some(Entry::Prompt),
        as_given: true,
        source: "hub.docker.com/_/haskell",
        ..IMAGE
    },
    Image {
        names: &["clojure"],
        runs: Some(Entry::Prompt),
        check: Check::Missing,
        source: "hub.docker.com/_/clojure",
        ..IMAGE
    },
    Image {
        names: &["tiangolo/uvicorn-gunicorn*"],
        runs: Some(Entry::Command(&[
            "gunicorn",
            "-k",
            "uvicorn.workers.UvicornWorker",
        ])),
        scripts: TIANGOLO,
        source: "hub.docker.com/r/tiangolo/uvicorn-gunicorn",
        ..IMAGE
    },
    Image {
        names: &["tiangolo/meinheld-gunicorn*"],
        runs: Some(Entry::Command(&[
            "gunicorn",
            "-k",
            "uvicorn.workers.UvicornWorker",
        ])),
        source: "hub.docker.com/r/tiangolo/meinheld-gunicorn",
        ..IMAGE
    },
    Image {
        names: &["tiangolo/uwsgi-nginx*"],
        runs: Some(Entry::Command(&["uwsgi"])),
        source: "hub.docker.com/r/tiangolo/uwsgi-nginx",
        ..IMAGE
    },
    Image {
        names: &["dotnet/aspnet", "dotnet/runtime", "dotnet/runtime-deps"],
        users: Some(&["app"]),
        tools: &[
            Tools {
                tag: Tag::With("alpine"),
                has: &["wget", "nc"],
                lacks: &["curl"],
            },
            Tools {
                tag: Tag::Without(FOREIGN),
                has: &[],
                lacks: FETCHERS,
            },
        ],
        source: "hub.docker.com/r/dotnet/aspnet",
        ..IMAGE
    },
    Image {
        names: &["dotnet/sdk"],
        users: Some(&["app"]),
        source: "hub.docker.com/r/dotnet/sdk",
        ..IMAGE
    },
    Image {
        names: &["gcc", "dart", "pypy"],
        as_given: true,
        source: "hub.docker.com/_/gcc",
        ..IMAGE
    },
];
