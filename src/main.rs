//! The `skillgap` command.

use std::process::ExitCode;

/// Reports and linking make and drop millions of short texts: README's table says what this is worth.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    skillgap::cli::main()
}
