//! A page: its sections, the directives in them, and what is added around.

use std::fmt::Write as _;

use runner::{
    Chapter,
    page::{self, Kind, Line, Page, Section},
};

use super::{
    fences, hints,
    prediction::{self, Quote},
};
use crate::{
    directive::{self, read_line},
    expand::expand,
    glossary,
    markup::and,
    problem::Problem,
    sources::Sources,
};

/// What a reader sees where something could not be shown.
const NOT_SHOWN: &str =
    "*(This could not be shown. The builder has printed the reason.)*";

/// What a page without packages was proven with.
const STANDARD: &str = "the standard library";

/// Turns a page as written into a page for mdBook, as far as it goes, and tells everything that is
/// wrong with it.
///
/// `file` is the page's path from the root of the workspace, for messages; `chapter` is
/// what `workbook.toml` says about it, when it is a chapter.
pub fn render(
    text: &str,
    file: &str,
    chapter: Option<&Chapter>,
    sources: &Sources,
) -> (String, Vec<Problem>) {
    let page = page::read(text);
    let mut renderer = Renderer {
        file,
        page: &page,
        chapter,
        sources,
        problems: vec![],
        out: String::new(),
    };
    for (line, text) in page.problems.iter().chain(&prediction::check(&page.lines)) {
        renderer.wrong(*line, text);
    }
    for line in &page.lines {
        if let Kind::Opening(info) = &line.kind
            && let Some(why) = fences::refusal(info)
        {
            renderer.wrong(line.number, why);
        }
    }
    for section in page.sections() {
        renderer.section(section);
    }
    if let Some(chapter) = chapter {
        renderer.footer(chapter);
    }
    let Renderer { out, problems, .. } = renderer;
    let linked =
        if file == glossary::FILE { out } else { sources.glossary.link(&out) };
    (linked, problems)
}

struct Renderer<'a> {
    file: &'a str,
    page: &'a Page,
    chapter: Option<&'a Chapter>,
    sources: &'a Sources,
    problems: Vec<Problem>,
    out: String,
}

impl Renderer<'_> {
    fn wrong(&mut self, line: usize, text: impl Into<String>) {
        self.problems.push(Problem::at(self.file, line, text));
    }

    fn section(&mut self, section: Section<'_>) {
        let title = section.title;
        let class = match (section.level, title) {
            (2, "Hints") => return self.hints(section),
            (2, page::SHEET) => "for-instructor",
            (2, "Takeaways") => "takeaways",
            _ => "",
        };
        if class.is_empty() {
            self.heading(section);
            self.lines(section.lines);
        } else {
            let _ = write!(self.out, "<section class=\"{class}\">\n\n## {title}\n");
            self.lines(section.lines);
            self.out.push_str("\n\n</section>\n\n");
        }
    }

    /// Writes a heading; those of steps get an id that outlives their title.
    fn heading(&mut self, section: Section<'_>) {
        let title = section.title;
        match section.level {
            0 => return,
            1 => return self.plain(&format!("# {title}")),
            _ => {}
        }
        let step = page::step(title);
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

    fn lines(&mut self, lines: &[Line]) {
        let mut open: Option<Quote> = None;
        for line in lines {
            let begins = Quote::begins(line);
            if (begins.is_some() || !line.text.starts_with('>'))
                && let Some(quote) = open.take()
            {
                self.plain(quote.end());
            }
            if let Some(quote) = begins {
                self.plain(quote.start());
                open = begins;
            }
            match open {
                Some(Quote::Reveal) => self.line(&prediction::unquoted(line)),
                _ => self.line(line),
            }
        }
        if let Some(quote) = open {
            self.plain(quote.end());
        }
    }

    fn line(&mut self, line: &Line) {
        if line.is_fenced() {
            return self.plain(&line.text);
        }
        match read_line(&line.text) {
            directive::Line::Plain => self.plain(&line.text),
            directive::Line::Refused(why) => {
                self.wrong(line.number, why);
                self.plain(NOT_SHOWN);
            }
            directive::Line::Directive(directive) => {
                match expand(self.sources, self.page, &directive) {
                    Ok(text) => self.plain(&text),
                    Err(refusal) => {
                        self.problems.extend(refusal.at(self.file, line.number));
                        self.plain(NOT_SHOWN);
                    }
                }
            }
        }
    }

    fn plain(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn hints(&mut self, section: Section<'_>) {
        let is_here = |(line, _): &page::Problem| section.holds(*line);
        let shown = if self.page.problems.iter().any(is_here) {
            NOT_SHOWN.to_owned()
        } else {
            hints::details(&self.page.hints)
        };
        let _ = write!(self.out, "## Hints\n\n{shown}\n");
    }

    /// What the page was proven with.
    fn footer(&mut self, chapter: &Chapter) {
        let versions = &self.sources.versions;
        let mut proven = vec![];
        for package in &chapter.packages {
            match versions.of(package) {
                Some(version) => proven.push(format!("{package} {version}")),
                None => {
                    let text =
                        format!("`{package}` is not a dependency of the workbook");
                    self.problems.push(Problem::at("workbook.toml", 0, text));
                }
            }
        }
        let rust = versions.rust();
        let _ = write!(
            self.out,
            "\n\n<p class=\"proven\">Every listing and every picture on this page was \
             compiled and run with {}. Needs Rust {rust} or newer.</p>\n",
            if proven.is_empty() { STANDARD.to_owned() } else { and(&proven) },
        );
    }
}
