//! The program: hands its arguments to the library and ends as that says.

use std::process::ExitCode;

fn main() -> ExitCode {
    composelint::cli::run(std::env::args_os())
}
