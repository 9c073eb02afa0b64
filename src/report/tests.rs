//! One small set of diagnostics through every format, and what must hold for hostile text.

use std::path::Path;
use std::time::Instant;

use super::termcolor::{Ansi, NoColor};
use super::*;
use crate::diagnostic::{Edit, Fix, Safety};
use crate::text::{Source, Span};

/// Byte range of the first `needle` behind the first `after`.
fn find(source: &Source, after: &str, needle: &str) -> Span {
    let from = source.text().find(after).expect("the test text holds this");
    let start = from
        + source.text()[from..]
            .find(needle)
            .expect("the test text holds this");
    source.span(start..start + needle.len())
}

fn render(sources: &Sources, diagnostics: &[Diagnostic], format: Format) -> String {
    let checked = Checked {
        files: 3,
        projects: 1,
        services: 2,
        dockerfiles: 2,
    };
    let report = Report {
        diagnostics,
        sources,
        root: Path::new("/shop"),
        checked,
        quiet: false,
    };
    let mut out = NoColor::new(Vec::new());
    write(&report, format, &mut out).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

/// The findings that all formats are shown with.
fn shop() -> (Sources, Vec<Diagnostic>) {
    let sources = Sources::new();
    let compose = sources.add(
        Path::new("/shop/compose.yaml"),
        "services:\n  api:\n    build: ./api\n    volumes: [\"./🐳:/pics\", \"./web:/app\"]\n  web:\n    image: nginx\n".into(),
    );
    let dockerfile = sources.add(
        Path::new("/shop/my api/Dockerfile"),
        "FROM python:3.13\nCOPY . .\nRUN pip install \\\n    .\n".into(),
    );
    let new = sources.add_missing(Path::new("/shop/compose.override.yaml"));
    let mut baked = Diagnostic::new(
        "missing-dev-mount",
        find(&compose, "api:", "./api"),
        "`api` runs the code in its image",
    )
    .note("nothing is mounted at /app")
    .label(
        find(&dockerfile, "COPY", "COPY . ."),
        "copied into the image here",
    )
    .help("mount the source: `./api:/app`,\nthen run `docker compose up -d`")
    .service("api")
    .fix(Fix {
        title: "Mount ./api at /app".into(),
        safety: Safety::Safe,
        edits: vec![
            Edit::replace(
                find(&compose, "volumes", "\"./web:/app\""),
                "\"./api:/app\"",
            ),
            Edit::insert_before(find(&compose, "  web", "    image"), "    init: true\n"),
        ],
    });
    baked.severity = Severity::Warning;
    let order = Diagnostic::new(
        "copy-all-before-install",
        find(&dockerfile, "RUN", "RUN pip install \\\n    .\n"),
        "100%: runs again",
    )
    .label(find(&compose, "./web", "./web:/app"), "and this")
    .fix(Fix {
        title: "Write an override".into(),
        safety: Safety::Unsafe,
        edits: vec![Edit::insert_before(
            new.whole(),
            "services:\n  api:\n    init: true\n",
        )],
    });
    let mut profile = Diagnostic::new(
        "no-profile-split",
        find(&compose, "  web", "web"),
        "`web` always starts",
    );
    profile.severity = Severity::Info;
    (sources, vec![baked, order, profile])
}

fn shop_as(format: Format) -> String {
    let (sources, diagnostics) = shop();
    render(&sources, &diagnostics, format)
}

/// A line of JSON on several, for reading.
fn broken(json: &str) -> String {
    let breaks = [
        "{\"rule",
        "\"message",
        "\"note",
        "\"file",
        "\"labels",
        "\"fix\"",
        "\"edits",
        "\"remedy",
        "\"url",
        "\"summary",
        "\"severity",
        "\"related",
        "\"location",
    ];
    breaks.into_iter().fold(json.to_owned(), |text, field| {
        text.replace(field, &format!("\n{field}"))
    })
}

#[test]
fn full_shows_the_proof_in_all_files_and_the_fix() {
    insta::assert_snapshot!(shop_as(Format::Full), @r#"
    warning[missing-dev-mount]: `api` runs the code in its image
      --> compose.yaml:3:12
      |
    3 |     build: ./api
      |            ^^^^^ nothing is mounted at /app
      |
      --> my api/Dockerfile:2:1
      |
    2 | COPY . .
      | -------- copied into the image here
      |
      = help: mount the source: `./api:/app`,
        then run `docker compose up -d`
      = safe fix: Mount ./api at /app
      --> compose.yaml
      |
    2 |   api:
    3 |     build: ./api
    4 -     volumes: ["./🐳:/pics", "./web:/app"]
    4 +     volumes: ["./🐳:/pics", "./api:/app"]
    5 |   web:
    6 +     init: true
    7 |     image: nginx
      |

    error[copy-all-before-install]: 100%: runs again
      --> my api/Dockerfile:3:1
      |
    3 | / RUN pip install \
    4 | |     .
      | \-----^
      |
      --> compose.yaml:4:29
      |
    4 |     volumes: ["./🐳:/pics", "./web:/app"]
      |                              ---------- and this
      |
      = unsafe fix: Write an override
      --> compose.override.yaml (new file)
      |
    1 + services:
    2 +   api:
    3 +     init: true
      |

    info[no-profile-split]: `web` always starts
      --> compose.yaml:5:3
      |
    5 |   web:
      |   ^^^

    Found 3 problems (1 error, 1 warning, 1 info) in 2 of 3 files.
    [*] 1 fixable with `composelint fix` (1 more with `--unsafe-fixes`).
    "#);
}

#[test]
fn concise_is_one_line_a_finding() {
    insta::assert_snapshot!(shop_as(Format::Concise), @r#"
    compose.yaml:3:12: warning[missing-dev-mount]: [*] `api` runs the code in its image
    my api/Dockerfile:3:1: error[copy-all-before-install]: 100%: runs again
    compose.yaml:5:3: info[no-profile-split]: `web` always starts
    Found 3 problems (1 error, 1 warning, 1 info) in 2 of 3 files.
    [*] 1 fixable with `composelint fix` (1 more with `--unsafe-fixes`).
    "#);
}

#[test]
fn json_has_one_object_with_code_point_columns() {
    insta::assert_snapshot!(broken(&shop_as(Format::Json)), @r#"
    {"diagnostics":[
    {"rule":"missing-dev-mount",
    "severity":"warning",
    "message":"`api` runs the code in its image",
    "note":"nothing is mounted at /app","help":"mount the source: `./api:/app`,\nthen run `docker compose up -d`",
    "file":"compose.yaml","range":{"start":{"line":3,"column":12},"end":{"line":3,"column":17}},"service":"api",
    "labels":[{
    "file":"my api/Dockerfile","range":{"start":{"line":2,"column":1},"end":{"line":2,"column":9}},
    "message":"copied into the image here"}],
    "fix":{"title":"Mount ./api at /app","safety":"safe",
    "edits":[{
    "file":"compose.yaml","range":{"start":{"line":4,"column":28},"end":{"line":4,"column":40}},"text":"\"./api:/app\""},{
    "file":"compose.yaml","range":{"start":{"line":6,"column":1},"end":{"line":6,"column":1}},"text":"    init: true\n"}]},
    "remedy":null,
    "url":"https://github.com/composelint/composelint/blob/main/rules/missing-dev-mount.md"},
    {"rule":"copy-all-before-install",
    "severity":"error",
    "message":"100%: runs again",
    "note":null,"help":null,
    "file":"my api/Dockerfile","range":{"start":{"line":3,"column":1},"end":{"line":5,"column":1}},"service":null,
    "labels":[{
    "file":"compose.yaml","range":{"start":{"line":4,"column":29},"end":{"line":4,"column":39}},
    "message":"and this"}],
    "fix":{"title":"Write an override","safety":"unsafe",
    "edits":[{
    "file":"compose.override.yaml","range":{"start":{"line":1,"column":1},"end":{"line":1,"column":1}},"text":"services:\n  api:\n    init: true\n"}]},
    "remedy":null,
    "url":"https://github.com/composelint/composelint/blob/main/rules/copy-all-before-install.md"},
    {"rule":"no-profile-split",
    "severity":"info",
    "message":"`web` always starts",
    "note":null,"help":null,
    "file":"compose.yaml","range":{"start":{"line":5,"column":3},"end":{"line":5,"column":6}},"service":null,
    "labels":[],
    "fix":null,
    "remedy":null,
    "url":"https://github.com/composelint/composelint/blob/main/rules/no-profile-split.md"}],
    "summary":{"total":3,"errors":1,"warnings":1,"infos":1,"fixable":1,"fixable_unsafe":1,
    "files":3,"projects":1,"services":2,"dockerfiles":2}}
    "#);
}

#[test]
fn github_puts_the_worst_first_and_escapes() {
    insta::assert_snapshot!(shop_as(Format::Github), @r#"
    ::error title=copy-all-before-install,file=my api/Dockerfile,line=3,endLine=4::100%25: runs again%0Acompose.yaml:4: and this
    ::warning title=missing-dev-mount,file=compose.yaml,line=3,col=12,endLine=3,endColumn=17::`api` runs the code in its image%0Anothing is mounted at /app%0Amy api/Dockerfile:2: copied into the image here%0Ahelp: mount the source: `./api:/app`,%0Athen run `docker compose up -d`
    ::notice title=no-profile-split,file=compose.yaml,line=5,col=3,endLine=5,endColumn=6::`web` always starts
    "#);
}

#[test]
fn lsp_groups_by_file_and_counts_utf16() {
    insta::assert_snapshot!(broken(&shop_as(Format::Lsp)), @r#"
    [{"uri":
    "file:///shop/compose.yaml","diagnostics":[{"range":{"start":{"line":2,"character":11},"end":{"line":2,"character":16}},
    "severity":2,"code":"missing-dev-mount","codeDescription":{"href":"https://github.com/composelint/composelint/blob/main/rules/missing-dev-mount.md"},"source":"composelint",
    "message":"`api` runs the code in its image\nnothing is mounted at /app\nhelp: mount the source: `./api:/app`,\nthen run `docker compose up -d`",
    "relatedInformation":[{
    "location":{"uri":
    "file:///shop/my%20api/Dockerfile","range":{"start":{"line":1,"character":0},"end":{"line":1,"character":8}}},
    "message":"copied into the image here"}]},{"range":{"start":{"line":4,"character":2},"end":{"line":4,"character":5}},
    "severity":3,"code":"no-profile-split","codeDescription":{"href":"https://github.com/composelint/composelint/blob/main/rules/no-profile-split.md"},"source":"composelint",
    "message":"`web` always starts"}]},{"uri":
    "file:///shop/my%20api/Dockerfile","diagnostics":[{"range":{"start":{"line":2,"character":0},"end":{"line":4,"character":0}},
    "severity":1,"code":"copy-all-before-install","codeDescription":{"href":"https://github.com/composelint/composelint/blob/main/rules/copy-all-before-install.md"},"source":"composelint",
    "message":"100%: runs again",
    "relatedInformation":[{
    "location":{"uri":
    "file:///shop/compose.yaml","range":{"start":{"line":3,"character":29},"end":{"line":3,"character":39}}},
    "message":"and this"}]}]}]
    "#);
}

#[test]
fn colours_are_written_where_they_are_wanted() {
    let (sources, diagnostics) = shop();
    let report = Report {
        diagnostics: &diagnostics,
        sources: &sources,
        root: Path::new("/shop"),
        checked: Checked::default(),
        quiet: true,
    };
    let mut out = Ansi::new(Vec::new());
    write(&report, Format::Full, &mut out).unwrap();
    assert!(
        String::from_utf8(out.into_inner())
            .unwrap()
            .starts_with("\u{1b}[")
    );
}

#[test]
fn a_clean_run_says_what_was_looked_at() {
    assert_eq!(
        render(&Sources::new(), &[], Format::Full),
        "All checks passed! (1 project, 2 services, 2 Dockerfiles)\n"
    );
    assert_eq!(render(&Sources::new(), &[], Format::Github), "");
    assert_eq!(render(&Sources::new(), &[], Format::Lsp), "[]\n");
}

#[test]
fn no_control_character_of_a_source_a_path_or_a_message_reaches_the_terminal() {
    let sources = Sources::new();
    let evil = "a: \u{1b}[2J\u{202e}x\u{9b}31m\r\n::error::forged\r\n";
    let source = sources.add(
        Path::new("/shop/a\u{1b}]0;\n::error::b/compose.yaml"),
        evil.into(),
    );
    let diagnostic = Diagnostic::new(
        "missing-dev-mount",
        source.span(0..2),
        "key `a\n::error::\u{1b}[2J`",
    )
    .note("\u{7}\n::error::")
    .label(source.span(3..5), "\n::warning::")
    .help("run\n::error::x\u{1b}")
    .fix(Fix {
        title: "\u{1b}\n::x".into(),
        safety: Safety::Safe,
        edits: vec![Edit::replace(source.span(0..1), "b\u{1b}\n::error::")],
    });
    for format in Format::ALL {
        let text = render(&sources, std::slice::from_ref(&diagnostic), format);
        let bad: Vec<char> = text
            .chars()
            .filter(|character| *character != '\n' && sanitise::replacement(*character).is_some())
            .collect();
        assert_eq!(bad, [], "{format:?}: {text}");
        let forged = text
            .lines()
            .skip(usize::from(format == Format::Github))
            .find(|line| line.trim_start().starts_with("::"));
        assert_eq!(forged, None, "{format:?}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&render(&sources, &[diagnostic], Format::Json)).unwrap();
    assert_eq!(
        json["diagnostics"][0]["message"], "key `a\n::error::\u{1b}[2J`",
        "JSON keeps the text as it is"
    );
}

#[test]
fn any_span_can_be_shown() {
    let text = "\u{feff}a: 🐳\r\n\tb\n\nc: é\r";
    for start in 0..=text.len() {
        for end in start..=text.len() {
            let sources = Sources::new();
            let source = sources.add(Path::new("/shop/x"), text.into());
            let span = source.span(start..end);
            let fix = Fix {
                title: String::new(),
                safety: Safety::Safe,
                edits: vec![Edit::replace(span, "é\r\n")],
            };
            let diagnostic = Diagnostic::new("x", span, "m")
                .note("n")
                .label(source.whole(), "w")
                .fix(fix);
            for format in Format::ALL {
                assert!(!render(&sources, std::slice::from_ref(&diagnostic), format).is_empty());
            }
        }
    }
}

#[test]
fn two_thousand_findings_on_one_long_line_are_not_quadratic() {
    let sources = Sources::new();
    let text = "é, ".repeat(1 << 20);
    let source = sources.add(Path::new("/shop/compose.yaml"), format!("a: [{text}]\n"));
    let find = |index: usize| source.span(4 + index * 2000..6 + index * 2000);
    let fix = |span| Fix {
        title: "f".into(),
        safety: Safety::Safe,
        edits: vec![Edit::replace(span, "x")],
    };
    let diagnostics: Vec<_> = (0..2000)
        .map(|index| Diagnostic::new("x", find(index), "m").fix(fix(find(index))))
        .collect();
    let started = Instant::now();
    let text = render(&sources, &diagnostics, Format::Concise);
    assert!(text.contains("compose.yaml:1:3005:"), "{}", &text[..400]);
    for format in Format::ALL {
        let length = render(&sources, &diagnostics, format).len();
        assert!(
            (10_000..10_000_000).contains(&length),
            "{format:?}: {length} bytes"
        );
    }
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn paths_are_relative_to_the_root_where_that_helps() {
    for (path, shown) in [
        ("/shop/a/b", "a/b"),
        ("/shop", "."),
        ("/other/x", "/other/x"),
    ] {
        assert_eq!(relative(Path::new("/shop"), Path::new(path)), shown);
    }
    assert_eq!(
        relative(
            Path::new("/home/me/shop/api"),
            Path::new("/home/me/shop/compose.yaml")
        ),
        "../compose.yaml"
    );
}

#[test]
fn a_unified_diff_can_be_fed_to_patch() {
    let mut out = NoColor::new(Vec::new());
    unified_diff(
        "compose.yaml",
        Some("a: 1\r\nb: 2\r\n"),
        "a: 1\r\nb: 3\r\n",
        &[],
        &mut Sanitised(&mut out),
    )
    .unwrap();
    unified_diff("new.yaml", None, "a: 1\n", &[], &mut Sanitised(&mut out)).unwrap();
    let text = String::from_utf8(out.into_inner()).unwrap();
    assert_eq!(
        text,
        "--- a/compose.yaml\n+++ b/compose.yaml\n@@ -1,2 +1,2 @@\n a: 1\r\n-b: 2\r\n+b: 3\r\n--- /dev/null\n+++ b/new.yaml\n@@ -0,0 +1 @@\n+a: 1\n"
    );
}

#[test]
fn a_hunk_says_how_sure_it_is_and_what_made_it() {
    let old = "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\ni: 1\n";
    let new = "a: 2\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\n";
    let hint = |range: std::ops::Range<usize>, safety: Safety, title: &'static str| Hint {
        range,
        safety,
        title,
        rule: "slow",
    };
    let hints = [
        hint(3..4, Safety::Safe, "Set a"),
        hint(new.len()..new.len(), Safety::Unsafe, "Drop i"),
    ];
    let mut out = NoColor::new(Vec::new());
    unified_diff("x.yaml", Some(old), new, &hints, &mut out).unwrap();
    let text = String::from_utf8(out.into_inner()).unwrap();
    let heads: Vec<&str> = text.lines().filter(|line| line.starts_with("@@")).collect();
    assert_eq!(
        heads,
        [
            "@@ -1,4 +1,4 @@ safe: Set a [slow]",
            "@@ -6,4 +6,3 @@ unsafe: Drop i [slow]"
        ]
    );
}
