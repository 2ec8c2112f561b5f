//! The opening tags of a page: checking its links takes no more of it.

use std::cell::RefCell;

pub use html5ever::tokenizer::Tag;
use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
        TokenizerOpts, states::RawKind,
    },
};

/// All opening tags of a page, leaving out what stands in scripts, styles and comments.
pub fn tags(html: &str) -> Vec<Tag> {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    // It stops early only for a sink that runs scripts.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

/// The value of an attribute, with entities resolved.
pub fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
    found.map(|attribute| &*attribute.value)
}

#[derive(Default)]
struct Tags(RefCell<Vec<Tag>>);

impl TokenSink for Tags {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        if tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        // What stands in these elements is text, whatever it looks like.
        let inside = match &*tag.name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" => TokenSinkResult::RawData(RawKind::Rawtext),
            "textarea" | "title" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        };
        self.0.borrow_mut().push(tag);
        inside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_quoted_bare_or_alone() {
        let found = tags(
            r#"<p>x</p><A HREF="a&amp;b&#x20;c" class=c hidden data-x='"'>y</A><br/>"#,
        );

        assert_eq!(found.len(), 3);
        assert_eq!(&*found[1].name, "a");
        assert_eq!(attribute(&found[1], "href"), Some("a&b c"));
        assert_eq!(attribute(&found[1], "class"), Some("c"));
        assert_eq!(attribute(&found[1], "hidden"), Some(""));
        assert_eq!(attribute(&found[1], "data-x"), Some("\""));
        assert_eq!(attribute(&found[1], "title"), None);
    }

    #[test]
    fn scripts_styles_titles_and_comments_hold_no_tags() {
        let found = tags(
            "<title><b></title><script>if (a < b) '<a href=x>'</script><style>a<b></style>\
             <!-- <img> --><p>",
        );

        let names: Vec<&str> = found.iter().map(|tag| &*tag.name).collect();
        assert_eq!(names, ["title", "script", "style", "p"]);
    }

    #[test]
    fn broken_html_comes_to_an_end() {
        for text in ["<", "<a", "<a =", "<a ==>", "<a href=\"", "<!--", "<script>"] {
            tags(text);
        }
    }
}
