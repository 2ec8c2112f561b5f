//! Where something shown stands: the file and the lines, and a link when the sources have an address.

use crate::{markup::and, repository::Repository};

/// The file and the lines at which its parts begin, as HTML.
pub fn place(repository: &Repository, file: &str, lines: &[usize]) -> String {
    let numbers: Vec<String> = lines.iter().map(usize::to_string).collect();
    let word = if lines.len() == 1 { "line" } else { "lines" };
    let text = format!("<code>{file}</code>, {word} {}", and(&numbers));
    let first = lines.first().and_then(|line| repository.line(file, *line));
    match first {
        Some(address) => format!("<a href=\"{address}\">{text}</a>"),
        None => text,
    }
}
