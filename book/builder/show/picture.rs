//! `{{#timeline NAME TEST MISTAKE}}`, `{{#steps …}}` and `{{#columns …}}`: the picture of a run, with a
//! mistake below the solution.

use record::{Outcome, Record};

use crate::{
    arrow::Arrow,
    directive::Shows,
    picture::{Columns, Figure, columns, figure},
    problem::Refusal,
    runs::{Runs, SOLUTION, not_recorded},
    sources::Sources,
};

/// The most events a picture may hold.
const MOST_EVENTS: usize = 120;

/// How many columns beside each other can be told apart.
const MOST_SERIES: usize = 2;

/// The picture with its caption and its table; `mistake` may be left out.
///
/// # Errors
///
/// When a run was not recorded, is too full to draw, does not have what is to be shown, or shows the
/// opposite of what it should.
pub fn picture(
    sources: &Sources,
    (chapter, test): (&str, &str),
    mistake: Option<&str>,
    (shows, arrows): (&Shows, &[Arrow]),
) -> Result<String, Refusal> {
    sources.chapter(chapter)?;
    let right = sources.runs(chapter, SOLUTION)?;
    let solution = of(&right, chapter, SOLUTION, test)?;
    if solution.outcome != Outcome::Passed {
        return Err(format!("the solution was recorded failing `{test}`").into());
    }
    let wrong = match mistake {
        None => None,
        Some(name) => Some((name, sources.runs(chapter, name)?)),
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
    let id = sources.figure_id(chapter);
    let id = id.as_str();
    if let Shows::Columns(series) = shows {
        if series.len() > MOST_SERIES {
            return Err("columns tell one number or two".to_owned().into());
        }
        let wanted = Columns { id, test, series, solution, mistake };
        return Ok(columns(&wanted)?);
    }
    let quantity = match shows {
        Shows::Steps(quantity) => Some(quantity),
        _ => None,
    };
    if let Some(quantity) = quantity {
        quantity.check(solution)?;
        mistake.map_or(Ok(()), |(_, wrong)| quantity.stays_above_zero(wrong))?;
    }
    Ok(figure(&Figure { id, test, solution, mistake, quantity, arrows })?)
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
