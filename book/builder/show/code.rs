//! Code from compiled files.

use std::path::{Component, Path};

use crate::{
    expand::{Expander, Wrong},
    problem::{Problem, read},
    source::{self, Excerpt},
};

/// The longest part of a file a page may show.
const LONGEST_PART: usize = 60;
/// The longest mistake, shown whole.
const LONGEST_FILE: usize = 100;
/// The longest line of code.
const WIDEST: usize = 90;

/// Where code may come from: files that are compiled whatever a learner does.
pub const COMPILED: [&str; 5] =
    ["solutions/", "tests/", "mistakes/", "examples/", "book/snippets/"];

/// `{{#code FILE:PART, PART}}`, or the whole file.
///
/// # Errors
///
/// When the file or a part is missing, too long or too wide.
pub fn code(book: &Expander, file: &str, parts: &[String]) -> Result<String, Wrong> {
    allowed(file)?;
    let path = book.workbook.root.join(file);
    let text = read(&path).map_err(|_| format!("there is no file `{file}`"))?;
    let excerpts = if parts.is_empty() {
        vec![source::whole(&text)]
    } else {
        let found: Result<Vec<Excerpt>, _> =
            parts.iter().map(|part| source::part(&text, part)).collect();
        found.map_err(|error| format!("{file}: {error}"))?
    };
    for part in parts {
        book.note_shown(file, part);
    }
    let most = if file.starts_with("mistakes/") && parts.is_empty() {
        LONGEST_FILE
    } else {
        LONGEST_PART
    };
    let lines: usize = excerpts.iter().map(|excerpt| excerpt.lines.len()).sum();
    if lines == 0 || lines > most {
        let text = format!("{file} would show {lines} lines; show 1 to {most}");
        return Err(text.into());
    }
    let wide: Vec<Problem> =
        excerpts.iter().flat_map(|excerpt| too_wide(file, excerpt)).collect();
    if !wide.is_empty() {
        return Err(Wrong::There(wide));
    }
    let blocks: Vec<String> = excerpts.iter().map(|e| e.lines.join("\n")).collect();
    Ok(listing(file, &blocks.join("\n\n")))
}

fn allowed(file: &str) -> Result<(), String> {
    let plain = Path::new(file)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if file.starts_with("exercises/") {
        return Err(
            "exercises/ is the learner's desk; show mistakes/NAME/stub.rs".into()
        );
    }
    if !plain || !COMPILED.iter().any(|folder| file.starts_with(folder)) {
        let folders = COMPILED.join(", ");
        return Err(format!(
            "`{file}` is not in one of the compiled folders: {folders}"
        ));
    }
    Ok(())
}

fn too_wide(file: &str, excerpt: &Excerpt) -> Vec<Problem> {
    let lines = (excerpt.first_line..).zip(&excerpt.lines);
    lines
        .filter(|(_, text)| text.chars().count() > WIDEST)
        .map(|(line, text)| {
            let width = text.chars().count();
            Problem::at(
                file,
                line,
                format!("{width} columns; a page holds {WIDEST}"),
            )
        })
        .collect()
}

/// A fence longer than any inside `code`.
pub fn fence(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

fn listing(file: &str, code: &str) -> String {
    let fence = fence(code);
    let (class, note) =
        match file.starts_with("mistakes/") && !file.ends_with("/stub.rs") {
            true => ("listing wrong", ", a wrong answer"),
            false => ("listing", ""),
        };
    format!(
        "<div class=\"{class}\">\n\n{fence}rust\n{code}\n{fence}\n\n\
         <p class=\"source\"><code>{file}</code>{note}</p>\n</div>"
    )
}
