//! Commands and files, and what runs in the end.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::files::Memory;
use crate::syntax::shellwords;
use crate::text::Sources;
use crate::workspace::Workspace;

/// No case has more commands.
const COMMANDS: usize = 10;

/// A container in the making.
#[derive(Default)]
struct Case {
    sources: Sources,
    files: BTreeMap<String, String>,
    made: Vec<String>,
    entrypoint: Option<Argv>,
    command: Option<Argv>,
    image: Image,
    environment: Vec<Variable>,
}

impl Case {
    fn words(&self, name: &str, text: &str) -> Argv {
        let source = self.sources.add(Path::new(name), text.to_owned());
        let split = shellwords::split(&Cooked::verbatim(&source, source.whole())).unwrap();
        Argv::Exec(split.words, source.whole())
    }

    fn shell(&self, name: &str, text: &str) -> Argv {
        let source = self.sources.add(Path::new(name), text.to_owned());
        Argv::Shell(Cooked::verbatim(&source, source.whole()))
    }

    fn command(text: &str) -> Case {
        let mut case = Case::default();
        case.command = Some(case.words("command", text));
        case.image.workdir = Some("/app".to_owned());
        case
    }

    fn cmd(text: &str) -> Case {
        let mut case = Case::default();
        case.image.cmd = Some(case.shell("CMD", text));
        case.image.workdir = Some("/app".to_owned());
        case
    }

    fn entrypoint(mut self, text: &str) -> Case {
        self.entrypoint = Some(self.words("entrypoint", text));
        self
    }

    fn image_entrypoint(mut self, text: &str) -> Case {
        self.image.entrypoint = Some(self.words("ENTRYPOINT", text));
        self
    }

    fn image_cmd(mut self, text: &str) -> Case {
        self.image.cmd = Some(self.words("CMD", text));
        self
    }

    fn base(mut self, image: &str) -> Case {
        let source = self.sources.add(Path::new("FROM"), image.to_owned());
        self.image.base = Some(image.to_owned());
        self.image.base_span = Some(source.whole());
        self
    }

    fn file(mut self, path: &str, text: &str) -> Case {
        self.files.insert(path.to_owned(), text.to_owned());
        self
    }

