//! Which layers an edit makes again. The facts were seen in real builds with BuildKit, in August
//! 2026's version.

use std::path::Path;

use super::*;
use crate::files::{Files, Memory};
use crate::image::{Build, NamedContext};
use crate::testing;

/// The lines of a Dockerfile that run again: `4?` when that depends on what another layer comes out
/// as.
fn again(dockerfile: &str, files: &[&str], contexts: &[(&str, &str)], changes: &Changes) -> String {
    let mut all = vec![("Dockerfile", dockerfile)];
    all.extend(
        files
            .iter()
            .map(|path| path.split_once(": ").unwrap_or((path, ""))),
    );
    let workspace = testing::workspace(&testing::files(&all));
    let named: Vec<NamedContext> = contexts
        .iter()
        .map(|(name, path)| NamedContext::read(workspace, name, Some(path), &mut |_| None))
        .collect();
    let args = [("GIVEN".to_owned(), Some("1".to_owned()))];
    let image = testing::image_with(workspace, |build| Build {
        args: &args,
        named_contexts: &named,
        ..build
    });
    let found = layers(workspace, &image, changes);
    let lines = image.dockerfile.tree.source.lines();
    let mut told = Vec::new();
    for stage in &found.stages {
        for layer in &stage.layers {
            let span = layer
                .step
                .map_or(found.image.stages[stage.stage].span, |step| {
                    found.image.stages[stage.stage].steps[step].span
                });
            match layer.verdict {
                Verdict::Reruns(_) => told.push(format!("{}", lines.line(span.start) + 1)),
                Verdict::MayRerun(_) => told.push(format!("{}?", lines.line(span.start) + 1)),
                Verdict::NoLayer | Verdict::Cached => {}
            }
        }
    }
    told.join(" ")
}

fn edit(file: &str) -> Changes {
    Changes {
        files: vec![crate::files::clean(&Path::new("/p").join(file))],
        ..Changes::default()
    }
}

fn arg(name: &str, value: Option<&str>) -> Changes {
    Changes {
        args: vec![(name.to_owned(), value.map(str::to_owned))],
        ..Changes::default()
    }
}

fn line(line: u32) -> Changes {
    Changes {
        lines: vec![line],
        ..Changes::default()
    }
}

#[track_caller]
fn check(dockerfile: &str, files: &[&str], changes: &Changes, expected: &str) {
    assert_eq!(
        again(dockerfile, files, &[], changes),
        expected,
        "{dockerfile}\n{changes:?}"
    );
}

const APP: &str = "FROM a\nWORKDIR /app\nCOPY deps .\nRUN install < deps\nCOPY . .\nRUN build\nLABEL a=b\nCMD x\n";

#[test]
fn an_edit_makes_the_copy_and_all_behind_it_again() {
    let files = ["deps", "src/a"];
    check(APP, &files, &Changes::default(), "");
    check(APP, &files, &edit("deps"), "3 4 5 6");
    check(APP, &files, &edit("src/a"), "5 6");
    // New, deleted, or beside the context.
    check(APP, &files, &edit("src/new"), "5 6");
    check(APP, &files, &edit("../outside"), "");
}

#[test]
fn the_dockerfile_is_content_of_the_context_too() {
    check(APP, &["deps"], &line(8), "5 6");
    check(APP, &["deps"], &edit("Dockerfile"), "5 6");
    check(APP, &["deps", ".dockerignore: Dockerfile\n"], &line(8), "");
    check(
        APP,
        &["deps", ".dockerignore: Dockerfile\n"],
        &line(4),
        "4 5 6",
    );
    check(APP, &["deps", ".dockerignore: Dockerfile\n"], &line(7), "");
    check("FROM a\nRUN x && \\\n  # why\n  y\n", &[], &line(3), "");
    check("FROM a\nRUN x && \\\n  # why\n  y\n", &[], &line(4), "2");
}

#[test]
fn ignored_files_change_nothing() {
    let files = [
        "a.log",
        "src/gen/x",
        "src/gen/keep",
        ".dockerignore: *.log\nsrc/gen\n!src/gen/keep\n",
    ];
    let dockerfile = "FROM a\nCOPY src /s\nCOPY . /all\n";
    check(dockerfile, &files, &edit("a.log"), "");
    check(dockerfile, &files, &edit("src/gen/x"), "");
    check(dockerfile, &files, &edit("src/gen/keep"), "2 3");
    // It is copied itself, and what it lets through now is not known.
    check(dockerfile, &files, &edit(".dockerignore"), "2? 3");
}

