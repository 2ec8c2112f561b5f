//! A picture with its caption and its table.

use record::Record;

use super::{
    compare::first_difference,
    draw::{self, Group, Picture, Words},
    table,
    time::time,
};
use crate::markup::escape;

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
}

/// The HTML of a figure, without blank lines, so that Markdown leaves it alone.
pub fn figure(wanted: &Figure) -> String {
    let test = escape(wanted.test);
    let (picture, caption, tables) = match wanted.mistake {
        None => alone(wanted),
        Some((name, record)) => pair(wanted, name, record),
    };
    let svg = picture.svg;
    let scale = if picture.stretched {
        " Some short waits are drawn longer than they were."
    } else {
        ""
    };
    format!(
        "<figure class=\"timeline\"><div class=\"timeline-scroll\">{svg}</div>\
         <figcaption>{caption}{scale} <span class=\"from-test\">Recorded from <code>{test}</code>. \
         <a href=\"introduction.md#how-to-read-a-picture\">How to read it</a></span>\
         </figcaption><details class=\"twin\"><summary>The same as a table</summary>\
         {tables}</details></figure>"
    )
}

fn alone(wanted: &Figure) -> (Picture, String, String) {
    let words = Words {
        id: wanted.id,
        title: &format!("What the solution does in {}", wanted.test),
        description: &table::sentences(wanted.solution),
    };
    let group = Group { head: None, record: wanted.solution };
    let caption = "What the solution does, on virtual time.";
    (
        draw::picture(&[group], None, &words),
        caption.to_owned(),
        table::table(wanted.solution, "The solution", None),
    )
}

fn pair(wanted: &Figure, name: &str, wrong: &Record) -> (Picture, String, String) {
    let right = wanted.solution;
    let difference = first_difference(right, wrong);
    let description = format!(
        "The solution. {} The mistake {name}. {} {}",
        table::sentences(right),
        table::sentences(wrong),
        difference_in_words(difference),
    );
    let words = Words {
        id: wanted.id,
        title: &format!("The solution and {name} in {}", wanted.test),
        description: &description,
    };
    let groups = [
        Group { head: Some("the solution"), record: right },
        Group { head: Some(name), record: wrong },
    ];
    let picture = draw::picture(&groups, difference, &words);
    let name = escape(name);
    let caption = format!(
        "Above, the solution. Below, <code>{name}</code>: {}. {}",
        escape(&why(wrong)),
        difference_in_words(difference),
    );
    let tables = [
        table::table(right, "The solution", difference),
        table::table(wrong, &format!("<code>{name}</code>"), difference),
    ];
    (picture, caption, tables.concat())
}

/// The rule a run broke, in the words of its test.
fn why(wrong: &Record) -> String {
    match &wrong.difference {
        Some(difference) => format!("{} ({difference})", wrong.message),
        None => wrong.message.clone(),
    }
}

fn difference_in_words(difference: Option<u64>) -> String {
    match difference {
        Some(at) => format!("They part at {}.", time(at)),
        None => "Nothing on these lanes tells them apart.".to_owned(),
    }
}
