//! `{{#answer NAME}}`: the reference of a chapter, whole and folded.

use super::{code::too_wide, place::place};
use crate::{
    markup::{fence, wide},
    problem::Refusal,
    sources::Sources,
};

/// A comment that ties a line to the wrong answer without it; it is for the gate.
const MARKER: &str = "// Mistake: ";

/// All of `solutions/NAME.rs` but its header, the lines that hang the suite on, and what only the gate reads.
///
/// # Errors
///
/// When the chapter or the file is missing, or a line is too wide.
pub fn answer(sources: &Sources, name: &str) -> Result<String, Refusal> {
    let chapter = sources.chapter(name)?;
    let file = chapter.solution();
    let whole = sources.file(&file)?.whole();
    let wide_lines = too_wide(&file, &whole);
    if !wide_lines.is_empty() {
        return Err(Refusal::There(wide_lines));
    }
    let is_code = |line: &&String| !line.trim_start().starts_with(MARKER);
    let lines: Vec<&str> =
        whole.lines.iter().filter(is_code).map(String::as_str).collect();
    let code = lines.join("\n");
    let (fence, wide) = (fence(&code), wide(&code));
    let place = place(&sources.repository, &file, &[whole.first_line]);
    Ok(format!(
        "<details class=\"answer\"><summary>The answer: open it when you have tried \
         yourself</summary>\n\n\
         This code passes every test of the chapter. \
         It is not the only code that does: the folder `{}` has other right answers.\n\n\
         <div class=\"listing{wide}\">\n\n{fence}rust\n{code}\n{fence}\n\n\
         <p class=\"source\">{place}</p>\n</div>\n\n</details>",
        chapter.answers()
    ))
}
