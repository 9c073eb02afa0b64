//! Repositories that name programs: whatever they name, nothing of it runs.
//!
//! Each of them is a trap that plain git falls into, which is shown first. Where git is not
//! installed, that is skipped, and the repository is only as good as what could be written by hand.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Case, STALE};

/// A project in a directory `project`, and beside it a file that exists once something has run.
struct Trap {
    case: Case,
    root: PathBuf,
    ran: PathBuf,
}

const COMPOSE: &str = "services:\n  api:\n    build: .\n";

impl Trap {
    fn new() -> Self {
        let case = Case::new()
            .with("project/compose.yaml", COMPOSE)
            .with("project/Dockerfile", STALE)
            .with("project/.gitignore", "*.log\n")
            .with("project/x.log", "")
            .with("project/main.py", "");
        let top = fs::canonicalize(case.directory.path()).unwrap();
        let (root, ran) = (top.join("project"), top.join("ran"));
        let trap = Trap { case, root, ran };
        trap.program("evil");
        trap
    }

    /// A program in the project that leaves a trace.
    fn program(&self, name: &str) -> String {
        let text = format!(
            "#!/bin/sh\necho \"$0\" >> '{}'\nexit 1\n",
            self.ran.display()
        );
        program(&self.root.join(name), &text)
    }

