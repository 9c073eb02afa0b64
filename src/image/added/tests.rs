use std::path::Path;

use crate::files::Memory;
use crate::image::{Build, Image};
use crate::workspace::Workspace;

/// Whether nothing but the base image can bring `curl` to a stage with these steps.
fn certainly_without(steps: &str) -> bool {
    let files = Memory::new()
        .with("/p/Dockerfile", format!("FROM python:3.13-slim\n{steps}\n"))
        .with("/p/run.sh", "");
    let workspace = Workspace::new(&files);
    let dockerfile = workspace.read(Path::new("/p/Dockerfile")).unwrap();
    let image = Image::read(
        &workspace,
        &Build {
            dockerfile: &dockerfile,
            context: Path::new("/p"),
            target: None,
            args: &[],
            named_contexts: &[],
        },
    );
    image.adds_none_of(0, &["curl"])
}

#[test]
fn a_step_that_speaks_of_a_tool_or_hides_what_it_does_may_bring_it() {
    for steps in [
        "RUN apt-get install -y curl",
        "RUN apt-get install -y $PACKAGES",
        "RUN xargs apt-get install < packages.txt",
        "RUN ./run.sh",
        "RUN bash run.sh",
        "RUN /root/setup/install --all",
        "RUN playwright install --with-deps",
        "COPY --from=curlimages/curl /usr/bin/curl /usr/bin/",
        "COPY --from=alpine /usr/local/bin /usr/local/bin",
        "COPY . /usr/local/bin/",
        "COPY run.sh /etc/passwd",
    ] {
        assert!(!certainly_without(steps), "{steps}");
    }
}

#[test]
fn other_steps_do_not() {
    for steps in [
        "RUN apt-get install -y gcc libcurl4-openssl-dev",
        "RUN pip install -r requirements.txt",
        "COPY . /app",
        "COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /uvx /bin/",
        "COPY run.sh /usr/local/bin/",
    ] {
        assert!(certainly_without(steps), "{steps}");
    }
}
