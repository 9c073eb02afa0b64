//! Installs behind a copy of all sources, and whether the copy may go behind them.

use super::*;
use crate::testing;

/// What is said of a Dockerfile among these files: the manifests to copy first, then what is not
/// proven.
fn check(files: &[(&str, &str)]) -> Option<(Vec<String>, Vec<Obligation>)> {
    let project = testing::dockerfile(files);
    let late = late_installs(&project, &project.images()[0]).pop()?;
    let manifests = late
        .reorder
        .manifests
        .iter()
        .map(|manifest| manifest.input.path.clone())
        .collect();
    Some((
        manifests,
        late.reorder
            .unproven
            .iter()
            .map(|unproven| unproven.obligation)
            .collect(),
    ))
}

#[test]
fn requirements_that_name_further_files_are_followed() {
    let late = check(&[
        (
            "Dockerfile",
            "FROM python\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements/dev.txt\n",
        ),
        ("requirements/dev.txt", "-r base.txt\npytest\n"),
        ("requirements/base.txt", "flask\n"),
        ("main.py", ""),
    ]);
    assert_eq!(
        late,
        Some((
            vec![
                "requirements/dev.txt".into(),
                "requirements/base.txt".into()
            ],
            vec![]
        ))
    );
}

#[test]
fn an_install_of_the_project_itself_is_not_late() {
    for install in [
        "pip install .",
        "pip install -e .",
        "pip install -r requirements.txt",
    ] {
        let dockerfile = format!("FROM python\nWORKDIR /app\nCOPY . .\nRUN {install}\n");
        assert_eq!(
            check(&[
                ("Dockerfile", &dockerfile),
                ("requirements.txt", "-e .\n"),
                ("main.py", "")
            ]),
            None,
            "{install}"
        );
    }
}

#[test]
fn own_install_scripts_are_not_proven_harmless() {
    let late = check(&[
        (
            "Dockerfile",
            "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm ci\n",
        ),
        (
            "package.json",
            r#"{"scripts": {"postinstall": "node setup.js"}}"#,
        ),
        ("package-lock.json", "{}"),
        ("index.js", ""),
    ]);
    assert_eq!(late.unwrap().1, [Obligation::NoScripts]);
}

#[test]
fn a_run_that_also_builds_cannot_be_moved() {
    let late = check(&[
        (
            "Dockerfile",
            "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n",
        ),
        ("package.json", "{}"),
        ("package-lock.json", "{}"),
        ("index.js", ""),
    ]);
    assert_eq!(late.unwrap().1, [Obligation::NothingBetween]);
}

#[test]
fn a_copy_without_source_code_changes_with_no_edit() {
    let late = check(&[
        (
            "Dockerfile",
            "FROM python\nWORKDIR /app\nCOPY deps/ .\nRUN pip install -r requirements.txt\nCOPY . .\n",
        ),
        ("deps/requirements.txt", "flask\n"),
        ("main.py", ""),
    ]);
    assert_eq!(late, None);
}

/// What is said of one install among these files, with `COPY . .` above it in /app.
#[track_caller]
fn proves(lines: &str, files: &[(&str, &str)], manifests: &str, expected: &[Obligation]) {
    let dockerfile = format!("FROM x\nWORKDIR /app\nCOPY . .\n{lines}\n");
    let mut all = vec![("Dockerfile", dockerfile.as_str()), ("main.py", "")];
    all.extend(files);
    let (found, unproven) = check(&all).unwrap_or_else(|| panic!("{lines}: not late"));
    assert_eq!(
        (found.join(" ").as_str(), unproven.as_slice()),
        (manifests, expected),
        "{lines}"
    );
}

