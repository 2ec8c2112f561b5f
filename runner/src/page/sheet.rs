//! The run sheet of a page: six items under `## For the workshop`, for whoever presents the chapter.

use super::lines::{Line, Problem, Section};

/// The names of its parts, in order.
pub const PARTS: [&str; 6] =
    ["Open", "Predict", "Show", "Wrong turns", "Ask", "Cut"];

/// The run sheet: what stands behind the name of each part, as far as it goes.
#[derive(Debug, Default)]
pub struct Sheet(Vec<String>);

impl Sheet {
    /// What a part says; nothing when it is not there.
    pub fn part(&self, name: &str) -> &str {
        let at = PARTS.iter().position(|part| *part == name);
        at.and_then(|at| self.0.get(at)).map_or("", String::as_str)
    }

    /// The first part that is not there.
    pub fn missing(&self) -> Option<&'static str> {
        PARTS.get(self.0.len()).copied()
    }
}

/// Reads the section as far as it can be understood, and notes what is wrong with it.
pub fn read(section: Section<'_>, problems: &mut Vec<Problem>) -> Sheet {
    let mut sheet = Sheet::default();
    let before = problems.len();
    for line in section.lines {
        if let Err(text) = add(&mut sheet, line) {
            problems.push((line.number, text));
        }
    }
    if let Some(name) = sheet.missing()
        && problems.len() == before
    {
        let text = format!("the run sheet lacks `- **{name}.**`: {}", form());
        problems.push((section.line, text));
    }
    sheet
}

/// Adds a line to the sheet: a new part, or more of the last one.
fn add(sheet: &mut Sheet, line: &Line) -> Result<(), String> {
    let item = line.text.strip_prefix("- **").filter(|_| !line.is_fenced());
    if let Some((name, rest)) = item.and_then(|item| item.split_once(".**")) {
        if sheet.missing() != Some(name) {
            return Err(format!("`- **{name}.**` does not belong here: {}", form()));
        }
        sheet.0.push(rest.trim_start().to_owned());
        return Ok(());
    }
    let is_more = line.text.trim().is_empty() || line.text.starts_with("  ");
    match sheet.0.last_mut() {
        Some(last) if is_more => {
            last.push('\n');
            last.push_str(&line.text);
            Ok(())
        }
        None if line.text.trim().is_empty() => Ok(()),
        _ => Err(format!(
            "belongs to no part of the run sheet, whose further lines are indented by two: {}",
            form()
        )),
    }
}

fn form() -> String {
    format!("its items are {}, in this order", PARTS.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page;

    fn wrong(sheet: &str) -> Vec<Problem> {
        page::read(&format!("# A\n\n## For the workshop\n\n{sheet}")).problems
    }

    fn whole() -> String {
        PARTS.map(|name| format!("- **{name}.** Do.\n")).concat()
    }

    #[test]
    fn a_sheet_has_its_parts_and_what_is_indented_below_them() {
        let text = whole().replace("- **Ask.** Do.\n", "- **Ask.** Do.\n  - Why?\n");

        let page = page::read(&format!("## For the workshop\n\n{text}"));

        assert_eq!(page.problems, []);
        assert_eq!(page.sheet.part("Ask"), "Do.\n  - Why?");
        assert_eq!(page.sheet.missing(), None);
        assert_eq!(page::read("# A\n").sheet.missing(), Some("Open"));
    }

    #[test]
    fn what_is_not_in_its_form_is_told_with_its_line() {
        let (line, text) = &wrong(&whole().replace("- **Cut.** Do.\n", ""))[0];
        assert_eq!(*line, 3);
        assert!(text.contains("lacks `- **Cut.**`"), "{text}");

        let (line, text) = &wrong(&format!("{}Bye.\n", whole()))[0];
        assert_eq!(*line, 11);
        assert!(text.contains("belongs to no part"), "{text}");

        let (line, text) = &wrong(&whole().replace("Show", "Dance"))[0];
        assert_eq!(*line, 7);
        assert!(text.contains("`- **Dance.**` does not belong here"), "{text}");
    }
}
