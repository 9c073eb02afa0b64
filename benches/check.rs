//! How long it takes; see `cargo bench`.

fn main() {}
