//! What shells and `man` are told about the command line.

use super::args::{Arguments, CompletionsArguments, ManArguments};
use super::{Exit, print};
use crate::store::write_atomic;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use std::io::Write;

/// Writes a completion script to standard output.
pub fn completions(arguments: &CompletionsArguments) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "skillgap", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Exit::Done)
}

/// Writes the manual page, or one page a command into a folder.
pub fn man(arguments: &ManArguments) -> anyhow::Result<Exit> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = &arguments.output else {
        std::io::stdout().write_all(&page(&command)?)?;
        return Ok(Exit::Done);
    };
    let mut pages = Vec::new();
    collect(&command, &mut pages);
    for command in &pages {
        write_atomic(&folder.join(format!("{}.1", name(command))), &page(command)?)?;
    }
    print(&format!("{} pages; read one with: man {}", pages.len(), folder.join("skillgap-init.1").display()))?;
    Ok(Exit::Done)
}

/// `skillgap-sources-ls`, as `man` wants it.
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn collect(command: &Command, pages: &mut Vec<Command>) {
    pages.push(command.clone());
    command.get_subcommands().filter(|c| c.get_name() != "help").for_each(|inner| collect(inner, pages));
}

fn page(command: &Command) -> anyhow::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}
