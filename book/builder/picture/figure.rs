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
    markup::{escape, inline},
    quantity::{Quantity, number},
};

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
}

/// The HTML of a figure, without blank lines, so that Markdown leaves it alone.
///
/// # Errors
///
/// When something in the picture would have no words.
pub fn figure(wanted: &Figure) -> Result<String, String> {
    let (picture, mut caption, tables) = match wanted.mistake {
        None => alone(wanted)?,
        Some((name, record)) => pair(wanted, name, record)?,
    };
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
    let words = Words {
        id: wanted.id,
        title: &format!("What the solution does in {}", wanted.test),
        description: &table::sentences(wanted.solution),
    };
    let group = Group { head: None, record: wanted.solution, wrong: false };
    let more = More { difference: None, quantity: wanted.quantity };
    let caption = "What the solution does, on virtual time.";
    Ok((
        draw::picture(&[group], &more, &words)?,
        caption.to_owned(),
        table::table(wanted.solution, "The solution", &more),
    ))
}

fn pair(
    wanted: &Figure,
    name: &str,
    wrong: &Record,
) -> Result<(Picture, String, String), String> {
    let right = wanted.solution;
    let difference = first_difference(right, wrong);
    let part = match difference {
        Some(at) => format!("They part at {}.", time(at)),
        None => "Nothing on these lanes tells them apart.".to_owned(),
    };
    let description = format!(
        "The solution. {} The mistake {name}. {} {part}",
        table::sentences(right),
        table::sentences(wrong),
    );
    let words = Words {
        id: wanted.id,
        title: &format!("The solution and {name} in {}", wanted.test),
        description: &description,
    };
    let groups = [
        Group { head: Some("the solution"), record: right, wrong: false },
        Group {
            head: Some(&format!("{name}, a wrong answer")),
            record: wrong,
            wrong: true,
        },
    ];
    let more = More { difference, quantity: wanted.quantity };
    let picture = draw::picture(&groups, &more, &words)?;
    let name = escape(name);
    let caption = format!(
        "Above, the solution. Below, <code>{name}</code>: {}. {part}",
        why(wrong)
    );
    let tables = [
        table::table(right, "The solution", &more),
        table::table(wrong, &format!("<code>{name}</code>"), &more),
    ];
    Ok((picture, caption, tables.concat()))
}

/// The most there is of a quantity, and how much where two runs part, in words.
fn most(quantity: &Quantity, wanted: &Figure) -> String {
    let right = wanted.solution;
    let above = number(quantity.most(right));
    let most = match wanted.mistake {
        None => format!("{above} at most"),
        Some((_, wrong)) => {
            let most = match number(quantity.most(wrong)) {
                below if below == above => format!("{above} at most in both"),
                below => format!("above {above} at most, below {below}"),
            };
            most + &parted(quantity, right, wrong).unwrap_or_default()
        }
    };
    format!(" The steps are <em>{}</em>: {most}.", escape(&quantity.what))
}

/// How much there is of a quantity behind the first difference, when that differs too.
fn parted(quantity: &Quantity, right: &Record, wrong: &Record) -> Option<String> {
    let at = first_difference(right, wrong)?;
    let [above, below] =
        [right, wrong].map(|run| quantity.behind(run, at).map(number));
    let (above, below) = (above?, below?);
    let at = time(at);
    (above != below)
        .then(|| format!("; after {at} it is {above} above and {below} below"))
}

/// The rule a run broke, in the words of its test.
pub fn why(wrong: &Record) -> String {
    let message = inline(&wrong.message);
    match &wrong.difference {
        Some(difference) => format!("{message} ({})", escape(difference)),
        None => message,
    }
}
