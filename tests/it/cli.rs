//! The program itself: exit codes, formats, and what it does with files that nobody expects.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::program::{root, run};

/// A directory with these files.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(&directory, path, text.as_bytes());
    }
    directory
}

fn write(directory: &TempDir, path: &str, bytes: &[u8]) {
    let path = directory.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

const STALE: &[(&str, &str)] = &[
    (
        "compose.yaml",
        "services:\n  api:\n    build: ./api\n    ports: [\"8000:8000\"]\n",
    ),
    (
        "api/Dockerfile",
        "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\"]\n",
    ),
    ("api/requirements.txt", "fastapi\nuvicorn\n"),
    (
        "api/main.py",
        "from fastapi import FastAPI\napp = FastAPI()\n",
    ),
];

const CLEAN: &[(&str, &str)] = &[(
    "clean/compose.yaml",
    "services:\n  db:\n    image: postgres:17\n",
)];

#[test]
fn findings_are_one_and_a_clean_project_is_zero() {
    let stale = tree(STALE);
    for words in [
        "",
        "check",
        ".",
        "check .",
        "-f compose.yaml",
        "compose.yaml",
        "api/Dockerfile",
    ] {
        let run = run(stale.path(), words);
        assert_eq!(run.code, 1, "{words}: {}{}", run.stdout, run.stderr);
        assert!(
            run.stdout.contains("copy-all-before-install"),
            "{words}: {}",
            run.stdout
        );
    }
    let clean = tree(CLEAN);
    let run = run(clean.path(), "");
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "All checks passed! (1 project, 1 service)\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_severity_decides_what_fails() {
    let stale = tree(STALE);
    assert_eq!(run(stale.path(), "--fail-on never").code, 0);
    assert_eq!(
        run(
            stale.path(),
            "--select copy-all-before-install --ignore copy-all-before-install"
        )
        .code,
        0
    );
}

#[test]
fn every_format_has_the_same_findings() {
    let stale = tree(STALE);
    let json: serde_json::Value =
        serde_json::from_str(&run(stale.path(), "--output-format json").stdout).unwrap();
    let total = json["diagnostics"].as_array().unwrap().len();
    assert_eq!(json["summary"]["total"], total);
    assert_eq!(
        run(stale.path(), "--output-format concise -q")
            .stdout
            .lines()
            .count(),
        total
    );
    assert_eq!(
        run(stale.path(), "--output-format github")
            .stdout
            .lines()
            .filter(|line| line.starts_with("::"))
            .count(),
        total
    );
    let lsp: serde_json::Value =
        serde_json::from_str(&run(stale.path(), "--output-format lsp").stdout).unwrap();
    let files = lsp
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["diagnostics"].as_array().unwrap().len());
    assert_eq!(files.sum::<usize>(), total);
}

/// The fields of a value, as the README names them. A list is the union of its items; a range is
/// one thing.
fn fields(value: &serde_json::Value, name: &str, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(_) if name.ends_with("range") => {
            let place = |end: &str| value[end]["line"].is_u64() && value[end]["column"].is_u64();
            assert!(place("start") && place("end"), "{name}: {value}");
            found.insert(name.to_owned());
        }
        serde_json::Value::Object(entries) => {
            entries
                .iter()
                .for_each(|(key, value)| fields(value, &format!("{name}.{key}"), found));
        }
        serde_json::Value::Array(items) => items
            .iter()
            .for_each(|item| fields(item, &format!("{name}[]"), found)),
        _ => drop(found.insert(name.to_owned())),
    }
}

#[test]
fn the_readme_names_every_field_of_the_json() {
    let report = run(root(), "check fixtures/stale-stack --output-format json").stdout;
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let mut found = BTreeSet::new();
    fields(&report, "", &mut found);
    // `null` in one finding, an object in another.
    found.remove(".diagnostics[].fix");
    found.remove(".diagnostics[].remedy");
    let real: BTreeSet<&str> = found
        .iter()
        .map(|field| field.trim_start_matches('.'))
        .collect();

    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let section = readme
        .split("### JSON\n")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    let rows = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let named: BTreeSet<&str> = rows
        .flat_map(|row| row.trim_end_matches('`').split("`, `"))
        .collect();
    assert_eq!(named, real);
}

