//! Languages that are compiled before they run: Go, Rust, the JVM, .NET.

use super::{Dev, Family, Habit, Language, Program, ROW, Reading, Sign};

const GO: Program = Program {
    language: Language::Go,
    watches: &["**/*.go"],
    ..ROW
};
const RUST: Program = Program {
    language: Language::Rust,
    protect: &["target"],
    ..ROW
};
const JVM: Program = Program {
    language: Language::Jvm,
    protect: &["target", "build", ".gradle"],
    ..ROW
};
const DOTNET: Program = Program {
    language: Language::DotNet,
    protect: &["bin", "obj"],
    polling: &["DOTNET_USE_POLLING_FILE_WATCHER"],
    ..ROW
};

const DEVTOOLS: &str = "spring-boot-devtools restarts when classes change, and nothing that can be seen here compiles them";

/// A binary of the project, whatever its name is.
pub(super) const BINARY: Program = Program {
    name: "compiled program",
    family: Family::Compiled,
    reads: Reading::File,
    ..ROW
};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "air",
        commands: &["air"],
        family: Family::Watcher,
        habit: Habit::Restarts,
        source: "github.com/air-verse/air",
        ..GO
    },
    Program {
        name: "CompileDaemon",
        commands: &["CompileDaemon"],
        family: Family::Watcher,
        habit: Habit::Restarts,
        source: "github.com/githubnemo/CompileDaemon",
        ..GO
    },
    Program {
        name: "wgo",
        commands: &[
            "wgo",
            "gow",
            "reflex",
            "arelo",
            "realize",
            "fresh",
            "gin",
            "modd",
            "refresh",
            "bra",
            "entr",
            "watchexec",
            "inotifywait",
        ],
        family: Family::Watcher,
        habit: Habit::Restarts,
        source: "github.com/bokwoon95/wgo",
        ..GO
    },
    Program {
        name: "dlv",
        commands: &["dlv"],
        source: "github.com/go-delve/delve",
        reads: Reading::File,
        ..GO
    },
    Program {
        name: "go run",
        commands: &["go run"],
        dev: &[Dev::Wrap(&["wgo"])],
        source: "pkg.go.dev/cmd/go",
        ..GO
    },
    Program {
        name: "go build",
        commands: &["go"],
        family: Family::Build,
        habit: Habit::NotAServer,
        source: "pkg.go.dev/cmd/go",
        ..GO
    },
    Program {
        name: "cargo watch",
        commands: &["cargo watch", "cargo-watch", "bacon", "systemfd"],
        family: Family::Watcher,
        habit: Habit::Restarts,
        source: "github.com/watchexec/cargo-watch",
        ..RUST
    },
    Program {
        name: "cargo leptos watch",
        commands: &["cargo leptos watch", "trunk serve", "dx serve"],
        habit: Habit::Restarts,
        source: "github.com/leptos-rs/cargo-leptos",
        ..RUST
    },
    Program {
        name: "cargo run",
        commands: &["cargo run", "cargo shuttle run"],
        source: "doc.rust-lang.org/cargo/commands/cargo-run.html",
        ..RUST
    },
    Program {
        name: "cargo build",
        commands: &["cargo"],
        family: Family::Build,
        habit: Habit::NotAServer,
        source: "doc.rust-lang.org/cargo",
        ..RUST
    },
    Program {
        name: "quarkus dev",
        commands: &[
            "quarkus dev",
            "mvn quarkus:dev",
            "mvnw quarkus:dev",
            "gradle quarkusDev",
            "gradlew quarkusDev",
        ],
        habit: Habit::Restarts,
        source: "quarkus.io/guides/dev-mode-differences",
        ..JVM
    },
    Program {
        name: "mvn spring-boot:run",
        commands: &["mvn spring-boot:run", "mvnw spring-boot:run"],
        unsure: &[(
            Sign::All(&[
                Sign::File("pom.xml", "spring-boot-devtools"),
                Sign::Shown("target"),
            ]),
            DEVTOOLS,
        )],
        source: "docs.spring.io/spring-boot/reference/using/devtools.html",
        ..JVM
    },
    Program {
        name: "gradle bootRun",
        commands: &[
            "gradle bootRun",
            "gradlew bootRun",
            "gradle run",
            "gradlew run",
        ],
        on: &[Sign::Word("-t"), Sign::Word("--continuous")],
        unsure: &[
            (
                Sign::All(&[
                    Sign::File("build.gradle", "spring-boot-devtools"),
                    Sign::Shown("build"),
                ]),
                DEVTOOLS,
            ),
            (
                Sign::All(&[
                    Sign::File("build.gradle.kts", "spring-boot-devtools"),
                    Sign::Shown("build"),
                ]),
                DEVTOOLS,
            ),
        ],
        dev: &[Dev::Append(&["--continuous"])],
        source: "docs.gradle.org/current/userguide/continuous_builds.html",
        ..JVM
    },
    Program {
        name: "mvn jetty:run",
        commands: &[
            "mvn jetty:run",
            "mvnw jetty:run",
            "mvn mn:run",
            "mvnw mn:run",
            "mvn liberty:dev",
        ],
        habit: Habit::Restarts,
        source: "jetty.org/docs",
        ..JVM
    },
    Program {
        name: "sbt ~run",
        commands: &["sbt ~*"],
        habit: Habit::Restarts,
        source: "scala-sbt.org/1.x/docs/Running.html",
        ..JVM
    },
    Program {
        name: "sbt run",
        commands: &["sbt run", "lein run", "clojure", "clj", "bb"],
        source: "scala-sbt.org/1.x/docs/Running.html",
        ..JVM
    },
    Program {
        name: "mvn",
        commands: &["mvn", "mvnw", "gradle", "gradlew", "sbt", "lein"],
        family: Family::Build,
        habit: Habit::NotAServer,
        source: "maven.apache.org",
        ..JVM
    },
    Program {
        name: "java -jar",
        commands: &["java -jar"],
        reads: Reading::File,
        source: "docs.oracle.com/en/java/javase/21/docs/specs/man/java.html",
        ..JVM
    },
    Program {
        name: "java",
        commands: &["java", "kotlin", "scala"],
        reads: Reading::File,
        source: "docs.oracle.com/en/java/javase/21/docs/specs/man/java.html",
        ..JVM
    },
    Program {
        name: "catalina.sh",
        commands: &["catalina.sh", "standalone.sh", "startServer"],
        reads: Reading::Artifact("webapps"),
        source: "tomcat.apache.org",
        ..JVM
    },
    Program {
        name: "dotnet watch",
        commands: &["dotnet watch"],
        habit: Habit::Restarts,
        source: "learn.microsoft.com/dotnet/core/tools/dotnet-watch",
        ..DOTNET
    },
    Program {
        name: "dotnet run",
        commands: &["dotnet run"],
        dev: &[Dev::Subcommand("run", "watch run")],
        source: "learn.microsoft.com/dotnet/core/tools/dotnet-run",
        ..DOTNET
    },
    Program {
        name: "dotnet one-shot",
        commands: &[
            "dotnet ef",
            "dotnet test",
            "dotnet build",
            "dotnet publish",
            "dotnet restore",
        ],
        family: Family::OneShot,
        habit: Habit::NotAServer,
        source: "learn.microsoft.com/dotnet/core/tools",
        ..DOTNET
    },
    Program {
        name: "dotnet",
        commands: &["dotnet", "dotnet *.dll"],
        reads: Reading::File,
        source: "learn.microsoft.com/dotnet/core/tools/dotnet",
        ..DOTNET
    },
    Program {
        name: "mono",
        commands: &["mono"],
        reads: Reading::File,
        source: "mono-project.com",
        ..DOTNET
    },
];
