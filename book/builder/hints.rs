//! The `## Hints` of a chapter as details inside details, one level at a time.

use std::fmt::Write as _;

use runner::contract::numbered;

use crate::page::Numbered;

/// What each level tells.
const LEVELS: [&str; 3] = [
    "First hint: what to look at",
    "Second hint: which tool",
    "Third hint: the shape",
];

struct Step<'a> {
    line: usize,
    number: u32,
    hints: Vec<Vec<&'a str>>,
}

/// The HTML of all hints.
///
/// # Errors
///
/// The line that is not in the form `### Step 1`, then `1.`, `2.`, `3.`, and why.
pub fn render(lines: &[Numbered]) -> Result<String, (usize, String)> {
    let mut out = String::new();
    for step in steps(lines)? {
        if step.hints.len() != LEVELS.len() {
            let text = format!(
                "step {} has {} hints; write three: what to look at, which tool, the shape",
                step.number,
                step.hints.len(),
            );
            return Err((step.line, text));
        }
        let number = step.number;
        let _ = write!(out, "### Step {number} {{#hints-step-{number}}}\n\n");
        for (level, hint) in LEVELS.iter().zip(&step.hints) {
            let text = hint.join("\n");
            let _ = write!(
                out,
                "<details class=\"hint\"><summary>{level}</summary>\n\n{}\n\n",
                text.trim()
            );
        }
        out.push_str("</details></details></details>\n\n");
    }
    if out.is_empty() {
        Err((lines.first().map_or(0, |l| l.0), EMPTY.into()))
    } else {
        Ok(out)
    }
}

const EMPTY: &str =
    "`## Hints` holds `### Step 1` and so on, each with three numbered items";

fn steps<'a>(lines: &[Numbered<'a>]) -> Result<Vec<Step<'a>>, (usize, String)> {
    let mut steps: Vec<Step> = vec![];
    for &(line, text) in lines {
        if let Some(title) = text.strip_prefix("### ") {
            let number =
                title.strip_prefix("Step ").and_then(|n| n.trim().parse().ok());
            let number = number.ok_or((
                line,
                format!("`{text}` is not of the form `### Step 1`"),
            ))?;
            steps.push(Step { line, number, hints: vec![] });
            continue;
        }
        let Some(step) = steps.last_mut() else {
            if text.trim().is_empty() {
                continue;
            }
            return Err((line, EMPTY.into()));
        };
        add(step, text).map_err(|why| (line, why))?;
    }
    Ok(steps)
}

/// Adds a line to the hints of a step: a new item, or more of the last one.
fn add<'a>(step: &mut Step<'a>, text: &'a str) -> Result<(), String> {
    if let Some((number, first)) = numbered(text) {
        if number != step.hints.len() + 1 {
            return Err(format!(
                "hint {number} comes after hint {}",
                step.hints.len()
            ));
        }
        step.hints.push(vec![first]);
        return Ok(());
    }
    let indent = text.len() - text.trim_start().len();
    match step.hints.last_mut() {
        None if text.trim().is_empty() => Ok(()),
        Some(hint) if indent >= 3 || text.trim().is_empty() => {
            hint.push(text.get(3..).unwrap_or(""));
            Ok(())
        }
        _ => {
            Err("a hint is a numbered item; more lines of it are indented by three"
                .into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str) -> Result<String, (usize, String)> {
        let lines: Vec<Numbered> = (1..).zip(text.lines()).collect();
        render(&lines)
    }

    #[test]
    fn levels_are_nested() {
        let html = rendered(
            "\n### Step 1\n\n1. Look\n   here.\n2. Use `sleep`.\n3. Like this:\n\n       loop {}\n",
        )
        .unwrap();

        assert!(html.contains("### Step 1 {#hints-step-1}"), "{html}");
        assert!(html.contains("\n\nLook\nhere.\n\n<details"), "{html}");
        assert!(html.contains(
            "Like this:\n\n    loop {}\n\n</details></details></details>"
        ));
    }

    #[test]
    fn two_levels_are_an_error() {
        let (line, why) = rendered("### Step 2\n\n1. a\n2. b\n").unwrap_err();

        assert_eq!(line, 1);
        assert!(why.starts_with("step 2 has 2 hints"), "{why}");
    }

    #[test]
    fn a_line_outside_of_an_item_is_an_error() {
        assert_eq!(rendered("### Step 1\n\nSome words.\n").unwrap_err().0, 3);
        assert_eq!(rendered("Some words.\n").unwrap_err().0, 1);
    }

    #[test]
    fn another_heading_is_an_error() {
        let (_, why) = rendered("### First step\n").unwrap_err();

        assert_eq!(why, "`### First step` is not of the form `### Step 1`");
    }

    #[test]
    fn hints_without_steps_are_an_error() {
        assert!(rendered("\n").is_err());
    }
}
