//! Which commands are installs, and what is known of them.

use crate::image::Action;
use crate::testing;

/// `manager in directory: manifests` with `!` before one that must be there, `-> what it writes`,
/// `needs: why` or `pure`, `?` when not wholly understood; then the number of other commands.
fn draw(instructions: &str) -> String {
    let dockerfile = format!("FROM scratch\nWORKDIR /app\n{instructions}\n");
    let files = testing::files(&[("Dockerfile", &dockerfile)]);
    let image = testing::image(testing::workspace(&files));
    let mut lines = Vec::new();
    for step in image.history() {
        let Action::Run(run) = &step.action else {
            continue;
        };
        for install in &run.installs {
            let manifests: Vec<_> = install
                .manifests
                .iter()
                .filter(|manifest| manifest.required)
                .map(|manifest| manifest.path.as_str())
                .collect();
            let why = match &install.needs_sources {
                None if install.understood => "pure".to_owned(),
                None => "?".to_owned(),
                Some(reason) => format!("needs: {reason}"),
            };
            let directory = install.directory.as_deref().unwrap_or("?");
            let writes = install.writes.join(" ");
            lines.push(format!(
                "{} in {directory}: [{}] -> [{writes}] {why}",
                install.manager,
                manifests.join(" ")
            ));
        }
        if !run.others.is_empty() {
            lines.push(format!("{} others", run.others.len()));
        }
    }
    lines.join("\n")
}

#[track_caller]
fn check(table: &[(&str, &str)]) {
    for (command, expected) in table {
        assert_eq!(draw(&format!("RUN {command}")), *expected, "{command}");
    }
}

#[test]
fn python_installs_are_recognised() {
    check(&[
        (
            "pip install --no-cache-dir -r requirements.txt",
            "pip in /app: [requirements.txt] -> [] pure",
        ),
        (
            "python3 -m pip install -U pip && pip3.12 install -rreq/dev.txt",
            "pip in /app: [] -> [] pure\npip in /app: [req/dev.txt] -> [] pure",
        ),
        (
            "/venv/bin/pip install --requirement=a.txt -c b.txt",
            "pip in /app: [a.txt b.txt] -> [] pure",
        ),
        (
            "pip install flask uvicorn[standard] 'x>=1'",
            "pip in /app: [] -> [] pure",
        ),
        (
            "pip install .",
            "pip in /app: [] -> [] needs: `.` is a path of the project",
        ),
        (
            "pip install -e '.[dev]'",
            "pip in /app: [] -> [] needs: `-e .[dev]` is a path of the project",
        ),
        (
            "pip install -e git+https://x/y#egg=z",
            "pip in /app: [] -> [] pure",
        ),
        ("pip install -r $FILE", "pip in /app: [] -> [] ?"),
        (
            "pip install --target /deps -r r.txt",
            "pip in /app: [r.txt] -> [/deps] pure",
        ),
        (
            "uv sync --locked",
            "uv in /app: [pyproject.toml] -> [/app/.venv] needs: it installs the project itself (no `--no-install-project`)",
        ),
        (
            "uv sync --frozen --no-install-project --group dev",
            "uv in /app: [pyproject.toml] -> [/app/.venv] pure",
        ),
        (
            "uv pip install --system -r pyproject.toml",
            "uv in /app: [pyproject.toml] -> [] pure",
        ),
        (
            "poetry install --no-root --only main",
            "poetry in /app: [pyproject.toml] -> [] pure",
        ),
        (
            "poetry install",
            "poetry in /app: [pyproject.toml] -> [] needs: it installs the project itself (no `--no-root`)",
        ),
        (
            "pdm sync --no-self",
            "pdm in /app: [pyproject.toml] -> [/app/.venv] pure",
        ),
        (
            "pipenv install --system --deploy",
            "pipenv in /app: [Pipfile] -> [] pure",
        ),
        (
            "conda env create -f environment.yml",
            "conda in /app: [environment.yml] -> [] pure",
        ),
        (
            "python -m venv /opt/venv",
            "venv in /app: [] -> [/opt/venv] pure",
        ),
    ]);
}

#[test]
fn node_installs_are_recognised() {
    check(&[
        (
            "npm ci",
            "npm in /app: [package.json] -> [/app/node_modules] pure",
        ),
        (
            "npm --prefix web ci --omit dev",
            "npm in /app/web: [package.json] -> [/app/web/node_modules] pure",
        ),
        ("npm install -g pm2", "npm in /app: [] -> [] pure"),
        (
            "cd web && npm install",
            "npm in /app/web: [package.json] -> [/app/web/node_modules] pure",
        ),
        (
            "yarn --frozen-lockfile",
            "yarn in /app: [package.json] -> [/app/node_modules] pure",
        ),
        (
            "yarn install && yarn build",
            "yarn in /app: [package.json] -> [/app/node_modules] pure\n1 others",
        ),
        (
            "corepack enable && corepack pnpm i --frozen-lockfile",
            "pnpm in /app: [package.json] -> [/app/node_modules] pure",
        ),
        (
            "pnpm fetch",
            "pnpm in /app: [pnpm-lock.yaml] -> [/app/node_modules] pure",
        ),
        (
            "bun install --cwd api",
            "bun in /app/api: [package.json] -> [/app/api/node_modules] pure",
        ),
        ("npm run build", "1 others"),
    ]);
}