#[test]
fn patterns_take_files_that_do_not_exist_yet() {
    let dockerfile = "FROM a\nCOPY *.py x/*/y.json --never /p/\n";
    check(dockerfile, &[], &edit("new.py"), "2");
    check(dockerfile, &[], &edit("sub/new.py"), "");
    check(dockerfile, &[], &edit("x/q/y.json"), "2");
    check(
        "FROM a\nCOPY --exclude=*.md docs /d\n",
        &["docs/a.md"],
        &edit("docs/a.md"),
        "",
    );
    check(
        "FROM a\nCOPY --exclude=*.md docs /d\n",
        &["docs/a.html"],
        &edit("docs/a.html"),
        "2",
    );
    check(
        "FROM a\nCOPY --parents **/package.json /d/\n",
        &[],
        &edit("x/y/package.json"),
        "2",
    );
    check(
        "FROM a\nCOPY --parents **/package.json /d/\n",
        &[],
        &edit("x/y/index.js"),
        "",
    );
}

#[test]
fn an_argument_is_part_of_every_later_run_used_or_not() {
    let dockerfile = "FROM a AS one\nRUN x\nARG V=1\nCOPY f /f\nWORKDIR /w\nRUN y\nCOPY g /g\nFROM one\nCOPY f /f\nRUN z\n";
    check(dockerfile, &["f", "g"], &arg("V", None), "6 7 9 10");
    check(dockerfile, &["f", "g"], &line(3), "6 7 9 10");
    check(dockerfile, &["f", "g"], &arg("V", Some("1")), "");
    check(dockerfile, &["f", "g"], &arg("UNKNOWN", None), "");
}

#[test]
fn only_a_value_that_is_in_force_counts() {
    // The build gives another value than the default, ENV lies over the argument, and again in a
    // stage built on it.
    check("FROM a\nARG GIVEN=x\nRUN y\n", &[], &line(2), "");
    check(
        "FROM a\nARG V=1\nENV V=2\nRUN y\n",
        &[],
        &arg("V", None),
        "",
    );
    check(
        "FROM a\nENV V=2\nARG V=1\nRUN y\n",
        &[],
        &arg("V", None),
        "4",
    );
    check(
        "FROM a AS b\nENV V=2\nARG V=1\nFROM b\nRUN y\n",
        &[],
        &arg("V", None),
        "",
    );
    check(
        "ARG V=1\nFROM a\nRUN x\nARG V\nRUN y\n",
        &[],
        &arg("V", None),
        "5",
    );
}

#[test]
fn variables_reach_copies_only_through_their_text() {
    let dockerfile =
        "FROM a\nARG V=1\nENV PATH=$PATH:/$V D=/d/$V\nCOPY f /f\nCOPY f $D/\nCOPY f /g\n";
    check(dockerfile, &["f"], &arg("V", None), "5 6");
    check(
        "FROM a\nARG V=1\nENV PATH=$PATH:/$V\nRUN x\n",
        &[],
        &arg("V", None),
        "4",
    );
    check(
        "FROM a\nARG V=1\nCOPY <<E /x\n$V\nE\nCOPY <<\"E\" /y\n$V\nE\n",
        &[],
        &arg("V", None),
        "3 6",
    );
    check("FROM a\nCOPY <<\"E\" /y\nx\nE\n", &[], &line(3), "2");
}

#[test]
fn settings_change_what_they_are_for() {
    let dockerfile =
        "FROM a\nUSER u\nCOPY f /f\nWORKDIR /w\nSHELL [\"sh\", \"-c\"]\nRUN [\"x\"]\nRUN y\n";
    check(dockerfile, &["f"], &line(2), "4 6 7");
    check(dockerfile, &["f"], &line(4), "4 6 7");
    check(dockerfile, &["f"], &line(5), "7");
    check(
        "FROM a\nHEALTHCHECK CMD x\nEXPOSE 1\nVOLUME /v\nSTOPSIGNAL 9\nENTRYPOINT [\"x\"]\nRUN y\n",
        &[],
        &line(2),
        "",
    );
}

