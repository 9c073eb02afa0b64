use crate::compose::Via;
use crate::project::mounts;
use crate::testing;

#[test]
fn a_mount_lies_over_a_volume_of_the_image() {
    let is_over_a_volume = |compose: &str| {
        let files = [
            ("compose.yaml", compose),
            (
                "Dockerfile",
                "FROM node:22-slim\nWORKDIR /app\nCOPY . .\nVOLUME /app\nCMD node server.js\n",
            ),
            ("server.js", ""),
        ];
        let project = testing::project(&files);
        let service = project.service("a").expect("the project has it");
        mounts::over(service, "/app/src").is_some_and(|mount| mount.via == Via::ImageVolume)
    };
    assert!(is_over_a_volume("services:\n  a:\n    build: .\n"));
    assert!(!is_over_a_volume(
        "services:\n  a:\n    build: .\n    volumes: [\".:/app\", \"/app/node_modules\"]\n"
    ));
}
