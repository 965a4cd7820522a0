//! The `skillgap` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    skillgap::cli::main()
}
