//! Stages, commands and variables of Dockerfiles as they are written.

use super::commands::plain_words;
use super::*;
use crate::project::Project;
use crate::testing;
use crate::text::Cooked;
use crate::workspace::Workspace;

/// What a question about a Dockerfile answers.
fn ask<T>(text: &str, question: impl Fn(&BuildFile<'_>) -> T) -> T {
    let project = testing::dockerfile(&[("Dockerfile", text)]);
    question(&project.dockerfiles()[0])
}

fn cooked(text: &str) -> Cooked {
    let source = Source::detached(text);
    Cooked::verbatim(&source, source.whole())
}

#[test]
fn a_trigger_follows_its_onbuild_and_belongs_to_the_same_stage() {
    let lines = ask("FROM a\nONBUILD RUN x\nFROM b\nRUN y\n", |file| {
        file.lines
            .iter()
            .map(|line| (line.instruction.keyword, line.stage, line.is_trigger))
            .collect::<Vec<_>>()
    });
    let expected = [
        (Keyword::From, Some(0), false),
        (Keyword::Onbuild, Some(0), false),
        (Keyword::Run, Some(0), true),
        (Keyword::From, Some(1), false),
        (Keyword::Run, Some(1), false),
    ];
    assert_eq!(lines, expected);
}

#[test]
fn a_stage_rests_on_the_last_stage_of_that_name_before_it() {
    let text = "FROM x AS a\nFROM y AS A\nFROM a AS b\nFROM b\n";
    assert_eq!(ask(text, |file| file.chain(3)), [1, 2, 3]);
    assert_eq!(ask(text, |file| file.stage_named("B", 0)), Some(2));
    assert_eq!(ask(text, |file| file.stage_named("a", 1)), Some(0));
}

#[test]
fn prose_and_files_for_another_frontend_are_no_dockerfiles() {
    let count = |text: &str| {
        testing::dockerfile(&[("Dockerfile", text)])
            .dockerfiles()
            .len()
    };
    assert_eq!(count("This is how we build\nand run it\n"), 0);
    assert_eq!(count("# syntax=example.org/mine\nFROM a\n"), 0);
    assert_eq!(count("RUN apt-get install x\n"), 1);
}

/// The shell of every RUN, and its programs.
fn runs(text: &str) -> Vec<String> {
    ask(text, |file| {
        let show = |run: &commands::RunCommands<'_>| {
            let programs: Vec<&str> = run
                .commands
                .iter()
                .filter_map(|command| command.program())
                .collect();
            format!("{}: {}", run.shell.join(" "), programs.join(" "))
        };
        file.runs().iter().map(show).collect()
    })
}

#[test]
fn a_shell_holds_in_its_stage_and_those_above() {
    let text =
        "FROM x AS a\nSHELL [\"/bin/bash\", \"-c\"]\nRUN one\nFROM y\nRUN two\nFROM a\nRUN three\n";
    assert_eq!(
        runs(text),
        [
            "/bin/bash -c: one",
            "/bin/sh -c: two",
            "/bin/bash -c: three"
        ]
    );
}

#[test]
fn every_form_of_run_has_its_commands() {
    assert_eq!(
        runs("FROM x\nRUN [\"apt-get\", \"install\"]\n"),
        ["/bin/sh -c: apt-get"]
    );
    assert_eq!(
        runs("FROM x\nRUN <<EOF\napt-get update\ncurl x | sh\nEOF\n"),
        ["/bin/sh -c: apt-get curl sh"]
    );
    assert_eq!(
        runs("FROM x\nRUN <<EOF\n#!/usr/bin/python3\nprint(1)\nEOF\n"),
        ["/bin/sh -c: "]
    );
    assert_eq!(
        runs("FROM x\nSHELL [\"powershell\", \"-Command\"]\nRUN Get-Item x\n"),
        ["powershell -Command: "]
    );
}

