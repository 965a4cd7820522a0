//! Arguments, exit codes and what is printed: results to standard output, messages to standard error.

mod args;
mod catalogue;
mod check;
mod diff;
mod doctor;
mod evaluate;
mod files;
mod init;
mod plans;
mod progress;
mod ranking;
mod review;
mod rows;
mod services;
mod shell;
mod sources;
mod table;
mod taxonomies;
mod train;
mod usage;

use crate::acquire::AcquireError;
use crate::pipeline::{PlanError, RunError};
use crate::store::{LockError, StoreError};
use args::{Arguments, Command, SourcesCommand, TrainCommand};
use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

/// How a command ended; see `reports.md` and `skillgap --help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// A check on our own results failed.
    CheckFailed = 1,
    /// Usage or plan error.
    Usage = 2,
    /// A source failed or was refused; the rest is complete.
    SourceRefused = 3,
    /// The data directory is in use.
    Locked = 4,
    /// Disk, permission, limit.
    Environment = 5,
    /// A defect of ours.
    Bug = 70,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let wrong = error.use_stderr();
            drop(error.print());
            return if wrong { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    if let Some(threads) = arguments.common.threads {
        let threads = usize::from(threads);
        // polars keeps a pool of its own; stages of ours use this one.
        drop(rayon::ThreadPoolBuilder::new().num_threads(threads).build_global());
    }
    match dispatch(&arguments) {
        Ok(exit) => exit.into(),
        Err(error) => {
            let exit = exit_of(&error);
            if exit == Exit::Done {
                return exit.into();
            }
            let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
            let mut message = chain.first().cloned().unwrap_or_default();
            for cause in chain.iter().skip(1).filter(|c| !chain[0].contains(c.as_str())) {
                message.push_str(": ");
                message.push_str(cause);
            }
            drop(writeln!(std::io::stderr(), "error: {}", progress::printable(&message)));
            exit.into()
        }
    }
}

fn dispatch(arguments: &Arguments) -> anyhow::Result<Exit> {
    let common = &arguments.common;
    match &arguments.command {
        Command::Run(a) | Command::Report(a) => plans::run(common, a, crate::pipeline::Stage::Report),
        Command::Acquire(a) => plans::run(common, a, crate::pipeline::Stage::Acquire),
        Command::Measure(a) => plans::run(common, a, crate::pipeline::Stage::Measure),
        Command::Plan(a) => plans::preview(common, a),
        Command::Clean(a) => match &a.plan {
            Some(plan) => plans::run_path(common, plan, crate::pipeline::Stage::Clean),
            None => files::clean(common, a),
        },
        Command::Extract(a) => match &a.plan {
            Some(plan) => plans::run_path(common, plan, crate::pipeline::Stage::Extract),
            None => files::extract(common, a),
        },
        Command::Link(a) => match &a.plan {
            Some(plan) => plans::run_path(common, plan, crate::pipeline::Stage::Link),
            None => files::link(common, a),
        },
        Command::Rank(a) => files::rank(common, a),
        Command::Evaluate(a) => evaluate::evaluate(common, a),
        Command::Train(a) => match &a.command {
            TrainCommand::Vectors(a) => train::vectors(common, a),
            TrainCommand::Weights(a) => train::weights(common, a),
            TrainCommand::Model(a) => evaluate::fuse(common, a),
        },
        Command::Explain(a) => plans::explain(common, a),
        Command::Diff(a) => diff::diff(common, a),
        Command::Review(a) => review::review(common, a),
        Command::Verify => plans::verify(common),
        Command::Init(a) => init::init(common, a),
        Command::Check(a) => check::check(common, a),
        Command::Doctor(a) => doctor::doctor(common, a),
        Command::Sources(a) => match &a.command {
            SourcesCommand::Ls(a) => sources::ls(common, a),
            SourcesCommand::Services => services::services(common),
            SourcesCommand::Check(a) => services::check(common, &a.plan),
            SourcesCommand::Freshness(a) => services::freshness(common, &a.plan),
        },
        Command::Purge(a) => services::purge(common, a),
        Command::Completions(a) => shell::completions(a),
        Command::Man(a) => shell::man(a),
    }
}

/// The exit code of an error. A broken pipe is silence.
fn exit_of(error: &anyhow::Error) -> Exit {
    for cause in error.chain() {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            return if io.kind() == std::io::ErrorKind::BrokenPipe { Exit::Done } else { Exit::Environment };
        }
        if let Some(lock) = cause.downcast_ref::<LockError>() {
            return if matches!(lock, LockError::Held { .. }) { Exit::Locked } else { Exit::Environment };
        }
        if let Some(store) = cause.downcast_ref::<StoreError>() {
            return if store.is_environment() { Exit::Environment } else { Exit::CheckFailed };
        }
        if let Some(run) = cause.downcast_ref::<RunError>() {
            match run {
                RunError::Store(_) => {}
                RunError::Plan(_) => return Exit::Usage,
                RunError::Source { .. } | RunError::Model { .. } | RunError::Given { .. } | RunError::Drift { .. } => {
                    return Exit::SourceRefused;
                }
                RunError::Damaged { .. } => return Exit::CheckFailed,
                RunError::Unbalanced { .. } | RunError::Stage { .. } => return Exit::Bug,
            }
        }
        if cause.downcast_ref::<PlanError>().is_some() {
            return Exit::Usage;
        }
        if cause.downcast_ref::<AcquireError>().is_some() {
            return Exit::SourceRefused;
        }
    }
    Exit::Usage
}

/// Prints a line of results; a closed pipe ends the program quietly.
fn print(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}