#[test]
fn other_installs_are_recognised() {
    check(&[
        (
            "go mod download -x",
            "go in /app: [go.mod] -> [/go/pkg/mod] pure",
        ),
        (
            "CGO_ENABLED=0 go build -o /out/api ./cmd/api",
            "go in /app: [go.mod] -> [/out/api] needs: it compiles the sources",
        ),
        (
            "go install github.com/air-verse/air@latest",
            "go in /app: [] -> [] pure",
        ),
        (
            "go install ./...",
            "go in /app: [] -> [] needs: `./...` is a path of the project",
        ),
        (
            "cargo chef cook --release --recipe-path recipe.json",
            "cargo-chef in /app: [recipe.json] -> [/app/target] pure",
        ),
        (
            "cargo build --release",
            "cargo in /app: [Cargo.toml] -> [/app/target] needs: it compiles the sources",
        ),
        (
            "cargo install --path .",
            "cargo in /app: [] -> [] needs: `--path .` is a path of the project",
        ),
        (
            "./mvnw -B dependency:go-offline",
            "maven in /app: [pom.xml] -> [/root/.m2] pure",
        ),
        (
            "mvn -B -DskipTests package",
            "maven in /app: [pom.xml] -> [/app/target] needs: it compiles the sources",
        ),
        (
            "./gradlew dependencies --no-daemon",
            "gradle in /app: [] -> [/app/.gradle] pure",
        ),
        (
            "gradle bootJar",
            "gradle in /app: [] -> [/app/build /app/.gradle] needs: it compiles the sources",
        ),
        (
            "dotnet restore Api/Api.csproj",
            "dotnet in /app: [Api/Api.csproj] -> [/app/obj /root/.nuget/packages] pure",
        ),
        (
            "dotnet publish -c Release -o /out",
            "dotnet in /app: [**/*.csproj|**/*.fsproj|**/*.vbproj] -> [/app/bin /app/obj /out] needs: it compiles the sources",
        ),
        (
            "composer install --no-dev",
            "composer in /app: [composer.json] -> [/app/vendor] needs: it runs scripts and reads the classes of the project",
        ),
        (
            "composer install --no-scripts --no-autoloader",
            "composer in /app: [composer.json] -> [/app/vendor] pure",
        ),
        (
            "bundle install -j 4",
            "bundler in /app: [Gemfile] -> [/usr/local/bundle] pure",
        ),
        ("bundle exec rake assets:precompile", "1 others"),
        (
            "mix local.hex --force && mix deps.get --only prod",
            "mix in /app: [] -> [] pure\nmix in /app: [mix.exs] -> [/app/deps /app/_build] pure",
        ),
        (
            "apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*",
            "apt in /app: [] -> [] pure\napt in /app: [] -> [] pure",
        ),
        ("apk add --no-cache git", "apk in /app: [] -> [] pure"),
    ]);
}

#[test]
fn variables_of_the_dockerfile_are_known_to_commands() {
    assert_eq!(
        draw("ENV R=dev.txt\nRUN pip install -r $R"),
        "pip in /app: [dev.txt] -> [] pure"
    );
    assert_eq!(
        draw("ENV UV_PROJECT_ENVIRONMENT=/opt/v\nRUN uv sync --no-install-project"),
        "uv in /app: [pyproject.toml] -> [/opt/v] pure"
    );
    assert_eq!(
        draw("ENV POETRY_VIRTUALENVS_IN_PROJECT=true\nRUN poetry install --no-root"),
        "poetry in /app: [pyproject.toml] -> [/app/.venv] pure"
    );
}

#[test]
fn what_is_not_plain_is_not_understood() {
    check(&[
        (
            "if [ -f x ]; then pip install -r x; fi",
            "pip in /app: [x] -> [] ?\n1 others",
        ),
        (
            "test -f a || pip install -r b",
            "pip in /app: [b] -> [] ?\n1 others",
        ),
        ("pip install -r *.txt", "pip in /app: [] -> [] ?"),
        ("cd $(pwd) && npm ci", "npm in ?: [package.json] -> [] pure"),
        ("make deps && ./install.sh", "2 others"),
        (
            "echo A=1 > .env && echo b > /etc/b && yarn set version berry",
            "2 others",
        ),
    ]);
}

#[test]
fn every_form_of_run_is_read() {
    assert_eq!(
        draw("RUN <<EOF\nset -e\npip install -r a.txt\nEOF"),
        "pip in /app: [a.txt] -> [] pure"
    );
    assert_eq!(
        draw("RUN [\"npm\", \"ci\"]"),
        "npm in /app: [package.json] -> [/app/node_modules] pure"
    );
    assert_eq!(
        draw("RUN [\"sh\", \"-c\", \"npm ci\"]"),
        "npm in /app: [package.json] -> [/app/node_modules] pure"
    );
    assert_eq!(
        draw("RUN <<EOF\n#!/usr/bin/env python\nimport x\nEOF"),
        "1 others"
    );
    assert_eq!(
        draw("SHELL [\"powershell\", \"-c\"]\nRUN npm ci"),
        "1 others"
    );
}

#[test]
fn the_tasks_of_mix_do_are_commands_of_their_own() {
    let both = "mix in /app: [mix.exs] -> [/app/deps /app/_build] pure\nmix in /app: [mix.exs] -> [/app/deps /app/_build] pure";
    check(&[
        ("mix do deps.get, deps.compile", both),
        ("mix do deps.get --only prod + deps.compile", both),
    ]);
}