    fn evil(&self) -> String {
        self.root.join("evil").to_str().unwrap().to_owned()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Adds to the settings of the repository.
    fn set(&self, file: &str, settings: &str) {
        let old = fs::read_to_string(self.root.join(file)).unwrap_or_default();
        self.write(file, &format!("{old}\n{settings}\n"));
    }

    /// A repository with a commit that has a signature to verify; its git directory may be moved
    /// afterwards. Without git there is no commit.
    fn signed(&self) {
        if self.git(&["init", "-q", "-b", "main"]).is_none() {
            self.write(".git/HEAD", "ref: refs/heads/main\n");
            self.write(".git/config", "[core]\n\trepositoryformatversion = 0\n");
            fs::create_dir_all(self.root.join(".git/objects")).unwrap();
            fs::create_dir_all(self.root.join(".git/refs/heads")).unwrap();
            return;
        }
        self.git(&["add", "compose.yaml", "Dockerfile", "main.py"]);
        let tree = self.git(&["write-tree"]).unwrap();
        let commit = format!(
            "tree {}\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\nx\n",
            tree.trim()
        );
        self.write("commit", &commit);
        let id = self
            .git(&["hash-object", "-t", "commit", "-w", "commit"])
            .unwrap();
        fs::remove_file(self.root.join("commit")).unwrap();
        self.git(&["update-ref", "HEAD", id.trim()]);
    }

    /// What git says in the project, without any setting of this machine; `None` when it is not
    /// installed.
    fn git(&self, words: &[&str]) -> Option<String> {
        let mut git = Command::new("git");
        git.current_dir(&self.root).args(words).stdin(Stdio::null());
        for name in ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"] {
            git.env(name, "/nowhere");
        }
        git.env("GIT_TERMINAL_PROMPT", "0");
        let output = git.output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Shows that git runs what the repository names, and that no command of ours does.
    #[track_caller]
    fn holds(&self) {
        match self.git(&["log", "-n3", "--name-only"]) {
            Some(_) => assert!(self.ran.exists(), "the trap does not even catch git"),
            None => eprintln!("the control was skipped: git is not installed"),
        }
        let _ = fs::remove_file(&self.ran);
        for words in COMMANDS {
            self.case.ends_in("project", words, &[]);
            self.nothing_ran(words);
        }
    }

    #[track_caller]
    fn nothing_ran(&self, words: &str) {
        let ran = fs::read_to_string(&self.ran).unwrap_or_default();
        assert!(ran.is_empty(), "`{words}` ran {ran}");
    }
}

const COMMANDS: &[&str] = &[
    "context",
    "context api",
    "context . --format json",
    "layers api",
    "services",
    "check",
    "fix --diff",
];

fn program(path: &Path, text: &str) -> String {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

fn verifies(evil: &str) -> String {
    format!("[log]\n\tshowSignature = true\n[gpg]\n\tprogram = {evil}")
}

#[test]
fn settings_that_name_a_program() {
    let trap = Trap::new();
    trap.signed();
    trap.set(".git/config", &verifies(&trap.evil()));
    trap.holds();
}

#[test]
fn settings_that_lie_in_the_tree() {
    let trap = Trap::new();
    trap.signed();
    trap.set("settings", &verifies(&trap.evil()));
    trap.set(".git/config", "[include]\n\tpath = ../settings");
    trap.holds();

    let trap = Trap::new();
    trap.signed();
    trap.set("settings", &verifies(&trap.evil()));
    trap.set(
        ".git/config",
        "[includeIf \"onbranch:main\"]\n\tpath = ../settings",
    );
    trap.holds();
}

#[test]
fn settings_of_one_worktree() {
    let trap = Trap::new();
    trap.signed();
    trap.set(".git/config", "[extensions]\n\tworktreeConfig = true");
    trap.set(".git/config.worktree", &verifies(&trap.evil()));
    trap.holds();
}

#[test]
fn a_file_in_the_place_of_git_that_leads_into_the_tree() {
    let trap = Trap::new();
    trap.signed();
    fs::rename(trap.root.join(".git"), trap.root.join("data")).unwrap();
    trap.write(".git", "gitdir: data\n");
    trap.set("data/config", &verifies(&trap.evil()));
    trap.holds();
    // The same, dressed as a worktree.
    trap.write("data/gitdir", trap.root.join(".git").to_str().unwrap());
    trap.write("data/commondir", ".\n");
    trap.holds();
}

#[test]
fn a_link_in_the_place_of_git() {
    let trap = Trap::new();
    trap.signed();
    fs::rename(trap.root.join(".git"), trap.root.join("data")).unwrap();
    std::os::unix::fs::symlink("data", trap.root.join(".git")).unwrap();
    trap.set("data/config", &verifies(&trap.evil()));
    trap.holds();
}

#[test]
fn a_bare_repository_that_is_the_context() {
    let trap = Trap::new();
    trap.signed();
    // Every checkout can bring these as ordinary files.
    for name in ["HEAD", "config", "objects", "refs"] {
        fs::rename(trap.root.join(".git").join(name), trap.root.join(name)).unwrap();
    }
    fs::remove_dir_all(trap.root.join(".git")).unwrap();
    trap.set(
        "config",
        &format!("[core]\n\tbare = true\n{}", verifies(&trap.evil())),
    );
    trap.holds();
}

#[test]
fn objects_that_are_to_be_fetched() {
    let remotes = [
        "[core]\n\tsshCommand = EVIL\n[remote \"origin\"]\n\turl = ssh://nowhere.invalid/x",
        "[protocol \"ext\"]\n\tallow = always\n[remote \"origin\"]\n\turl = ext::EVIL",
        "[remote \"origin\"]\n\turl = .\n\tuploadpack = EVIL",
        "[core]\n\tgitProxy = EVIL\n[remote \"origin\"]\n\turl = git://nowhere.invalid/x",
    ];
    for remote in remotes {
        let trap = Trap::new();
        trap.signed();
        // The top tree is gone, so that git asks for it.
        if let Some(tree) = trap.git(&["rev-parse", "HEAD^{tree}"]) {
            let (start, rest) = tree.trim().split_at(2);
            fs::remove_file(trap.root.join(".git/objects").join(start).join(rest)).unwrap();
        }
        let promise = "\tpromisor = true\n\tpartialclonefilter = tree:0\n\tfetch = +refs/heads/*:refs/remotes/origin/*";
        trap.set(
            ".git/config",
            &format!("{}\n{promise}", remote.replace("EVIL", &trap.evil())),
        );
        trap.set(
            ".git/config",
            "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = origin",
        );
        trap.holds();
    }
}

#[test]
fn programs_of_the_checkout_on_the_path() {
    let system = std::env::var("PATH").unwrap();
    let trap = Trap::new();
    trap.signed();
    for directory in ["", "bin/"] {
        for name in ["git", "shellcheck", "docker", "gpg", "sh"] {
            trap.program(&format!("{directory}{name}"));
        }
    }
    let root = trap.root.display();
    for search in [
        format!(".:{system}"),
        format!(":{system}"),
        format!("bin:{system}"),
        format!("./bin/../bin:{system}"),
        format!("../project/bin:{system}"),
        format!("{root}:{system}"),
        format!("{root}/bin:{system}"),
        ".".to_owned(),
        String::new(),
    ] {
        let control = Command::new("/bin/sh")
            .args(["-c", "shellcheck --version"])
            .current_dir(&trap.root)
            .env("PATH", &search)
            .status()
            .unwrap();
        assert!(!control.success() && trap.ran.exists(), "no trap: {search}");
        fs::remove_file(&trap.ran).unwrap();
        for words in [
            COMMANDS,
            &["check --shellcheck", "check --select shellcheck"],
        ]
        .concat()
        {
            trap.case.ends_in("project", words, &[("PATH", &search)]);
            trap.nothing_ran(&format!("{words}, PATH={search}"));
        }
    }
}

#[test]
fn the_program_of_the_user_runs_away_from_what_is_checked() {
    let trap = Trap::new();
    trap.program("bin/shellcheck");
    let (outside, told) = (
        trap.root.with_file_name("outside"),
        trap.root.with_file_name("told"),
    );
    let text = format!(
        "#!/bin/sh\necho \"$0 $PATH $PWD\" >> '{}'\necho '{{\"comments\":[]}}'\n",
        told.display()
    );
    let shellcheck = program(&outside.join("shellcheck"), &text);
    let search = format!(
        ".:bin::{}/bin:{}:/usr/bin",
        trap.root.display(),
        outside.display()
    );
    let (code, said) = trap
        .case
        .ends_in("project", "check --shellcheck", &[("PATH", &search)]);
    assert_ne!(code, 2, "{said}");
    trap.nothing_ran("check --shellcheck");
    let told = fs::read_to_string(told).unwrap();
    assert!(!told.is_empty());
    for line in told.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        assert_eq!(
            words[..2],
            [&shellcheck, &format!("{}:/usr/bin", outside.display())]
        );
        assert!(!Path::new(words[2]).starts_with(&trap.root), "{line}");
    }
    // Nothing else would do, and it is said why.
    let (code, said) = trap
        .case
        .ends_in("project", "check --shellcheck", &[("PATH", "bin")]);
    assert!(
        code == 2 && said.contains("may belong to the project"),
        "{said}"
    );
}