#[test]
fn each_manager_gets_the_manifests_it_reads() {
    let package = ("package.json", "{}");
    let ignore = (
        ".dockerignore",
        "**/node_modules\nvendor\n**/obj\ndeps\n_build\n.venv\n",
    );
    proves(
        "RUN npm ci",
        &[package, ignore, ("package-lock.json", "")],
        "package.json package-lock.json",
        &[],
    );
    proves(
        "RUN yarn install --frozen-lockfile",
        &[package, ignore, ("yarn.lock", "")],
        "package.json yarn.lock",
        &[],
    );
    proves(
        "RUN pnpm fetch",
        &[package, ignore, ("pnpm-lock.yaml", "")],
        "pnpm-lock.yaml",
        &[],
    );
    proves(
        "RUN bun install",
        &[package, ignore, ("bun.lock", "")],
        "package.json bun.lock",
        &[],
    );
    proves(
        "RUN go mod download",
        &[("go.mod", "module x"), ("go.sum", "")],
        "go.mod go.sum",
        &[],
    );
    proves(
        "RUN bundle install",
        &[("Gemfile", "gem 'x'"), ("Gemfile.lock", "")],
        "Gemfile Gemfile.lock",
        &[],
    );
    proves(
        "RUN composer install --no-scripts --no-autoloader",
        &[ignore, ("composer.json", "{}")],
        "composer.json",
        &[],
    );
    proves(
        "RUN mix deps.get",
        &[ignore, ("mix.exs", ""), ("apps/a/mix.exs", "")],
        "mix.exs apps/a/mix.exs",
        &[],
    );
    proves(
        "RUN uv sync --locked --no-install-project",
        &[ignore, ("pyproject.toml", ""), ("uv.lock", "")],
        "pyproject.toml uv.lock",
        &[],
    );
    proves(
        "RUN uv sync --locked",
        &[
            ignore,
            ("pyproject.toml", "[project]\nname = \"x\"\n"),
            ("uv.lock", ""),
        ],
        "pyproject.toml uv.lock",
        &[],
    );
    proves(
        "RUN mvn -B dependency:go-offline",
        &[("pom.xml", "<project/>")],
        "pom.xml",
        &[],
    );
    proves(
        "RUN conda env update -f env.yml",
        &[("env.yml", "- pip:\n  - -r r.txt\n"), ("r.txt", "")],
        "env.yml r.txt",
        &[],
    );
}

#[test]
fn a_solution_leads_to_its_projects() {
    let files = [
        (".dockerignore", "**/obj\n"),
        (
            "x.sln",
            "Project(\"{1}\") = \"Api\", \"Api\\Api.csproj\", \"{2}\"\n",
        ),
        (
            "Api/Api.csproj",
            "<ProjectReference Include=\"..\\Lib\\Lib.csproj\" />\n",
        ),
        ("Lib/Lib.csproj", "<Project/>\n"),
        ("Other/Other.csproj", "<Project/>\n"),
        ("Api/Program.cs", ""),
    ];
    proves(
        "RUN dotnet restore x.sln",
        &files,
        "x.sln Api/Api.csproj Lib/Lib.csproj",
        &[],
    );
    proves(
        "RUN dotnet restore Api/Api.csproj",
        &files,
        "Api/Api.csproj Lib/Lib.csproj",
        &[],
    );
}

#[test]
fn what_is_not_shown_is_named() {
    let pip = [("requirements.txt", "x\n")];
    let npm = [
        ("package.json", "{}"),
        ("package-lock.json", "{}"),
        (".dockerignore", "node_modules\n"),
    ];
    let r = "requirements.txt";
    proves(
        "RUN pip install -r requirements.txt $EXTRA",
        &pip,
        r,
        &[Obligation::Recognised],
    );
    proves(
        "RUN echo A=1 > .env\nRUN pip install -r requirements.txt",
        &pip,
        r,
        &[Obligation::NothingBetween],
    );
    proves(
        "COPY main.py ./\nRUN pip install -r requirements.txt",
        &pip,
        r,
        &[Obligation::NothingBetween],
    );
    proves(
        "COPY main.py /other/\nRUN pip install -r requirements.txt",
        &pip,
        r,
        &[],
    );
    proves(
        "USER node\nRUN npm ci",
        &npm,
        "package.json package-lock.json",
        &[Obligation::SamePlace],
    );
    proves(
        "WORKDIR /app/sub\nRUN pip install -r ../requirements.txt",
        &pip,
        r,
        &[Obligation::SamePlace],
    );
    proves(
        "RUN pip install -r requirements.txt --target .",
        &pip,
        r,
        &[Obligation::NothingOverwritten],
    );
    let ignored = [("requirements.txt", "x\n"), (".dockerignore", "*.txt\n")];
    proves(
        "RUN pip install -r requirements.txt",
        &ignored,
        "",
        &[Obligation::NotIgnored],
    );
    let secret = [
        ("requirements.txt", "-r local.txt\n"),
        ("local.txt", ""),
        (".gitignore", "local.txt\n"),
    ];
    proves(
        "RUN pip install -r requirements.txt",
        &secret,
        "requirements.txt local.txt",
        &[Obligation::PlainNames],
    );
    let modules = [
        ("pom.xml", "<modules>\n<module>a</module>\n</modules>"),
        ("a/pom.xml", ""),
    ];
    proves(
        "RUN mvn dependency:go-offline",
        &modules,
        "pom.xml a/pom.xml",
        &[Obligation::NoScripts],
    );
    let taken = "RUN npm install\nFROM x\nCOPY --from=0 /app/package-lock.json /";
    proves(
        taken,
        &npm,
        "package.json package-lock.json",
        &[Obligation::NotTakenElsewhere],
    );
    proves(
        &taken.replace("install", "ci"),
        &npm,
        "package.json package-lock.json",
        &[],
    );
}

