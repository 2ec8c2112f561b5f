//! A page: its sections, the directives in them, and what is added around.

use std::fmt::Write as _;

use runner::Chapter;

use crate::{
    directive::{Line, read_line},
    expand::Expander,
    fences::{Fences, Place},
    hints,
    problem::Problem,
};

/// What a reader sees where something could not be shown.
const NOT_SHOWN: &str =
    "*(This could not be shown. The builder has printed the reason.)*";

/// A line of a page with its number.
pub type Numbered<'a> = (usize, &'a str);

/// Turns a page as written into a page for mdBook.
///
/// `file` is the page's path from the root of the workspace, for messages; `chapter` is
/// what `workbook.toml` says about it, when it is a chapter.
///
/// # Errors
///
/// Everything that is wrong with the page.
pub fn render(
    text: &str,
    file: &str,
    chapter: Option<&Chapter>,
    expander: &Expander,
) -> Result<String, Vec<Problem>> {
    let (out, problems) = attempt(text, file, chapter, expander);
    if problems.is_empty() { Ok(out) } else { Err(problems) }
}

/// Like [`render`], and gives the page as far as it goes together with what is wrong with it.
pub fn attempt(
    text: &str,
    file: &str,
    chapter: Option<&Chapter>,
    expander: &Expander,
) -> (String, Vec<Problem>) {
    let mut page =
        Page { file, chapter, expander, problems: vec![], out: String::new() };
    let sections = page.sections(text);
    for section in &sections {
        page.section(section);
    }
    if let Some(chapter) = chapter {
        page.footer(chapter);
    }
    (page.out, page.problems)
}

/// Everything from one `## ` to the next; the first one has no heading.
struct Section<'a> {
    heading: Option<Numbered<'a>>,
    /// Lines, and whether they stand inside a fence.
    lines: Vec<(Numbered<'a>, bool)>,
}

struct Page<'a> {
    file: &'a str,
    chapter: Option<&'a Chapter>,
    expander: &'a Expander<'a>,
    problems: Vec<Problem>,
    out: String,
}

impl Page<'_> {
    fn wrong(&mut self, line: usize, text: impl Into<String>) {
        self.problems.push(Problem::at(self.file, line, text));
    }

    fn sections<'t>(&mut self, text: &'t str) -> Vec<Section<'t>> {
        let mut sections = vec![Section { heading: None, lines: vec![] }];
        let mut fences = Fences::default();
        for (number, line) in (1..).zip(text.lines()) {
            let place = fences.next(number, line);
            if let Place::Refused(why) = &place {
                self.wrong(number, why);
            }
            let heading = place == Place::Text && line.starts_with("## ");
            if heading {
                let heading = Some((number, line));
                sections.push(Section { heading, lines: vec![] });
            } else if let Some(section) = sections.last_mut() {
                section.lines.push(((number, line), place != Place::Text));
            }
        }
        if let Some(line) = fences.unclosed() {
            self.wrong(line, "this fence is never closed");
        }
        sections
    }

    fn section(&mut self, section: &Section) {
        let title = section.heading.map_or("", |(_, line)| line[3..].trim());
        let class = match title {
            "Hints" => return self.hints(section),
            "For the workshop" => "for-instructor",
            "Takeaways" => "takeaways",
            _ => "",
        };
        if class.is_empty() {
            self.heading(title);
            self.lines(&section.lines);
        } else {
            let _ = write!(self.out, "<section class=\"{class}\">\n\n## {title}\n");
            self.lines(&section.lines);
            self.out.push_str("\n\n</section>\n\n");
        }
    }

    /// Writes a heading; those of steps get an id that outlives their title.
    fn heading(&mut self, title: &str) {
        if title.is_empty() {
            return;
        }
        let step = step_of(title);
        let id = step.map(|step| format!(" {{#step-{step}}}")).unwrap_or_default();
        let _ = writeln!(self.out, "## {title}{id}\n");
        let beyond = |step| {
            self.chapter.is_some_and(|chapter| chapter.beyond.contains(&step))
        };
        if step.is_some_and(beyond) {
            self.out.push_str(
                "<p class=\"beyond-step\">Beyond the core: for those who want to be \
                 experts.</p>\n\n",
            );
        }
    }

    fn lines(&mut self, lines: &[(Numbered, bool)]) {
        let mut predicting = false;
        for ((number, line), fenced) in lines {
            if !fenced && line.starts_with("> **Predict.**") && !predicting {
                predicting = true;
                self.out.push_str("<div class=\"predict\">\n\n");
            } else if predicting && !line.starts_with('>') {
                predicting = false;
                self.out.push_str("\n</div>\n\n");
            }
            match read_line(line) {
                _ if *fenced => self.plain(line),
                Line::Plain => self.plain(line),
                Line::Wrong(why) => {
                    self.wrong(*number, why);
                    self.plain(NOT_SHOWN);
                }
                Line::Directive(directive) => {
                    match self.expander.expand(&directive, self.file, *number) {
                        Ok(text) => self.plain(&text),
                        Err(problems) => {
                            self.problems.extend(problems);
                            self.plain(NOT_SHOWN);
                        }
                    }
                }
            }
        }
        if predicting {
            self.out.push_str("\n</div>\n");
        }
    }

    fn plain(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn hints(&mut self, section: &Section) {
        let lines: Vec<Numbered> =
            section.lines.iter().map(|(line, _)| *line).collect();
        match hints::render(&lines) {
            Ok(html) => {
                let _ = write!(self.out, "## Hints\n\n{html}\n");
            }
            Err((line, why)) => {
                self.wrong(line, why);
                let _ = write!(self.out, "## Hints\n\n{NOT_SHOWN}\n");
            }
        }
    }

    /// What the page was proven with.
    fn footer(&mut self, chapter: &Chapter) {
        let workbook = self.expander.workbook;
        let mut versions = vec![];
        for package in &chapter.packages {
            match workbook.version(package) {
                Some(version) => versions.push(format!("{package} {version}")),
                None => {
                    let text =
                        format!("`{package}` is not a dependency of the workbook");
                    self.problems.push(Problem::at("workbook.toml", 0, text));
                }
            }
        }
        let rust = workbook.rust();
        let _ = write!(
            self.out,
            "\n\n<p class=\"proven\">Every listing and every picture on this page was \
             compiled and run with {}. Needs Rust {rust} or newer.</p>\n",
            and(&versions),
        );
    }
}

/// The number in `Step 2: waits twice as long`.
fn step_of(title: &str) -> Option<usize> {
    let (number, _) = title.strip_prefix("Step ")?.split_once(':')?;
    number.parse().ok()
}

fn and(words: &[String]) -> String {
    match words {
        [] => "the standard library".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
