//! The hints of a chapter as details inside details, one level at a time.

use std::fmt::Write as _;

use runner::page::{Hints, LEVELS};

/// What each level tells.
const SUMMARIES: [&str; LEVELS] = [
    "First hint: what to look at",
    "Second hint: which tool",
    "Third hint: the shape",
];

/// The HTML of all hints.
pub fn details(hints: &Hints) -> String {
    let mut out = String::new();
    for (step, levels) in hints {
        let _ = write!(out, "### Step {step} {{#hints-step-{step}}}\n\n");
        for (summary, hint) in SUMMARIES.iter().zip(levels) {
            let _ = write!(
                out,
                "<details class=\"hint\"><summary>{summary}</summary>\n\n{hint}\n\n"
            );
        }
        out.push_str("</details></details></details>\n\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_nested() {
        let page = runner::page::read(
            "## Hints\n\n### Step 1\n\n1. Look\n   here.\n2. Use `sleep`.\n3. Like this:\n\n       loop {}\n",
        );

        let html = details(&page.hints);

        assert!(html.contains("### Step 1 {#hints-step-1}"), "{html}");
        assert!(html.contains("\n\nLook\nhere.\n\n<details"), "{html}");
        assert!(html.contains(
            "Like this:\n\n    loop {}\n\n</details></details></details>"
        ));
    }
}
