//! The glossary, `glossary.md`: which words it explains, and links to it from the pages.

use std::{
    cell::RefCell, collections::BTreeSet, fmt::Write as _, ops::Range, path::Path,
};

use mdbook_markdown::{
    MarkdownOptions, new_cmark_parser,
    pulldown_cmark::{Event, TagEnd},
};
use runner::page::{self, Line};

use crate::{
    files::read,
    problem::{BookError, Problem},
};

/// The page.
pub const FILE: &str = "book/src/glossary.md";

/// The section of the words that mostly mean what they mean everywhere: a page links them by hand.
const BY_HAND: &str = "Words of every day";

/// The words that have a meaning of their own, and which of them pages have used.
#[derive(Debug, Default)]
pub struct Glossary {
    terms: Vec<Term>,
    used: RefCell<BTreeSet<usize>>,
}

#[derive(Debug)]
struct Term {
    /// As the glossary has it.
    text: String,
    /// The id that mdBook gives its entry.
    id: String,
    /// The line of the entry.
    line: usize,
    by_hand: bool,
}

impl Glossary {
    /// The glossary of the book under `root`; an empty one when there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn load(root: &Path) -> Result<Self, BookError> {
        let path = root.join(FILE);
        if !path.exists() {
            return Ok(Self::default());
        }
        let page = page::read(&read(&path)?);
        let mut terms = vec![];
        for section in page.sections() {
            let by_hand = section.title == BY_HAND;
            let pairs = section.lines.windows(2);
            let entries = pairs.filter(|pair| pair[1].text.starts_with(": "));
            terms.extend(entries.map(|pair| Term::new(&pair[0], by_hand)));
        }
        Ok(Self { terms, used: RefCell::default() })
    }

    /// The page with a link at the first use of each word, unless it has one already.
    pub fn link(&self, page: &str) -> String {
        let by_hand: BTreeSet<&str> = page
            .split("](glossary.md#")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .collect();
        let mut left = vec![];
        for (index, term) in self.terms.iter().enumerate() {
            if by_hand.contains(&*term.id) {
                self.used.borrow_mut().insert(index);
            } else if !term.by_hand {
                left.push(index);
            }
        }
        let (mut links, mut inside) = (vec![], 0);
        let parser = new_cmark_parser(page, &MarkdownOptions::default());
        for (event, range) in parser.into_offset_iter() {
            match event {
                Event::Start(tag) if is_left_alone(tag.to_end()) => inside += 1,
                Event::End(tag) if is_left_alone(tag) => inside -= 1,
                Event::Text(_) if inside == 0 => {
                    let text = page[range.clone()].to_ascii_lowercase();
                    left.retain(|index| {
                        let found = self.terms[*index].find(&text);
                        let moved = |it: Range<usize>| {
                            range.start + it.start..range.start + it.end
                        };
                        links.extend(found.clone().map(|it| (moved(it), *index)));
                        found.is_none()
                    });
                }
                _ => {}
            }
        }
        links.sort_by_key(|(word, _)| word.start);
        let (mut out, mut done) = (String::new(), 0);
        for (word, index) in links {
            let (before, text) = (&page[done..word.start], &page[word.clone()]);
            let id = &self.terms[index].id;
            let _ = write!(out, "{before}[{text}](glossary.md#{id})");
            done = word.end;
            self.used.borrow_mut().insert(index);
        }
        out + &page[done..]
    }

    /// The entries that no page has used.
    pub fn unused(&self) -> Vec<Problem> {
        let used = self.used.borrow();
        let unused =
            self.terms.iter().enumerate().filter(|(index, _)| !used.contains(index));
        let told = unused.map(|(_, term)| {
            let how = if term.by_hand { "links to" } else { "says" };
            let text = format!("no page {how} `{}`: take the entry out", term.text);
            Problem::at(FILE, term.line, text)
        });
        told.collect()
    }
}

impl Term {
    fn new(line: &Line, by_hand: bool) -> Self {
        let text = line.text.trim().to_ascii_lowercase();
        let id = text.replace(' ', "-");
        Self { text, id, line: line.number, by_hand }
    }

    /// Where a text in lower case has the word, alone or with an "s" behind it.
    fn find(&self, text: &str) -> Option<Range<usize>> {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let places = text.match_indices(&self.text);
        let mut words = places.filter_map(|(start, word)| {
            let (before, rest) = (&text[..start], &text[start + word.len()..]);
            let behind = rest.strip_prefix('s').unwrap_or(rest);
            let is_whole =
                !before.ends_with(is_part) && !behind.starts_with(is_part);
            is_whole.then(|| start..text.len() - behind.len())
        });
        words.next()
    }
}

/// What holds no words to link: they are a title, code or a link already, or stand where a link would be in the
/// way.
fn is_left_alone(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Heading(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::Table
            | TagEnd::Link
            | TagEnd::Image
    )
}
