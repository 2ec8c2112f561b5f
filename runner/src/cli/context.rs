//! What every command is given, and what it gives back.

use super::term::style::Style;
use crate::{
    Error, Workbook,
    check::Way,
    process::{Limits, Stop},
};

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

/// Where a command runs and how it speaks.
#[derive(Debug)]
pub struct Context {
    /// The workbook.
    pub workbook: Workbook,
    /// Colours or none.
    pub style: Style,
    /// Set by Control-C.
    pub stop: Stop,
}

impl Context {
    /// The workbook that the current folder lies in, and this terminal.
    ///
    /// # Errors
    ///
    /// The current folder lies in no workbook, or Control-C cannot be listened for.
    pub fn here() -> Result<Self, Error> {
        let here =
            std::env::current_dir().map_err(Error::io("cannot see where I am"))?;
        Ok(Self {
            workbook: Workbook::find(&here)?,
            style: Style::detect(),
            stop: Stop::on_interrupt()?,
        })
    }

    /// How an exercise is checked, until `stop`.
    pub fn way(&self, stop: &Stop) -> Way {
        Way { colour: self.style.colour, limits: Limits::TEST, stop: stop.clone() }
    }
}
