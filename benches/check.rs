//! How long it takes and how much memory it needs: `cargo bench`.
//!
//! The figures of one run can be compared with each other, those of two machines cannot. So each
//! group has a peer that reads the same bytes in the same run: only the ratio to it means anything.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use composelint::disk::Disk;
use composelint::text::Source;
use composelint::workspace::Workspace;
use composelint::{lint, syntax};
use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};

/// Counts allocations and their peak as well.
#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    // All work is done on this thread: the time is that of one processor, and every allocation is
    // counted.
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread()
        .build_global()
        .expect("nothing has used the pool yet");
    divan::main();
}

/// One compose file of about half a megabyte, parsed by us and by two crates that read nearly the
/// same language.
mod yaml {
    use super::*;

    const SERVICES: usize = 700;

    #[divan::bench]
    fn composelint(bencher: Bencher<'_, '_>) {
        let source = Source::detached(compose_file(SERVICES));
        bencher
            .counter(BytesCount::of_str(source.text()))
            .bench(|| syntax::yaml::parse(black_box(&source)));
    }

    /// Events only: no tree, no comments.
    #[divan::bench]
    fn saphyr_parser(bencher: Bencher<'_, '_>) {
        let text = compose_file(SERVICES);
        bencher.counter(BytesCount::of_str(&text)).bench(|| {
            for event in saphyr_parser::Parser::new_from_str(black_box(&text)) {
                black_box(event.expect("the text is valid YAML"));
            }
        });
    }

    /// Values only: no spans, no comments.
    #[divan::bench]
    fn serde_yaml(bencher: Bencher<'_, '_>) {
        let text = compose_file(SERVICES);
        bencher.counter(BytesCount::of_str(&text)).bench(|| {
            serde_yaml::from_str::<serde_yaml::Value>(black_box(&text))
                .expect("the text is valid YAML")
        });
    }
}

/// Everything that `composelint check` does for generated projects on the disk. The peer reads the
/// compose files of the same tree into values and does nothing else.
mod check {
    use super::*;

    const PROJECTS: [usize; 2] = [1, 1000];

    #[divan::bench(args = PROJECTS, sample_count = 10)]
    fn composelint(bencher: Bencher<'_, '_>, projects: usize) {
        let tree = tempfile::tempdir().expect("there is room for a temporary directory");
        write_tree(tree.path(), projects);
        let options = lint::Options {
            paths: vec![tree.path().to_path_buf()],
            ..lint::Options::default()
        };
        bencher.bench_local(|| {
            let outcome = lint::check(&Workspace::new(&Disk), black_box(&options));
            assert!(
                outcome.diagnostics.len() >= projects,
                "every generated project has findings"
            );
        });
    }

    #[divan::bench(args = PROJECTS, sample_count = 10)]
    fn serde_yaml(bencher: Bencher<'_, '_>, projects: usize) {
        let tree = tempfile::tempdir().expect("there is room for a temporary directory");
        let files = write_tree(tree.path(), projects);
        bencher.bench_local(|| {
            for file in &files {
                let text = fs::read_to_string(file).expect("it was just written");
                black_box(
                    serde_yaml::from_str::<serde_yaml::Value>(&text)
                        .expect("the text is valid YAML"),
                );
            }
        });
    }
}

/// A compose file as people write them, with `services` services that are built from directories of
/// their own.
fn compose_file(services: usize) -> String {
    let mut text = String::from("# Generated.\nname: generated\n\nservices:\n");
    for number in 0..services {
        write!(
            text,
            r#"  # Service {number} of {services}.
  service-{number}:
    build:
      context: ./services/service-{number}
      dockerfile: Dockerfile
    command: ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "{port}"]
    environment:
      DATABASE_URL: postgres://user:password@db:5432/service_{number}
      LOG_LEVEL: ${{LOG_LEVEL:-info}}
      FEATURES: 'search,export'
    ports:
      - "{port}:{port}"
    volumes:
      - service-{number}-data:/data
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:{port}/health"]
      interval: 30s
      retries: 3
    depends_on:
      db:
        condition: service_healthy
"#,
            port = 10_000 + number,
        )
        .expect("a string takes all text");
    }
    text.push_str("  db:\n    image: postgres:17\n    healthcheck: {test: [\"CMD\", \"pg_isready\"], interval: 10s}\n\nvolumes:\n");
    for number in 0..services {
        writeln!(text, "  service-{number}-data:").expect("a string takes all text");
    }
    text
}

/// Writes `projects` projects below `root`, each a compose file, two services and their
/// Dockerfiles, and gives the paths of the compose files.
fn write_tree(root: &Path, projects: usize) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for number in 0..projects {
        // Ten in a directory, as repositories are laid out, rather than a thousand.
        let project = root.join(format!("team-{}/project-{number}", number / 10));
        let compose = project.join("docker-compose.yml");
        put(&compose, &compose_file(2));
        files.push(compose);
        for service in 0..2 {
            let directory = project.join(format!("services/service-{service}"));
            put(&directory.join("Dockerfile"), DOCKERFILE);
            put(
                &directory.join("requirements.txt"),
                "fastapi==0.165.0\nuvicorn==0.54.0\n",
            );
            put(
                &directory.join("main.py"),
                "from fastapi import FastAPI\n\napp = FastAPI()\n",
            );
        }
    }
    files
}

const DOCKERFILE: &str = r#"FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1
WORKDIR /app
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/*
COPY . .
RUN pip install --no-cache-dir -r requirements.txt
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
"#;

fn put(path: &Path, text: &str) {
    let directory = path.parent().expect("it lies in a project");
    fs::create_dir_all(directory)
        .and_then(|()| fs::write(path, text))
        .expect("the temporary directory can be written");
}
