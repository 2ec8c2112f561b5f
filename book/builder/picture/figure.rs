//! A picture with its caption and its table.

use record::Record;

use super::{
    compare::first_difference,
    draw::{self, Group, More, Picture},
    svg::Words,
    table,
    time::time,
};
use crate::{
    arrow::{Arrow, find},
    markup::{escape, inline},
    quantity::{Quantity, number},
};

const RIGHT: &str = "a right answer";

/// What a page wants to see.
pub struct Figure<'a> {
    /// Unique in the whole book; ids in the picture begin with it.
    pub id: &'a str,
    /// The test whose runs are shown.
    pub test: &'a str,
    /// The run of the solution.
    pub solution: &'a Record,
    /// The name and the run of a wrong answer, drawn below.
    pub mistake: Option<(&'a str, &'a Record)>,
    /// What is drawn as steps below the lanes.
    pub quantity: Option<&'a Quantity>,
    /// What set off what, as the page says it.
    pub arrows: &'a [Arrow],
}

/// The HTML of a figure, without blank lines, so that Markdown leaves it alone.
///
/// # Errors
///
/// When something in the picture would have no words, or an arrow not two ends.
pub fn figure(wanted: &Figure) -> Result<String, String> {
    let (picture, mut caption, tables) = match wanted.mistake {
        None => alone(wanted)?,
        Some((name, record)) => pair(wanted, name, record)?,
    };
    if !wanted.arrows.is_empty() {
        caption.push_str(" An arrow leads from what was done to what it set off.");
    }
    if let Some(quantity) = wanted.quantity {
        caption.push_str(&most(quantity, wanted));
    }
    if picture.stretched {
        caption.push_str(" Some short waits are drawn longer than they were.");
    }
    Ok(frame("timeline", &picture.svg, &caption, wanted.test, &tables))
}

/// What stands around every picture: a cue to scroll, the caption, the table.
pub fn frame(
    class: &str,
    svg: &str,
    caption: &str,
    test: &str,
    tables: &str,
) -> String {
    let test = escape(test);
    format!(
        "<figure class=\"{class}\"><p class=\"scroll-cue\" aria-hidden=\"true\">The picture \
         goes on to the right: scroll it sideways →</p><div class=\"timeline-scroll\">{svg}</div>\
         <figcaption>{caption} <span class=\"from-test\">Recorded from <code>{test}</code>. \
         <a href=\"introduction.md#how-to-read-a-picture\">How to read it</a></span>\
         </figcaption><details class=\"twin\"><summary>The same as a table</summary>\
         {tables}</details></figure>"
    )
}

fn alone(wanted: &Figure) -> Result<(Picture, String, String), String> {
    if wanted.arrows.iter().any(|arrow| arrow.below) {
        return Err(
            "an arrow says `below`, and no wrong answer is drawn below: take \
                    the word out, or name a mistake"
                .into(),
        );
    }
    let caused = find(wanted.arrows, false, (wanted.solution, RIGHT))?;
    let words = Words {
        id: wanted.id,
        title: &format!("What a right answer does in {}", wanted.test),
        description: &table::sentences(wanted.solution, &caused),
    };
    let group =
        Group { head: None, record: wanted.solution, wrong: false, caused: &caused };
    let more = More { difference: None, quantity: wanted.quantity };
    let caption = "This is what a right answer does, on virtual time.";
    Ok((
        draw::picture(&[group], &more, &words)?,
        caption.to_owned(),
        table::table(wanted.solution, "A right answer", &more, &caused),
    ))
}

fn pair(
    wanted: &Figure,
    name: &str,
    wrong: &Record,
) -> Result<(Picture, String, String), String> {
    let right = wanted.solution;
    let above = find(wanted.arrows, false, (right, RIGHT))?;
    let below = find(wanted.arrows, true, (wrong, name))?;
    let difference = first_difference(right, wrong);
    let part = match difference {
        Some(at) => format!("The two runs part at {}.", time(at)),
        None => "Nothing on these lanes tells them apart.".to_owned(),
    };
    let description = format!(
        "A right answer. {} The wrong answer {name}. {} {part}",
        table::sentences(right, &above),
        table::sentences(wrong, &below),
    );
    let words = Words {
        id: wanted.id,
        title: &format!("A right answer and {name} in {}", wanted.test),
        description: &description,
    };
    let groups = [
        Group { head: Some(RIGHT), record: right, wrong: false, caused: &above },
        Group {
            head: Some(&format!("{name}, a wrong answer")),
            record: wrong,
            wrong: true,
            caused: &below,
        },
    ];
    let more = More { difference, quantity: wanted.quantity };
    let picture = draw::picture(&groups, &more, &words)?;
    let caption = format!("{} {part}", names("run", name, wrong));
    let name = escape(name);
    let tables = [
        table::table(right, "A right answer", &more, &above),
        table::table(wrong, &format!("<code>{name}</code>"), &more, &below),
    ];
    Ok((picture, caption, tables.concat()))
}

/// What the steps show: the most there is of a quantity, and how much where two runs part.
fn most(quantity: &Quantity, wanted: &Figure) -> String {
    let right = wanted.solution;
    let upper = number(quantity.most(right));
    let most = match wanted.mistake {
        None => format!("at most {upper}"),
        Some((_, wrong)) => {
            let most = match number(quantity.most(wrong)) {
                lower if lower == upper => format!("at most {upper} in each run"),
                lower => format!(
                    "at most {upper} in the upper run, at most {lower} in the lower"
                ),
            };
            most + &parted(quantity, right, wrong).unwrap_or_default()
        }
    };
    format!(" The steps show {}: {most}.", escape(&quantity.words))
}

/// How much there is of a quantity behind the first difference, when that differs too.
fn parted(quantity: &Quantity, right: &Record, wrong: &Record) -> Option<String> {
    let at = first_difference(right, wrong)?;
    let [upper, lower] =
        [right, wrong].map(|run| quantity.behind(run, at).map(number));
    let (upper, lower) = (upper?, lower?);
    let at = time(at);
    (upper != lower).then(|| {
        format!(
            "; after {at} it is {upper} in the upper run and {lower} in the lower"
        )
    })
}

/// Which run is whose, and what the wrong one broke, in the words of its test. A run is called a `picture`
/// where it is not drawn as lanes.
pub fn names(picture: &str, name: &str, wrong: &Record) -> String {
    let rule = inline(&wrong.message);
    let seen = match &wrong.difference {
        Some(difference) => {
            format!(" What was seen: {}.", escape(&seen(difference)))
        }
        None => String::new(),
    };
    format!(
        "Upper {picture}: a right answer. Lower {picture}: the wrong answer \
         <code>{}</code>. It breaks the rule \"{rule}\".{seen}",
        escape(name)
    )
}

/// A difference as a report tells it, `of LANE, ...`, for those who do not see the column of that lane.
fn seen(difference: &str) -> String {
    let of = difference.strip_prefix("of ").and_then(|rest| rest.split_once(", "));
    match of {
        Some((lane, what)) => format!("on the lane {lane}, {what}"),
        None => difference.to_owned(),
    }
}
