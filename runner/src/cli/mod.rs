//! The commands: what a learner types, and what an author types.

pub mod args;
pub mod author;
pub mod background;
pub mod desk;
pub mod explain;
pub mod footer;
pub mod list;
pub mod once;
pub mod saves;
pub mod screen;
pub mod show;
pub mod style;
pub mod terminal;
pub mod watch;

use crate::{Error, Workbook, process::Stop};
use args::{Args, Command};
use style::Style;

/// How the learner starts a command.
pub const RUN: &str = "cargo run --";

/// Exit codes.
pub mod code {
    /// Solved, or done.
    pub const DONE: u8 = 0;
    /// Not yet.
    pub const NOT_YET: u8 = 1;
    /// The workbook itself failed.
    pub const BROKEN: u8 = 2;
    /// Stopped by Control-C, as shells say it.
    pub const STOPPED: u8 = 130;
}

/// What every command needs.
#[derive(Debug)]
pub struct Desk {
    /// The workbook.
    pub workbook: Workbook,
    /// Colours or none.
    pub style: Style,
    /// Set by Control-C.
    pub stop: Stop,
}

/// Runs one command and returns the exit code.
///
/// # Errors
///
/// The workbook itself cannot go on.
pub fn run(args: Args) -> Result<u8, Error> {
    let here =
        std::env::current_dir().map_err(Error::io("cannot see where I am"))?;
    let desk = Desk {
        workbook: Workbook::find(&here)?,
        style: Style::detect(),
        stop: Stop::on_interrupt()?,
    };
    match args.command {
        None => watch::watch(&desk, None),
        Some(Command::Watch { name }) => watch::watch(&desk, name.as_deref()),
        Some(Command::Name(words)) => named(&desk, &words),
        Some(Command::List) => list::list(&desk),
        Some(Command::Check { name }) => once::check(&desk, name.as_deref()),
        Some(Command::Hint { name, level }) => {
            explain::hint(&desk, name.as_deref(), level)
        }
        Some(Command::Explain { code }) => explain::explain(&desk, &code),
        Some(Command::Solution { name, yes }) => desk::solution(&desk, &name, yes),
        Some(Command::Diff { name, yes }) => desk::diff(&desk, &name, yes),
        Some(Command::Reset { name }) => desk::reset(&desk, &name),
        Some(Command::Verify { rest }) => author::gate(&desk, "verify", &rest),
        Some(Command::Mutants { rest }) => author::gate(&desk, "mutants", &rest),
        Some(Command::New { rest }) => author::gate(&desk, "new", &rest),
    }
}

/// Watches the exercise that stands in the place of a command.
fn named(desk: &Desk, words: &[String]) -> Result<u8, Error> {
    match words {
        [name] if desk.workbook.position(name).is_ok() => {
            watch::watch(desk, Some(name))
        }
        [name, ..] if desk.workbook.position(name).is_ok() => {
            Err(Error::Broken(format!(
                "the command comes first, as in `{RUN} check {name}`; `{RUN} {name}` alone watches \
                 that exercise"
            )))
        }
        _ => {
            let word = words.first().map_or("", String::as_str);
            let nearest = crate::text::nearest(word, desk.workbook.names());
            Err(Error::NoCommand { word: word.to_owned(), nearest })
        }
    }
}