#[test]
fn what_cannot_run_is_two_and_says_why() {
    let stale = tree(STALE);
    for (words, said) in [
        ("--no-such-option", "--no-such-option"),
        (
            "--output-format xml",
            "possible values: full, concise, json, github, lsp",
        ),
        ("nowhere", "nowhere: no such file or directory"),
        ("api/main.py", "api/main.py: it is neither a compose file"),
        ("chekc", "did you mean the command `check`?"),
        ("-f nowhere.yaml", "nowhere.yaml does not exist"),
        ("--env-file nowhere.env", "nowhere.env does not exist"),
        (
            "--select missing-dev-mout",
            "did you mean `missing-dev-mount`?",
        ),
        (
            "explain missing-dev-mout",
            "did you mean `missing-dev-mount`?",
        ),
    ] {
        let run = run(stale.path(), words);
        assert_eq!(run.code, 2, "{words}");
        assert!(run.stderr.contains(said), "{words}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{words}");
    }
}

#[test]
fn compose_file_in_env_says_which_files_a_directory_loads() {
    let text = "services:\n  web:\n    image: web\n    depends_on: [nothing]\n";
    let directory = tree(&[
        ("compose.yaml", text),
        ("stack/main", "services:\n  db:\n    image: postgres:17\n"),
    ]);
    assert_eq!(run(directory.path(), "check -q").code, 1);
    write(&directory, ".env", b"COMPOSE_FILE=stack/main\n");
    let run = run(directory.path(), "check");
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "All checks passed! (1 project, 1 service)\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_env_file_gives_variables_to_every_project_that_is_found() {
    let directory = tree(&[
        (
            "compose.yaml",
            "services:\n  web:\n    image: ${IMAGE:?missing}\n",
        ),
        ("my.env", "IMAGE=web\n"),
    ]);
    assert_eq!(run(directory.path(), "check --env-file my.env -q").code, 0);
}

#[test]
fn a_missing_path_does_not_hide_the_findings_of_the_others() {
    let stale = tree(STALE);
    let run = run(stale.path(), "nowhere .");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("nowhere") && run.stdout.contains("copy-all-before-install"));
}

