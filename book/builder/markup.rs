//! Words put into Markdown, HTML and SVG.

use mdbook_markdown::{
    MarkdownOptions, new_cmark_parser,
    pulldown_cmark::{Event, html::push_html},
};

/// Text for HTML and SVG, in one line.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The columns of code that fit beside the text of a page. What has more needs the margins.
pub const COLUMNS: usize = 87;

/// The number of columns of a text.
pub fn columns(text: &str) -> usize {
    text.lines().map(|line| line.chars().count()).max().unwrap_or(0)
}

/// The class that lets a box with this code into the margins, behind a space, if it needs them.
pub fn wide(code: &str) -> &'static str {
    if columns(code) > COLUMNS { " wide" } else { "" }
}

/// A fence longer than any inside `code`.
pub fn fence(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// Words in a row, the last behind an "and".
pub fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The inline Markdown of one paragraph as HTML, for a place where Markdown is left alone. What looks
/// like HTML in it is text.
pub fn inline(text: &str) -> String {
    let mut html = String::new();
    let parser = new_cmark_parser(text, &MarkdownOptions::default());
    let events = parser.map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        event => event,
    });
    push_html(&mut html, events);
    let html = html.trim();
    let bare = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
    bare.unwrap_or(html).to_owned()
}
