//! Histories that git itself made, and what no git would make. Where git is not installed, nothing
//! can be compared and the first kind is skipped.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use tempfile::TempDir;

use super::*;

/// Runs git in a directory, without any setting of this machine; `None` when it is not installed.
fn git(directory: &Path, words: &[&str]) -> Option<String> {
    let ours = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"];
    let output = Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(["-c", "user.name=a", "-c", "user.email=a@b.c"])
        .args(["-c", "protocol.file.allow=always"])
        .args(words)
        .envs(ours.map(|name| (name, OsStr::new("/nowhere"))))
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: git is not installed");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {words:?}: {said}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// A repository with some files of different lives, a merge among them.
fn repository(options: &[&str]) -> Option<(TempDir, PathBuf)> {
    let directory = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(directory.path()).unwrap().join("shop");
    fs::create_dir(&root).unwrap();
    git(&root, &[&["init", "-q", "-b", "main"], options].concat())?;
    let lines: String = (0..300).map(|line| format!("line {line}\n")).collect();
    write(&root, "api/deep/er/x.py", &lines);
    write(&root, "README.md", "");
    commit_all(&root)?;
    for round in 0..40 {
        let changed = lines.replace("line 7\n", &format!("line {round}\n"));
        write(&root, "api/deep/er/x.py", &changed);
        write(&root, &format!("api/{}.py", round % 7), &format!("{round}"));
        if round % 3 == 0 {
            write(&root, "web/index.js", &format!("{round}"));
        }
        commit_all(&root)?;
    }
    git(&root, &["checkout", "-qb", "side", "HEAD~3"])?;
    write(&root, "web/side.js", "1");
    commit_all(&root)?;
    git(&root, &["checkout", "-q", "main"])?;
    git(&root, &["merge", "-q", "--no-edit", "side"])?;
    fs::remove_file(root.join("api/3.py")).unwrap();
    // A directory where a file was.
    fs::remove_file(root.join("README.md")).unwrap();
    write(&root, "README.md/x", "");
    commit_all(&root)?;
    Some((directory, root))
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn commit_all(root: &Path) -> Option<String> {
    git(root, &["add", "."])?;
    git(root, &["commit", "-qm", "x"])
}

/// What git itself says that changed.
fn counted_by_git(directory: &Path) -> (usize, BTreeMap<String, usize>) {
    let words = "log -n500 --no-merges --no-renames --relative --name-only --format=%x00%x00 -z";
    let words: Vec<&str> = words.split(' ').collect();
    let mut files = BTreeMap::new();
    for name in git(directory, &words).unwrap().split('\0') {
        let name = name.trim_matches('\n');
        if !name.is_empty() {
            *files.entry(name.to_owned()).or_default() += 1;
        }
    }
    let count = git(
        directory,
        &["rev-list", "--count", "--no-merges", "-n500", "HEAD"],
    )
    .unwrap();
    (count.trim().parse().unwrap(), files)
}

#[track_caller]
fn agrees_with_git(directory: &Path) {
    let changed = History::of(directory).expect("it can be read").changed();
    let (commits, files) = counted_by_git(directory);
    assert_eq!(changed.files.into_iter().collect::<BTreeMap<_, _>>(), files);
    assert_eq!(changed.commits, commits);
    assert!(commits > 40);
}

#[test]
fn what_changes_is_what_git_says() {
    for options in [&[][..], &["--object-format=sha256"]] {
        let Some((_kept, root)) = repository(options) else {
            return;
        };
        let look = || {
            for directory in ["", "api", "api/deep", "web", "README.md"] {
                agrees_with_git(&root.join(directory));
            }
        };
        look();
        // Everything in one pack, branches too, most of it as differences.
        git(&root, &["gc", "-q", "--aggressive", "--prune=now"]).unwrap();
        assert!(!root.join(".git/refs/heads/main").exists());
        look();
        // Some in a pack, some alone.
        write(&root, "api/new.py", "");
        commit_all(&root).unwrap();
        look();
        git(&root, &["repack", "-q"]).unwrap();
        git(&root, &["checkout", "-q", "--detach"]).unwrap();
        look();
    }
}

#[test]
fn a_file_is_what_was_committed_and_not_what_lies_there() {
    let Some((_kept, root)) = repository(&[]) else {
        return;
    };
    write(&root, "web/side.js", "edited");
    write(&root, "web/new.js", "new");
    let history = History::of(&root).unwrap();
    assert_eq!(history.file("web/side.js"), Some(b"1".to_vec()));
    for path in [
        "web/new.js",
        "web",
        "web/side.js/x",
        "api/3.py",
        "/web/side.js",
        "",
        "../x",
    ] {
        assert_eq!(history.file(path), None, "{path}");
    }
    assert_eq!(history.has("web"), Some(true));
    assert_eq!(history.has("web/new.js"), Some(false));
    let web = History::of(&root.join("web")).unwrap();
    assert_eq!(web.file("side.js"), Some(b"1".to_vec()));
}

#[test]
fn worktrees_and_submodules_have_a_history() {
    let Some((_kept, root)) = repository(&[]) else {
        return;
    };
    let beside = root.with_file_name("beside");
    let beside = beside.to_str().unwrap();
    git(&root, &["worktree", "add", "-q", beside, "main~1"]).unwrap_or_default();
    agrees_with_git(&Path::new(beside).join("web"));
    let outer = root.with_file_name("outer");
    fs::create_dir(&outer).unwrap();
    git(&outer, &["init", "-q"]).unwrap();
    git(
        &outer,
        &["submodule", "--quiet", "add", root.to_str().unwrap(), "a/b"],
    )
    .unwrap();
    agrees_with_git(&outer.join("a/b/api"));
}

#[test]
fn a_file_in_the_place_of_git_does_not_borrow_the_history_of_a_stranger() {
    let Some((_kept, root)) = repository(&[]) else {
        return;
    };
    let thief = root.with_file_name("thief");
    fs::create_dir(&thief).unwrap();
    write(&thief, ".git", "gitdir: ../shop/.git\n");
    assert!(History::of(&thief).is_none());
    // Objects of another repository are not asked for either.
    let shared = root.with_file_name("shared");
    let words = [
        "clone",
        "-q",
        "--shared",
        root.to_str().unwrap(),
        shared.to_str().unwrap(),
    ];
    git(&root, &words).unwrap();
    assert!(History::of(&shared).is_none());
}

#[test]
fn a_history_that_is_cut_off_is_told_as_far_as_it_goes() {
    let Some((_kept, root)) = repository(&[]) else {
        return;
    };
    let shallow = root.with_file_name("shallow");
    let url = format!("file://{}", root.display());
    git(
        &root,
        &["clone", "-q", "--depth=5", &url, shallow.to_str().unwrap()],
    )
    .unwrap();
    let changed = History::of(&shallow.join("web")).unwrap().changed();
    assert!((3..10).contains(&changed.commits), "{changed:?}");
    assert!(
        changed.files.iter().all(|(_, commits)| *commits < 3),
        "{changed:?}"
    );
}

#[test]
fn before_the_first_commit_nothing_changed() {
    let directory = tempfile::tempdir().unwrap();
    if git(directory.path(), &["init", "-q"]).is_none() {
        return;
    }
    let history = History::of(directory.path()).unwrap();
    assert_eq!(history.changed(), Changed::default());
    assert_eq!((history.has("x"), history.file("x")), (Some(false), None));
}

// What no git would make.

/// A repository whose `HEAD` is the commit of this name.
fn forged(objects: &[(&str, &str, Vec<u8>)], head: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), ".git/HEAD", head);
    for (id, kind, bytes) in objects {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        write!(packed, "{kind} {}\0", bytes.len()).unwrap();
        packed.write_all(bytes).unwrap();
        let path = directory.path().join(".git/objects").join(&id[..2]);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join(&id[2..]), packed.finish().unwrap()).unwrap();
    }
    directory
}

