//! What a check looks like: the verdict first, then the steps, the report, and the next thing to do.

use std::fmt::Write;

use super::{next, shortened, trouble, unjudged};
use crate::{
    Chapter, Workbook,
    check::{Checked, Verdict},
    cli::term::style::Style,
    contract,
    judge::Run,
    libtest, mistake,
    signatures::{self, Like},
};

/// The whole text of a check.
pub fn text(
    workbook: &Workbook,
    chapter: &Chapter,
    checked: &Checked,
    style: Style,
) -> String {
    let mut text = String::new();
    let name = &chapter.name;
    match &checked.verdict {
        Verdict::Refused(errors) => {
            let line = format!("{name}: does not compile yet");
            _ = writeln!(text, "{}\n", style.bold(&line));
            text.push_str(&errors.join("\n"));
        }
        Verdict::Unjudged(objection) => {
            let line = format!("{name}: not yet, {}", unjudged::in_short(objection));
            _ = writeln!(text, "{}\n", style.bold(&line));
            _ = writeln!(text, "{}", unjudged::explained(chapter, objection));
        }
        Verdict::Ran { run, raced, warnings } => {
            _ = writeln!(text, "{}\n", style.bold(&headline(chapter, checked, run)));
            text.push_str(&steps(workbook, chapter, checked, style));
            text.push_str(&evidence(chapter, run, style));
            text.push_str(&likeness(workbook, chapter, run, style));
            let found = run.failing().iter().any(|test| libtest::is_race(test));
            if *raced && checked.solved && !found {
                text.push_str(&no_race_found(chapter));
            }
            text.push_str(&shown_warnings(warnings));
        }
    }
    if !checked.edited.is_empty() {
        _ = writeln!(text, "\n{}", unjudged::edited(&checked.edited));
    }
    _ = writeln!(text, "\n{}", next::after(workbook, chapter, checked));
    text
}

fn headline(chapter: &Chapter, checked: &Checked, run: &Run) -> String {
    let name = &chapter.name;
    let steps = chapter.steps().count();
    let here = checked.here(chapter);
    match (checked.solved, here, &run.trouble) {
        (true, None, _) => format!("{name}: solved, all {steps} steps pass"),
        (true, Some(here), _) if checked.is_begun(here) => {
            let core = chapter.core.len();
            format!(
                "{name}: solved, the {core} core steps pass; beyond them step {here} is next"
            )
        }
        (true, Some(_), _) => {
            let core = chapter.core.len();
            let more = checked.steps.len().saturating_sub(core);
            let beyond = chapter.beyond.len();
            format!(
                "{name}: solved, the {core} core steps pass (beyond: {more} of {beyond})"
            )
        }
        (false, _, Some(trouble)) => {
            format!("{name}: not yet, {}", trouble::in_short(trouble))
        }
        (false, Some(here), None) if chapter.core.contains(&here) => {
            format!("{name}: not yet, step {here} of {steps} is next")
        }
        (false, _, None) => {
            format!("{name}: not yet, the workbook is not as it came")
        }
    }
}

/// One line per rule: done, here, unseen, later, beyond.
fn steps(
    workbook: &Workbook,
    chapter: &Chapter,
    checked: &Checked,
    style: Style,
) -> String {
    let stub = workbook.read(&chapter.stub()).unwrap_or_default();
    let here = checked.here(chapter);
    let mut text = String::new();
    for (number, rule) in contract::rules(&stub) {
        let beyond = chapter.beyond.contains(&number);
        let state = if checked.steps.contains(&number) {
            "done"
        } else if here == Some(number)
            && (!beyond || !checked.solved || checked.is_begun(number))
        {
            "HERE"
        } else if checked.is_unseen(number) {
            "unseen"
        } else if beyond {
            "beyond"
        } else {
            "later"
        };
        let start = format!("  {state:6}  {number}  ");
        let line = format!("{start}{}", shortened(&rule, start.len()));
        let line = match state {
            "done" => style.good(&line),
            "HERE" => style.open(&line),
            _ => style.faint(&line),
        };
        _ = writeln!(text, "{line}");
    }
    text
}

/// The report of the first failing test, or what is known about an end without one.
fn evidence(chapter: &Chapter, run: &Run, style: Style) -> String {
    let mut text = String::new();
    let shown = run.first_to_show().and_then(|test| test.record.as_ref());
    let first = run.first_failure().and_then(|test| test.record.as_ref());
    if let Some(report) = shown.and_then(|record| record.report.as_deref()) {
        _ = writeln!(text, "\n{}", painted(report, style));
    }
    if let Some(race) =
        first.filter(|first| shown.is_some_and(|it| it.test != first.test))
    {
        let (rule, message) = (&race.rule, &race.message);
        _ = writeln!(text, "\nOn real threads {rule} fails as well: {message}");
    }
    if let Some(trouble) = &run.trouble {
        _ = writeln!(text, "\n{}", trouble::explained(chapter, trouble));
        if !run.last_words.is_empty() && first.is_none() {
            let last: Vec<_> =
                run.last_words.lines().map(|l| format!("  {l}")).collect();
            _ = writeln!(text, "Its last words:\n{}", last.join("\n"));
        }
    }
    if let Some(bytes) = run.flood {
        _ = writeln!(
            text,
            "\nIt printed {} MB; only the beginning and the end were kept.",
            bytes / 1_000_000
        );
    }
    text
}

fn painted(report: &str, style: Style) -> String {
    let lines = report.lines().enumerate().map(|(at, line)| {
        if at == 0 {
            style.bold(line)
        } else if line.starts_with("  first difference:") {
            style.bad(line)
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The one recorded mistake that fails like this, or whose first step does, with its hint.
fn likeness(
    workbook: &Workbook,
    chapter: &Chapter,
    run: &Run,
    style: Style,
) -> String {
    let Ok(Some(recorded)) = signatures::read(workbook, chapter) else {
        return String::new();
    };
    let (place, mistake) = match recorded.like(run) {
        Some(Like::Whole(mistake)) => (String::new(), mistake),
        Some(Like::Step(step, mistake)) => (format!(" at step {step}"), mistake),
        None => return String::new(),
    };
    let known = mistake::find(workbook, chapter, mistake).ok();
    let hint = known.as_ref().and_then(|known| known.headers.get("Hint"));
    let hint = hint.unwrap_or_default();
    // Why so careful: another fault may look the same, down to each row.
    let line =
        format!("The mistake `{mistake}` looks the same from outside{place}.");
    format!("\n{} If it is yours: {hint}\n", style.open(&line))
}

fn no_race_found(chapter: &Chapter) -> String {
    let name = &chapter.name;
    format!(
        "\nOn real threads no race was found this time, which proves nothing. To look again:\n  \
         cargo test --test {name} threads -- --ignored\n"
    )
}

/// The first warnings: a forgotten `.await` is one.
fn shown_warnings(warnings: &[String]) -> String {
    let shown: Vec<_> = warnings.iter().take(2).map(String::as_str).collect();
    if shown.is_empty() {
        String::new()
    } else {
        format!("\nrustc warns:\n\n{}", shown.join("\n"))
    }
}
