//! Settings, and what is not understood in them.

use super::*;
use crate::files::Memory;
use crate::text::Sources;

fn config(text: &str) -> Config {
    Config::read(&Sources::new().add(Path::new("/p/composelint.toml"), text.to_owned()))
}

#[test]
fn every_mistake_is_told_at_once_and_the_rest_is_heeded() {
    let config = config(
        "ignore = [\"unset-variable\", \"unset-varible\", 3]\nfail-on = \"fatal\"\nexlude = []\n[severity]\nunknown-key = \"info\"\n",
    );
    let messages: Vec<&str> = config
        .problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "`3` is not understood here, and says nothing",
            "there is no rule `unset-varible`",
            "`fatal` is not understood here, and says nothing",
            "`exlude` is not a setting of composelint, and says nothing",
        ]
    );
    assert_eq!(config.ignore, ["unset-variable"]);
    assert_eq!(config.severity_of("unknown-key"), Some(Severity::Info));
}

#[test]
fn text_that_is_no_toml_is_told_at_its_place() {
    let config = config("ignore = [\n\nselect = 1 2\n");
    assert_eq!(config.problems.len(), 1);
    assert!(
        config.problems[0].message.starts_with("this is not TOML: "),
        "{}",
        config.problems[0].message
    );
}

#[test]
fn patterns_are_relative_to_the_file_and_hold_for_all_below() {
    let config =
        config("exclude = [\"legacy/\", \"deploy/*.yaml\", \"*.gen.yml\", \"/only-here\"]\n");
    for excluded in [
        "/p/legacy/compose.yaml",
        "/p/a/legacy/x/Dockerfile",
        "/p/deploy/compose.yaml",
        "/p/a/b.gen.yml",
        "/p/only-here",
    ] {
        assert!(config.excludes(Path::new(excluded)), "{excluded}");
    }
    for kept in [
        "/p/compose.yaml",
        "/p/deploy/a/compose.yaml",
        "/p/a/only-here",
        "/q/legacy/compose.yaml",
    ] {
        assert!(!config.excludes(Path::new(kept)), "{kept}");
    }
}

#[test]
fn findings_are_ignored_by_file_and_by_service() {
    let config = config(
        "[per-file-ignores]\n\"deploy/**\" = [\"unset-variable\"]\n[per-service-ignores]\ndb = [\"host-port-clash\"]\n",
    );
    assert!(config.ignores("unset-variable", Path::new("/p/deploy/compose.yaml"), None));
    assert!(!config.ignores("unset-variable", Path::new("/p/compose.yaml"), None));
    assert!(config.ignores("host-port-clash", Path::new("/p/compose.yaml"), Some("db")));
    assert!(!config.ignores("host-port-clash", Path::new("/p/compose.yaml"), Some("api")));
}

#[test]
fn files_say_what_a_set_is_for_and_services_what_they_are() {
    let config = config(
        "[files]\nproduction = [\"*.prod.yaml\"]\n[services]\noptional = [\"redis\"]\n[services.api]\nsources = [\"api\"]\n",
    );
    let stated = config.stated(&[
        PathBuf::from("/p/compose.yaml"),
        PathBuf::from("/p/compose.prod.yaml"),
    ]);
    assert_eq!(
        stated.intent.as_ref().map(|said| said.value),
        Some(Intent::Production)
    );
    assert!(stated.of("redis").role.is_some());
    assert_eq!(
        stated
            .of("api")
            .sources
            .as_ref()
            .map(|said| said.value.clone()),
        Some(vec![PathBuf::from("/p/api")])
    );
    assert!(
        config
            .stated(&[PathBuf::from("/p/compose.yaml")])
            .intent
            .is_none()
    );
}

#[test]
fn the_nearest_file_holds() {
    let files = Memory::new()
        .with("/p/composelint.toml", "ignore = [\"unknown-key\"]")
        .with("/p/a/.composelint.toml", "");
    let workspace = Workspace::new(&files);
    let ignored = |choice: &Choice, directory: &str| {
        Configs::new(&workspace, choice)
            .of(Path::new(directory))
            .ignore
            .len()
    };
    assert_eq!(ignored(&Choice::Nearest, "/p/b/c"), 1);
    assert_eq!(ignored(&Choice::Nearest, "/p/a/c"), 0);
    assert_eq!(
        ignored(&Choice::Given("/p/composelint.toml".into()), "/p/a/c"),
        1
    );
    assert_eq!(ignored(&Choice::None, "/p"), 0);
}
