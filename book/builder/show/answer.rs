//! `{{#answer NAME}}`: the reference of a chapter, whole and folded.

use super::{code::WIDEST, place::place};
use crate::{
    markup::{COLUMNS, columns, fence, wide},
    problem::Refusal,
    sources::Sources,
};

/// Ties a line to the wrong answer that lacks it, for the gate.
const MARKER: &str = "// Mistake: ";

/// All of `solutions/NAME.rs` but its header, the lines that hang the suite on, and what only the gate reads.
///
/// # Errors
///
/// When the chapter or the file is missing, or its code is too wide.
pub fn answer(sources: &Sources, name: &str) -> Result<String, Refusal> {
    let chapter = sources.chapter(name)?;
    let file = chapter.solution();
    let whole = sources.file(&file)?.whole();
    let lines = whole.lines.iter().map(String::as_str);
    let lines: Vec<&str> =
        lines.filter(|line| !line.trim_start().starts_with(MARKER)).collect();
    let code = filled(&lines).join("\n");
    let width = columns(&code);
    if width > WIDEST {
        let text = format!("{file} has {width} columns; a page holds {WIDEST}");
        return Err(text.into());
    }
    let (fence, wide) = (fence(&code), wide(&code));
    let place = place(&sources.repository, &file, &[whole.first_line]);
    let others = chapter.answers();
    Ok(format!(
        "<details class=\"answer\"><summary>The answer: open it when you have tried \
         yourself</summary>\n\n\
         This code passes every test of the chapter. \
         It is not the only code that does: others are in `{others}/`.\n\n\
         <div class=\"listing{wide}\">\n\n{fence}rust\n{code}\n{fence}\n\n\
         <p class=\"source\">{place}</p>\n</div>\n\n</details>"
    ))
}

/// The lines, where each comment that is too wide for a page is filled anew.
fn filled(lines: &[&str]) -> Vec<String> {
    let goes_on = |above: &&str, below: &&str| match (comment(above), comment(below))
    {
        (Some((head, _)), Some((same, words))) => head == same && !begins(words),
        _ => false,
    };
    lines.chunk_by(goes_on).flat_map(fill).collect()
}

/// The slashes of a comment with what is before them, and its words.
fn comment(line: &str) -> Option<(&str, &str)> {
    let text = line.trim_start();
    let slashes = ["/// ", "// "].into_iter().find(|it| text.starts_with(it))?;
    Some(line.split_at(line.len() - text.len() + slashes.len()))
}

/// Whether these words of a comment stand in a line of their own.
fn begins(words: &str) -> bool {
    ["Why ", "#", "- ", "```"].iter().any(|start| words.starts_with(start))
}

/// One comment, or one line of code.
fn fill(lines: &[&str]) -> Vec<String> {
    let fits = lines.iter().all(|line| columns(line) <= COLUMNS);
    let (Some((head, _)), false) = (comment(lines[0]), fits) else {
        return lines.iter().map(|line| (*line).to_owned()).collect();
    };
    let words = lines.iter().filter_map(|line| comment(line));
    let words = words.flat_map(|(_, words)| words.split_whitespace());
    let mut filled = vec![head.trim_end().to_owned()];
    for word in words {
        let last = filled.last_mut().expect("it has one from the start");
        if columns(last) + 1 + columns(word) > COLUMNS {
            filled.push(format!("{head}{word}"));
        } else {
            last.push(' ');
            last.push_str(word);
        }
    }
    filled
}
