use crate::testing;

/// Whether nothing but the base image can bring `curl` to a stage with these steps.
fn certainly_without(steps: &str) -> bool {
    let workspace = testing::workspace(&testing::files(&[
        ("Dockerfile", &format!("FROM python:3.13-slim\n{steps}\n")),
        ("run.sh", ""),
    ]));
    let image = testing::image(workspace);
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
