//! The command line: what is typed, and which command that is.

pub mod args;
pub mod commands;
pub mod context;
pub mod desk;
pub mod store;
pub mod term;
pub mod words;

use args::{Args, Command};
use clap::CommandFactory;
use commands::{
    author, check, compare, explain, hint, list, mistakes, reset, watch,
};
use context::Context;
use words::RUN;

use crate::{Error, nearest::nearest};

/// Runs one command and returns the exit code.
///
/// # Errors
///
/// The workbook itself cannot go on.
pub fn run(args: Args) -> Result<u8, Error> {
    let context = Context::here()?;
    match args.command {
        None => watch::watch(&context, None),
        Some(Command::Watch { name }) => watch::watch(&context, name.as_deref()),
        Some(Command::Name(words)) => named(&context, &words),
        Some(Command::List) => list::list(&context),
        Some(Command::Check { name }) => check::check(&context, name.as_deref()),
        Some(Command::Hint { name, level }) => {
            hint::hint(&context, name.as_deref(), level)
        }
        Some(Command::Explain { code, mistakes, yes }) => {
            explain::explain(&context, &code, mistakes, yes)
        }
        Some(Command::Mistakes { name, mistake: None, .. }) => {
            mistakes::list(&context, &name)
        }
        Some(Command::Mistakes { name, mistake: Some(mistake), put: true, yes }) => {
            mistakes::put(&context, &name, &mistake, yes)
        }
        Some(Command::Mistakes { name, mistake: Some(mistake), yes, .. }) => {
            mistakes::show(&context, &name, &mistake, yes)
        }
        Some(Command::Solution { name, yes }) => {
            compare::solution(&context, &name, yes)
        }
        Some(Command::Diff { name, yes }) => compare::diff(&context, &name, yes),
        Some(Command::Reset { name }) => reset::reset(&context, &name),
        Some(Command::Verify { rest }) => author::gate(&context, "verify", &rest),
        Some(Command::Mutants { rest }) => author::gate(&context, "mutants", &rest),
        Some(Command::Mistake { rest }) => author::gate(&context, "mistake", &rest),
        Some(Command::New { rest }) => author::gate(&context, "new", &rest),
    }
}

/// Watches the exercise that stands in the place of a command.
fn named(context: &Context, words: &[String]) -> Result<u8, Error> {
    let workbook = &context.workbook;
    match words {
        [name] if workbook.position(name).is_ok() => {
            watch::watch(context, Some(name))
        }
        [name, ..] if workbook.position(name).is_ok() => {
            Err(Error::Broken(format!(
                "the command comes first, as in `{RUN} check {name}`; `{RUN} {name}` alone watches \
                 that exercise"
            )))
        }
        _ => {
            let word = words.first().cloned().unwrap_or_default();
            let mut commands = Args::command();
            // Why: `help` is only there when the commands are complete.
            commands.build();
            let commands = commands.get_subcommands().map(clap::Command::get_name);
            let nearest = nearest(&word, commands.chain(workbook.names()));
            Err(Error::NoCommand { word, nearest })
        }
    }
}
