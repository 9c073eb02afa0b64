//! Java, Kotlin, Scala, Clojure: build tools and programs.

use super::package_manager::{
    Alone, CacheMount, Ecosystem, MANAGER, Manager, Needs, VERB, Verb, Write,
};
use super::program::{Dev, Family, Habit, Language, Program, ROW, Reading, Sign};
use Needs::Compiles;
use Write::{At, Here};

const TOOL: Manager = Manager {
    ecosystem: Ecosystem::Jvm,
    ..MANAGER
};

pub(super) const MANAGERS: &[Manager] = &[
    Manager {
        name: "maven",
        programs: &["mvn", "mvnw", "mvnd"],
        verbs: &[
            Verb {
                commands: &[
                    "mvn dependency:go-offline",
                    "mvn dependency:resolve",
                    "mvn dependency:resolve-plugins",
                    "mvn de.qaware.maven:go-offline-maven-plugin:resolve-dependencies",
                ],
                manifests: &["pom.xml", ".mvn/**?", "mvnw?", "**/pom.xml?"],
                writes: &[At("/root/.m2")],
                file_flags: &["-f", "--file", "-s", "--settings"],
                value_flags: &["-pl", "--projects", "-P", "-T"],
                ..VERB
            },
            Verb {
                commands: &["mvn"],
                manifests: &["pom.xml", ".mvn/**?", "mvnw?", "**/pom.xml?"],
                needs: Compiles,
                writes: &[Here("target")],
                value_flags: &[
                    "-pl",
                    "--projects",
                    "-P",
                    "-T",
                    "-f",
                    "--file",
                    "-s",
                    "--settings",
                ],
                alone: Alone::Command {
                    words: "-B dependency:go-offline",
                    keeps: &["-f", "--file", "-s", "--settings", "-P"],
                },
                ..VERB
            },
        ],
        refreshes: &["*"],
        kept_by: &["--offline", "-o"],
        manifests: &["pom.xml"],
        cache: CacheMount::None("later steps read the repository there"),
        harmless: &["--version", "-v"],
        source: "maven.apache.org/ref/current/maven-embedder/cli.html, maven.apache.org/plugins/maven-dependency-plugin",
        ..TOOL
    },
    Manager {
        name: "gradle",
        programs: &["gradle", "gradlew"],
        verbs: &[
            Verb {
                commands: &[
                    "gradle dependencies",
                    "gradle resolveDependencies",
                    "gradle downloadDependencies",
                    "gradle --version",
                ],
                manifests: GRADLE_FILES,
                writes: &[Here(".gradle")],
                value_flags: &["-p", "--project-dir", "-x", "-b"],
                ..VERB
            },
            Verb {
                commands: &["gradle"],
                manifests: GRADLE_FILES,
                needs: Compiles,
                writes: &[Here("build"), Here(".gradle")],
                value_flags: &["-p", "--project-dir", "-x", "-b"],
                alone: Alone::Somehow,
                ..VERB
            },
        ],
        refreshes: &["*"],
        kept_by: &["--offline"],
        manifests: &[
            "build.gradle",
            "build.gradle.kts",
            "settings.gradle",
            "settings.gradle.kts",
        ],
        locks: &["gradle.lockfile"],
        cache: CacheMount::None("later steps read the repository there"),
        source: "docs.gradle.org/current/userguide/command_line_interface.html",
        ..TOOL
    },
    Manager {
        name: "sbt",
        programs: &["sbt"],
        verbs: &[
            Verb {
                commands: &["sbt update"],
                manifests: &["build.sbt", "project/**?"],
                writes: &[Here("target")],
                ..VERB
            },
            Verb {
                commands: &["sbt"],
                manifests: &["build.sbt", "project/**?"],
                needs: Compiles,
                alone: Alone::Command {
                    words: "update",
                    keeps: &[],
                },
                writes: &[Here("target")],
                ..VERB
            },
        ],
        refreshes: &["*"],
        manifests: &["build.sbt"],
        cache: CacheMount::None("later steps read the repository there"),
        source: "scala-sbt.org/1.x/docs/Command-Line-Reference.html",
        ..TOOL
    },
    Manager {
        name: "lein",
        programs: &["lein"],
        verbs: &[
            Verb {
                commands: &["lein deps"],
                manifests: &["project.clj"],
                ..VERB
            },
            Verb {
                commands: &["lein uberjar", "lein compile", "lein jar"],
                manifests: &["project.clj"],
                needs: Compiles,
                alone: Alone::Command {
                    words: "deps",
                    keeps: &[],
                },
                writes: &[Here("target")],
                ..VERB
            },
        ],
        refreshes: &["run", "test"],
        manifests: &["project.clj"],
        cache: CacheMount::None("later steps read the repository there"),
        source: "codeberg.org/leiningen/leiningen",
        ..TOOL
    },
];

/// What Gradle reads before it looks at sources.
const GRADLE_FILES: &[&str] = &[
    "build.gradle|build.gradle.kts?",
    "settings.gradle|settings.gradle.kts?",
    "gradle.properties?",
    "**/build.gradle?",
    "**/build.gradle.kts?",
    "gradle/**?",
    "gradlew?",
    "buildSrc/**?",
];

const JVM: Program = Program {
    language: Language::Jvm,
    protect: &["target", "build", ".gradle"],
    ..ROW
};

const DEVTOOLS: &str = "spring-boot-devtools restarts when classes change, and nothing that can be seen here compiles them";

pub(super) const PROGRAMS: &[Program] = &[
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
];