    fn made(mut self, path: &str) -> Case {
        self.made.push(path.to_owned());
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Case {
        self.environment.push(Variable {
            name: name.to_owned(),
            value: Some(value.to_owned()),
            span: None,
        });
        self
    }

    fn with<T>(&self, answer: impl FnOnce(&Input<'_>) -> T) -> T {
        let with = |memory: Memory, (path, text): (&String, &String)| memory.with(path, text);
        let memory = self.files.iter().fold(Memory::new(), with);
        let workspace = Workspace::new(&memory);
        // The commands have the ids that `self.sources` gave them, so files must have others.
        for number in 0..COMMANDS {
            workspace.read_or_new(Path::new(&format!("/command/{number}")));
        }
        let lookup = |path: &str| match workspace.read(Path::new(path)) {
            Ok(source) => PathContent::File(source),
            Err(_) if self.made.iter().any(|made| made == path) => PathContent::Made,
            Err(_) => PathContent::Nothing,
        };
        answer(&Input {
            entrypoint: self.entrypoint.clone(),
            command: self.command.clone(),
            image: self.image.clone(),
            working_dir: None,
            environment: self.environment.clone(),
            lookup: &lookup,
            shown: &|path| self.made.iter().any(|made| made == path),
            host: &|directory| Some(directory.into()),
            workspace: &workspace,
        })
    }

    /// Each process as `program: reload`, or `?: reason`.
    #[track_caller]
    fn check(&self, expected: &[&str]) {
        let shown: Vec<String> = self.with(|input| resolve(input).iter().map(show).collect());
        assert_eq!(shown, expected);
    }

    /// The development form of the first process.
    #[track_caller]
    fn check_dev(&self, expected: &str) {
        let form = self.with(|input| reload_change(input, &resolve(input)[0]));
        let shown = match form.map(|form| form.change) {
            None => "-".to_owned(),
            Some(ServiceChange::Environment { name, value }) => format!("{name}={value}"),
            Some(ServiceChange::Command(words)) => format!("{words:?}"),
            Some(ServiceChange::Entrypoint {
                words,
                drops_command,
            }) => {
                format!(
                    "entrypoint {words:?}{}",
                    if drops_command {
                        " without command"
                    } else {
                        ""
                    }
                )
            }
        };
        assert_eq!(shown, expected);
    }
}

fn show(process: &Process) -> String {
    let reload = match &process.reload {
        _ if process.unknown.is_some() => {
            return format!("?: {}", process.unknown.as_deref().unwrap_or_default());
        }
        Reload::None => "no".to_owned(),
        Reload::Yes { how, .. } => format!("yes, {how}"),
        Reload::PerRequest => "per request".to_owned(),
        Reload::Hot => "hot".to_owned(),
        Reload::Broken { reason, .. } => format!(
            "broken, {}",
            reason
                .split_whitespace()
                .take(4)
                .collect::<Vec<_>>()
                .join(" ")
        ),
        Reload::NotAServer => "not a server".to_owned(),
        Reload::Unknown(reason) => format!("unknown, {reason}"),
    };
    let program = process.program.map_or("-", |program| program.name);
    let reads = match &process.reads {
        Reads::Artifact(path) => format!(" ({path})"),
        _ => String::new(),
    };
    format!("{program}: {reload}{reads}")
}

#[track_caller]
fn check(command: &str, expected: &str) {
    Case::command(command).check(&[expected]);
}

#[test]
fn servers_without_a_flag_keep_their_code() {
    for (command, expected) in [
        ("uvicorn app:app --host 0.0.0.0", "uvicorn: no"),
        ("python -m uvicorn app:app", "uvicorn: no"),
        ("poetry run python -u -m uvicorn app:app", "uvicorn: no"),
        ("gunicorn app:app -b 0.0.0.0:80", "gunicorn: no"),
        ("celery -A proj worker -l info", "celery: no"),
        ("flask run", "flask run: no"),
        ("fastapi run main.py", "fastapi run: no"),
        ("next start", "next start: no (/app/.next)"),
        ("node server.js", "node: no"),
        ("node dist/main.js", "node: no (/app/dist/main.js)"),
        ("java -jar /app/app.jar", "java -jar: no (/app/app.jar)"),
        ("dotnet Api.dll", "dotnet: no (/app/Api.dll)"),
        ("go run ./cmd/api", "go run: no"),
        ("./server", "compiled program: no (/app/server)"),
        ("nest start", "nest start: no"),
        ("rails server -e production", "rails server: no"),
        ("php artisan queue:work", "queue:work: no"),
    ] {
        check(command, expected);
    }
}

#[test]
fn flags_and_habits_switch_reloading_on() {
    for (command, expected) in [
        ("uvicorn app:app --reload", "uvicorn: yes, --reload"),
        ("gunicorn --reload app:app", "gunicorn: yes, --reload"),
        (
            "python manage.py runserver 0.0.0.0:8000",
            "django runserver: yes, django runserver",
        ),
        ("fastapi dev main.py", "fastapi dev: yes, fastapi dev"),
        ("streamlit run app.py", "streamlit: hot"),
        ("flask --app x run --debug", "flask run: yes, --debug"),
        (
            "watchfiles --filter python 'celery -A p worker' /app",
            "watchfiles: yes, watchfiles",
        ),
        (
            "watchmedo auto-restart -d . -- celery -A p worker",
            "watchmedo: yes, watchmedo",
        ),
        ("npx nodemon src/index.js", "nodemon: yes, nodemon"),
        ("node --watch server.js", "node: yes, --watch"),
        ("node_modules/.bin/vite --host", "vite: hot"),
        ("node node_modules/next/dist/bin/next dev", "next dev: hot"),
        ("nest start --watch", "nest start: yes, --watch"),
        ("air -c .air.toml", "air: yes, air"),
        (
            "CompileDaemon --command=./main",
            "CompileDaemon: yes, CompileDaemon",
        ),
        ("cargo watch -x run", "cargo watch: yes, cargo watch"),
        ("dotnet watch run", "dotnet watch: yes, dotnet watch"),
        ("php-fpm", "php-fpm: per request"),
        (
            "bundle exec rails s -b 0.0.0.0",
            "rails server: per request",
        ),
        ("mix phx.server", "mix phx.server: per request"),
        ("bun --hot src/index.ts", "bun: yes, --hot"),
    ] {
        check(command, expected);
    }
}

#[test]
fn some_reloads_cannot_work() {
    for (command, expected) in [
        (
            "gunicorn -k uvicorn.workers.UvicornWorker --reload a:app",
            "gunicorn: broken, gunicorn says that it",
        ),
        (
            "gunicorn --reload --preload a:app",
            "gunicorn: broken, `--preload` keeps the code",
        ),
        (
            "uvicorn a:app --reload-dir src",
            "uvicorn: broken, `--reload-dir` alone switches nothing",
        ),
        (
            "python manage.py runserver --noreload",
            "django runserver: no",
        ),
    ] {
        check(command, expected);
    }
    let flask = |version: &str| {
        Case::command("flask run")
            .variable("FLASK_ENV", "development")
            .file("/app/requirements.txt", version)
    };
    flask("flask\n").check(&["flask run: broken, Flask has ignored FLASK_ENV"]);
    flask("Flask==2.2.5\n").check(&["flask run: yes, FLASK_ENV"]);
    flask("").check(&["flask run: unknown, FLASK_ENV switches reloading on before Flask 2.3, and its version is not known"]);
    Case::command("gunicorn a:app")
        .file(
            "/app/gunicorn.conf.py",
            "reload = True\npreload_app = True\n",
        )
        .check(&["gunicorn: broken, `--preload` keeps the code"]);
}

#[test]
fn variables_and_files_switch_reloading_on() {
    Case::command("uvicorn a:app")
        .variable("UVICORN_RELOAD", "true")
        .check(&["uvicorn: yes, UVICORN_RELOAD"]);
    Case::command("uvicorn a:app")
        .variable("UVICORN_RELOAD", "false")
        .check(&["uvicorn: no"]);
    Case::command("gunicorn a:app")
        .variable("GUNICORN_CMD_ARGS", "--workers 1 --reload")
        .check(&["gunicorn: yes, GUNICORN_CMD_ARGS"]);
    Case::command("flask run")
        .file("/app/.flaskenv", "FLASK_DEBUG=1\n")
        .check(&["flask run: yes, FLASK_DEBUG"]);
    Case::command("gunicorn -c conf/g.py a:app")
        .file("/app/conf/g.py", "reload = True  # dev\n")
        .check(&["gunicorn: yes, --reload"]);
    Case::command("rails s")
        .variable("RAILS_ENV", "production")
        .check(&["rails server: no"]);
    Case::command("puma")
        .check(&["puma: unknown, only Rails reloads, and no `config/application.rb` can be seen"]);
    Case::command("puma")
        .file("/app/config/application.rb", "")
        .check(&["puma: per request"]);
}

#[test]
fn arguments_that_only_the_container_knows_are_not_guessed() {
    Case::cmd("uvicorn a:b $ARGS")
        .check(&["uvicorn: unknown, its arguments `$ARGS` are known only in the container"]);
    Case::cmd("uvicorn a:b $ARGS")
        .variable("ARGS", "--port 80 --reload")
        .check(&["uvicorn: yes, --reload"]);
    Case::cmd("uvicorn a:b --port $PORT").check(&["uvicorn: no"]);
    Case::cmd("gunicorn -c python:conf.web a:b")
        .file("/app/conf/web.py", "reload = os.getenv('X')\n")
        .check(&["gunicorn: unknown, its configuration decides about reloading only when it runs"]);
    Case::cmd("gunicorn -c $CONF a:b")
        .variable("CONF", "/app/g.py")
        .file("/app/g.py", "reload = True\n")
        .check(&["gunicorn: yes, --reload"]);
    Case::cmd("gunicorn -c /etc/g.py a:b").check(&[
        "gunicorn: unknown, its configuration `/etc/g.py` is not among the files of the project",
    ]);
}

#[test]
fn what_is_no_server_is_said_so() {
    for (command, expected) in [
        ("nginx -g 'daemon off;'", "nginx: not a server"),
        ("python manage.py migrate", "django one-shot: not a server"),
        ("sleep infinity", "shell command: not a server"),
        ("npm ci", "npm install: not a server"),
        ("serve -s build", "serve: not a server (/app/build)"),
    ] {
        check(command, expected);
    }
}

#[test]
fn entrypoint_and_command_replace_what_the_image_says() {
    Case::cmd("uvicorn a:app").check(&["uvicorn: no"]);
    Case::command("--reload")
        .image_entrypoint("uvicorn a:app")
        .check(&["uvicorn: yes, --reload"]);
    Case::cmd("flask run")
        .entrypoint("uvicorn a:app")
        .check(&["uvicorn: no"]);
    Case::cmd("flask run")
        .entrypoint("")
        .image_entrypoint("x")
        .check(&["flask run: no"]);
    Case::command("")
        .image_cmd("flask run")
        .check(&["flask run: no"]);
    Case::command("")
        .base("nginx:1.27")
        .check(&["nginx: not a server"]);
    Case::command("").base("python:3.12").check(&[
        "?: nothing says what to run, and the image `python:3.12` runs nothing by itself",
    ]);
    Case::command("")
        .base("acme/thing")
        .check(&["?: what the image `acme/thing` runs by itself is not known"]);
    Case::command("").check(&["?: neither the service nor its Dockerfile says what to run"]);
}

#[test]
fn wrappers_are_taken_off() {
    for command in [
        "tini -- uvicorn a:app",
        "dumb-init env A=1 poetry run uvicorn a:app",
        "sh -c 'exec uvicorn a:app'",
        "bash -lc 'cd /srv && pip install -r r.txt && uvicorn a:app'",
        "gosu app uv run --no-sync uvicorn a:app",
        "opentelemetry-instrument --service_name x uvicorn a:app",
        "python -m debugpy --listen 0.0.0.0:5678 -m uvicorn a:app",
        "sh -c 'uvicorn a:app || exit 1'",
        "sh -c 'uvicorn a:app | tee log'",
        "docker-entrypoint.sh uvicorn a:app",
    ] {
        check(command, "uvicorn: no");
    }
    let case = Case::command("bash -c 'cd src && npm install && node index.js'");
    case.with(|input| {
        let process = &resolve(input)[0];
        assert_eq!(process.cwd, "/app/src");
        let effects: Vec<String> = process
            .side_effects
            .iter()
            .map(|command| command.argv().join(" "))
            .collect();
        assert_eq!(effects, ["npm install"]);
        assert_eq!(process.words(), ["node", "index.js"]);
    });
}

#[test]
fn entry_scripts_hand_on_to_the_command() {
    let script = "#!/bin/sh\nset -e\npython manage.py migrate\nif [ \"$1\" = x ]; then exec celery; fi\nexec \"$@\"\n";
    let case = Case::command("gunicorn a:app")
        .image_entrypoint("/entry.sh")
        .file("/entry.sh", script);
    case.check(&["gunicorn: no"]);
    case.with(|input| {
        let process = &resolve(input)[0];
        let steps: Vec<&str> = process
            .chain
            .iter()
            .map(|step| step.what.as_str())
            .collect();
        assert_eq!(steps, ["ENTRYPOINT", "command", "script `/entry.sh`"]);
        assert_eq!(process.side_effects.len(), 1);
    });
    Case::command("")
        .image_entrypoint("/entry.sh")
        .file("/entry.sh", script)
        .check(&["?: it runs what it is given, and nothing is given"]);
    Case::cmd("./start.sh")
        .file("/app/start.sh", "export FLASK_DEBUG=1\nflask run\n")
        .check(&["flask run: yes, FLASK_DEBUG"]);
    Case::cmd("./start.sh")
        .file(
            "/app/start.sh",
            "main() {\n  uvicorn a:app \"$@\"\n}\nmain --reload\n",
        )
        .check(&["uvicorn: yes, --reload"]);
    Case::cmd("bash start.sh")
        .file(
            "/app/start.sh",
            "if [ $D ]; then flask run; else gunicorn a:b; fi\n",
        )
        .check(&["?: which command stays depends on a condition in its script"]);
    Case::cmd("./s")
        .file(
            "/app/s",
            "#!/usr/bin/env bash\ncelery -A a worker &\nuvicorn a:b &\nwait -n\n",
        )
        .check(&["celery: no", "uvicorn: no"]);
    Case::cmd("./missing.sh").check(&["?: `./missing.sh` is not among the files of the project"]);
    Case::cmd("$SERVER a:b").check(&["?: `$SERVER` is known only in the container"]);
    Case::cmd("$SERVER a:b")
        .variable("SERVER", "poetry run uvicorn")
        .check(&["uvicorn: no"]);
    Case::cmd("${SERVER:-gunicorn} a:b").check(&["gunicorn: no"]);
    Case::cmd("./s")
        .file("/app/s", "exec ./s\n")
        .check(&["?: its scripts call one another too often to follow"]);
    Case::command("backend")
        .made("/usr/local/bin/backend")
        .check(&["compiled program: no (/usr/local/bin/backend)"]);
}

#[test]
fn package_scripts_are_followed() {
    let manifest = r#"{"scripts": {"start": "node server.js", "dev": "npm run watch --", "watch": "nodemon server.js", "all": "concurrently \"npm:dev\" \"vite\"",
        "prestart": "npm run build", "loop": "npm run loop", "prod": "NODE_ENV=production next start"}}"#;
    let case = |command: &str| Case::command(command).file("/app/package.json", manifest);
    case("npm start").check(&["node: no"]);
    case("npm run dev -- --verbose").check(&["nodemon: yes, nodemon"]);
    case("yarn dev").check(&["nodemon: yes, nodemon"]);
    case("yarn vite --host").check(&["vite: hot"]);
    case("yarn run vite -- --host").check(&["?: `package.json` has no script `vite`"]);
    case("yarn vite -- --host").check(&["vite: hot"]);
    case("pnpm run all").check(&["nodemon: yes, nodemon", "vite: hot"]);
    case("npm run prod").check(&["next start: no (/app/.next)"]);
    case("npm run nothing").check(&["?: `package.json` has no script `nothing`"]);
    case("npm run loop").check(&["?: its scripts call one another too often to follow"]);
    case("npm --prefix /app start").check(&["node: no"]);
    Case::command("npm start")
        .check(&["?: `package.json` of `/app` is not among the files of the project"]);
    case("npm start").with(|input| {
        let process = &resolve(input)[0];
        assert_eq!(process.chain.last().unwrap().what, "npm script \"start\"");
        assert_eq!(process.side_effects.len(), 1);
    });
    let root = r#"{"workspaces": ["packages/*"]}"#;
    let web = r#"{"name": "@x/web", "scripts": {"dev": "vite"}}"#;
    for command in [
        "yarn workspace @x/web dev",
        "npm run dev -w packages/web",
        "pnpm --filter @x/web dev",
        "pnpm -C packages/web dev",
    ] {
        Case::command(command)
            .file("/app/package.json", root)
            .file("/app/packages/web/package.json", web)
            .check(&["vite: hot"]);
    }
}

