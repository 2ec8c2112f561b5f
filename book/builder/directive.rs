//! The directives a page may hold, each alone on its line.

use std::str::FromStr;

use crate::{
    arrow::{self, Arrow},
    quantity::{self, Quantity},
};

/// One `{{#...}}` of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Directive {
    /// `{{#code FILE:NAME, NAME}}` or `{{#code FILE}}`.
    Code {
        /// The file, from the root of the workspace.
        file: String,
        /// Anchors or items; the whole file when there are none.
        parts: Vec<String>,
    },
    /// `{{#answer NAME}}`.
    Answer(String),
    /// `{{#contract NAME}}`.
    Contract(String),
    /// `{{#crowd NAME}}`.
    Crowd(String),
    /// `{{#minutes NAME}}`.
    Minutes(String),
    /// `{{#mistakes NAME}}`.
    Mistakes(String),
    /// `{{#report NAME MISTAKE}}`.
    Report {
        /// The chapter.
        chapter: String,
        /// The wrong answer whose first failure is shown.
        mistake: String,
    },
    /// `{{#shop NAME}}`.
    Shop(String),
    /// `{{#timeline NAME TEST}}`, `{{#steps NAME TEST: QUANTITY}}` or `{{#columns NAME TEST: WORD, WORD}}`,
    /// each with a `MISTAKE` behind `TEST` or without; the first two may end with arrows, each
    /// `; arrow LANE: WORDS -> LANE: WORDS`.
    Picture {
        /// The chapter.
        chapter: String,
        /// The test path, from `step_` on.
        test: String,
        /// The wrong answer drawn below the solution.
        mistake: Option<String>,
        /// What of these runs is drawn.
        shows: Shows,
        /// What set off what in these runs.
        arrows: Vec<Arrow>,
    },
}

/// What a picture of a run shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Shows {
    /// Its lanes.
    Lanes,
    /// Its lanes, and a quantity as steps below them.
    Steps(Quantity),
    /// The numbers in the words of its events, as columns; what each of them is.
    Columns(Vec<String>),
}

impl FromStr for Directive {
    type Err = String;

    /// Reads what stands between `{{#` and `}}`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let words: Vec<String> =
            rest.split_whitespace().map(str::to_owned).collect();
        match (name, words.as_slice()) {
            ("code", [_, ..]) => Ok(code(rest.trim())),
            ("answer", [chapter]) => Ok(Self::Answer(chapter.clone())),
            ("contract", [chapter]) => Ok(Self::Contract(chapter.clone())),
            ("crowd", [chapter]) => Ok(Self::Crowd(chapter.clone())),
            ("minutes", [chapter]) => Ok(Self::Minutes(chapter.clone())),
            ("mistakes", [chapter]) => Ok(Self::Mistakes(chapter.clone())),
            ("shop", [chapter]) => Ok(Self::Shop(chapter.clone())),
            ("report", [chapter, mistake]) => Ok(Self::Report {
                chapter: chapter.clone(),
                mistake: mistake.clone(),
            }),
            ("timeline" | "steps" | "columns", _) => picture(name, rest),
            _ => Err(usage(name)),
        }
    }
}

fn code(rest: &str) -> Directive {
    let (file, parts) = match rest.split_once(':') {
        Some((file, parts)) => (file, parts),
        None => (rest, ""),
    };
    let parts = parts.split(',').map(str::trim).filter(|part| !part.is_empty());
    let parts = parts.map(str::to_owned).collect();
    Directive::Code { file: file.trim().into(), parts }
}

fn picture(name: &str, rest: &str) -> Result<Directive, String> {
    let (rest, arrows) = arrow::split(rest)?;
    let (words, shows) = match name {
        "timeline" => (rest, Shows::Lanes),
        _ => shows(name, rest)?,
    };
    if matches!(shows, Shows::Columns(_)) && !arrows.is_empty() {
        return Err("columns have no lanes, and so no arrows".into());
    }
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    match words.as_slice() {
        [chapter, test, mistake @ ..] if mistake.len() < 2 => {
            Ok(Directive::Picture {
                chapter: chapter.clone(),
                test: test.clone(),
                mistake: mistake.first().cloned(),
                shows,
                arrows,
            })
        }
        _ => Err(usage(name)),
    }
}

/// What a picture shows whose words say it behind a colon, and the words before that.
fn shows<'a>(name: &str, rest: &'a str) -> Result<(&'a str, Shows), String> {
    let (words, what) = rest.split_once(": ").ok_or_else(|| usage(name))?;
    let shows = match name {
        "steps" => Shows::Steps(what.parse()?),
        _ => Shows::Columns(
            what.split(',').map(|word| word.trim().to_owned()).collect(),
        ),
    };
    Ok((words, shows))
}

fn usage(name: &str) -> String {
    let form = match name {
        "code" => "code FILE:NAME",
        "answer" | "contract" | "crowd" | "minutes" | "mistakes" | "shop" => {
            return format!("write it as `{{{{#{name} NAME}}}}`");
        }
        "report" => "report NAME MISTAKE",
        "timeline" => {
            "timeline NAME TEST [MISTAKE][; arrow LANE: WORDS -> LANE: WORDS]"
        }
        "steps" => {
            return format!(
                "write it as `{{{{#steps NAME TEST [MISTAKE]: {}}}}}`",
                quantity::FORM
            );
        }
        "columns" => "columns NAME TEST [MISTAKE]: WHAT, WHAT",
        "include" | "rustdoc_include" | "playground" => {
            return "code comes from compiled files: use `{{#code FILE:NAME}}`"
                .into();
        }
        _ => return format!("there is no directive `{name}`"),
    };
    format!("write it as `{{{{#{form}}}}}`")
}

/// What a line of a page holds.
#[derive(Debug, PartialEq)]
pub enum Line {
    /// Text without a directive.
    Plain,
    /// A directive alone on its line.
    Directive(Directive),
    /// A directive that cannot be understood, and why.
    Refused(String),
}

/// Reads a line outside of a fence.
pub fn read_line(line: &str) -> Line {
    let Some(start) = outside_code_spans(line).find("{{#") else {
        return Line::Plain;
    };
    let trimmed = line.trim();
    match trimmed.strip_prefix("{{#").and_then(|rest| rest.strip_suffix("}}")) {
        Some(inner) if line[..start].is_empty() && !inner.contains("}}") => {
            inner.parse().map_or_else(Line::Refused, Line::Directive)
        }
        _ => {
            Line::Refused("a directive stands alone on its line, unindented".into())
        }
    }
}

/// The line with everything between backticks blanked out.
fn outside_code_spans(line: &str) -> String {
    let mut inside = false;
    line.bytes()
        .map(|byte| {
            inside ^= byte == b'`';
            if inside || !byte.is_ascii() { ' ' } else { byte as char }
        })
        .collect()
}

#[cfg(test)]
#[path = "directive_tests.rs"]
mod tests;
