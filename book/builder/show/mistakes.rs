//! `{{#mistakes NAME}}`: every wrong answer with what it costs and where it was seen.

use std::fmt::Write as _;

use runner::mistake;

use super::code::difference;
use crate::{
    markup::{escape, fence},
    problem::Refusal,
    sources::Sources,
};

/// All mistakes of a chapter as a list.
///
/// # Errors
///
/// When there is none or a header is not complete.
pub fn mistakes(sources: &Sources, name: &str) -> Result<String, Refusal> {
    let chapter = sources.chapter(name)?;
    let all = mistake::all(&sources.workbook, chapter)
        .map_err(|error| error.to_string())?;
    if all.is_empty() {
        return Err(format!("there is no mistake in `mistakes/{name}/`").into());
    }
    let mut out = String::from("<ul class=\"mistakes\">\n");
    for mistake in &all {
        let file = &mistake.file;
        let required = |header: &str| {
            mistake.headers.required(header).map_err(|why| format!("{file}: {why}"))
        };
        let (what, seen, test) =
            (required("Mistake")?, required("Source")?, required("Caught by")?);
        let (language, from) = match &mistake.made {
            Some(made) => ("diff", format!(", beside <code>{}</code>", made.base)),
            None => ("rust", String::new()),
        };
        let code = difference(mistake);
        let fence = fence(&code);
        let _ = write!(
            out,
            "<li>\n\n**`{}`** {what}\n\n\
             <p class=\"rule-code\">Caught by <code>{}</code>.</p>\n\n\
             Source: {seen}\n\n\
             <details class=\"wrong\"><summary>Show <code>{file}</code>{from}</summary>\n\n\
             {fence}{language}\n{code}\n{fence}\n\n</details>\n</li>\n",
            mistake.name,
            escape(test),
        );
    }
    out.push_str("</ul>");
    Ok(out)
}