#[test]
fn programs_of_members_are_linked_only_when_they_are_there() {
    let files = [
        ("package.json", r#"{"workspaces": ["packages/*"]}"#),
        ("packages/a/package.json", r#"{"bin": {"a": "cli.js"}}"#),
        ("package-lock.json", "{}"),
        (".dockerignore", "**/node_modules\n"),
    ];
    proves(
        "RUN npm ci",
        &files,
        "package.json package-lock.json packages/a/package.json",
        &[Obligation::NoScripts],
    );
}

/// The names of the variables that are declared too early, with the number of steps that run again.
fn early(dockerfile: &str, files: &[(&str, &str)]) -> Vec<(String, usize)> {
    let mut all = vec![("Dockerfile", dockerfile)];
    all.extend(files);
    let project = testing::dockerfile(&all);
    early_variables(&project, &project.images()[0])
        .into_iter()
        .map(|early| (early.name, early.runs.len()))
        .collect()
}

#[test]
fn a_variable_is_early_only_above_installs_that_do_not_use_it() {
    let files = [("requirements.txt", "")];
    let pip = "RUN pip install -r requirements.txt";
    let cases: [(&str, &[(&str, usize)]); 8] = [
        (
            "ARG GIT_SHA\nCOPY requirements.txt .\nPIP",
            &[("GIT_SHA", 1)],
        ),
        (
            "ARG BUILD_DATE\nRUN apt-get update\nCOPY requirements.txt .\nPIP",
            &[("BUILD_DATE", 2)],
        ),
        ("COPY requirements.txt .\nPIP\nARG GIT_SHA", &[]),
        (
            "ARG GIT_SHA\nRUN make && true\nCOPY requirements.txt .\nPIP",
            &[],
        ),
        (
            "ARG GIT_SHA\nRUN echo $GIT_SHA\nCOPY requirements.txt .\nPIP",
            &[],
        ),
        ("ARG FFMPEG_COMMIT=1\nCOPY requirements.txt .\nPIP", &[]),
        ("ARG COMMIT=0a1b2c3d4e5f\nCOPY requirements.txt .\nPIP", &[]),
        ("ARG VERSION\nARG APP_ID\nCOPY requirements.txt .\nPIP", &[]),
    ];
    for (lines, expected) in cases {
        let dockerfile = format!("FROM python\nWORKDIR /app\n{}\n", lines.replace("PIP", pip));
        let found = early(&dockerfile, &files);
        let found: Vec<(&str, usize)> = found
            .iter()
            .map(|(name, count)| (name.as_str(), *count))
            .collect();
        assert_eq!(found, expected, "{lines}");
    }
}

/// The instruction that does the first part alone, for `COPY . .` in /app and then `run`; `None`
/// when nothing is late, empty when it cannot be written.
fn first_step(run: &str, files: &[(&str, &str)]) -> Option<String> {
    let dockerfile = format!("FROM scratch\nWORKDIR /app\nCOPY . .\n{run}\n");
    let mut all = vec![("Dockerfile", dockerfile.as_str()), ("main.py", "")];
    all.extend(files);
    let project = testing::dockerfile(&all);
    let late = late_installs(&project, &project.images()[0]).pop()?;
    Some(late.before?.run.unwrap_or_default())
}

const POETRY: (&str, &str) = (
    "pyproject.toml",
    "[tool.poetry.dependencies]\nflask = \"3\"\n",
);

#[test]
fn what_needs_the_manifests_only_is_done_first() {
    let first = |run, files| first_step(run, files).unwrap();
    assert_eq!(
        first("RUN poetry install --only main", &[POETRY]),
        "RUN poetry install --only main --no-root"
    );
    assert_eq!(
        first(
            "RUN pip install poetry && poetry install && make docs",
            &[POETRY]
        ),
        "RUN pip install poetry && poetry install --no-root"
    );
    assert_eq!(
        first("RUN composer install", &[("composer.json", "{}")]),
        "RUN composer install --no-scripts --no-autoloader"
    );
    let module = ("go.mod", "module m\nrequire a.b/c v1.0.0\n");
    assert_eq!(
        first("RUN CGO_ENABLED=0 go build -o /m .", &[module]),
        "RUN go mod download"
    );
}

#[test]
fn nothing_is_fetched_twice_when_it_is_kept_or_there_is_nothing_to_fetch() {
    assert_eq!(
        first_step(
            "RUN --mount=type=cache,target=/root/.cache poetry install",
            &[POETRY]
        ),
        None
    );
    assert_eq!(
        first_step("RUN go build .", &[("go.mod", "module m\n")]),
        None
    );
    assert_eq!(
        first_step(
            "RUN go build .",
            &[
                ("go.mod", "module m\nrequire a v1\n"),
                ("vendor/modules.txt", "")
            ]
        ),
        None
    );
    assert_eq!(
        first_step(
            "RUN cargo build",
            &[
                ("Cargo.toml", "[package]\nname = \"m\"\n"),
                ("src/main.rs", "")
            ]
        ),
        None
    );
}

#[test]
fn modules_that_another_stage_fetched_are_not_fetched_again() {
    let dockerfile = "FROM golang AS modules\nCOPY go.mod ./\nRUN go mod download\n\
                      FROM golang\nCOPY --from=modules /go/pkg /go/pkg\nWORKDIR /app\nCOPY . .\nRUN go build .\n";
    assert_eq!(
        check(&[
            ("Dockerfile", dockerfile),
            ("go.mod", "module m\nrequire a v1\n"),
            ("main.go", "")
        ]),
        None
    );
}

#[test]
fn a_first_step_that_may_read_the_sources_is_not_written() {
    assert_eq!(
        first_step("RUN ./prepare.sh && poetry install", &[POETRY]).unwrap(),
        ""
    );
    let dependencies = "[dependencies]\nserde = \"1\"\n";
    let workspace = format!("[workspace]\nmembers = [\"a\"]\n{dependencies}");
    assert_eq!(
        first_step(
            "RUN cargo build",
            &[("Cargo.toml", &workspace), ("src/main.rs", "")]
        )
        .unwrap(),
        ""
    );
    assert_eq!(
        first_step(
            "RUN cargo build",
            &[
                ("Cargo.toml", dependencies),
                ("src/main.rs", ""),
                ("build.rs", "")
            ]
        )
        .unwrap(),
        ""
    );
}

#[test]
fn a_workspace_of_go_lies_above_its_modules() {
    let dockerfile = |variable: &str| {
        format!("FROM golang\n{variable}WORKDIR /w/api\nCOPY . /w\nRUN go mod download\n")
    };
    let of = |dockerfile: &str| {
        let modules = [
            ("go.work", "use (\n\t./api\n\t./lib\n)\n"),
            ("api/go.mod", ""),
            ("lib/go.mod", ""),
            ("api/main.go", ""),
        ];
        check(&[&[("Dockerfile", dockerfile)][..], &modules].concat())
            .unwrap()
            .0
    };
    assert_eq!(of(&dockerfile("")), ["api/go.mod", "go.work", "lib/go.mod"]);
    assert_eq!(of(&dockerfile("ENV GOWORK=off\n")), ["api/go.mod"]);
}
