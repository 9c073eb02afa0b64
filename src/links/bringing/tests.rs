use crate::links::bringing;
use crate::testing;

/// What the first process of service `a` reads, the most important part first.
#[track_caller]
fn check_read(dockerfile: &str, files: &[&str], expected: &[&str]) {
    let mut all = vec![
        ("compose.yaml", "services: {a: {build: .}}"),
        ("Dockerfile", dockerfile),
    ];
    all.extend(files.iter().map(|path| (*path, "")));
    let project = testing::project(&all);
    let service = project.service("a").unwrap();
    let read = bringing::parts_read_by(service, &service.processes()[0])
        .iter()
        .map(|part| project.written(&part.baked.host))
        .collect::<Vec<_>>();
    assert_eq!(read, expected);
}

#[test]
fn what_a_command_names_comes_before_what_lies_beside_it() {
    check_read(
        "FROM python\nWORKDIR /app\nCOPY shared shared\nCOPY api .\nCMD celery -A tasks worker\n",
        &["shared/a.py", "shared/b.py", "shared/c.py", "api/tasks.py"],
        &["./api", "./shared"],
    );
    check_read(
        "FROM python\nWORKDIR /app\nCOPY lib lib\nCOPY main.py .\nCMD uvicorn main:app\n",
        &["lib/a.py", "lib/b.py", "main.py"],
        &["./main.py", "./lib"],
    );
    check_read(
        "FROM python\nCOPY rng.py /\nCMD [\"python\", \"rng.py\"]\n",
        &["rng.py"],
        &["./rng.py"],
    );
}
