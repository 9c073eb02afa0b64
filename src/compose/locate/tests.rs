use super::*;
use crate::testing;

/// Locates in `/p/sub` and gives the files, relative to `/p`, and the directory.
fn check(files: &[(&str, &str)], change: impl FnOnce(&mut ProjectOptions), expected: &str) {
    let mut all = vec![("sub/x", "")];
    all.extend(files);
    let workspace = testing::workspace(&testing::files(&all));
    let mut options = ProjectOptions {
        working_directory: "/p/sub".into(),
        ..ProjectOptions::default()
    };
    change(&mut options);
    let shown = match locate(workspace, &options) {
        Ok(view) => {
            let files: Vec<_> = view
                .files
                .iter()
                .map(|file| {
                    file.strip_prefix("/p")
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned()
                })
                .collect();
            format!("{}: {}", view.directory.display(), files.join(" "))
        }
        Err(error) => error.to_string(),
    };
    assert_eq!(shown, expected);
}

#[test]
fn the_preferred_name_of_the_nearest_directory_is_found_with_its_override() {
    let files = [
        ("docker-compose.yaml", ""),
        ("docker-compose.yml", ""),
        ("docker-compose.override.yml", ""),
        ("compose.override.yaml", ""),
    ];
    check(
        &files,
        |_| {},
        "/p: docker-compose.yml compose.override.yaml",
    );
    check(
        &[("compose.yaml", ""), ("sub/compose.yml", "")],
        |_| {},
        "/p/sub: sub/compose.yml",
    );
    check(
        &[],
        |_| {},
        "no compose file in /p/sub or in a directory above it",
    );
}

#[test]
fn named_files_come_without_override() {
    let files = [
        ("compose.yaml", ""),
        ("compose.override.yaml", ""),
        ("a.yaml", ""),
    ];
    check(
        &files,
        |options| options.files = vec!["../a.yaml".into(), "../compose.yaml".into()],
        "/p: a.yaml compose.yaml",
    );
    check(
        &files,
        |options| options.files = vec!["../b.yaml".into()],
        "the compose file ../b.yaml does not exist",
    );
}

#[test]
fn a_variable_names_the_files() {
    let files = [
        (
            "sub/.env",
            "COMPOSE_FILE=../a.yaml:b.yaml\nCOMPOSE_PROFILES=x, y\n",
        ),
        ("a.yaml", ""),
        ("sub/b.yaml", ""),
    ];
    check(&files, |_| {}, "/p: a.yaml sub/b.yaml");
    check(
        &files,
        |options| options.environment = vec![("COMPOSE_FILE".into(), "b.yaml".into())],
        "/p/sub: sub/b.yaml",
    );
    check(
        &[("sub/.env", "COMPOSE_FILE=b.yaml:\n"), ("sub/b.yaml", "")],
        |_| {},
        "the compose file , which COMPOSE_FILE names, is a directory",
    );
}

#[test]
fn profiles_may_come_from_a_variable() {
    let files = testing::files(&[("compose.yaml", ""), (".env", "COMPOSE_PROFILES=x, y")]);
    let view = testing::view(testing::workspace(&files), |_| {});
    assert_eq!(view.profiles, ["x", "y"]);
}
