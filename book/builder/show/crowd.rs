//! `{{#crowd NAME}}`: what a crowd on a real port does to a server with an exercise in it, and without.

use crate::{
    files::read,
    markup::{columns, fence, wide},
    problem::Refusal,
    sources::Sources,
};

/// The numbers that were measured, and how to measure one's own.
///
/// # Errors
///
/// When nobody has measured them.
pub fn crowd(sources: &Sources, name: &str) -> Result<String, Refusal> {
    sources.chapter(name)?;
    let file = format!("book/runs/{name}/crowd.txt");
    let text = read(&sources.workbook.root.join(&file)).map_err(|_| {
        format!("{file} is not there: it has what `cargo run --example crowd` says")
    })?;
    let (fence, wide, columns) = (fence(&text), wide(&text), columns(&text));
    let text = text.trim_end();
    Ok(format!(
        "With a port, `cargo run --example shop` serves its customers by your exercise, and `curl` can ask it.\n\
         `cargo run --example crowd` is a crowd for it: a second process with honest clients, and with some that \
         send half a head, too much, or a byte at a time.\n\n\
         <div class=\"report{wide}\" style=\"--columns: {columns}\">\n\n{fence}text\n{text}\n{fence}\n\n\
         <p class=\"source\">Measured, not computed: other machines have other numbers</p>\n</div>"
    ))
}
