//! The disk as it is: hard cases of reading, walking and replacing, each in a directory of its own.

use tempfile::TempDir;

use super::walk::ALONE;
use super::*;

/// A directory with these files.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

fn walked(directory: &TempDir) -> Vec<String> {
    let name = |path: PathBuf| {
        path.strip_prefix(directory.path())
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    Disk.walk(directory.path()).into_iter().map(name).collect()
}

fn names(directory: &TempDir) -> Vec<String> {
    Disk.list(directory.path())
        .iter()
        .map(|entry| entry.name.clone())
        .collect()
}

#[test]
fn a_walk_leaves_out_what_is_ignored_or_foreign_and_shows_what_is_hidden() {
    let directory = tree(&[
        (".gitignore", "build/\n"),
        (".composelintignore", "old/\n"),
        (".git/config", ""),
        (".devcontainer/compose.yaml", ""),
        ("api/node_modules/x/Dockerfile", ""),
        ("api/Dockerfile", ""),
        ("build/compose.yaml", ""),
        ("old/compose.yaml", ""),
        ("compose.yaml", ""),
    ]);
    assert_eq!(
        walked(&directory),
        [
            ".composelintignore",
            ".devcontainer/compose.yaml",
            ".gitignore",
            "api/Dockerfile",
            "compose.yaml"
        ]
    );
}

#[test]
fn an_ignore_file_counts_without_a_repository_but_not_from_above() {
    let directory = tree(&[
        (".gitignore", "*\n"),
        ("shop/.gitignore", "tmp\n"),
        ("shop/tmp/x", ""),
        ("shop/compose.yaml", ""),
    ]);
    let shop = directory.path().join("shop");
    assert_eq!(
        Disk.walk(&shop),
        [shop.join(".gitignore"), shop.join("compose.yaml")]
    );
    fs::create_dir(directory.path().join(".git")).unwrap();
    assert_eq!(Disk.walk(&shop), [] as [PathBuf; 0]);
}

#[test]
fn a_large_tree_is_walked_as_a_small_one() {
    let directory = tree(&[(".gitignore", "*.log\n")]);
    for index in 0..ALONE {
        fs::create_dir(directory.path().join(format!("{index:04}"))).unwrap();
        fs::write(directory.path().join(format!("{index:04}/Dockerfile")), "").unwrap();
        fs::write(directory.path().join(format!("{index:04}/x.log")), "").unwrap();
    }
    let paths = walked(&directory);
    assert_eq!(
        (paths.len(), paths[1].as_str(), paths[ALONE].as_str()),
        (ALONE + 1, "0000/Dockerfile", "1999/Dockerfile")
    );
}

#[test]
fn a_directory_that_is_named_is_walked_whatever_its_name() {
    let directory = tree(&[("node_modules/compose.yaml", "")]);
    let named = directory.path().join("node_modules");
    assert_eq!(Disk.walk(&named), [named.join("compose.yaml")]);
}

#[test]
#[cfg(unix)]
fn links_to_files_are_files_and_links_to_directories_end_a_walk() {
    let directory = tree(&[("a/compose.yaml", "x")]);
    std::os::unix::fs::symlink("..", directory.path().join("a/up")).unwrap();
    std::os::unix::fs::symlink("a/compose.yaml", directory.path().join("link.yaml")).unwrap();
    std::os::unix::fs::symlink("circle", directory.path().join("circle")).unwrap();
    assert_eq!(walked(&directory), ["a/compose.yaml", "link.yaml"]);
    assert!(
        Disk.list(&directory.path().join("a"))
            .iter()
            .all(|entry| !entry.is_directory)
    );
    assert!(Disk.is_directory(&directory.path().join("a/up")));
    assert!(!Disk.exists(&directory.path().join("circle")));
    assert!(Disk.read(&directory.path().join("circle")).is_err());
}

#[test]
fn what_is_no_text_file_is_an_error_with_its_reason() {
    let directory = tree(&[]);
    let large = directory.path().join("large");
    File::create(&large)
        .unwrap()
        .set_len(SIZE_LIMIT + 1)
        .unwrap();
    assert_eq!(
        Disk.read(&large).unwrap_err().kind(),
        ErrorKind::FileTooLarge
    );
    assert_eq!(
        Disk.read(directory.path()).unwrap_err().kind(),
        ErrorKind::IsADirectory
    );
    assert_eq!(
        Disk.read(&directory.path().join("none"))
            .unwrap_err()
            .kind(),
        ErrorKind::NotFound
    );
    assert_eq!(
        Disk.read(&large.join("below")).unwrap_err().kind(),
        ErrorKind::NotADirectory
    );
}

#[test]
#[cfg(unix)]
fn a_device_is_not_read() {
    assert_eq!(
        Disk.read(Path::new("/dev/zero")).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(Disk.kind(Path::new("/dev/zero")), Some(Kind::Other));
}

#[test]
fn a_file_is_replaced_and_nothing_else_is_left() {
    let directory = tree(&[("compose.yaml", "old")]);
    let path = directory.path().join("compose.yaml");
    replace(&path, Some(b"old"), b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(names(&directory), ["compose.yaml"]);
}

#[test]
#[cfg(unix)]
fn the_mode_is_kept_and_a_new_file_has_the_usual_one() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tree(&[("run.sh", "old"), ("plain", "")]);
    let mode = |name: &str| {
        fs::metadata(directory.path().join(name))
            .unwrap()
            .permissions()
            .mode()
    };
    let path = directory.path().join("run.sh");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o754)).unwrap();
    replace(&path, Some(b"old"), b"new").unwrap();
    assert_eq!(mode("run.sh") & 0o777, 0o754);
    replace(&directory.path().join("created"), None, b"new").unwrap();
    assert_eq!(mode("created"), mode("plain"));
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_its_target_is_replaced() {
    let directory = tree(&[("dev/compose.yaml", "old")]);
    let link = directory.path().join("compose.yaml");
    std::os::unix::fs::symlink("dev/compose.yaml", &link).unwrap();
    replace(&link, Some(b"old"), b"new").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        fs::read(directory.path().join("dev/compose.yaml")).unwrap(),
        b"new"
    );
}

