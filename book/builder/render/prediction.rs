//! A prediction and what came of it: two quotes that become a frame and a closed detail.

use runner::page::{Line, Problem};

use crate::directive::{self, Directive, read_line};

const PREDICT: &str = "> **Predict.**";
const REVEAL: &str = "> **Reveal.**";

/// A quote with a form of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quote {
    /// `> **Predict.**`: what the reader should write down.
    Predict,
    /// `> **Reveal.**`: what came of it.
    Reveal,
}

impl Quote {
    /// The quote that begins at this line.
    pub fn begins(line: &Line) -> Option<Self> {
        match &line.text {
            _ if line.is_fenced() => None,
            text if text.starts_with(PREDICT) => Some(Self::Predict),
            text if text.starts_with(REVEAL) => Some(Self::Reveal),
            _ => None,
        }
    }

    /// What stands in front of it.
    pub fn start(self) -> &'static str {
        match self {
            Self::Predict => "<div class=\"predict\">\n",
            Self::Reveal => {
                "<details class=\"reveal\"><summary>What came of the prediction</summary>\n"
            }
        }
    }

    /// What stands behind it.
    pub fn end(self) -> &'static str {
        match self {
            Self::Predict => "\n</div>\n",
            Self::Reveal => "\n</details>\n",
        }
    }
}

/// A line of a reveal as a line of its own: the detail around it says what it is.
pub fn unquoted(line: &Line) -> Line {
    let text = line.text.strip_prefix(REVEAL).or(line.text.strip_prefix('>'));
    let text = text.unwrap_or_default();
    let text = text.strip_prefix(' ').unwrap_or(text).to_owned();
    Line { text, ..line.clone() }
}

/// Predictions without an answer, on a page with a contract, and answers without a prediction.
pub fn check(lines: &[Line]) -> Vec<Problem> {
    let asks_for_answers = lines.iter().any(shows_contract);
    let unanswered = |line: &Line| {
        let text =
            "no `> **Reveal.**` follows: write one where the page has the answer";
        asks_for_answers.then(|| (line.number, text.to_owned()))
    };
    let mut problems = vec![];
    let mut open: Option<&Line> = None;
    let mut is_answered = false;
    for line in lines {
        match Quote::begins(line) {
            None => {}
            Some(Quote::Predict) => {
                problems.extend(open.replace(line).and_then(unanswered));
                is_answered = false;
            }
            Some(Quote::Reveal) if open.take().is_some() => is_answered = true,
            Some(Quote::Reveal) => {
                let text = if is_answered {
                    "a prediction has one `> **Reveal.**`: put the two into one"
                } else {
                    "there is no `> **Predict.**` above this: ask before you tell"
                };
                problems.push((line.number, text.to_owned()));
            }
        }
    }
    problems.extend(open.and_then(unanswered));
    problems
}

fn shows_contract(line: &Line) -> bool {
    let shown = read_line(&line.text);
    !line.is_fenced()
        && matches!(shown, directive::Line::Directive(Directive::Contract(_)))
}