#[test]
fn stages_are_made_again_only_for_what_is_taken_from_them() {
    let dockerfile = "FROM a AS build\nCOPY src /src\nRUN cat /src/a > /out\nFROM a AS unused\nCOPY . /\nFROM a\nCOPY --from=build /out /out\n\
                      COPY --from=build /src/c /c\nRUN x\n";
    let files = ["src/a", "src/b", "src/c"];
    check(dockerfile, &files, &edit("src/a"), "2 3 7 8 9");
    check(dockerfile, &files, &edit("src/b"), "2 3");
    check(dockerfile, &files, &edit("src/c"), "2 3 8 9");
    check(dockerfile, &files, &line(5), "");
}

#[test]
fn what_an_unknown_command_makes_may_come_out_as_before() {
    let dockerfile = "FROM a AS build\nCOPY src /src\nRUN compile /src/a\nFROM a\nCOPY --from=build /out /out\nRUN x\n";
    check(dockerfile, &["src/a"], &edit("src/a"), "2 3 5? 6?");
    check(
        "FROM a AS b\nCOPY f /f\nARG V\nRUN pip install x\nFROM a\nCOPY --from=b /f /f\n",
        &["f"],
        &arg("V", None),
        "4",
    );
}

#[test]
fn simple_commands_are_followed_from_what_they_read_to_what_they_write() {
    let dockerfile = "FROM a AS b\nWORKDIR /w\nCOPY . .\nRUN mkdir -p out && cp one out/ && sed s/x/y/ two | tee out/two && sh make.sh\n\
                      FROM a\nCOPY --from=b /w/out/one /1\nCOPY --from=b /w/out/two /2\nCOPY --from=b /w/made /3\n";
    let files = [
        "one",
        "two",
        "three",
        "make.sh: cat three > made\n",
        ".dockerignore: Dockerfile",
    ];
    check(dockerfile, &files, &edit("one"), "3 4 6 7 8");
    check(dockerfile, &files, &edit("two"), "3 4 7 8");
    check(dockerfile, &files, &edit("three"), "3 4 8");
    check(dockerfile, &files, &edit("four"), "3 4");
    check(
        "FROM a AS b\nARG V\nRUN echo $V > /v\nRUN echo x > /x\nFROM a\nCOPY --from=b /x /x\nCOPY --from=b /v /v\n",
        &[],
        &arg("V", None),
        "3 4 7",
    );
}

#[test]
fn mounts_are_inputs() {
    let dockerfile = "FROM a AS g\nCOPY g /g\nFROM a\nRUN --mount=source=src,target=/s x\nRUN --mount=from=g,source=/g,target=/g y\n\
                      RUN --mount=type=cache,target=/c z\n";
    check(dockerfile, &["g", "src/a", "b"], &edit("src/a"), "4 5 6");
    check(dockerfile, &["g", "src/a", "b"], &edit("g"), "2 5 6");
    check(dockerfile, &["g", "src/a", "b"], &edit("b"), "");
}

#[test]
fn triggers_are_layers_of_the_stage_above() {
    let dockerfile = "FROM a AS base\nONBUILD COPY src /src\nONBUILD RUN x\nFROM base\nCOPY b /b\n";
    check(dockerfile, &["src/a", "b"], &edit("src/a"), "2 3 5");
    check(dockerfile, &["src/a", "b"], &line(3), "3 5");
}

#[test]
fn a_linked_copy_is_laid_on_new_layers() {
    check(
        "FROM a\nRUN x\nCOPY --link f /f\nRUN y\n",
        &["f"],
        &line(2),
        "2 3 4",
    );
}

#[test]
fn named_contexts_have_files_of_their_own() {
    let contexts = [("lib", "/p/lib")];
    let dockerfile = "FROM a\nCOPY --from=lib x /x\nRUN --mount=from=lib,target=/l y\n";
    let of = |file: &str| {
        again(
            dockerfile,
            &[
                "lib/x",
                "lib/y",
                "x",
                "lib/z.log",
                "lib/.dockerignore: *.log",
            ],
            &contexts,
            &edit(file),
        )
    };
    assert_eq!(
        (
            of("lib/x").as_str(),
            of("lib/y").as_str(),
            of("x").as_str(),
            of("lib/z.log").as_str()
        ),
        ("2 3", "3", "", "")
    );
    // A directory is not kept as a base.
    assert_eq!(
        again(
            "FROM lib\nRUN x\n",
            &["lib/x"],
            &contexts,
            &Changes::default()
        ),
        "2"
    );
}

