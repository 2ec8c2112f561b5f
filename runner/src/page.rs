//! The page of a chapter: its hints, its sections, and whether it shows the contract.

use std::collections::BTreeMap;

use crate::contract::numbered;

/// What the runner reads from a page.
#[derive(Debug, Default)]
pub struct Page {
    /// The hints of each step, level 1 first.
    pub hints: BTreeMap<usize, Vec<String>>,
    /// The section of each step: the line of its heading, and its text.
    pub sections: BTreeMap<usize, (usize, String)>,
    /// The text outside the hints.
    pub prose: String,
}

/// Reads a page.
pub fn read(source: &str) -> Page {
    let mut page = Page::default();
    let mut place = Place::Prose;
    let mut fenced = false;
    for (index, line) in source.lines().enumerate() {
        let fence = line.trim_start().starts_with("```");
        if !fenced && !fence && line.starts_with('#') {
            place = place.after(line, index + 1, &mut page);
        }
        fenced ^= fence;
        match place {
            Place::Hints => {}
            Place::Hint(step) => hint(page.hints.entry(step).or_default(), line),
            Place::Section(step) => {
                if let Some((_, text)) = page.sections.get_mut(&step) {
                    text.push_str(line);
                    text.push('\n');
                }
                page.prose.push_str(line);
                page.prose.push('\n');
            }
            Place::Prose => {
                page.prose.push_str(line);
                page.prose.push('\n');
            }
        }
    }
    for hint in page.hints.values_mut().flatten() {
        hint.truncate(hint.trim_end().len());
    }
    page
}

impl Page {
    /// The hint of a step at a level from 1 to 3.
    pub fn hint(&self, step: usize, level: usize) -> Option<&str> {
        let hints = self.hints.get(&step)?;
        hints.get(level.checked_sub(1)?).map(String::as_str)
    }
}

#[derive(Clone, Copy)]
enum Place {
    Prose,
    Section(usize),
    Hints,
    Hint(usize),
}

impl Place {
    /// Where a heading leads.
    fn after(self, heading: &str, line: usize, page: &mut Page) -> Self {
        let hashes = heading.bytes().take_while(|byte| *byte == b'#').count();
        let text = heading[hashes..].trim();
        let step = step(text);
        match (hashes, self) {
            (2, _) if text == "Hints" => Self::Hints,
            (2, _) => match step {
                Some(step) => {
                    page.sections.insert(step, (line, String::new()));
                    Self::Section(step)
                }
                None => Self::Prose,
            },
            (3, Self::Hints | Self::Hint(_)) => step.map_or(Self::Hints, Self::Hint),
            (1, _) => Self::Prose,
            (_, same) => same,
        }
    }
}

/// The number in `Step 2: waits twice as long` or `Step 2`.
fn step(heading: &str) -> Option<usize> {
    let rest = heading.strip_prefix("Step ")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// Adds a line to the hints of a step: a new item, or more of the last one without its indent.
fn hint(hints: &mut Vec<String>, line: &str) {
    if let Some((number, text)) = numbered(line)
        && number == hints.len() + 1
    {
        hints.push(text.to_owned());
    } else if !line.starts_with('#')
        && let Some(last) = hints.last_mut()
    {
        let indent = line.len() - line.trim_start().len();
        last.push('\n');
        last.push_str(&line[indent.min(3)..]);
    }
}
