//! Reports and pictures of recorded runs.

use record::{Outcome, Record};

use super::code::fence;
use crate::{
    expand::{Expander, Wrong},
    runs::{self, Runs, SOLUTION},
    timeline::{self, Figure},
};

/// The most events a picture may hold.
const MOST_EVENTS: usize = 120;

/// `{{#report NAME MISTAKE}}`: what a learner who made that mistake reads first.
///
/// # Errors
///
/// When it was not recorded.
pub fn report(
    book: &Expander,
    chapter: &str,
    mistake: &str,
) -> Result<String, Wrong> {
    book.chapter(chapter)?;
    let runs = load(book, chapter, mistake)?;
    let report = runs
        .first_failure()
        .and_then(|record| record.report.as_deref())
        .ok_or_else(|| not_recorded(chapter, mistake, "its first failure"))?;
    let fence = fence(report);
    Ok(format!(
        "<div class=\"report\">\n\n{fence}text\n{report}\n{fence}\n\n\
         <p class=\"source\">What <code>cargo test --test {chapter}</code> says about \
         <code>mistakes/{chapter}/{mistake}.rs</code></p>\n</div>"
    ))
}

/// `{{#timeline NAME TEST}}`, with a mistake below the solution when there is one.
///
/// # Errors
///
/// When a run was not recorded, is too full to draw, or shows the opposite of what it should.
pub fn timeline(
    book: &Expander,
    chapter: &str,
    test: &str,
    mistake: Option<&str>,
) -> Result<String, Wrong> {
    book.chapter(chapter)?;
    let right = load(book, chapter, SOLUTION)?;
    let solution = of(&right, chapter, SOLUTION, test)?;
    if solution.outcome != Outcome::Passed {
        return Err(format!("the solution was recorded failing `{test}`").into());
    }
    let wrong = match mistake {
        None => None,
        Some(name) => Some((name, load(book, chapter, name)?)),
    };
    let mistake = match &wrong {
        None => None,
        Some((name, runs)) => Some((*name, of(runs, chapter, name, test)?)),
    };
    if mistake.is_some_and(|(_, record)| record.outcome == Outcome::Passed) {
        let text =
            format!("the mistake passes `{test}`: choose a test that it fails");
        return Err(text.into());
    }
    let id = book.figure_id(chapter);
    Ok(timeline::figure(&Figure { id: &id, test, solution, mistake }))
}

/// The run of one test, when it can be drawn.
fn of<'a>(
    runs: &'a Runs,
    chapter: &str,
    answer: &str,
    test: &str,
) -> Result<&'a Record, String> {
    let missing = || not_recorded(chapter, answer, &format!("`{test}`"));
    let record = runs.of(test).ok_or_else(missing)?;
    match record.events.len() {
        0..=MOST_EVENTS => Ok(record),
        events => Err(format!(
            "{events} events do not fit into a picture; {MOST_EVENTS} do"
        )),
    }
}

fn load(book: &Expander, chapter: &str, answer: &str) -> Result<Runs, String> {
    runs::load(&book.workbook.root, chapter, answer)
        .map_err(|error| error.to_string())?
        .ok_or_else(|| not_recorded(chapter, answer, "anything"))
}

fn not_recorded(chapter: &str, answer: &str, what: &str) -> String {
    format!(
        "book/runs/{chapter}/{answer}.json does not hold {what}; \
         record it with `cargo run -p book -- record {chapter}`"
    )
}