#[test]
fn a_file_that_changed_meanwhile_is_left_alone() {
    let directory = tree(&[("compose.yaml", "theirs")]);
    let path = directory.path().join("compose.yaml");
    assert!(matches!(
        replace(&path, Some(b"old"), b"new"),
        Err(ReplaceError::Changed)
    ));
    assert!(matches!(
        replace(&path, None, b"new"),
        Err(ReplaceError::Exists)
    ));
    assert_eq!(fs::read(&path).unwrap(), b"theirs");
    assert_eq!(names(&directory), ["compose.yaml"]);
}

#[test]
fn a_read_only_file_is_left_alone() {
    let directory = tree(&[("compose.yaml", "old")]);
    let path = directory.path().join("compose.yaml");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let error = replace(&path, Some(b"old"), b"new").unwrap_err();
    assert_eq!(error.to_string(), "it is read-only");
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[test]
#[cfg(unix)]
fn a_read_only_directory_is_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tree(&[("compose.yaml", "old")]);
    let path = directory.path().join("compose.yaml");
    let mode =
        |mode| fs::set_permissions(directory.path(), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    let errors = [
        replace(&path, Some(b"old"), b"new"),
        replace(&directory.path().join("x"), None, b"new"),
    ];
    mode(0o755);
    for error in errors {
        assert_eq!(error.unwrap_err().to_string(), "its directory is read-only");
    }
    assert_eq!(
        (fs::read(&path).unwrap(), names(&directory)),
        (b"old".to_vec(), vec!["compose.yaml".to_owned()])
    );
}

#[test]
fn what_is_prepared_and_not_finished_leaves_nothing_behind() {
    let directory = tree(&[("compose.yaml", "old")]);
    let path = directory.path().join("compose.yaml");
    drop(prepare(&path, Some(b"old"), b"new").unwrap());
    assert_eq!(
        (fs::read(&path).unwrap(), names(&directory)),
        (b"old".to_vec(), vec!["compose.yaml".to_owned()])
    );
    let prepared = prepare(&path, Some(b"old"), b"new").unwrap();
    fs::write(&path, "theirs").unwrap();
    assert!(matches!(prepared.finish(), Err(ReplaceError::Changed)));
    assert_eq!(
        (fs::read(&path).unwrap(), names(&directory)),
        (b"theirs".to_vec(), vec!["compose.yaml".to_owned()])
    );
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let directory = tree(&[]);
    assert!(matches!(
        replace(&directory.path().join("no/such/x"), None, b"new"),
        Err(ReplaceError::Io(_))
    ));
    assert!(replace(directory.path(), Some(b""), b"new").is_err());
    assert_eq!(names(&directory), [] as [&str; 0]);
}

#[test]
fn the_second_best_way_keeps_the_file_itself() {
    let directory = tree(&[("compose.yaml", "a longer old text")]);
    let path = directory.path().join("compose.yaml");
    write_in_place(&path, b"a longer old text", b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
}

#[test]
fn what_a_killed_run_left_is_removed_with_the_next_change() {
    let directory = tree(&[
        ("compose.yaml", "a"),
        (".composelint-aB3xY9", "left"),
        (".composelint-fresh1", "of another run"),
        (".composelint-notes.md", "of the user"),
    ]);
    let age = |name: &str| {
        let long_ago = std::time::SystemTime::now() - LEFT_OVER - Duration::from_secs(1);
        OpenOptions::new()
            .write(true)
            .open(directory.path().join(name))
            .unwrap()
            .set_modified(long_ago)
            .unwrap();
    };
    age(".composelint-aB3xY9");
    age(".composelint-notes.md");
    drop(temporary_beside(&directory.path().join("compose.yaml"), None).unwrap());
    assert_eq!(
        names(&directory),
        [
            ".composelint-fresh1",
            ".composelint-notes.md",
            "compose.yaml"
        ]
    );
}
