//! The end of a check: what to do next, and with which command.

use std::fmt::Write;

use super::RUN;
use crate::{
    Chapter, Workbook,
    check::{self, Checked, Verdict},
    kept,
    progress::Progress,
    text,
};

/// What to do next.
pub fn after(workbook: &Workbook, chapter: &Chapter, checked: &Checked) -> String {
    let name = &chapter.name;
    let here = checked.here(chapter);
    let is_begun = here.is_some_and(|step| checked.is_begun(step));
    let mut text = if checked.solved && is_begun {
        let onward = onward(workbook, chapter);
        format!(
            "{}\n  or leave it at that, and go on: {onward}",
            stays(chapter, here)
        )
    } else if checked.solved {
        solved(workbook, chapter, checked)
    } else if stands_in_the_way(chapter, checked) {
        format!("Next: mend that, then {RUN} check {name}")
    } else {
        stays(chapter, here)
    };
    if some_test_failed(checked) {
        _ = write!(text, "\n  your prints: cargo test --test {name}");
    }
    text
}

/// In the same exercise, at this step.
fn stays(chapter: &Chapter, here: Option<usize>) -> String {
    let (name, file) = (&chapter.name, chapter.exercise());
    let step = here.unwrap_or(1);
    format!(
        "Next: {file}\n  a hint: {RUN} hint {name}\n  the rule: {RUN} explain {name}.{step}"
    )
}

fn solved(workbook: &Workbook, chapter: &Chapter, checked: &Checked) -> String {
    let name = &chapter.name;
    let onward = onward(workbook, chapter);
    let mut text =
        format!("Next: {onward}\n  compare with the reference: {RUN} diff {name}");
    if kept::is_in_the_shop(&workbook.root, name) {
        let how = if chapter.network {
            "--port 3000".to_owned()
        } else {
            format!("--compare {name}")
        };
        _ = write!(text, "\n  see it at work: cargo run --example shop -- {how}");
    }
    let open = chapter.open_beyond(&checked.steps);
    if !open.is_empty() {
        let are = if open.len() == 1 { "is" } else { "are" };
        let steps = text::steps(&open);
        _ = write!(
            text,
            "\n  beyond the core: {steps} {are} in the same file; to go on there:\n    \
             {RUN} watch {name}    {RUN} hint {name}"
        );
    }
    text
}

/// The exercise that `cargo run` opens now.
fn onward(workbook: &Workbook, chapter: &Chapter) -> String {
    let progress = Progress::peek(&workbook.root);
    let mut open = check::not_known_solved(workbook, &progress);
    match open.find(|other| other.name != chapter.name) {
        Some(next) => {
            let again = if check::to_be_checked_again(workbook, next, &progress) {
                ", solved, to be checked again"
            } else {
                ""
            };
            format!("{} ({}){again}", next.exercise(), next.page())
        }
        None => "every exercise is solved".to_owned(),
    }
}

/// Whether no step is what is missing.
fn stands_in_the_way(chapter: &Chapter, checked: &Checked) -> bool {
    let complete = chapter.core.iter().all(|step| checked.steps.contains(step));
    let unjudged = matches!(checked.verdict, Verdict::Unjudged(_));
    unjudged || (complete && !checked.edited.is_empty())
}

/// Whether a test ran to its end and failed: what it printed is shown by libtest alone.
fn some_test_failed(checked: &Checked) -> bool {
    match &checked.verdict {
        Verdict::Refused(_) | Verdict::Unjudged(_) => false,
        Verdict::Ran { run, .. } => run.tests.iter().any(|t| t.ended && !t.passed),
    }
}