#[test]
fn flags_are_counted_alone_and_among_others() {
    let count = |command: &str, flag: &str| {
        ask(&format!("FROM x\nRUN {command}\n"), |file| {
            file.calls()[0].count(flag)
        })
    };
    assert_eq!(count("apt-get install -yq x", "y"), 1);
    assert_eq!(count("apt-get -qq install", "q"), 2);
    assert_eq!(count("apt-get install --assume-yes", "y"), 0);
    assert_eq!(count("apt-get install --quiet=2", "quiet"), 1);
    assert_eq!(count("sudo apt-get install -y x", "y"), 1);
}

#[test]
fn the_value_of_a_flag_is_found_in_every_form() {
    let value = |command: &str| {
        ask(&format!("FROM x\nRUN {command}\n"), |file| {
            file.calls()[0].value('u', "uid").map(str::to_owned)
        })
    };
    for command in [
        "useradd -u 5 x",
        "useradd -mu 5 x",
        "useradd -u5 x",
        "useradd --uid 5 x",
        "useradd --uid=5 x",
    ] {
        assert_eq!(value(command).as_deref(), Some("5"), "{command}");
    }
    assert_eq!(value("useradd -m x"), None);
}

#[test]
fn only_a_program_with_arguments_is_plain() {
    let words = |text: &str| plain_words(&cooked(text)).map(|words| words.join("|"));
    assert_eq!(words("node server.js").as_deref(), Some("node|server.js"));
    assert_eq!(words("exec node 'a b'").as_deref(), Some("node|a b"));
    assert_eq!(
        words("'/my app/run' --x=\"y z\"").as_deref(),
        Some("/my app/run|--x=y z")
    );
    let needs_shell = [
        "a && b",
        "a; b",
        "a $B",
        "a *.txt",
        "A=1 b",
        "a > b",
        "cd /x",
        "a | b",
        "! a",
        "(a)",
        "if a; then b; fi",
        "a # b",
        "~/x",
        "a {b,c}",
        "a &",
        "$(a)",
        "a `b`",
        "",
    ];
    for text in needs_shell {
        assert_eq!(words(text), None, "{text}");
    }
}

/// The names that the second instruction of a file uses.
fn used(instruction: &str) -> Vec<String> {
    ask(&format!("FROM x\n{instruction}\n"), |file| {
        variables::uses_of(file.file, file.lines[1].instruction)
            .into_iter()
            .map(|used| used.name)
            .collect()
    })
}

#[test]
fn variables_are_found_where_buildkit_puts_them_in() {
    assert_eq!(
        used("COPY --chown=$A $B ${C}/x \"$D\" /"),
        ["A", "B", "C", "D"]
    );
    assert_eq!(used("ENV X=${A:-$B} Y='$C' Z=\\$D"), ["A", "B"]);
    assert_eq!(used("ADD [\"$A\", \"/\"]"), ["A"]);
    assert_eq!(used("COPY <<EOF /x\n'$A' \\$B\nEOF"), ["A"]);
    assert!(used("COPY <<'EOF' /x\n$A\nEOF").is_empty());
    assert!(used("RUN echo $A").is_empty());
    assert!(used("COPY --from=$A x /").is_empty());
    assert!(used("EXPOSE $1").is_empty());
}

#[test]
fn a_name_is_near_another_when_few_letters_differ() {
    let near = |written: &str| variables::nearest(written, ["VERSION", "PATH", "A"].into_iter());
    assert_eq!(near("VERSOIN"), Some("VERSION"));
    assert_eq!(near("PAHT"), Some("PATH"));
    assert_eq!(near("B"), None);
    assert_eq!(near("REVISION"), None);
    assert_eq!(near("PATH"), None);
}

/// Marks every `$NAME` of a script.
struct Marks;