fn id(letter: char) -> String {
    letter.to_string().repeat(40)
}

fn tree(entries: &[(&str, &str, char)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (mode, name, letter) in entries {
        bytes.extend(format!("{mode} {name}\0").bytes());
        bytes.extend(Id::from_hex(id(*letter).as_bytes()).unwrap().bytes());
    }
    bytes
}

fn commit_of(tree: char, parents: &[char]) -> Vec<u8> {
    let parents: String = parents
        .iter()
        .map(|parent| format!("parent {}\n", id(*parent)))
        .collect();
    format!(
        "tree {}\n{parents}author a <a> 1 +0\ncommitter a <a> 1 +0\n\n",
        id(tree)
    )
    .into_bytes()
}

#[test]
fn commits_and_trees_that_hold_themselves_end() {
    let objects = [
        (&*id('a'), "commit", commit_of('c', &['b'])),
        (&*id('b'), "commit", commit_of('d', &['a'])),
        (
            &*id('c'),
            "tree",
            tree(&[("40000", "x", 'c'), ("40000", "y", 'c')]),
        ),
        (
            &*id('d'),
            "tree",
            tree(&[("40000", "x", 'd'), ("100644", "z", 'a')]),
        ),
    ];
    let directory = forged(&objects, &id('a'));
    let changed = History::of(directory.path()).unwrap().changed();
    assert!(changed.commits <= 2);
}

#[test]
fn names_lead_nowhere_else() {
    let names = ["..", ".", "", "a/b", "../../x", "/etc", "ok"];
    let entries = names.map(|name| ("100644", name, 'e'));
    let objects = [
        (&*id('a'), "commit", commit_of('c', &[])),
        (&*id('c'), "tree", tree(&entries)),
        (&*id('e'), "blob", b"text".to_vec()),
    ];
    let directory = forged(&objects, &id('a'));
    let history = History::of(directory.path()).unwrap();
    assert_eq!(history.changed().files, [("ok".to_owned(), 1)]);
    assert_eq!(history.file("ok"), Some(b"text".to_vec()));
}

#[test]
fn what_is_broken_is_not_known() {
    for head in [
        "ref: ../../../etc/passwd\n",
        "ref: refs/../../x\n",
        "ref: /etc/hostname\n",
        "ref: HEAD\n",
        "ref: refs/heads/.invalid\n",
        "zz",
        "",
        &"+1".repeat(20),
        &id('f'),
    ] {
        assert!(History::of(forged(&[], head).path()).is_none(), "{head}");
    }
    let broken: [(&str, Vec<u8>); 4] = [
        ("tree", tree(&[])),
        ("commit", b"tree x\n".to_vec()),
        ("commit", vec![]),
        ("nonsense", vec![0; 10]),
    ];
    for (kind, bytes) in broken {
        let directory = forged(&[(&id('a'), kind, bytes)], &id('a'));
        assert!(History::of(directory.path()).is_none(), "{kind}");
    }
    for bytes in [&b"100644 x"[..], b"100644 x\0short", b"\0", b" \0"] {
        let objects = [
            (&*id('a'), "commit", commit_of('c', &[])),
            (&*id('c'), "tree", bytes.to_vec()),
        ];
        let directory = forged(&objects, &id('a'));
        let history = History::of(directory.path()).unwrap();
        assert_eq!(history.changed(), Changed::default());
        assert_eq!(history.has("x"), None);
    }
}

#[test]
fn what_is_packed_far_too_well_is_not_unpacked() {
    let objects = [
        (&*id('a'), "commit", commit_of('c', &[])),
        (&*id('c'), "tree", tree(&[("100644", "large", 'e')])),
        (&*id('e'), "blob", vec![0; object::LARGEST + 100]),
    ];
    let directory = forged(&objects, &id('a'));
    assert_eq!(History::of(directory.path()).unwrap().file("large"), None);
}

/// A pack of one object with these bytes, which an index finds at `at`.
fn packed(at: u32, bytes: &[u8]) -> TempDir {
    let directory = forged(&[], &id('a'));
    let mut index = vec![0xff, b't', b'O', b'c', 0, 0, 0, 2];
    for first in 0..256 {
        index.extend(u32::from(first >= 0xaa).to_be_bytes());
    }
    index.extend([0xaa; 20]);
    index.extend([0; 4]);
    index.extend(at.to_be_bytes());
    write(directory.path(), ".git/objects/pack/x", "");
    fs::write(directory.path().join(".git/objects/pack/p.idx"), index).unwrap();
    fs::write(directory.path().join(".git/objects/pack/p.pack"), bytes).unwrap();
    directory
}

#[test]
fn packs_that_lie_are_not_followed() {
    let compressed = |bytes: &[u8]| {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    };
    let text = commit_of('c', &[]);
    let size = u8::try_from(text.len() & 15).unwrap() | 0x90;
    let more = u8::try_from(text.len() >> 4).unwrap();
    let whole = [&[size, more][..], &compressed(&text)].concat();
    let history = |at, bytes: &[u8]| History::of(packed(at, bytes).path());
    // It is read at all, and then only its tree is not there.
    assert!(
        pack::Pack::open(
            &packed(0, &whole).path().join(".git/objects/pack/p.idx"),
            20
        )
        .is_some()
    );
    let hostile: [(u32, Vec<u8>); 9] = [
        // Nothing there, and far behind the end.
        (0, vec![]),
        (0x7fff_ffff, whole.clone()),
        (0xffff_ffff, whole),
        // The difference to itself, by place and by name.
        (0, [&[0x60, 0x00][..], &compressed(b"")].concat()),
        (0, [&[0x70][..], &[0xaa; 20], &compressed(b"")].concat()),
        // A size and a distance without end.
        (0, vec![0xff; 100]),
        (0, [&[0xe0][..], &[0xff; 100]].concat()),
        // No such kind, and another size than told.
        (0, [&[0x51][..], &compressed(b"x")].concat()),
        (0, [&[0x15][..], &compressed(b"x")].concat()),
    ];
    for (at, bytes) in hostile {
        assert!(history(at, &bytes).is_none(), "{at} {bytes:?}");
    }
}
