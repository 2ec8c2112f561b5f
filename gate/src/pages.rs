//! The page of a chapter has its parts, and its author has written them.

use runner::{page::Line, text::count};

use crate::{Finding, Material};

/// The page of a new chapter.
pub const PAGE: &str = include_str!("new/page.md.in");

/// Headings that every page has, or how they begin.
const SECTIONS: [&str; 6] = [
    "What a cancelled await leaves behind",
    "Compared with ",
    "Mistakes others made",
    "In production",
    "Takeaways",
    "One right answer, whole",
];

/// What every page has besides, each at the beginning of a line.
const LINES: [&str; 2] = ["> **Predict.**", "> **Reveal.**"];

/// Every part is there. Contract, steps, hints and run sheet have conditions of their own.
pub fn every_part(material: &Material<'_>) -> Vec<Finding> {
    let page = &material.page;
    let has_section = |title: &&&str| {
        let mut sections = page.sections().filter(|section| section.level == 2);
        !sections.any(|section| section.title.starts_with(**title))
    };
    let has_line = |start: &&&str| {
        let open = |line: &Line| !line.is_fenced() && line.text.starts_with(**start);
        !page.lines.iter().any(open)
    };
    let sections = SECTIONS.iter().filter(has_section).map(|it| format!("## {it}"));
    let lines = LINES.iter().filter(has_line).map(|it| (*it).to_owned());
    lines
        .chain(sections)
        .map(|part| {
            let sentence = format!("there is no `{}`", part.trim_end());
            Finding::new(material.chapter.page(), sentence)
        })
        .collect()
}

/// Nothing stands there as `new` laid it out.
pub fn is_written(material: &Material<'_>) -> Vec<Finding> {
    let laid_out = PAGE.replace("NAME", &material.chapter.name);
    let laid_out: Vec<_> = laid_out.lines().filter(|line| asks(line)).collect();
    let left = |line: &&Line| laid_out.contains(&line.text.as_str());
    let left: Vec<_> = material.page.lines.iter().filter(left).collect();
    let Some(first) = left.first() else { return Vec::new() };
    let sentence = format!(
        "still says what `new` laid out, in {}; the first is line {}",
        count(left.len(), "line"),
        first.number
    );
    vec![Finding::new(material.chapter.page(), sentence)]
}

/// Whether a line of the laid out page asks its author for something.
fn asks(line: &str) -> bool {
    ["Say ", "say ", "Ask for"].iter().any(|word| line.contains(word))
}