#[test]
fn another_base_makes_all_of_a_stage_again() {
    let dockerfile =
        "ARG MODE=dev\nFROM a AS b-dev\nRUN x\nFROM a AS b-prod\nRUN y\nFROM b-${MODE}\nRUN z\n";
    check(dockerfile, &[], &arg("MODE", Some("prod")), "4 5 6 7");
    check(
        "ARG T=1\nFROM a:$T\nRUN x\nFROM a\nRUN y\n",
        &[],
        &arg("T", None),
        "",
    );
    check("ARG T=1\nFROM a:$T\nRUN x\n", &[], &arg("T", None), "2 3");
}

#[test]
fn labels_are_those_of_buildkit() {
    let label = |dockerfile: &str| {
        let workspace = testing::workspace(&testing::files(&[("Dockerfile", dockerfile)]));
        let found = layers(workspace, &testing::image(workspace), &Changes::default());
        found
            .stages
            .iter()
            .flat_map(|stage| &stage.layers)
            .filter_map(|layer| layer.label.clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(label("FROM a\nENV A=b\nRUN x\n"), "[1/2] [2/2]");
    assert_eq!(
        label("FROM a AS b\nRUN x\nFROM b\nCOPY --from=b /x /x\n"),
        "[b 1/2] [b 2/2] [stage-1 1/1]"
    );
    assert_eq!(
        label("FROM a AS b\nCOPY --from=nginx /x /x\n"),
        "[b 1/2] [b 2/2]"
    );
}

/// Files of which one is a symbolic link to another path.
struct Linked(Memory, &'static str, &'static str);

impl Files for Linked {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.0.read(path)
    }

    fn kind(&self, path: &Path) -> Option<crate::files::Kind> {
        self.0.kind(path)
    }

    fn list(&self, directory: &Path) -> std::sync::Arc<[crate::files::Entry]> {
        self.0.list(directory)
    }

    fn walk(&self, directory: &Path) -> Vec<std::path::PathBuf> {
        self.0.walk(directory)
    }

    fn link(&self, path: &Path) -> Option<std::path::PathBuf> {
        (path == Path::new(self.1)).then(|| self.2.into())
    }
}

#[test]
fn what_lies_behind_a_symbolic_link_is_copied_with_it() {
    for (instruction, is_again) in [
        ("COPY link/a.py x.py", true),
        ("COPY link /x", true),
        ("COPY link/*.py /x/", true),
        ("COPY lin* /x/", true),
        ("COPY link/b.py x.py", false),
        ("RUN --mount=type=bind,source=link,target=/m ls /m", true),
        (
            "RUN --mount=type=bind,source=link/a.py,target=/m ls /m",
            true,
        ),
        (
            "RUN --mount=type=bind,source=link/b.py,target=/m ls /m",
            false,
        ),
    ] {
        let dockerfile = format!("FROM a\n{instruction}\n");
        let memory = testing::files(&[("Dockerfile", &dockerfile), ("src/a.py", ""), ("link", "")]);
        let files = Linked(memory, "/p/link", "/p/src");
        let workspace = Workspace::new(&files);
        let found = layers(&workspace, &testing::image(&workspace), &edit("src/a.py"));
        assert_eq!(
            found.stages[0].layers[1].verdict.cause().is_some(),
            is_again,
            "{instruction}"
        );
    }
}

#[test]
fn a_link_that_a_stage_makes_leads_to_what_it_holds() {
    let stages = |link: &str, take: &str| {
        format!("FROM a AS b\nRUN mkdir /w && {link}\nCOPY src /w/src\nFROM a\n{take}\n")
    };
    for (link, take, expected) in [
        ("ln -s /w/src /w/l", "COPY --from=b /w/l /x", "3 5"),
        ("ln -s src /w/l", "COPY --from=b /w/l/a.py /x", "3 5"),
        (
            "ln -sf /w/src /w",
            "RUN --mount=from=b,source=/w/src/a.py,target=/x ls",
            "3 5",
        ),
        ("ln -s /w/lib /w/l", "COPY --from=b /w/l /x", "3"),
        ("ln /w/src /w/l", "COPY --from=b /w/l /x", "3"),
    ] {
        check(
            &stages(link, take),
            &["src/a.py"],
            &edit("src/a.py"),
            expected,
        );
    }
}