#[test]
fn process_managers_are_followed() {
    Case::command("honcho start")
        .file(
            "/app/Procfile",
            "web: uvicorn a:app --reload\nworker: celery -A a worker\n",
        )
        .check(&["uvicorn: yes, --reload", "celery: no"]);
    Case::command("foreman start -f Procfile.dev web")
        .file("/app/Procfile.dev", "web: bin/rails s\ncss: yarn css\n")
        .check(&["rails server: per request"]);
    let conf = "[supervisord]\nnodaemon=true\n[program:web]\ncommand=gunicorn a:app ; comment\ndirectory=/srv\n\n[program:x]\ncommand=php-fpm\nautostart=true\n";
    Case::command("supervisord -n -c /etc/s.conf")
        .file("/etc/s.conf", conf)
        .check(&["gunicorn: no", "php-fpm: per request"]);
    Case::command("supervisord")
        .check(&["?: the configuration of supervisord is not among the files of the project"]);
}

#[test]
fn python_files_tell_how_they_start_their_server() {
    let main = |text: &str, expected: &str| {
        Case::command("python main.py")
            .file("/app/main.py", text)
            .check(&[expected])
    };
    main(
        "import uvicorn\nuvicorn.run(\"m:app\", host='0.0.0.0', reload=True)\n",
        "python server: yes, reload=True",
    );
    main(
        "uvicorn.run('m:app', port=80)  # reload=True\n",
        "python server: no",
    );
    main(
        "uvicorn.run(app, reload=True)\n",
        "python server: broken, uvicorn reloads only what",
    );
    main(
        "uvicorn.run('m:app', reload=DEBUG)\n",
        "python server: unknown, `reload=DEBUG` is known only when it runs",
    );
    main(
        "from flask import Flask\napp = Flask('x')\napp.run(host='0.0.0.0', debug=True)\n",
        "python server: yes, debug=True",
    );
    main(
        "from flask import Flask\napp.run(host='0.0.0.0')\n",
        "flask app.run: no",
    );
    main(
        "from app import create_app\ncreate_app().run(debug=True, use_reloader=False)\n",
        "python server: no",
    );
    main("while True:\n    poll()\n", "python worker: no");
    main("bot.run(TOKEN)\n", "python worker: no");
    main("print('x')\n", "python: no");
    main(
        "import watchfiles\nprint('x')\n",
        "python: unknown, something that it imports may reload it",
    );
    let imported = |text: &str, expected: &str| {
        Case::command("python -m pkg.main")
            .file("/app/pkg/main.py", "from .jobs import run\nrun()\n")
            .file("/app/pkg/jobs.py", text)
            .check(&[expected]);
    };
    imported("while True:\n    pass\n", "python worker: no");
    imported(
        "import uvicorn\ndef run():\n    uvicorn.run('a:b')\n",
        "python server: no",
    );
    imported(
        "import uvicorn\ndef run():\n    uvicorn.run('a:b', reload=True)\n",
        "python: unknown, something that it imports may reload it",
    );
    imported("def run():\n    pass\n", "python: no");
    main(
        "from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
        "django command: no",
    );
    Case::command("python main.py")
        .check(&["?: `/app/main.py` is not among the files of the project"]);
    Case::command("python -m pkg")
        .file(
            "/app/pkg/__main__.py",
            "import uvicorn\nuvicorn.run('x:y', reload=True)",
        )
        .check(&["python server: yes, reload=True"]);
    Case::command("python main.py")
        .file("/app/main.py", "import flask\napp.run()")
        .variable("FLASK_DEBUG", "1")
        .check(&["flask app.run: yes, FLASK_DEBUG"]);
    let pyproject = "[project.scripts]\nserve-it = \"pkg.cli:main\"\n";
    Case::command("serve-it")
        .file("/app/pyproject.toml", pyproject)
        .file("/app/src/pkg/cli.py", "uvicorn.run('a:b')")
        .check(&["python server: no"]);
    check("mystery", "?: `mystery` is no program that is known here");
}

