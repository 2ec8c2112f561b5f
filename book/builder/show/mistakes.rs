//! `{{#mistakes NAME}}`: every wrong answer with what it costs and where it was seen.

use std::fmt::Write as _;

use runner::{header::Headers, workbook::stem};

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
    let files = sources.workbook.wrong_answers(sources.chapter(name)?);
    if files.is_empty() {
        return Err(format!("there is no mistake in `mistakes/{name}/`").into());
    }
    let mut out = String::from("<ul class=\"mistakes\">\n");
    for file in &files {
        let source = sources.file(file)?;
        let headers = Headers::read(source.text());
        let required = |header: &str| {
            headers.required(header).map_err(|why| format!("{file}: {why}"))
        };
        let (what, seen, test) =
            (required("Mistake")?, required("Source")?, required("Caught by")?);
        let code = source.whole().lines.join("\n");
        let fence = fence(&code);
        let _ = write!(
            out,
            "<li>\n\n**`{}`** {what}\n\n\
             <p class=\"rule-code\">Caught by <code>{}</code>.</p>\n\n\
             Source: {seen}\n\n\
             <details class=\"wrong\"><summary>Show <code>{file}</code></summary>\n\n\
             {fence}rust\n{code}\n{fence}\n\n</details>\n</li>\n",
            stem(file),
            escape(test),
        );
    }
    out.push_str("</ul>");
    Ok(out)
}
