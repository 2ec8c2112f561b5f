//! What every picture is put together from: its frame with a title, and words.

use std::fmt::Write as _;

use crate::markup::escape;

/// Words that go with a picture for those who do not see it.
pub struct Words<'a> {
    /// The start of the ids of this picture.
    pub id: &'a str,
    /// What the picture is.
    pub title: &'a str,
    /// What it shows.
    pub description: &'a str,
}

/// The picture around `inner`, never drawn narrower than `least`.
pub fn wrap(words: &Words, size: (f64, f64), least: f64, inner: &str) -> String {
    let Words { id, title, description } = words;
    let (title, description) = (escape(title), escape(description));
    let (width, height) = size;
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:.0} {height:.0}" style="min-width:{least:.0}px" aria-labelledby="{id}-title {id}-desc"><title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc>{inner}</svg>"#,
    )
}

/// Words at a place; `anchor` is the end of them that stands there.
pub fn text(
    out: &mut String,
    (x, y): (f64, f64),
    anchor: &str,
    class: &str,
    words: &str,
) {
    let words = escape(words);
    let _ = write!(
        out,
        r#"<text class="{class}" x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{words}</text>"#
    );
}
