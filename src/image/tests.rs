//! What a build bakes, from small projects in memory.

use std::fmt::Write;

use super::*;
use crate::files::Memory;
use crate::syntax::dockerfile::Keyword;
use crate::testing;

/// A context with these files and this Dockerfile.
fn project(dockerfile: &str, files: &[&str]) -> Memory {
    files.iter().fold(
        Memory::new().with("/p/Dockerfile", dockerfile),
        |memory, path| memory.with(format!("/p/{path}"), ""),
    )
}

fn read(files: &Memory, target: Option<&str>, args: &[(&str, &str)]) -> Image {
    let workspace = testing::workspace(files);
    let args: Vec<_> = args
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())))
        .collect();
    testing::image_with(workspace, |build| Build {
        target,
        args: &args,
        ..build
    })
}

/// The file system of the selected stage: `host -> container`, a `/` behind a directory, `via N`
/// for a stage on the way, `*` when a RUN may have changed it, `made by N: path -> container` for
/// artefacts.
fn draw(image: &Image) -> String {
    let mut drawing = String::new();
    for baked in image.baked() {
        let host = baked.host.strip_prefix("/p").unwrap().display();
        let slash = if baked.is_directory { "/" } else { "" };
        let via = baked
            .through
            .map(|stage| format!(" via {stage}"))
            .unwrap_or_default();
        let star = if baked.worked_on { " *" } else { "" };
        _ = writeln!(drawing, "{host}{slash} -> {}{via}{star}", baked.container);
    }
    for artefact in image.artefacts() {
        let what = if artefact.is_dependencies {
            "installed"
        } else {
            "made"
        };
        let container = artefact.container.as_deref().unwrap_or("?");
        _ = writeln!(
            drawing,
            "{what} by {}: {} -> {container}",
            artefact.stage, artefact.path
        );
    }
    drawing.trim_end().to_owned()
}

#[track_caller]
fn check(dockerfile: &str, files: &[&str], expected: &str) {
    assert_eq!(
        draw(&read(&project(dockerfile, files), None, &[])),
        expected,
        "{dockerfile}"
    );
}

#[test]
fn the_whole_context_goes_into_the_working_directory() {
    check(
        "FROM python:3.12\nWORKDIR /app\nCOPY . .\n",
        &["main.py"],
        "/ -> /app",
    );
    check(
        "FROM python:3.12\nWORKDIR app\nCOPY ./ /srv/../code/\n",
        &["main.py"],
        "/ -> /code",
    );
}

#[test]
fn a_directory_gives_its_contents_and_a_file_keeps_its_name() {
    check(
        "FROM scratch\nCOPY src /app/src\nCOPY src/ /lib/\n",
        &["src/a.py"],
        "src/ -> /app/src\nsrc/ -> /lib",
    );
    check(
        "FROM scratch\nCOPY a.py b.py /app\n",
        &["a.py", "b.py"],
        "a.py -> /app/a.py\nb.py -> /app/b.py",
    );
    check(
        "FROM scratch\nCOPY a.py /app/\nCOPY a.py /x.py\n",
        &["a.py"],
        "a.py -> /app/a.py\na.py -> /x.py",
    );
    check(
        "FROM scratch\nWORKDIR /app\nCOPY a.py .\nCOPY a.py /app\n",
        &["a.py"],
        "a.py -> /app/a.py\na.py -> /app/a.py",
    );
    check(
        "FROM scratch\nCOPY --parents svc/a.py /app/\n",
        &["svc/a.py"],
        "svc/a.py -> /app/svc/a.py",
    );
    check(
        "FROM scratch\nCOPY [\"a b\", \"/app/\"]\n",
        &["a b"],
        "a b -> /app/a b",
    );
}

#[test]
fn patterns_are_matched_against_the_context() {
    let files = &[
        "package.json",
        "package-lock.json",
        "src/package.json",
        "packages/a/package.json",
        "packages/b/package.json",
    ];
    check(
        "FROM node\nCOPY package*.json ./\n",
        files,
        "package-lock.json -> /package-lock.json\npackage.json -> /package.json",
    );
    check(
        "FROM node\nCOPY packages/*/package.json /x/\n",
        files,
        "packages/a/package.json -> /x/package.json\npackages/b/package.json -> /x/package.json",
    );
    check("FROM node\nCOPY s?c /x\n", files, "src/ -> /x");
}

#[test]
fn ignored_files_are_not_in_the_context() {
    let files = |ignore: &str| {
        let dockerfile = "FROM scratch\nCOPY . /all\nCOPY src /src\nCOPY a.log /\nCOPY *.md /\n";
        let mut files = project(dockerfile, &["src/a.py", "a.log", "b.md", "README.md"]);
        files.write("/p/.dockerignore", ignore);
        files
    };
    let baked = |files: &Memory| draw(&read(files, None, &[]));
    assert_eq!(
        baked(&files("")),
        "/ -> /all\nsrc/ -> /src\na.log -> /a.log\nREADME.md -> /README.md\nb.md -> /b.md"
    );
    assert_eq!(
        baked(&files("*.log\nREADME.md\n")),
        "/ -> /all\nsrc/ -> /src\nb.md -> /b.md"
    );
    assert_eq!(baked(&files("*\n!src/**\n")), "/ -> /all\nsrc/ -> /src");
    let mut own = files("");
    own.write("/p/Dockerfile.dockerignore", "src\n*.md\n");
    assert_eq!(baked(&own), "/ -> /all\na.log -> /a.log");
}