#[test]
fn rules_and_their_documents_are_printed() {
    let here = tree(&[]);
    let rules = run(here.path(), "rules");
    assert_eq!(rules.code, 0);
    for rule in [
        "missing-dev-mount",
        "server-without-reload",
        "copy-all-before-install",
        "no-profile-split",
    ] {
        assert!(rules.stdout.contains(rule));
        let document = run(here.path(), &format!("explain {rule}"));
        assert!(
            document.code == 0 && document.stdout.contains("## Fails"),
            "{}",
            document.stdout
        );
        assert!(
            !document.stdout.contains("\nseverity:"),
            "the front matter is for the program"
        );
    }
    let json: serde_json::Value =
        serde_json::from_str(&run(here.path(), "rules --output-format json").stdout).unwrap();
    assert_eq!(
        json[0]["url"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .strip_suffix(".md"),
        json[0]["id"].as_str()
    );
}

#[test]
fn one_broken_file_never_hides_the_findings_of_others() {
    let directory = tree(STALE);
    let deep = format!("services: {}{}", "[".repeat(10_000), "]".repeat(10_000));
    let bomb: String = (1..30)
        .map(|n| {
            format!(
                "x{n}: &a{n} [*a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}]\n",
                p = n - 1
            )
        })
        .collect();
    write(
        &directory,
        "broken/compose.yaml",
        b"services:\n  a: [\n b: }\n",
    );
    write(
        &directory,
        "binary/compose.yaml",
        b"services:\n  a: \xff\xfe\n",
    );
    write(&directory, "binary/Dockerfile", &[0, 159, 146, 150]);
    write(&directory, "deep/compose.yaml", deep.as_bytes());
    write(
        &directory,
        "bomb/compose.yaml",
        format!("x0: &a0 lol\n{bomb}services: *a29\n").as_bytes(),
    );
    write(&directory, "large/compose.yaml", &vec![b'#'; 20 << 20]);
    write(&directory, "empty/compose.yaml", b"");
    write(&directory, "empty/Dockerfile", b"");
    fs::create_dir_all(directory.path().join("folder/compose.yaml")).unwrap();
    write(
        &directory,
        "nofile/compose.yaml",
        b"services:\n  a:\n    build: .\n",
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink("..", directory.path().join("api/loop")).unwrap();
    let run = run(directory.path(), "--output-format concise");
    assert!(
        run.stdout
            .contains("api/Dockerfile:4:5: warning[copy-all-before-install]"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert!(
        run.stdout.contains("broken/compose.yaml:"),
        "{}",
        run.stdout
    );
    for file in [
        "binary/compose.yaml",
        "bomb/compose.yaml",
        "deep/compose.yaml",
        "large/compose.yaml",
        "nofile/compose.yaml",
    ] {
        assert!(
            run.stdout.contains(file),
            "{file} is not told of: {}",
            run.stdout
        );
    }
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (1, ""),
        "a broken file is a finding"
    );
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read_is_a_finding() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tree(STALE);
    write(&directory, "secret/compose.yaml", b"services: {}\n");
    let secret = directory.path().join("secret/compose.yaml");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&secret).is_ok() {
        eprintln!("skipped: root may read every file");
        return;
    }
    let run = run(directory.path(), "--output-format concise");
    assert!(
        run.code == 1 && run.stdout.contains("secret/compose.yaml:1:1: error"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert!(
        run.stdout.contains("copy-all-before-install"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_fix_is_shown_then_made_then_done() {
    let directory = tree(STALE);
    let dockerfile = directory.path().join("api/Dockerfile");
    let before = fs::read_to_string(&dockerfile).unwrap();
    let diff = run(
        directory.path(),
        "fix --diff --select copy-all-before-install",
    );
    assert!(
        diff.code == 1
            && diff
                .stdout
                .starts_with("--- a/api/Dockerfile\n+++ b/api/Dockerfile\n@@ "),
        "{}{}",
        diff.stdout,
        diff.stderr
    );
    assert_eq!(
        fs::read_to_string(&dockerfile).unwrap(),
        before,
        "--diff writes nothing"
    );

    assert!(
        diff.stdout.contains("@@ safe: ") && diff.stdout.contains("[copy-all-before-install]"),
        "{}",
        diff.stdout
    );

    let fixed = run(directory.path(), "fix --select copy-all-before-install");
    assert_eq!(fixed.code, 0, "{}{}", fixed.stdout, fixed.stderr);
    assert!(
        fixed.stdout.contains("Fixed 1 problem in 1 file.")
            && fixed.stdout.contains("All checks passed!"),
        "{}",
        fixed.stdout
    );
    let after = fs::read_to_string(&dockerfile).unwrap();
    assert_ne!(after, before);

    let again = run(
        directory.path(),
        "fix --diff --select copy-all-before-install",
    );
    assert_eq!((again.code, again.stdout.as_str()), (0, ""));

    write(&directory, "broken/compose.yaml", b"services: [\n");
    let left = run(directory.path(), "fix");
    assert!(
        left.code == 1 && left.stdout.contains("broken/compose.yaml"),
        "what cannot be repaired is left, and told: {}",
        left.stdout
    );
}

#[test]
fn a_read_only_file_is_told_and_left_alone() {
    let directory = tree(STALE);
    let dockerfile = directory.path().join("api/Dockerfile");
    let before = fs::read(&dockerfile).unwrap();
    let mut permissions = fs::metadata(&dockerfile).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&dockerfile, permissions).unwrap();
    let run = run(directory.path(), "fix");
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stderr
            .contains("api/Dockerfile was not written: it is read-only"),
        "{}",
        run.stderr
    );
    assert_eq!(fs::read(&dockerfile).unwrap(), before);
}

#[test]
fn an_override_is_printed_then_written_and_never_replaced() {
    let directory = tree(STALE);
    let printed = run(directory.path(), "override");
    assert_eq!(printed.code, 0, "{}", printed.stderr);
    assert!(
        printed.stdout.contains("- ./api:/app"),
        "{}",
        printed.stdout
    );
    assert!(!directory.path().join("compose.override.yaml").exists());

    let written = run(directory.path(), "override --write");
    assert!(
        written.code == 0
            && written.stdout.is_empty()
            && written.stderr.contains("note: wrote compose.override.y"),
        "{}",
        written.stderr
    );
    let name = written
        .stderr
        .lines()
        .find_map(|line| line.strip_prefix("note: wrote "))
        .unwrap();
    let path = directory.path().join(name);
    assert_eq!(fs::read_to_string(&path).unwrap(), printed.stdout);
    assert_eq!(
        run(
            directory.path(),
            "--select missing-dev-mount,server-without-reload"
        )
        .code,
        0,
        "it is loaded, and it helps"
    );

    let again = run(directory.path(), "override --write");
    assert!(
        again.code == 0 && again.stderr.contains("nothing to add"),
        "{}",
        again.stderr
    );
    fs::write(&path, "# mine\nservices:\n  api:\n    stdin_open: true\n").unwrap();
    assert_eq!(run(directory.path(), "override --write").code, 0);
    let extended = fs::read_to_string(&path).unwrap();
    assert!(
        extended.starts_with("# mine\n")
            && extended.contains("stdin_open: true")
            && extended.contains("- ./api:/app"),
        "{extended}"
    );
}

#[test]
fn an_override_that_has_drifted_is_one_and_one_that_has_not_is_zero() {
    let directory = tree(STALE);
    let missing = run(directory.path(), "override --check");
    assert!(
        missing.code == 1 && missing.stdout.contains("`api` is not here; it needs"),
        "{}{}",
        missing.stdout,
        missing.stderr
    );
    assert_eq!(run(directory.path(), "override --write").code, 0);
    let same = run(directory.path(), "override --check");
    assert_eq!(
        (same.code, same.stdout.as_str()),
        (0, ""),
        "{}",
        same.stderr
    );
    write(
        &directory,
        "api/Dockerfile",
        STALE[1].1.replace("/app", "/srv").as_bytes(),
    );
    let drifted = run(directory.path(), "override --check");
    assert!(
        drifted.code == 1
            && drifted
                .stdout
                .contains("`api` holds ./api at /srv now, not at /app"),
        "{}",
        drifted.stdout
    );
    assert!(
        drifted
            .stdout
            .lines()
            .all(|line| line.starts_with("compose.override.yaml:")),
        "{}",
        drifted.stdout
    );
}

#[test]
fn an_override_by_watching_and_targets_that_start_it_are_written() {
    let directory = tree(STALE);
    write(&directory, "Makefile", b"test:\n\ttrue\n");
    let written = run(
        directory.path(),
        "override --write --mode watch --services api --recipes",
    );
    assert_eq!(written.code, 0, "{}", written.stderr);
    let read = |name: &str| fs::read_to_string(directory.path().join(name)).unwrap();
    assert!(
        read("compose.override.yaml").contains("action: sync, target: /app, initial_sync: true"),
        "{}",
        read("compose.override.yaml")
    );
    assert!(
        read("Makefile").contains("\ndev-watch: ## "),
        "{}",
        read("Makefile")
    );
    assert_eq!(
        run(directory.path(), "override --check").code,
        0,
        "the file says what it was asked for"
    );
    assert_eq!(run(directory.path(), "override --services web").code, 2);
}

#[test]
fn an_override_wants_one_project() {
    let directory = tree(&[
        ("a/compose.yaml", CLEAN[0].1),
        ("b/compose.yaml", CLEAN[0].1),
    ]);
    let several = run(directory.path(), "override");
    assert!(
        several.code == 2
            && several
                .stderr
                .contains("several projects in ., name one: a, b"),
        "{}",
        several.stderr
    );
    assert_eq!(run(directory.path(), "override a").code, 0);
    let none = run(tree(&[]).path(), "override");
    assert!(
        none.code == 2 && none.stderr.contains("no compose project in ."),
        "{}",
        none.stderr
    );
}

#[test]
fn a_compose_file_is_read_from_standard_input() {
    let directory = tree(STALE);
    let mut command = Command::new(env!("CARGO_BIN_EXE_composelint"));
    command
        .current_dir(directory.path())
        .args(["-f", "-", "--output-format", "concise"]);
    command.stdin(fs::File::open(directory.path().join("compose.yaml")).unwrap());
    let output = command.output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(
        stdout.contains("-:3:12: warning[missing-dev-mount]"),
        "{stdout}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn colours_come_only_where_they_are_asked_for() {
    let stale = tree(STALE);
    assert!(!run(stale.path(), "").stdout.contains('\u{1b}'));
    assert!(
        run(stale.path(), "--color always")
            .stdout
            .contains('\u{1b}')
    );
    assert!(
        !run(stale.path(), "--color always --output-format json")
            .stdout
            .contains('\u{1b}')
    );
}

#[test]
fn resolve_tells_where_each_value_comes_from() {
    let directory = tree(&[
        (
            "compose.yaml",
            "name: p\nservices:\n  web:\n    image: web:${TAG}\n    networks: {n: }\nnetworks: {n: }\n",
        ),
        (
            "compose.override.yaml",
            "services:\n  web:\n    hostname: h\n    image: api:${TAG}\n",
        ),
        (".env", "TAG=1\n"),
    ]);
    let told = run(directory.path(), "resolve --origins");
    assert_eq!(told.code, 0, "{}", told.stderr);
    assert!(
        told.stdout
            .contains("    hostname: h   # compose.override.yaml:3\n"),
        "{}",
        told.stdout
    );
    let image =
        "    image: api:1  # compose.override.yaml:4, ${TAG} from .env:1, over compose.yaml:4\n";
    assert!(told.stdout.contains(image), "{}", told.stdout);
    assert!(
        told.stdout
            .contains("    name: p_n     # default: name of a resource"),
        "{}",
        told.stdout
    );
    let json: serde_json::Value =
        serde_json::from_str(&run(directory.path(), "resolve --origins --format json").stdout)
            .unwrap();
    assert_eq!(json["project"]["services"]["web"]["image"], "api:1");
    assert_eq!(json["origins"]["services"]["web"]["image"]["line"], 4);
}

#[test]
fn resolve_prints_a_project_or_every_error() {
    let directory = tree(&[(
        "compose.yaml",
        "services:\n  web:\n    imagee: x\n  db:\n    image: y\n    ports: 80\n",
    )]);
    let refused = run(directory.path(), "resolve");
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert!(
        refused.stderr.contains("`imagee`")
            && refused
                .stderr
                .contains("`services.db.ports` must be a list"),
        "{}",
        refused.stderr
    );
    assert_eq!(run(directory.path(), "resolve --no-such-option").code, 2);
    assert_eq!(
        run(directory.path(), "resolve -f missing.yaml").code,
        1,
        "as docker compose refuses it"
    );
}

#[test]
fn services_and_why_tell_where_code_comes_from_and_what_an_edit_needs() {
    let stale = tree(STALE);
    let services = run(stale.path(), "services");
    assert_eq!(services.code, 0, "{}", services.stderr);
    assert!(
        services.stdout.starts_with("SERVICE  ROLE"),
        "{}",
        services.stdout
    );
    let line = services
        .stdout
        .lines()
        .find(|line| line.starts_with("api "))
        .unwrap_or_default();
    assert!(
        line.contains("  baked  no ") && line.contains("api/Dockerfile:"),
        "{}",
        services.stdout
    );

    let why = run(stale.path(), "why api");
    assert_eq!(why.code, 0, "{}", why.stderr);
    assert!(
        why.stdout.contains("  arrives     no ")
            && why
                .stdout
                .ends_with("docker compose up -d --build --no-deps api\n\n"),
        "{}",
        why.stdout
    );
    let json: serde_json::Value =
        serde_json::from_str(&run(stale.path(), "why api --output-format json").stdout).unwrap();
    assert_eq!(json["ways"][0]["links"][0]["holds"], "no");
    assert_eq!(json["action"], "rebuild");

    let wrong = run(stale.path(), "why apii");
    assert_eq!(
        (wrong.code, wrong.stderr.as_str()),
        (
            2,
            "error: there is no service `apii`; did you mean `api`?\n"
        )
    );
}

#[test]
fn a_plan_tells_what_starts_what_is_missing_and_how_long_it_takes() {
    let compose = "services:
  web:
    image: nginx
    depends_on: {api: {condition: service_healthy}}
  api:
    build: ./api
    env_file: api.env
    environment: {REDIS_URL: \"redis://cache:6379\", TOKEN: \"${TOKEN:?ask the team}\", NAME: $NAME}
    healthcheck: {test: [CMD, check], interval: 20s}
    depends_on: {db: {condition: service_healthy}}
  db:
    image: postgres
    healthcheck: {test: [CMD, pg_isready]}
  cache:
    image: redis
    profiles: [full]
  docs:
    image: docs
    profiles: [docs, full]
";
    let files = [
        STALE,
        &[("compose.yaml", compose), (".env.example", "TOKEN=\n")],
    ]
    .concat();
    let directory = tree(&files);
    let plan = run(directory.path(), "plan");
    let expected = "starts (3 of 5): web, api, db
does not start: cache (profile full)
  ! api uses cache (compose.yaml:8): it will not find it
does not start, and nothing that starts uses it: docs (profile docs or full)
! there is no `.env`: `cp .env.example .env`
! `TOKEN` must be set and is not: ask the team; Docker Compose refuses the project (compose.yaml:8)
! `NAME` is not set and becomes an empty text (compose.yaml:8)
! the env file ./api.env does not exist; api needs it; Docker Compose refuses the project (compose.yaml:7)
longest wait: db (first probe after 30 s) → api (first probe after 20 s) → web: at least 50 s
edits to api: docker compose up -d --build --no-deps api
start: docker compose up -d --build --wait
start all 5 services: docker compose --profile \"*\" up -d --build --wait
";
    assert_eq!(
        (plan.code, plan.stdout.as_str()),
        (1, expected),
        "{}",
        plan.stderr
    );

    let json: serde_json::Value =
        serde_json::from_str(&run(directory.path(), "plan --output-format json").stdout).unwrap();
    assert_eq!(
        (&json["start"]["seconds"], &json["is_refused"]),
        (&50.0.into(), &true.into()),
        "{json}"
    );
    assert_eq!(
        json["not_starting"][0]["used_by"][0]["place"],
        "compose.yaml:8"
    );

    fs::write(directory.path().join("api.env"), "").unwrap();
    fs::write(directory.path().join(".env"), "TOKEN=x\nNAME=y\n").unwrap();
    let full = run(directory.path(), "plan --profile full --profile ful");
    assert_eq!(full.code, 0, "{}{}", full.stdout, full.stderr);
    assert!(
        full.stdout.starts_with(
            "starts (5 of 5, with the profiles full, ful): web, api, db, cache, docs\n"
        ),
        "{}",
        full.stdout
    );
    assert!(
        full.stdout.contains("! no service has the profile `ful`"),
        "{}",
        full.stdout
    );
}

#[test]
fn a_plan_that_docker_compose_refuses_says_which_service_is_off() {
    let text = "services:\n  web:\n    image: a\n    depends_on: [cache]\n  cache:\n    image: b\n    profiles: [full]\n";
    let directory = tree(&[("compose.yaml", text)]);
    let plan = run(directory.path(), "plan .");
    assert_eq!(plan.code, 1);
    assert!(
        plan.stdout
            .contains("  ! web needs cache (compose.yaml:4); Docker Compose refuses the project\n"),
        "{}",
        plan.stdout
    );
    assert_eq!(run(directory.path(), "plan --profile full").code, 0);
}

#[test]
fn a_health_check_that_never_comes_is_planned_all_the_same() {
    let text = "services:\n  web: {image: a, depends_on: {api: {condition: service_healthy}}}\n  api: {build: .}\n";
    let dockerfile = "FROM scratch\nHEALTHCHECK --interval=18446744073709551615s CMD x\n";
    let directory = tree(&[("compose.yaml", text), ("Dockerfile", dockerfile)]);
    let plan = run(directory.path(), "plan");
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    assert!(
        plan.stdout.contains("api (first probe after "),
        "{}",
        plan.stdout
    );
}

#[test]
fn of_two_overrides_the_one_that_is_left_out_is_named() {
    let over = "services:\n  web:\n    init: true\n";
    let main = ("compose.yaml", "services:\n  web:\n    image: nginx\n");
    let directory = tree(&[
        main,
        ("compose.override.yml", over),
        ("docker-compose.override.yaml", over),
    ]);
    let run = run(
        directory.path(),
        "--select override-not-loaded --output-format concise -q",
    );
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(
        matches!(lines.as_slice(), [one] if one.starts_with("docker-compose.override.yaml:1:1: ")),
        "{lines:?}"
    );
}

#[test]
fn an_interactive_run_makes_what_is_wanted() {
    let answers = |text: &str| {
        let directory = tree(STALE);
        let mut command = Command::new(env!("CARGO_BIN_EXE_composelint"));
        let command = command.current_dir(directory.path()).args([
            "fix",
            "--interactive",
            "--select",
            "copy-all-before-install",
        ]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("[y]es, [n]o, [a]ll, [q]uit: "), "{said}");
        fs::read_to_string(directory.path().join("api/Dockerfile")).unwrap()
    };
    let old = STALE
        .iter()
        .find(|(path, _)| *path == "api/Dockerfile")
        .unwrap()
        .1;
    for no in ["n\n", "q\n", "what\nno\n", ""] {
        assert_eq!(answers(no), old, "{no:?}");
    }
    for yes in ["y\n", "a\n", "YES\n"] {
        assert_ne!(answers(yes), old, "{yes:?}");
    }
}

#[test]
fn a_dockerfile_is_printed_as_a_tree_or_as_buildkit_prints_it() {
    let files = tree(&[
        (
            "Dockerfile",
            "# escape=\\\nFROM a AS b\nCOPY --from=x <<E /é\nhi\nE\n",
        ),
        ("broken/Dockerfile", "FROM a\nRUNN x\nCOPY a\n"),
        ("compose.yaml", "services:\n  a: &a\n    image: x\n"),
        (".dockerignore", "*\n!src\n"),
    ]);
    let run_in = |words: &str| run(files.path(), words);
    let dump = run_in("syntax --format buildkit Dockerfile");
    assert_eq!(
        (dump.code, dump.stdout.as_str()),
        (
            0,
            "(from \"a\" \"AS\" \"b\")\n(copy [\"--from=x\"] \"<<E\" \"/é\")\n"
        )
    );
    let tree = run_in("syntax Dockerfile");
    let expected = "dockerfile 1:1-6:1
  directive escape \"\\\\\" 1:1-1:11
  FROM 2:1-2:12
    word \"a\" 2:6-2:7
    word \"AS\" 2:8-2:10
    word \"b\" 2:11-2:12
  COPY 3:1-5:2
    flag --from \"x\" 3:6-3:14
    word \"<<E\" 3:15-3:18
    word \"/é\" 3:19-3:21
    heredoc \"E\" 3:15-3:18
      body \"hi\\n\" 4:1-5:1
      end 5:1-5:2
";
    assert_eq!((tree.code, tree.stdout.as_str()), (0, expected));
    let broken = run_in("syntax --format buildkit broken/Dockerfile");
    assert_eq!(
        (broken.code, broken.stdout.as_str()),
        (1, "(from \"a\")\n(runn \"\")\n(copy \"a\")\n")
    );
    for error in [
        "`RUNN` is no instruction",
        "`COPY` needs a source and a destination",
    ] {
        assert!(broken.stderr.contains(error), "{}", broken.stderr);
    }
    let yaml = run_in("syntax compose.yaml .dockerignore");
    assert!(
        yaml.stdout
            .contains("      mapping &a 3:5-3:13\n        scalar \"image\" 3:5-3:10\n"),
        "{}",
        yaml.stdout
    );
    assert!(
        yaml.stdout
            .ends_with("ignore 1:1-3:1\n  ignored \"*\" 1:1-1:2\n  taken back \"src\" 2:1-2:5\n"),
        "{}",
        yaml.stdout
    );
    assert_eq!(run_in("syntax --format buildkit compose.yaml").code, 2);
    assert_eq!(run_in("syntax nowhere").code, 2);
}
