//! How long it takes and how much memory it needs: `cargo bench`.
//!
//! The figures of one run can be compared with each other, those of two machines cannot. So each group has a peer that
//! reads the same bytes in the same run: only the ratio to it means anything.

use std::fmt::Write;

use composelint::syntax;
use composelint::text::Source;
use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};

/// Counts allocations and their peak as well.
#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// One compose file of about half a megabyte, parsed by us and by two crates that read nearly the same language.
mod yaml {
    use super::*;

    const SERVICES: usize = 700;

    #[divan::bench]
    fn composelint(bencher: Bencher<'_, '_>) {
        let source = Source::detached(compose_file(SERVICES));
        bencher.counter(BytesCount::of_str(source.text())).bench(|| syntax::yaml::parse(black_box(&source)));
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
        bencher
            .counter(BytesCount::of_str(&text))
            .bench(|| serde_yaml::from_str::<serde_yaml::Value>(black_box(&text)).expect("the text is valid YAML"));
    }
}

/// A compose file as people write them, with `services` services that are built from directories of their own.
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