#[test]
fn the_development_form_is_the_least_change() {
    Case::command("uvicorn a:app").check_dev("UVICORN_RELOAD=true");
    Case::command("uvicorn a:app --reload").check_dev("-");
    Case::command("gunicorn a:app")
        .variable("GUNICORN_CMD_ARGS", "--workers 2")
        .check_dev("GUNICORN_CMD_ARGS=--workers 2 --reload");
    Case::command("flask run").check_dev("FLASK_DEBUG=1");
    Case::command("hypercorn a:app").check_dev(r#"["hypercorn", "a:app", "--reload"]"#);
    Case::cmd("pip list && hypercorn \"a:app\" -b $BIND")
        .check_dev(r#"["/bin/sh", "-c", "pip list && hypercorn \"a:app\" -b $BIND --reload"]"#);
    Case::command("a:app")
        .image_entrypoint("hypercorn")
        .check_dev(r#"["a:app", "--reload"]"#);
    Case::command("")
        .image_entrypoint("tini hypercorn a:app")
        .check_dev(r#"["--reload"]"#);
    Case::command("gunicorn --reload --preload a:app")
        .check_dev(r#"["gunicorn", "--reload", "a:app"]"#);
    Case::command("python manage.py runserver --noreload")
        .check_dev(r#"["python", "manage.py", "runserver"]"#);
    Case::command("npx next start -p 80").check_dev(r#"["npx", "next", "dev", "-p", "80"]"#);
    Case::command("vite preview --port 80")
        .check_dev(r#"["vite", "dev", "--port", "80", "--host", "0.0.0.0"]"#);
    Case::command("gunicorn -k uvicorn.workers.UvicornWorker -b 0.0.0.0:80 a.b:app")
        .check_dev(r#"["uvicorn", "a.b:app", "--host", "0.0.0.0", "--port", "80", "--reload"]"#);
    Case::command("gunicorn -k uvicorn.workers.UvicornWorker").check_dev("-");
    Case::command("dotnet run --urls x").check_dev(r#"["dotnet", "watch", "run", "--urls", "x"]"#);
    Case::command("rails s")
        .variable("RAILS_ENV", "production")
        .check_dev("RAILS_ENV=development");
}

#[test]
fn no_tool_is_invented() {
    Case::command("celery -A p worker").check_dev("-");
    Case::command("arq w.Settings").check_dev("-");
    Case::command("arq w.Settings")
        .file("/app/requirements.txt", "arq[watch]\n")
        .check_dev(r#"["arq", "w.Settings", "--watch", "."]"#);
    Case::command("poetry run celery -A p worker")
        .file(
            "/app/pyproject.toml",
            "[tool.poetry.group.dev.dependencies]\nwatchfiles = \"*\"\n",
        )
        .check_dev(
            r#"["poetry", "run", "watchfiles", "--filter", "python", "celery -A p worker"]"#,
        );
    Case::command("celery -A p worker").file("/app/requirements.txt", "watchdog==4\n").check_dev(
        r#"["watchmedo", "auto-restart", "--directory=.", "--pattern=*.py", "--recursive", "--", "celery", "-A", "p", "worker"]"#,
    );
    let manifest = r#"{"scripts": {"start": "node dist/x.js", "dev": "vite"}}"#;
    Case::command("npm start")
        .file("/app/package.json", manifest)
        .check_dev(r#"["npm", "run", "dev", "--", "--host", "0.0.0.0"]"#);
    Case::command("node dist/x.js")
        .file("/app/package.json", manifest)
        .file("/app/yarn.lock", "")
        .check_dev(r#"["yarn", "run", "dev", "--host", "0.0.0.0"]"#);
    Case::command("node dist/x.js").check_dev("-");
    Case::command("node x.js").check_dev("-");
    Case::command("node x.js").base("node:18").check_dev("-");
    Case::command("node x.js")
        .base("node:20-alpine")
        .check_dev(r#"["node", "--watch-path=.", "x.js"]"#);
    // The script's whole work is that one command, so it can stand where the script is called.
    let manifest = r#"{"scripts": {"start": "node server.js", "both": "node a.js && node b.js"}}"#;
    let script = |name: &str| {
        Case::command(name)
            .base("node:22")
            .file("/app/package.json", manifest)
            .file("/app/server.js", "")
    };
    script("npm start").check_dev(r#"["node", "--watch-path=.", "server.js"]"#);
    script("npm run both").check_dev("-");
    Case::command("python main.py")
        .file("/app/main.py", "uvicorn.run('a:b')")
        .file("/app/requirements.txt", "uvicorn[standard]==0.30")
        .check_dev(r#"["watchfiles", "--filter", "python", "python main.py"]"#);
    Case::command("node x.js")
        .file(
            "/app/package.json",
            r#"{"devDependencies": {"nodemon": "3"}}"#,
        )
        .check_dev(r#"["nodemon", "x.js"]"#);
}

#[test]
fn hostile_scripts_come_to_an_end() {
    Case::cmd("./s a")
        .file("/app/s", "A=x\n")
        .check(&["?: its script ends without a command that stays"]);
    Case::cmd("./s a")
        .file("/app/s", "exec ./s \"$@\" \"$@\"\n")
        .check(&["?: its scripts call one another too often to follow"]);
    let variables = format!("A=xxxx\n{}$A\n", "A=$A$A\n".repeat(60));
    Case::cmd("./s")
        .file("/app/s", &variables)
        .check(&["?: `$A` is known only in the container"]);
    Case::cmd("./s")
        .file("/app/s", &"uvicorn a:b &\n".repeat(5_000))
        .check(&["?: its script starts too many commands to follow"]);
    Case::cmd("./s")
        .file("/app/s", &"f() { f; }\nf\n".repeat(500))
        .check(&["?: its functions call one another"]);
    let wide = r#"{"scripts": {"a": "concurrently \"npm:a\" \"npm:a\""}}"#;
    Case::command("npm run a")
        .file("/app/package.json", wide)
        .with(|input| assert!(resolve(input).len() <= 200));
    let calls = "uvicorn.run(".repeat(20_000);
    Case::command("python m.py")
        .file("/app/m.py", &calls)
        .check(&["python server: no"]);
}

proptest! {
    #[test]
    fn any_command_has_an_answer(words in prop::collection::vec(WORD, 0..8), script in "([a-z $\"@;&|(){}\n]|exec |if |fi\n|npm run |sh -c ){0,40}") {
        let case = Case::cmd(&words.join(" ")).file("/app/s", &script).file("/app/package.json", &format!("{{\"scripts\": {{\"a\": {script:?}}}}}"));
        case.with(|input| for process in resolve(input) {
            reload_change(input, &process);
        });
    }
}

/// Words that lead into every branch.
const WORD: &str = "sh|-c|-lc|-o|./s|npm|yarn|pnpm|bun|run|a|--|-w|-C|--prefix|=|\"\"|'exec a'|python|-m|-|manage.py|uvicorn|--reload|exec|env|A=b|timeout|\\$A|\"\\$@\"|concurrently|supervisord|honcho|start|-f|node|node_modules/|x.js|gunicorn|UvicornWorker|next|celery|worker|run-p|workspace|exit|cd|set|shift|&|;|\\|\\||&&";

#[test]
fn a_script_that_may_watch_files_by_itself_is_not_judged() {
    let reload = |command: &str, path: &str, text: &str| {
        let case = Case::command(command).file(path, text);
        case.with(|input| resolve(input)[0].reload.clone())
    };
    assert_eq!(
        reload(
            "node server.js",
            "/app/server.js",
            "require('express')().listen(80)"
        ),
        Reload::None
    );
    for text in [
        "const Server = require('webpack-dev-server')",
        "import { createServer } from 'vite'",
        "const next = require('next')",
    ] {
        assert!(
            matches!(
                reload("node start.js", "/app/start.js", text),
                Reload::Unknown(_)
            ),
            "{text}"
        );
    }
    assert_eq!(
        reload("ruby poll.rb", "/app/poll.rb", "loop { sleep 1 }"),
        Reload::None
    );
    let jobs = "require_relative '../config/environment'\nSolidQueue::Cli.start(ARGV)";
    assert!(matches!(
        reload("ruby bin/jobs", "/app/bin/jobs", jobs),
        Reload::Unknown(_)
    ));
}

#[test]
fn the_servers_of_php_frameworks_read_the_code_for_each_request() {
    Case::command("php spark serve --host 0.0.0.0").check(&["spark serve: per request"]);
    Case::command("php yii serve").check(&["spark serve: per request"]);
}

#[test]
fn devtools_wait_for_classes_that_only_the_host_can_make() {
    let maven = || {
        Case::command("./mvnw spring-boot:run").file(
            "/app/pom.xml",
            "<artifactId>spring-boot-devtools</artifactId>",
        )
    };
    maven().check(&["mvn spring-boot:run: no"]);
    let reason = "spring-boot-devtools restarts when classes change, and nothing that can be seen here compiles them";
    maven()
        .made("/app/target")
        .check(&[&format!("mvn spring-boot:run: unknown, {reason}")]);
}

#[test]
fn tasks_are_followed_through_the_files_of_their_runners() {
    let makefile = "APP ?= shop.main:app\nFLAGS = --host 0.0.0.0\n.PHONY: dev\ndev: migrate\n\t@uvicorn $(APP) $(FLAGS) --reload\nserve:\n\tuvicorn ${APP}\n        migrate:\n\talembic upgrade head\nall: serve\nprod:\n\t$(MAKE) serve APP=x:y\nodd:\n\t$(shell pick) x\n";
    let make = |command: &str| Case::command(command).file("/app/Makefile", makefile);
    make("make").check(&["uvicorn: yes, --reload"]);
    make("make serve").check(&["uvicorn: no"]);
    make("make all").check(&["uvicorn: no"]);
    make("make prod").check(&["uvicorn: no"]);
    make("make odd").check(&["?: `$(shell pick)` is known only in the container"]);
    make("make nothing").check(&["?: its makefile has no recipe for `nothing`"]);
    make("make dev").with(|input| {
        let process = &resolve(input)[0];
        assert_eq!(
            process.words(),
            ["uvicorn", "shop.main:app", "--host", "0.0.0.0", "--reload"]
        );
        assert_eq!(
            process
                .side_effects
                .iter()
                .map(|command| command.argv().join(" "))
                .collect::<Vec<_>>(),
            ["alembic upgrade head"]
        );
    });
    Case::command("make dev")
        .check(&["?: the makefile of `/app` is not among the files of the project"]);

    let just = "port := \"80\"\n\n# work\ndev:\n    pip install -e .\n    flask run --debug\nrun:\n    uvicorn a:b --port {{port}}\n";
    Case::command("just")
        .file("/app/justfile", just)
        .check(&["flask run: yes, --debug"]);
    Case::command("just run")
        .file("/app/justfile", just)
        .check(&["?: recipe `run` of the justfile is known only when it runs"]);

    let taskfile = "version: '3'\ntasks:\n  dev:\n    dir: api\n    cmds:\n      - go mod download\n      - air\n  up: {cmds: [{task: dev}]}\n";
    Case::command("task up")
        .file("/app/Taskfile.yml", taskfile)
        .check(&["air: yes, air"]);

    let pyproject = "[tool.poe.tasks]\ndev = \"uvicorn a:b --reload\"\nrun = {cmd = \"uvicorn a:b\"}\nboth = [\"dev\", \"run\"]\n        [tool.pdm.scripts]\nstart = {shell = \"flask run\"}\n[tool.hatch.envs.web.scripts]\nserve = [\"flask db upgrade\", \"flask run\"]\n";
    let python = |command: &str| Case::command(command).file("/app/pyproject.toml", pyproject);
    python("poetry run poe dev").check(&["uvicorn: yes, --reload"]);
    python("poe run --reload").check(&["uvicorn: yes, --reload"]);
    python("poe both").check(&["?: task `both` of pyproject.toml is known only when it runs"]);
    python("pdm run start").check(&["flask run: no"]);
    python("pdm run flask run --debug").check(&["flask run: yes, --debug"]);
    python("hatch run web:serve").check(&["flask run: no"]);

    let package = "{\"name\": \"web\", \"scripts\": {\"dev\": \"vite\"}}";
    let turbo = |command: &str| {
        Case::command(command)
            .file("/app/package.json", "{\"workspaces\": [\"apps/*\"]}")
            .file("/app/apps/web/package.json", package)
    };
    turbo("npx turbo run dev --filter=web...").check(&["vite: hot"]);
    turbo("turbo dev").check(&["?: `turbo` runs a script of several packages"]);
    check("npx nx serve api", "nx serve: yes, nx serve");
}

#[test]
fn an_image_may_bring_a_start_script_that_reloads() {
    let tiangolo =
        |command: &str| Case::command(command).base("tiangolo/uvicorn-gunicorn-fastapi:python3.11");
    tiangolo("/start-reload.sh").check(&["uvicorn: yes, --reload"]);
    tiangolo("/start.sh").check(&["gunicorn: no"]);
    tiangolo("").check(&["gunicorn: no"]);
    tiangolo("").check_dev("[\"/start-reload.sh\"]");
    Case::command("/start-reload.sh")
        .base("python:3.12")
        .check(&["?: `/start-reload.sh` is not among the files of the project"]);
}
