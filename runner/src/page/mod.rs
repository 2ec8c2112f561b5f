//! The page of a chapter, read once for everybody: the runner shows its hints and sections, the gate
//! checks them and its run sheet, and the book is made from them.

mod hints;
mod lines;
mod sheet;

pub use hints::{Hints, LEVELS};
pub use lines::{Kind, Line, Problem, Section, step};
pub use sheet::{PARTS, Sheet};

/// The title of the section that is the run sheet.
pub const SHEET: &str = "For the workshop";

/// A page.
#[derive(Debug)]
pub struct Page {
    /// Its lines, in order.
    pub lines: Vec<Line>,
    /// The hints of each step, level 1 first; none when the page has no `## Hints`.
    pub hints: Hints,
    /// The run sheet; without a part when the page has no `## For the workshop`.
    pub sheet: Sheet,
    /// A fence without an end, hints and a run sheet that are not in their form.
    pub problems: Vec<Problem>,
}

/// Reads a page. What cannot be understood is left out and noted as a problem.
pub fn read(source: &str) -> Page {
    let (lines, mut problems) = lines::read(source);
    let (hints, sheet) = (Hints::new(), Sheet::default());
    let mut page = Page { lines, hints, sheet, problems: Vec::new() };
    if let Some(section) = page.section("Hints") {
        page.hints = hints::read(section, &mut problems);
    }
    if let Some(section) = page.section(SHEET) {
        page.sheet = sheet::read(section, &mut problems);
    }
    page.problems = problems;
    page
}

impl Page {
    /// The sections, each from a heading of level 1 or 2 to the next; what stands before the first
    /// heading is one too.
    pub fn sections(&self) -> impl Iterator<Item = Section<'_>> {
        lines::sections(&self.lines, 2)
    }

    /// The section with this title.
    pub fn section(&self, title: &str) -> Option<Section<'_>> {
        self.sections().find(|section| section.level == 2 && section.title == title)
    }

    /// The section of a step.
    pub fn step(&self, number: usize) -> Option<Section<'_>> {
        self.sections().find(|section| step(section.title) == Some(number))
    }

    /// The hint of a step at a level from 1 to 3.
    pub fn hint(&self, step: usize, level: usize) -> Option<&str> {
        let hints = self.hints.get(&step)?;
        hints.get(level.checked_sub(1)?).map(String::as_str)
    }

    /// The text outside the hints.
    pub fn prose(&self) -> String {
        let hints = self.section("Hints");
        let is_hint =
            |line: &&Line| hints.is_some_and(|part| part.holds(line.number));
        let prose = self.lines.iter().filter(|line| !is_hint(line));
        prose.map(|line| format!("{}\n", line.text)).collect()
    }
}