#[test]
fn what_is_missing_or_fetched_is_not_baked() {
    check(
        "FROM scratch\nCOPY nothing /x\nADD https://example.org/a /a\nADD a.tar.gz /b\nCOPY --from=nginx /etc /etc\n",
        &["a.tar.gz"],
        "",
    );
    check("FROM scratch\nCOPY <<EOF /x\nhello\nEOF\n", &[], "");
}

#[test]
fn stages_pass_on_what_they_were_given() {
    check(
        "FROM node AS build\nWORKDIR /app\nCOPY . .\nRUN npm run build\nFROM nginx\nCOPY --from=build /app/dist /usr/share/nginx/html\n",
        &["src/a.ts"],
        "made by 0: /app/dist -> /usr/share/nginx/html",
    );
    check(
        "FROM node AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nFROM node\nWORKDIR /srv\nCOPY --from=BUILD /app/src ./src\n\
         COPY --from=0 /app/node_modules ./node_modules\nCOPY --from=build /app/package.json ./\n",
        &["src/a.ts", "package.json"],
        "src/ -> /srv/src via 0\npackage.json -> /srv/package.json via 0\nmade by 0: /app/src -> /srv/src\n\
         installed by 0: /app/node_modules -> /srv/node_modules",
    );
    // An install leaves the sources as they are; what another command does to them is not known.
    check(
        "FROM python AS build\nCOPY . /app\nRUN pip install x && ./generate.sh\nFROM python\nCOPY --from=build /app /app\n",
        &["a.py"],
        "/ -> /app via 0 *\nmade by 0: /app -> /app",
    );
    check(
        "FROM scratch AS files\nCOPY src /a/src\nFROM python\nCOPY --from=files /a /b\n",
        &["src/x"],
        "src/ -> /b/src via 0",
    );
    check(
        "FROM a AS base\nCOPY . /app\nFROM base\nRUN x\nFROM base AS last\nCOPY a /b\n",
        &["a"],
        "/ -> /app\na -> /b",
    );
}

#[test]
fn a_binary_comes_with_what_it_was_made_from() {
    let dockerfile = "FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/api ./cmd/api\nFROM scratch\nCOPY --from=build /out/api /api\n";
    let image = read(&project(dockerfile, &["cmd/api/main.go"]), None, &[]);
    let [artefact] = image.artefacts() else {
        panic!("{:?}", image.artefacts())
    };
    assert_eq!(
        (
            artefact.path.as_str(),
            artefact.inputs[0].container.as_str()
        ),
        ("/out/api", "/src")
    );
    assert!(image.baked().is_empty());
}

#[test]
fn variables_are_resolved_where_they_are_known() {
    check(
        "ARG D=/app\nFROM scratch\nARG D\nWORKDIR $D\nENV S=src T=${S:-x}/b\nCOPY ${S} ./c\n",
        &["src/a"],
        "src/ -> /app/c",
    );
    // A base image may set it.
    check(
        "FROM python\nWORKDIR $APP_HOME\nCOPY . .\nCOPY . /x\n",
        &["a"],
        "/ -> /x",
    );
    check(
        "FROM example.org/own:1\nCOPY . .\nWORKDIR /w\nCOPY . .\n",
        &["a"],
        "/ -> /w",
    );
    check("FROM golang\nCOPY . .\n", &["a"], "/ -> /go");
}

#[test]
fn build_arguments_choose_base_and_target() {
    let dockerfile = "ARG MODE=dev\nFROM a AS base-dev\nENV M=dev\nFROM a AS base-prod\nFROM base-${MODE} AS last\nFROM scratch AS other\n";
    let files = project(dockerfile, &[]);
    let base = |args: &[(&str, &str)]| {
        read(&files, Some("LAST"), args)
            .selected()
            .map(|stage| stage.base.clone())
    };
    assert_eq!(base(&[]), Some(Base::Stage(0)));
    assert_eq!(base(&[("MODE", "prod")]), Some(Base::Stage(1)));
    assert_eq!(
        base(&[("MODE", "x")]),
        Some(Base::Image("base-x".to_owned()))
    );
    assert_eq!(read(&files, None, &[]).target, Some(3));
    assert_eq!(read(&files, Some("nothing"), &[]).target, None);
    assert_eq!(read(&files, Some("last"), &[]).base_image(2), Some("a"));
}