impl crate::workspace::ShellCheck for Marks {
    fn check(&self, scripts: &[String]) -> Result<Vec<Vec<crate::workspace::Remark>>, String> {
        let marks = |script: &String| {
            let lines = script.lines().enumerate();
            let places = lines.flat_map(|(number, line)| {
                line.char_indices()
                    .filter(|(_, c)| *c == '$')
                    .map(move |(at, _)| (number + 1, line[..at].chars().count() + 1))
            });
            let remark = |(line, column): (usize, usize)| crate::workspace::Remark {
                code: 2086,
                severity: crate::diagnostic::Severity::Info,
                message: script.lines().next().unwrap_or_default().to_owned(),
                start: (line, column),
                end: (line, column + 2),
            };
            places.map(remark).collect()
        };
        Ok(scripts.iter().map(marks).collect())
    }
}

/// For each remark the shell that reads the script, and the text that the remark is about.
fn marked(text: &str) -> Vec<(String, String)> {
    let files = testing::files(&[("Dockerfile", text)]);
    let workspace = Workspace::new(&files).with_shellcheck(&Marks);
    let source = workspace.read("/p/Dockerfile".as_ref()).unwrap();
    let project = Project::of_dockerfile(&workspace, &source);
    let remarks = super::shellcheck::ask(&workspace, &project.dockerfiles()).unwrap();
    remarks
        .into_iter()
        .map(|remark| (remark.message, source.slice(remark.span).to_owned()))
        .collect()
}

fn marks(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(shell, text)| ((*shell).to_owned(), (*text).to_owned()))
        .collect()
}

#[test]
fn a_remark_stands_where_the_words_are_written() {
    let text =
        "FROM a\nRUN é \\\n  # $c\n  $a \\\n$b\nRUN <<-E\n\té $d\n\tE\nRUN cat <<E && $e\n$f\nE\n";
    let expected: Vec<_> = ["$a", "$b", "$d", "$e", "$f"]
        .map(|name| ("#!/bin/sh", name))
        .into();
    assert_eq!(marked(text), marks(&expected));
}

#[test]
fn a_script_is_read_by_the_shell_in_force() {
    let text = "FROM a AS one\nSHELL [\"/bin/bash\", \"-euo\", \"pipefail\", \"-c\"]\nRUN $a\nFROM one\nRUN $b\n# hadolint shell=dash\nRUN $c\n\
                FROM d\nRUN <<E\n#!/usr/bin/env -S ksh\n$d\nE\nRUN <<E\n#!/usr/bin/python\n$e\nE\nSHELL [\"pwsh\"]\nRUN $f\n";
    let expected = [
        ("#!/bin/bash -e", "$a"),
        ("#!/bin/bash -e", "$b"),
        ("#!/bin/dash", "$c"),
        ("#!/bin/ksh", "$d"),
    ];
    assert_eq!(marked(text), marks(&expected));
}

#[test]
fn the_json_form_and_windows_have_no_script_for_a_shell_of_posix() {
    assert_eq!(
        marked("FROM mcr.microsoft.com/windows/servercore\nRUN $a\n"),
        marks(&[])
    );
    assert_eq!(marked("FROM a\nRUN [\"$a\"]\nCMD [\"$a\"]\n"), marks(&[]));
}

/// Why BuildKit refuses a file that it can read: the rule and the words it is about.
fn refused(text: &str) -> Vec<(&'static str, String)> {
    let source = Source::detached(text);
    let (file, problems) = crate::syntax::dockerfile::parse(&source);
    assert!(problems.is_empty(), "{problems:?}");
    let refusals = super::refusals::refusals(&file, &[], &|name| name == "given");
    refusals
        .into_iter()
        .map(|refusal| (refusal.rule, source.slice(refusal.span).to_owned()))
        .collect()
}

