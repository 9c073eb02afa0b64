//! Commands and the rows they belong to; and what every row must hold.

use super::manager::{CacheMount, language_of_packages, verb_of};
use super::*;

#[track_caller]
fn check(command: &str, expected: &str) {
    let argv: Vec<&str> = command.split(' ').collect();
    assert_eq!(
        recognise(&argv).map_or("-", |program| program.name),
        expected,
        "{command}"
    );
}

#[test]
fn a_command_belongs_to_the_row_that_names_most_of_it() {
    for (command, name) in [
        ("uvicorn app.main:app --port 80", "uvicorn"),
        ("/usr/local/bin/uvicorn app:app", "uvicorn"),
        ("flask --app x run", "flask run"),
        ("flask db upgrade", "-"),
        ("manage.py runserver 0.0.0.0:8000", "django runserver"),
        ("src/manage.py migrate", "django one-shot"),
        ("manage.py consume", "django command"),
        ("celery -A p worker -l info", "celery"),
        ("celery -A p inspect ping", "celery command"),
        ("next start -p 80", "next start"),
        ("next", "next dev"),
        ("next build", "next build"),
        ("vite --host", "vite"),
        ("vite build", "vite build"),
        ("vite build --watch", "vite build --watch"),
        ("tsx watch src/a.ts", "tsx watch"),
        ("tsx src/a.ts", "ts-node"),
        ("node --watch x.js", "node"),
        ("node ace serve", "adonis serve"),
        ("python3.11 x.py", "python"),
        ("dotnet App.dll", "dotnet"),
        ("dotnet watch run", "dotnet watch"),
        ("java -Xmx1g -jar app.jar", "java -jar"),
        ("./mvnw spring-boot:run", "mvn spring-boot:run"),
        ("./gradlew -t bootRun", "gradle bootRun"),
        ("php artisan queue:work --tries=3", "queue:work"),
        ("php artisan migrate", "artisan"),
        ("php-fpm8.2 -F", "php-fpm"),
        ("bin/rails s -b 0.0.0.0", "rails server"),
        ("rails db:migrate", "rails one-shot"),
        ("cargo watch -x run", "cargo watch"),
        ("cargo build", "cargo build"),
        ("mix phx.server", "mix phx.server"),
        ("mix ecto.migrate", "mix"),
        ("nginx -g daemon off;", "nginx"),
        ("myapp", "-"),
    ] {
        check(command, name);
    }
}

#[test]
fn every_row_says_where_it_can_be_checked() {
    for program in programs() {
        assert!(
            !program.name.is_empty() && !program.source.is_empty(),
            "{:?}",
            program.name
        );
        assert!(
            program.habit == Habit::NotAServer || program.family != Family::Foreign,
            "{}",
            program.name
        );
        for command in program.commands {
            assert!(
                !command.is_empty() && !command.contains("  "),
                "{}",
                program.name
            );
        }
    }
}

#[test]
fn names_and_commands_are_unique() {
    let mut names: Vec<&str> = programs().map(|program| program.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn wrappers_take_their_own_words() {
    for (command, rest) in [
        ("tini -- node x.js", "node x.js"),
        ("dumb-init node x.js", "node x.js"),
        ("env -u A B=1 C=2 node x.js", "node x.js"),
        ("gosu app:app python x.py", "python x.py"),
        ("timeout -k 5 30 python x.py", "python x.py"),
        ("poetry run uvicorn a:b", "uvicorn a:b"),
        ("uv run --frozen --with x uvicorn a:b", "uvicorn a:b"),
        ("./wait-for-it.sh db:5432 -t 60 -- npm start", "npm start"),
        (
            "dockerize -wait tcp://db:5432 -timeout 60s npm start",
            "npm start",
        ),
        ("coverage run --source=x -m pytest", "-m pytest"),
        ("doppler run -- npm start", "npm start"),
        ("nice -n 10 node x", "node x"),
        ("poetry install", "-"),
        ("env", "-"),
    ] {
        let argv: Vec<&str> = command.split(' ').collect();
        let left = wrapper(&argv).map_or("-".to_owned(), |(_, length)| argv[length..].join(" "));
        assert_eq!(left, rest, "{command}");
    }
}

#[test]
fn no_two_rows_share_a_command() {
    let verbs = managers().flat_map(|manager| manager.verbs);
    let mut commands: Vec<&str> = verbs.flat_map(|verb| verb.commands).copied().collect();
    commands.sort_unstable();
    let count = commands.len();
    commands.dedup();
    assert_eq!(commands.len(), count);
}

#[test]
fn every_manager_says_where_it_can_be_checked_and_why_it_has_no_cache() {
    for manager in managers() {
        assert!(!manager.source.is_empty(), "{}", manager.name);
        assert!(!manager.programs.is_empty(), "{}", manager.name);
        if let CacheMount::None(reason) = manager.cache {
            assert!(!reason.contains("nothing is known"), "{}", manager.name);
        }
        for directory in manager.fills {
            assert_eq!(
                language_of_packages(directory),
                manager.ecosystem.language(),
                "{}: {directory}",
                manager.name
            );
        }
    }
}

#[test]
fn every_command_of_a_manager_is_found_by_its_program() {
    for manager in managers() {
        for verb in manager.verbs {
            for command in verb.commands {
                let words: Vec<&str> = command.split(' ').collect();
                let called = verb_of(&words).unwrap_or_else(|| panic!("{command}"));
                assert_eq!(called.manager.name, manager.name, "{command}");
            }
        }
    }
}

#[test]
fn a_wrapper_script_is_what_it_wraps() {
    for (command, name) in [
        ("./mvnw package", "maven"),
        ("./gradlew build", "gradle"),
        ("/venv/bin/pip3.12 install x", "pip"),
        ("yarnpkg install", "yarn"),
        ("nuget restore", "nuget"),
        ("microdnf install x", "microdnf"),
        ("pixi install", "pixi"),
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        let called = verb_of(&words).map(|called| called.manager.name);
        assert_eq!(called, Some(name), "{command}");
    }
}
