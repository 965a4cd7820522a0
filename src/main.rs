//! The `skillgap` command.

use std::process::ExitCode;

/// Reports and tables are made of millions of short texts.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    skillgap::cli::main()
}