#[test]
fn a_base_is_an_image_or_a_stage_as_it_is_kept() {
    let syntax = |text: &str| vec![("invalid-syntax", text.to_owned())];
    assert_eq!(refused("FROM a AS Build\nFROM Build\n"), syntax("Build"));
    assert_eq!(
        refused("FROM a AS Build\nFROM build\nCOPY --from=BUILD /a /b\n"),
        []
    );
    assert_eq!(refused("FROM a..b\n"), syntax("a..b"));
    assert_eq!(refused("FROM scratch\nFROM given\n"), []);
    assert_eq!(
        refused("ARG V=\nFROM a:$V\n"),
        [("invalid-default-arg-in-from", "a:$V".to_owned())]
    );
    assert_eq!(
        refused("FROM ${V:?}\n"),
        [("invalid-default-arg-in-from", "${V:?}".to_owned())]
    );
    assert_eq!(
        refused("ARG V=1\nFROM a:$V\nFROM --platform=$BUILDPLATFORM a\n"),
        []
    );
}

#[test]
fn a_platform_is_a_system_and_a_processor_or_a_known_one_of_them() {
    for good in [
        "linux/amd64",
        "linux",
        "ARM64",
        "windows(10.0.17763)/amd64",
        "linux/arm64/v8",
        "any/thing",
    ] {
        assert_eq!(
            refused(&format!("FROM --platform={good} a\n")),
            [],
            "{good}"
        );
    }
    assert_eq!(refused("FROM --platform=${BUILDPLATFORM:-} a\n"), []);
    for bad in ["thing", "linux/", "/amd64", "linux/a/b/c", "*", "$UNSET"] {
        assert_eq!(
            refused(&format!("FROM --platform={bad} a\n")).len(),
            1,
            "{bad}"
        );
    }
}

#[test]
fn a_stage_takes_only_from_stages_above_it() {
    let text = "FROM a AS one\nCOPY --from=two /a /b\nRUN --mount=from=two,target=/x y\nFROM a AS two\nCOPY --from=1 /a /b\nCOPY --from=9 /a /b\n\
                COPY --from=given /a /b\nRUN --mount=from=9,target=/x y\nRUN --mount=from=two,target=/x y\nRUN --mount=target=/. y\n";
    let expected = [
        ("copy-from-later-stage", "two"),
        ("copy-from-later-stage", "from=two,target=/x"),
        ("copy-from-own-stage", "1"),
        ("copy-from-unknown-stage", "9"),
        ("copy-from-own-stage", "from=two,target=/x"),
        ("invalid-syntax", "target=/."),
    ];
    assert_eq!(
        refused(text),
        expected.map(|(rule, text)| (rule, text.to_owned()))
    );
}

#[test]
fn a_value_that_is_wrong_with_what_its_variables_are_known_to_hold_is_refused() {
    for (dockerfile, is_refused) in [
        ("FROM a\nARG S=\nSTOPSIGNAL $S\n", true),
        ("FROM scratch\nSTOPSIGNAL ${S}\n", true),
        ("FROM a\nSTOPSIGNAL $S\n", false),
        ("FROM a\nARG S=9\nSTOPSIGNAL $S\n", false),
        ("FROM a AS b\nENV V=\nFROM b\nVOLUME $V\n", true),
        ("FROM a\nVOLUME ${V}\n", false),
        ("FROM scratch\nEXPOSE ${P}-8080\n", true),
        ("FROM scratch\nARG P\nEXPOSE ${P}-8080\n", false),
        ("FROM a\nARG P=80\nEXPOSE ${P}-8080\n", false),
        ("FROM scratch\nENV A=${B:?}\n", true),
        ("FROM a\nENV A=${B:?}\n", false),
        (
            "FROM a\nENV U=x\nRUN --mount=type=cache,target=/c,uid=$U b\n",
            true,
        ),
        (
            "FROM a\nENV U=1\nRUN --mount=type=cache,target=/c,uid=$U b\n",
            false,
        ),
        (
            "FROM scratch AS a\nONBUILD ENV S=9\nFROM a\nSTOPSIGNAL $S\n",
            false,
        ),
    ] {
        let project = testing::dockerfile(&[("Dockerfile", dockerfile)]);
        assert_eq!(
            !project.dockerfiles()[0].refusals().is_empty(),
            is_refused,
            "{dockerfile}"
        );
    }
}
