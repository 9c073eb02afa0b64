//! What a repository tells of files and variables that it does not hold.

use super::*;
use crate::testing;

fn check(files: &[(&str, &str)], ask: impl Fn(&Elsewhere<'_>) -> bool) -> bool {
    let workspace = testing::workspace(&testing::files(files));
    ask(&Elsewhere::read(workspace, Path::new("/p")))
}

#[test]
fn patterns_of_git_leave_files_out() {
    for (pattern, path, expected) in [
        (".env", "api/.env", true),
        ("*.env", "api/dev.env", true),
        ("/config.json", "config.json", true),
        ("/config.json", "api/config.json", false),
        ("secrets/", "api/secrets/db.txt", true),
        ("api/*.key", "api/tls.key", true),
        ("api/*.key", "other/api/tls.key", false),
        ("**/local.yml", "a/b/local.yml", true),
        ("*.env\n!dev.env", "dev.env", false),
        ("# dev.env", "dev.env", false),
    ] {
        let ignored = check(&[(".gitignore", pattern)], |elsewhere| {
            elsewhere.is_ignored(&Path::new("/p").join(path))
        });
        assert_eq!(ignored, expected, "{pattern} and {path}");
    }
}

#[test]
fn a_template_beside_a_file_shows_that_it_is_copied() {
    let made = |name: &str, file: &str| {
        check(&[(name, "")], |elsewhere| {
            elsewhere.is_made_later(&Path::new("/p").join(file))
        })
    };
    assert!(made("app.env.example", "app.env"));
    assert!(made("example.env", ".env"));
    assert!(!made("other.env.example", "app.env"));
    assert!(!made("app.conf", "app.env"));
}

#[test]
fn scripts_and_documents_name_what_they_make() {
    let files = [
        ("README.md", "Run `openssl … -out tls.pem`."),
        ("main.py", "open('never.pem')"),
        ("run.sh", "export TAG=1"),
    ];
    assert!(check(&files, |elsewhere| elsewhere
        .is_made_later(Path::new("/p/tls.pem"))));
    assert!(!check(&files, |elsewhere| elsewhere
        .is_made_later(Path::new("/p/never.pem"))));
    assert!(check(&files, |elsewhere| elsewhere.mentions("TAG")));
    assert!(!check(&files, |elsewhere| elsewhere.mentions("TA")));
}

#[test]
fn a_build_tool_may_set_the_variables_that_a_project_is_started_with() {
    let gradle = "dockerCompose { environment.put 'BROKER_VERSION', brokerVersion }\n";
    assert!(check(&[("api/build.gradle", gradle)], |elsewhere| {
        elsewhere.mentions("BROKER_VERSION")
    }));
    assert!(!check(&[("api/build.gradle", gradle)], |elsewhere| {
        elsewhere.mentions("BROKER")
    }));
}

#[test]
fn what_a_line_writes_is_no_file_that_somebody_forgot() {
    let of = |files: &[(&str, &str)], path: &str| {
        check(files, |elsewhere| elsewhere.is_produced(Path::new(path)))
    };
    assert!(of(
        &[(
            "/p/Makefile",
            "lock:\n\tpip freeze > api/requirements.txt\n"
        )],
        "/p/api/requirements.txt"
    ));
    assert!(of(
        &[("/p/build.sh", "cp -r ../shared api/shared\n")],
        "/p/api/shared"
    ));
    assert!(of(&[("/p/api/main.py", "")], "/p/api/dist/app.js"));
    assert!(of(&[("/p/api/main.py", "")], "/p/api/app.jar"));
    assert!(of(&[("/p/.gitignore", "static/\n")], "/p/api/static"));
    // A document that speaks of it does not make it; nor does the name of a directory that is kept.
    assert!(!of(
        &[("/p/README.md", "The code in shared is used by all.\n")],
        "/p/api/shared"
    ));
    assert!(!of(&[("/p/build/a.sh", "")], "/p/build/start.sh"));
}
