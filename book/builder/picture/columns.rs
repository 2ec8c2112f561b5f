//! Numbers that a run tells on its lanes, as columns: a chart for each lane, all on one scale.

use record::{EventKind, Record};

use super::{
    bars::{self, Chart, Told},
    figure::{frame, names},
    svg::Words,
    time::time,
};
use crate::{
    markup::escape,
    quantity::{number, numbers},
};

/// What a page wants to see.
pub struct Columns<'a> {
    /// Unique in the whole book; ids in the picture begin with it.
    pub id: &'a str,
    /// The test whose runs are shown.
    pub test: &'a str,
    /// What the numbers of an event are, in their order: one or two.
    pub series: &'a [String],
    /// The run of the solution.
    pub solution: &'a Record,
    /// The name and the run of a wrong answer, drawn below.
    pub mistake: Option<(&'a str, &'a Record)>,
}

/// The HTML of the charts, without blank lines.
///
/// # Errors
///
/// When an event does not tell as many numbers as there are names, or has no room for them.
pub fn columns(wanted: &Columns) -> Result<String, String> {
    let wrong = wanted.mistake.map(|(_, wrong)| wrong);
    let runs: Vec<&Record> = std::iter::once(wanted.solution).chain(wrong).collect();
    let series = wanted.series.join(" and ");
    let (charts, of, caption) = match wanted.mistake {
        None => (
            charts(wanted.solution, wanted.series, None)?,
            String::new(),
            format!(
                "Each chart is one lane of the run, and all have the same scale. \
                 The columns show how many {}.",
                escape(&wanted.series.join(" and how many "))
            ),
        ),
        Some((name, wrong)) => compared(wanted, name, wrong)?,
    };
    let words = Words {
        id: wanted.id,
        title: &format!("{series}{of} in {}", wanted.test),
        description: &sentences(&charts, wanted.series),
    };
    let end = runs.iter().map(|record| record.ended_ms).max().unwrap_or(0);
    let svg = bars::draw(&charts, wanted.series, end, &words)?;
    let table = table(&charts, wanted.series);
    Ok(frame("timeline columns", &svg, &caption, wanted.test, &table))
}

/// The charts of both runs, the end of the title, the caption.
fn compared(
    wanted: &Columns,
    name: &str,
    wrong: &Record,
) -> Result<(Vec<Chart>, String, String), String> {
    let right = charts(wanted.solution, wanted.series, Some("a right answer"))?;
    let head = format!("{name}, a wrong answer");
    let mut below = charts(wrong, wanted.series, Some(&head))?;
    below.iter_mut().for_each(|chart| chart.wrong = true);
    let [upper, lower] = [&right, &below].map(|charts| number(bars::most(charts)));
    let caption = format!(
        "{} The columns show how many {}: at most {upper} in the upper chart, at most \
         {lower} in the lower.",
        names("chart", name, wrong),
        escape(&wanted.series.join(" and how many ")),
    );
    let of = format!(" of a right answer and {name}");
    Ok((right.into_iter().chain(below).collect(), of, caption))
}

/// A chart for each lane of a run; in a comparison its head says whose run it is.
fn charts(
    record: &Record,
    series: &[String],
    whose: Option<&str>,
) -> Result<Vec<Chart>, String> {
    let head = |lane: &String| match whose {
        None => lane.clone(),
        Some(whose) => format!("{whose}: {lane}"),
    };
    let mut charts: Vec<Chart> = record
        .lanes
        .iter()
        .map(|lane| Chart { head: head(lane), wrong: false, told: vec![] })
        .collect();
    for event in record.events.iter().filter(|it| it.kind == EventKind::Mark) {
        let values = numbers(&event.what);
        if values.len() != series.len() {
            return Err(format!(
                "`{}` tells {} numbers, and the directive names {}",
                event.what,
                values.len(),
                series.len()
            ));
        }
        charts[event.lane].told.push(Told { at_ms: event.at_ms, values });
    }
    Ok(charts)
}

fn sentences(charts: &[Chart], series: &[String]) -> String {
    let told = |told: &Told| {
        let values = told.values.iter().zip(series);
        let values: Vec<String> = values
            .map(|(value, name)| format!("{} {name}", number(*value)))
            .collect();
        format!("up to {}, {}", time(told.at_ms), values.join(" and "))
    };
    let chart = |chart: &Chart| {
        let all: Vec<String> = chart.told.iter().map(told).collect();
        format!("{}: {}.", chart.head, all.join("; "))
    };
    charts.iter().map(chart).collect::<Vec<_>>().join(" ")
}

fn table(charts: &[Chart], series: &[String]) -> String {
    let names: String = series
        .iter()
        .map(|name| format!("<th scope=\"col\">{}</th>", escape(name)))
        .collect();
    let row = |chart: &Chart, told: &Told| {
        let values = told.values.iter();
        let values: String =
            values.map(|value| format!("<td>{}</td>", number(*value))).collect();
        let (head, at) = (escape(&chart.head), time(told.at_ms));
        format!("<tr><td>{head}</td><td>{at}</td>{values}</tr>")
    };
    let rows: String = charts
        .iter()
        .flat_map(|chart| chart.told.iter().map(move |told| row(chart, told)))
        .collect();
    format!(
        "<div class=\"table-wrapper\"><table><thead><tr><th scope=\"col\">Chart</th>\
         <th scope=\"col\">Up to</th>{names}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}
