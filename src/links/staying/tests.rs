use crate::links::staying;
use crate::testing;

#[track_caller]
fn check_stays(more: &str, script: &str, expected: bool) {
    let compose = format!("services:\n  a:\n    build: .\n    command: node run.js\n{more}");
    let files = [
        ("compose.yaml", compose.as_str()),
        ("Dockerfile", "FROM node:22\nWORKDIR /app\nCOPY . .\n"),
        ("run.js", script),
        ("lib.js", "app.listen(80)"),
    ];
    let project = testing::project(&files);
    let service = project.service("a").unwrap();
    assert_eq!(
        staying::stays(service, &service.processes()[0]),
        expected,
        "{more} {script}"
    );
}

#[test]
fn a_script_stays_when_it_or_the_compose_file_says_so() {
    check_stays("", "console.log('done')", false);
    check_stays("", "http.createServer().listen(80)", true);
    check_stays("", "require('./lib')", true);
    check_stays("    restart: unless-stopped\n", "console.log('done')", true);
    check_stays("    ports: ['80:80']\n", "console.log('done')", true);
    let awaited =
        "  b:\n    image: x\n    depends_on: {a: {condition: service_completed_successfully}}\n";
    check_stays(awaited, "http.createServer().listen(80)", false);
}