#[test]
fn an_entrypoint_takes_an_inherited_command_away() {
    let files = project(
        "FROM python AS base\nCMD [\"a\"]\nFROM base AS x\nENTRYPOINT [\"b\"]\nFROM base AS y\nCMD [\"c\"]\nENTRYPOINT [\"b\"]\nFROM base AS z\n",
        &[],
    );
    let cmd = |target: &str| match &read(&files, Some(target), &[]).config().unwrap().cmd {
        Setting::OfBase => "of base".to_owned(),
        Setting::Cleared(_) => "cleared".to_owned(),
        Setting::Set(cmd) => match &cmd.form {
            Form::Exec(words) => words[0].text.as_str().to_owned(),
            Form::Shell(text, _) => text.as_str().to_owned(),
        },
    };
    assert_eq!(
        (cmd("x").as_str(), cmd("y").as_str(), cmd("z").as_str()),
        ("cleared", "c", "a")
    );
}

#[test]
fn the_configuration_is_inherited_by_stages() {
    let files = project(
        "FROM python AS base\nWORKDIR /app\nENV A=1 B=$A\nENV A=2 C=$A\nUSER app\nSHELL [\"bash\", \"-c\"]\nEXPOSE 80 443/tcp\nVOLUME /data x\n\
         HEALTHCHECK --interval=1s CMD curl x\nFROM base\nWORKDIR sub\nCMD run $A\nHEALTHCHECK NONE\n",
        &[],
    );
    let image = read(&files, None, &[]);
    let config = image.config().unwrap();
    assert_eq!(config.workdir.as_deref(), Some("/app/sub"));
    assert_eq!(
        (
            config.variable("A"),
            config.variable("B"),
            config.variable("C")
        ),
        (Some("2"), None, Some("1"))
    );
    assert_eq!(config.user.as_ref().unwrap().value.as_deref(), Some("app"));
    assert_eq!(
        config
            .exposed
            .iter()
            .filter_map(|port| port.value.as_deref())
            .collect::<Vec<_>>(),
        ["80", "443/tcp"]
    );
    assert_eq!(
        config
            .volumes
            .iter()
            .filter_map(|path| path.value.as_deref())
            .collect::<Vec<_>>(),
        ["/data", "/app/x"]
    );
    assert!(config.healthcheck.as_ref().unwrap().test.is_none());
    let Setting::Set(cmd) = &config.cmd else {
        panic!("{config:?}")
    };
    assert!(
        matches!(&cmd.form, Form::Shell(text, shell) if text.as_str() == "run $A" && shell.join(" ") == "bash -c")
    );
}

#[test]
fn triggers_run_in_the_stage_above() {
    let files = project(
        "FROM scratch AS base\nWORKDIR /app\nONBUILD COPY . .\nFROM base\nCOPY a /b\n",
        &["a"],
    );
    let image = read(&files, None, &[]);
    assert_eq!(draw(&image), "/ -> /app\na -> /b");
    let keywords: Vec<_> = image
        .history()
        .iter()
        .map(|step| image.instruction(step).keyword)
        .collect();
    assert_eq!(
        keywords,
        [
            Keyword::Workdir,
            Keyword::Onbuild,
            Keyword::Copy,
            Keyword::Copy
        ]
    );
}

#[test]
fn only_what_the_target_needs_is_needed() {
    let dockerfile = "FROM a AS one\nFROM a AS two\nFROM a AS three\nRUN --mount=type=bind,from=one,target=/x y\nFROM three\nCOPY --from=two /a /b\n";
    assert_eq!(
        read(&project(dockerfile, &[]), None, &[]).needed(),
        [0, 1, 2, 3]
    );
    assert_eq!(
        read(&project(dockerfile, &[]), Some("three"), &[]).needed(),
        [0, 2]
    );
}

#[test]
fn nasty_files_are_read_in_bounded_time() {
    let mut doubling = "FROM scratch AS s0\nCOPY . /a\n".to_owned();
    for index in 1..100 {
        let below = index - 1;
        _ = write!(
            doubling,
            "FROM scratch AS s{index}\nCOPY --from=s{below} / /x\nCOPY --from=s{below} / /y\n"
        );
    }
    let deep = (0..1000).fold("FROM a\n".to_owned(), |text, index| {
        text + &format!("ENV V{index}=${{A:-${{B:-${{C}}}}}}\nWORKDIR ../x\n")
    });
    for text in [
        doubling,
        deep,
        "FROM ${A:-".to_owned() + &"${A:-".repeat(1000),
        "COPY\nFROM\nCOPY a\nRUN\nENV\nWORKDIR\n".to_owned(),
    ] {
        let started = std::time::Instant::now();
        draw(&read(&project(&text, &["a"]), None, &[]));
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}

#[test]
fn a_file_of_more_instructions_than_people_write_has_no_stages() {
    let stages = |runs: usize| {
        let files = project(&format!("FROM a\n{}", "RUN x\n".repeat(runs)), &[]);
        read(&files, None, &[]).stages.len()
    };
    assert_eq!([stages(10), stages(MOST_INSTRUCTIONS)], [1, 0]);
}
