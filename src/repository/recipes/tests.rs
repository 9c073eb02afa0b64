use std::path::{Path, PathBuf};

use super::*;
use crate::files::Files;
use crate::testing;

/// The recipes of a repository at `/p`: one line a call, under the title of its recipe.
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let memory = testing::files(files);
    let workspace = Workspace::new(&memory);
    let recipes = read(&workspace, Path::new("/p"), &memory.walk(Path::new("/p")));
    let mut lines = Vec::new();
    for recipe in &recipes {
        lines.push(recipe.title());
        lines.extend(
            recipe
                .calls
                .iter()
                .map(|call| format!("  {}", show(call, &workspace))),
        );
    }
    assert_eq!(lines, expected);
}

/// `files | subcommand flags services | marks | directory: paths | what is written at the span`
fn show(call: &ComposeCall, workspace: &Workspace) -> String {
    let texts = |arguments: &[Argument]| {
        arguments
            .iter()
            .map(|argument| argument.text.clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut parts = Vec::new();
    if call.tool != Tool::Compose {
        parts.push(format!("{:?}", call.tool));
    }
    for (name, values) in [
        ("files", texts(&call.files)),
        ("profiles", texts(&call.profiles)),
        ("env", texts(&call.env_files)),
    ] {
        if !values.is_empty() {
            parts.push(format!("{name}={values}"));
        }
    }
    parts.extend(
        call.project_name
            .iter()
            .map(|name| format!("project={}", name.text)),
    );
    parts.push(call.subcommand.text.clone());
    for flag in &call.flags {
        parts.push(
            flag.value
                .as_ref()
                .map_or(flag.name.clone(), |value| format!("{}={value}", flag.name)),
        );
    }
    parts.push(format!("[{}]", texts(&call.services)));
    if !call.command.is_empty() {
        parts.push(format!("({})", texts(&call.command)));
    }
    let marks = [
        (!call.files_known, "?files"),
        (!call.services_known, "?services"),
        (call.remote, "remote"),
        (call.conditional, "if"),
    ];
    parts.extend(
        marks
            .iter()
            .filter(|(set, _)| *set)
            .map(|(_, mark)| (*mark).to_owned()),
    );
    let paths = call
        .paths
        .iter()
        .flatten()
        .map(|path| path.strip_prefix("/p").unwrap().display().to_string());
    parts.push(format!(
        "-> {}",
        if call.paths.is_some() {
            paths.collect::<Vec<_>>().join(",")
        } else {
            "?".to_owned()
        }
    ));
    assert!(
        !workspace.sources().slice(call.span).is_empty(),
        "a call stands somewhere"
    );
    parts.join(" ")
}

/// The calls of one shell script beside two compose files.
fn check_script(script: &str, expected: &[&str]) {
    let mut lines = vec!["run.sh".to_owned()];
    lines.extend(expected.iter().map(|line| format!("  {line}")));
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    check(
        &[
            ("run.sh", script),
            ("a.yml", ""),
            ("b.yml", ""),
            ("compose.yaml", ""),
            ("sub/compose.yml", ""),
        ],
        if expected.is_empty() { &[] } else { &lines },
    );
}

#[test]
fn a_value_of_an_option_is_no_service() {
    for (call, shown) in [
        ("ps --status running web", "ps --status=running [web]"),
        (
            "ps --filter status=running",
            "ps --filter=status=running []",
        ),
        (
            "attach --detach-keys ctrl-q web",
            "attach --detach-keys=ctrl-q [web]",
        ),
        (
            "build --progress plain --provenance false --sbom true web",
            "build --progress=plain --provenance=false --sbom=true [web]",
        ),
        ("build --pull web", "build --pull [web]"),
        ("up --pull always web", "up --pull=always [web]"),
        (
            "commit -a me -c CMD=x -m text web acme/web:1",
            "commit -a=me -c=CMD=x -m=text [web]",
        ),
        ("export -o web.tar web", "export -o=web.tar [web]"),
        (
            "publish --oci-version 1.1 acme/app",
            "publish --oci-version=1.1 []",
        ),
        ("logs -f -n 50 web", "logs -f -n=50 [web]"),
        ("port web 80", "port [web]"),
    ] {
        check_script(
            &format!("docker compose {call}\n"),
            &[&format!("{shown} -> compose.yaml")],
        );
    }
}

#[test]
fn options_flags_and_services_are_told_apart() {
    check_script(
        "docker compose -f a.yml --file=b.yml -p shop --profile full --env-file .env.dev up -dV --build --scale api=2 api web\n",
        &[
            "files=a.yml b.yml profiles=full env=.env.dev project=shop up -d -V --build --scale=api=2 [api web] -> a.yml,b.yml",
        ],
    );
    check_script(
        "docker-compose -fa.yml build --build-arg X=1 --no-cache api\n",
        &["files=a.yml build --build-arg=X=1 --no-cache [api] -> a.yml"],
    );
    check_script(
        "docker compose exec -it -u root api sh -c 'ls'\n",
        &["exec -i -t -u=root [api] (sh -c ls) -> compose.yaml"],
    );
    check_script(
        "podman-compose down --volumes\n",
        &["Podman down --volumes [] -> compose.yaml"],
    );
}

#[test]
fn a_call_may_stand_behind_other_programs() {
    check_script(
        "sudo -E docker compose up\nCOMPOSE_PROFILES=a,b COMPOSE_FILE=a.yml:b.yml docker compose ps\nenv COMPOSE_FILE=a.yml docker-compose up\n",
        &[
            "up [] -> compose.yaml",
            "files=a.yml b.yml profiles=a b ps [] -> a.yml,b.yml",
            "files=a.yml up [] -> a.yml",
        ],
    );
    check_script(
        "bash -c \"cd sub && docker compose up\"\nssh host 'docker compose pull'\n",
        &[
            "up [] if -> sub/compose.yml",
            "pull [] remote -> compose.yaml",
        ],
    );
    check_script(
        "docker stack deploy -c a.yml --compose-file b.yml shop\n",
        &[
            "Stack files=a.yml b.yml project=shop deploy -c=a.yml --compose-file=b.yml [] -> a.yml,b.yml",
        ],
    );
}

#[test]
fn words_about_compose_are_no_call() {
    check_script(
        "echo 'run docker compose up'\n# docker compose up\nwhich docker-compose\ndocker compose is fine\n",
        &[],
    );
}

#[test]
fn variables_that_can_be_known_are_expanded() {
    check_script(
        "DC='docker compose -f a.yml'\n$DC up -d\n",
        &["files=a.yml up -d [] -> a.yml"],
    );
    check_script(
        "F=b\ndocker compose -f \"$F.yml\" up ${SERVICE}\n",
        &["files=b.yml up [] ?services -> b.yml"],
    );
    check_script("${DC:-docker compose} up\n", &["up [] -> compose.yaml"]);
    check_script(
        "export COMPOSE_FILE=a.yml\ndocker compose up\n",
        &["files=a.yml up [] -> a.yml"],
    );
    check_script(
        "dc() { docker compose -f a.yml \"$@\"; }\ndc up -d\n",
        &["files=a.yml up -d [] -> a.yml"],
    );
}

#[test]
fn what_cannot_be_known_is_not_guessed() {
    check_script("docker compose $FILES up\n", &["up [] ?files -> ?"]);
    check_script(
        "docker compose -f $1 up \"$@\"\n",
        &["up [] ?files ?services -> ?"],
    );
    check_script(
        "if x; then F=a.yml; else F=b.yml; fi\ndocker compose -f $F up\n",
        &["up [] ?files -> ?"],
    );
    check_script(
        "docker compose -f missing.yml up\n",
        &["files=missing.yml up [] -> ?"],
    );
}

#[test]
fn two_spellings_of_the_program_are_one() {
    check_script(
        "if x; then DC='docker compose'; else DC=docker-compose; fi\n$DC up\n",
        &["up [] -> compose.yaml"],
    );
}

#[test]
fn the_directory_follows_cd() {
    check_script(
        "cd sub\ndocker compose up\ncd ..\ndocker compose up\n",
        &["up [] -> sub/compose.yml", "up [] -> compose.yaml"],
    );
    check_script(
        "(cd sub && docker compose up)\ndocker compose up\n",
        &["up [] if -> sub/compose.yml", "up [] -> compose.yaml"],
    );
    check_script("cd \"$SOMEWHERE\"\ndocker compose up\n", &["up [] -> ?"]);
}

#[test]
fn a_script_may_find_the_repository_from_its_own_place() {
    let script = "ROOT=\"$(cd \"$(dirname \"${BASH_SOURCE[0]}\")/..\" && pwd)\"\ncd \"$ROOT\"\ndocker compose -f \"$ROOT/a.yml\" up\n";
    check(
        &[("tools/up.sh", script), ("a.yml", ""), ("tools/a.yml", "")],
        &["up.sh", "  files=/p/tools/../a.yml up [] -> a.yml"],
    );
    check(
        &[
            (
                "tools/up.sh",
                "cd \"$(dirname \"$0\")\"\ndocker compose up\n",
            ),
            ("compose.yaml", ""),
        ],
        &["up.sh", "  up [] -> compose.yaml"],
    );
}

#[test]
fn make_targets_expand_their_variables_where_they_are_used() {
    let makefile = "DC := docker compose -f a.yml\nDC += -f b.yml\nprod: EXTRA = --profile full\nup: build\n\t@$(DC) up -d $(ARGS)\nbuild:\n\t-$(DC) build\nprod:\n\t$(DC) $(EXTRA) up\n\tcd sub && docker compose up\n";
    check(
        &[
            ("Makefile", makefile),
            ("a.yml", ""),
            ("b.yml", ""),
            ("sub/compose.yaml", ""),
        ],
        &[
            "make up",
            "  files=a.yml b.yml up -d [] ?services -> a.yml,b.yml",
            "make build",
            "  files=a.yml b.yml build [] -> a.yml,b.yml",
            "make prod",
            "  files=a.yml b.yml profiles=full up [] -> a.yml,b.yml",
            "  up [] if -> sub/compose.yaml",
        ],
    );
}

#[test]
fn a_word_from_a_variable_points_at_its_definition() {
    let memory = testing::files(&[
        (
            "Makefile",
            "DC = docker compose -f a.yml\nup:\n\t$(DC) up\n",
        ),
        ("a.yml", ""),
    ]);
    let workspace = Workspace::new(&memory);
    let recipes = read(&workspace, Path::new("/p"), &memory.walk(Path::new("/p")));
    let call = &recipes[0].calls[0];
    assert_eq!(workspace.sources().slice(call.files[0].span), "a.yml");
    assert_eq!(workspace.sources().slice(call.span), "$(DC) up");
}

#[test]
fn just_package_scripts_and_procfiles_are_recipes() {
    let just =
        "dc := \"docker compose -f a.yml\"\n\n# Start\nup *args: build\n  @{{dc}} up {{args}}\n";
    let package =
        "{\"scripts\": {\"dev\": \"docker compose up && next dev\", \"test\": \"jest compose\"}}";
    check(
        &[
            ("justfile", just),
            ("package.json", package),
            ("Procfile", "web: docker compose up web\n"),
            ("a.yml", ""),
            ("compose.yml", ""),
        ],
        &[
            "Procfile (web)",
            "  up [web] -> compose.yml",
            "just up",
            "  files=a.yml up [] ?services -> a.yml",
            "npm run dev",
            "  up [] -> compose.yml",
        ],
    );
}

#[test]
fn editors_load_files_too() {
    let tasks = "{\n// a comment\n\"tasks\": [{\"label\": \"Up\", \"command\": \"docker compose -f ${workspaceFolder}/a.yml\", \"args\": [\"up\", \"-d\"]}]}";
    let container = r#"{"name": "App", "dockerComposeFile": ["../a.yml", "b.yml"], "service": "app", "runServices": ["db"]}"#;
    check(
        &[
            (".vscode/tasks.json", tasks),
            (".devcontainer/devcontainer.json", container),
            (".devcontainer/b.yml", ""),
            ("a.yml", ""),
        ],
        &[
            "devcontainer.json (App)",
            "  DevContainer files=../a.yml b.yml up [db app] -> a.yml,.devcontainer/b.yml",
            "tasks.json (Up)",
            "  files=./a.yml up -d [] -> a.yml",
        ],
    );
}

#[test]
fn documents_give_their_code_with_the_heading() {
    let readme = "# App\n## Quick start\n```console\n$ git clone x && cd app\n$ docker compose up --build\nCreating network\n```\n## Deploy\nRun `docker compose -f a.yml up -d <service>`, not compose.\n\n```yaml\nrun: docker compose up\n```\n";
    check(
        &[
            ("docs/guide.md", readme),
            ("compose.yaml", ""),
            ("a.yml", ""),
        ],
        &[
            "guide.md (Quick start)",
            "  up --build [] -> compose.yaml",
            "guide.md (Deploy)",
            "  files=a.yml up -d [] ?services -> a.yml",
        ],
    );
    check(
        &[
            (
                "README.rst",
                "Start::\n\n    docker-compose up -d\n    docker-compose logs\n\nThe docker-compose tool.\n",
            ),
            ("compose.yaml", ""),
        ],
        &[
            "README.rst",
            "  up -d [] -> compose.yaml",
            "  logs [] -> compose.yaml",
        ],
    );
}

#[test]
fn windows_scripts_are_read_as_far_as_they_go() {
    check(
        &[
            (
                "scripts/up.ps1",
                "Push-Location ..\\infra\r\ndocker compose -f .\\a.yml up -d\r\nPop-Location\r\n",
            ),
            ("infra/a.yml", ""),
        ],
        &["up.ps1", "  files=./a.yml up -d [] -> infra/a.yml"],
    );
}

#[test]
fn windows_scripts_start_from_their_own_place() {
    let script = "Push-Location (Join-Path $PSScriptRoot '..' 'infra')\ntry {\n    docker compose up -d\n}\n";
    check(
        &[
            ("scripts/up.ps1", script),
            ("infra/compose.yml", ""),
            ("compose.yml", ""),
        ],
        &["up.ps1", "  up -d [] -> infra/compose.yml"],
    );
    check(
        &[
            (
                "scripts/up.bat",
                "@cd /d \"%~dp0..\"\r\ndocker compose up\r\n",
            ),
            ("compose.yml", ""),
        ],
        &["up.bat", "  up [] -> compose.yml"],
    );
}

#[test]
fn workflows_and_pipelines_are_read_by_job() {
    let workflow = "name: docker compose up\non: push\njobs:\n  test:\n    steps:\n      - name: docker compose build\n        run: |\n          cd sub\n          docker compose up -d\n      - run: docker compose -f ${{ env.FILE }} up\n      - working-directory: sub\n        run: docker compose down\n";
    check(
        &[
            (".github/workflows/ci.yml", workflow),
            ("sub/compose.yml", ""),
            ("compose.yml", ""),
        ],
        &[
            "ci.yml (test)",
            "  up -d [] -> sub/compose.yml",
            "  up [] ?files -> ?",
            "ci.yml (test)",
            "  down [] -> sub/compose.yml",
        ],
    );
    let pipeline = "deploy:\n  before_script: [cd sub]\n  script:\n    - docker compose pull\n    - ssh host 'docker compose up -d'\n";
    check(
        &[(".gitlab-ci.yml", pipeline), ("sub/compose.yml", "")],
        &[
            ".gitlab-ci.yml (deploy)",
            "  pull [] -> sub/compose.yml",
            "  up -d [] remote -> sub/compose.yml",
        ],
    );
}

#[test]
fn taskfiles_have_variables_and_tasks() {
    let tasks = "version: '3'\nvars:\n  DC: docker compose -f a.yml\ntasks:\n  up:\n    desc: docker compose up\n    cmds:\n      - '{{.DC}} up -d {{.CLI_ARGS}}'\n  down: '{{.DC}} down'\n";
    check(
        &[("Taskfile.yml", tasks), ("a.yml", "")],
        &[
            "task up",
            "  files=a.yml up -d [] ?services -> a.yml",
            "task down",
            "  files=a.yml down [] -> a.yml",
        ],
    );
}

#[test]
fn discovery_takes_the_nearest_main_file_and_its_override() {
    check(
        &[
            ("dev/run.sh", "docker compose up\n"),
            ("docker-compose.yml", ""),
            ("docker-compose.override.yml", ""),
            ("compose.dev.yml", ""),
        ],
        &[
            "run.sh",
            "  up [] -> docker-compose.yml,docker-compose.override.yml",
        ],
    );
}

#[test]
fn file_sets_are_distinct_and_say_who_uses_them() {
    let memory = testing::files(&[
        ("README.md", "`docker compose -f a.yml -f b.yml up`\n"),
        (
            "Makefile",
            "up:\n\tdocker compose -f a.yml -f b.yml up\n\tdocker compose ps\n",
        ),
        ("a.yml", ""),
        ("b.yml", ""),
        ("compose.yaml", ""),
    ]);
    let workspace = Workspace::new(&memory);
    let recipes = read(&workspace, Path::new("/p"), &memory.walk(Path::new("/p")));
    let sets: Vec<_> = file_sets(&recipes)
        .into_iter()
        .map(|set| (set.files, set.kind, set.named))
        .collect();
    assert_eq!(
        sets,
        [
            (
                vec![PathBuf::from("/p/a.yml"), "/p/b.yml".into()],
                RecipeKind::Runnable,
                true
            ),
            (vec!["/p/compose.yaml".into()], RecipeKind::Runnable, false),
        ]
    );
}

#[test]
fn files_that_do_not_mention_compose_are_not_kept() {
    let memory = testing::files(&[
        ("README.md", "make it\n"),
        ("run.sh", "docker ps\n"),
        (
            "big.sh",
            &format!("docker compose up\n{}", "#".repeat(2 << 20)),
        ),
    ]);
    let workspace = Workspace::new(&memory);
    assert!(read(&workspace, Path::new("/p"), &memory.walk(Path::new("/p"))).is_empty());
    assert!(
        workspace
            .sources()
            .find(Path::new("/p/README.md"))
            .is_none()
    );
}

#[test]
fn odd_scripts_end() {
    let grow: String = (0..200)
        .map(|n| format!("V{n}=\"$V{0} $V{0} $V{0}\"\n", n + 1))
        .collect();
    check_script(
        &format!("{grow}docker compose $V0 up {}\n", "$X ".repeat(5000)),
        &["up [] ?files ?services -> ?"],
    );
}

proptest::proptest! {
    #[test]
    fn any_text_under_any_name_is_read(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "docker compose ", "docker-compose ", "-f ", "a.yml ", "up ", "$", "(", ")", "{", "}", "{{", "}}", "\"", "'", "`", "\n", "\t", "\\",
                "\\\n", ":", "=", ":=", "#", "```\n", "# é ", "- ", "cd ", "..", "[", "]", ",", "//", "DC ", "@", "%~dp0", "Join-Path $PSScriptRoot ",
            ]),
            0..60,
        ),
    ) {
        let text = words.concat();
        let names = [
            "Makefile", "justfile", "Taskfile.yml", "run.sh", "run.ps1", "package.json", "Procfile", "x.service", ".vscode/tasks.json",
            ".devcontainer.json", ".gitlab-ci.yml", "README.md", "README.rst",
        ];
        let files: Vec<(&str, &str)> = names.iter().map(|name| (*name, text.as_str())).collect();
        let memory = testing::files(&files);
        let workspace = Workspace::new(&memory);
        for recipe in read(&workspace, Path::new("/p"), &memory.walk(Path::new("/p"))) {
            for call in &recipe.calls {
                proptest::prop_assert!(recipe.source.whole().contains(call.span), "{:?} in {text:?}", call.span);
            }
        }
    }
}
