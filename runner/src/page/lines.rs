//! The lines of a page: text, headings and fences, as Markdown has them.

/// What is wrong with a page: the number of the line, and a sentence.
pub type Problem = (usize, String);

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, counted from 1.
    pub number: usize,
    /// The line itself.
    pub text: String,
    /// What it is.
    pub kind: Kind,
}

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Ordinary text.
    Text,
    /// A heading: `## Hints` has level 2.
    Heading {
        /// The number of its hashes.
        level: usize,
        /// What stands after them.
        title: String,
    },
    /// The first line of a fence, with what it says about what it holds.
    Opening(String),
    /// A line inside a fence, or the last line of one.
    Fenced,
}

impl Line {
    /// Whether the line belongs to a fence.
    pub fn is_fenced(&self) -> bool {
        matches!(self.kind, Kind::Opening(_) | Kind::Fenced)
    }

    /// Level and title, when the line is a heading of level `deepest` or above.
    fn heading(&self, deepest: usize) -> Option<(usize, &str)> {
        match &self.kind {
            Kind::Heading { level, title } if *level <= deepest => {
                Some((*level, title))
            }
            _ => None,
        }
    }
}

/// A heading and all lines that belong to it, or the lines before the first heading.
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    /// The level of the heading; 0 when there is none.
    pub level: usize,
    /// Its title.
    pub title: &'a str,
    /// The number of its first line.
    pub line: usize,
    /// The lines below the heading.
    pub lines: &'a [Line],
}

impl Section<'_> {
    /// Whether the line with this number belongs to the section, heading included.
    pub fn holds(&self, line: usize) -> bool {
        let last = self.lines.last().map_or(self.line, |last| last.number);
        (self.line..=last).contains(&line)
    }
}

/// Cuts lines in front of every heading of level `deepest` or above.
pub fn sections(
    lines: &[Line],
    deepest: usize,
) -> impl Iterator<Item = Section<'_>> {
    let cut = lines.chunk_by(move |_, next| next.heading(deepest).is_none());
    cut.map(move |lines| {
        let first = &lines[0];
        let (level, title) = first.heading(deepest).unwrap_or((0, ""));
        let lines = if level == 0 { lines } else { &lines[1..] };
        Section { level, title, line: first.number, lines }
    })
}

/// The number in `Step 2: waits twice as long` or `Step 2`.
pub fn step(title: &str) -> Option<usize> {
    let number = title.strip_prefix("Step ")?;
    number.split_once(':').map_or(number, |(number, _)| number).parse().ok()
}

/// A fence that is open.
struct Fence<'a> {
    mark: char,
    length: usize,
    info: &'a str,
    line: usize,
}

/// Reads the lines of a page, and whether one of its fences is never closed.
pub fn read(source: &str) -> (Vec<Line>, Vec<Problem>) {
    let mut lines = Vec::new();
    let mut open: Option<Fence<'_>> = None;
    for (number, text) in (1..).zip(source.lines()) {
        let kind = match (&open, fence(text, number)) {
            (None, Some(fence)) => {
                let info = fence.info.to_owned();
                open = Some(fence);
                Kind::Opening(info)
            }
            (None, None) => heading(text).unwrap_or(Kind::Text),
            (Some(first), Some(last)) if last.closes(first) => {
                open = None;
                Kind::Fenced
            }
            (Some(_), _) => Kind::Fenced,
        };
        lines.push(Line { number, text: text.to_owned(), kind });
    }
    let unclosed =
        |fence: Fence<'_>| (fence.line, "this fence is never closed".to_owned());
    (lines, open.map(unclosed).into_iter().collect())
}

impl Fence<'_> {
    /// Whether this line ends the fence that `first` opened: the same mark, as long or longer, alone.
    fn closes(&self, first: &Self) -> bool {
        self.mark == first.mark
            && self.length >= first.length
            && self.info.is_empty()
    }
}

/// A line such as ```` ```text ````. Indented as far as it likes, because hints stand in a list.
fn fence(text: &str, line: usize) -> Option<Fence<'_>> {
    let text = text.trim_start();
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = text.trim_start_matches(mark);
    let length = text.len() - info.len();
    let info = info.trim();
    // Why no backtick behind backticks: then the line is text with code in it.
    let is_fence = length >= 3 && !(mark == '`' && info.contains('`'));
    is_fence.then_some(Fence { mark, length, info, line })
}

fn heading(text: &str) -> Option<Kind> {
    let title = text.trim_start_matches('#');
    let level = text.len() - title.len();
    let is_heading =
        (1..=6).contains(&level) && (title.is_empty() || title.starts_with(' '));
    let title = title.trim().to_owned();
    is_heading.then_some(Kind::Heading { level, title })
}
