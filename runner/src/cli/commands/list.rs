//! `list`: all exercises, and how far each is.

use crate::{
    Error,
    cli::{
        context::{Context, code},
        store,
        term::screen,
        words::overview,
    },
};

/// Prints the list.
///
/// # Errors
///
/// Standard output cannot be written.
pub fn list(context: &Context) -> Result<u8, Error> {
    let progress = store::load(context);
    let rows = overview::rows(&context.workbook, &progress, None, context.style);
    screen::print(&rows)?;
    Ok(code::DONE)
}
