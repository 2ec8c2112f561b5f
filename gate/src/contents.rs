//! The table of contents of the book, `SUMMARY.md`.

use std::fmt::Write;

use runner::Workbook;

/// The table of contents: the chapters of each part under its heading, in order. The other pages stay where
/// they are: in front of the parts, behind the chapters of one, or behind all parts, below a line of dashes.
pub fn computed(workbook: &Workbook, contents: &str) -> String {
    let chapters = |part: &str| {
        let of_part = workbook.chapters.iter().filter(|c| c.part == part);
        of_part
            .map(|c| format!("- [{}]({}.md)\n", c.title, c.name))
            .collect::<String>()
    };
    let mut parts: Vec<&str> = vec![];
    for chapter in &workbook.chapters {
        if !parts.contains(&chapter.part.as_str()) {
            parts.push(&chapter.part);
        }
    }
    let mut text = String::new();
    let mut below_heading = false;
    let (of_parts, behind) =
        contents.split_at(contents.find("\n---").unwrap_or(contents.len()));
    for line in of_parts.lines() {
        let blank_below_heading =
            std::mem::take(&mut below_heading) && line.is_empty();
        if blank_below_heading || is_chapter(workbook, line) {
            continue;
        }
        _ = writeln!(text, "{line}");
        if let Some(part) = parts.iter().position(|part| line == format!("# {part}"))
        {
            _ = write!(text, "\n{}", chapters(parts.remove(part)));
            below_heading = true;
        }
    }
    for part in parts {
        _ = write!(text, "\n# {part}\n\n{}", chapters(part));
    }
    text.push_str(behind);
    text
}

/// Whether a line of the table of contents names a chapter.
fn is_chapter(workbook: &Workbook, line: &str) -> bool {
    let link = line.strip_prefix("- [").and_then(|line| line.split_once("]("));
    let file = link.and_then(|(_, file)| file.strip_suffix(".md)"));
    file.is_some_and(|name| workbook.names().any(|known| known == name))
}
