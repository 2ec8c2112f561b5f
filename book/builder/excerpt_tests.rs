use super::*;

const FILE: &str = r#"//! Mistake: none, this is a sample.
//!   It goes on.

use std::time::Duration;

/// How often.
#[derive(Debug)]
pub struct Policy {
    cap: Duration,
}

impl Policy {
    /// A new one.
    pub fn new() -> Self {
        // ANCHOR: body
        let cap = Duration::ZERO;

        Self { cap }
        // ANCHOR_END: body
    }
}

mod step_1_a {
    fn twice() {}
}

mod step_2_b {
    fn twice() {}
}

#[cfg(test)]
#[path = "../tests/x.rs"]
mod tests;
"#;

fn file(text: &str) -> SourceFile {
    SourceFile::new(text.to_owned())
}

fn shown(name: &str) -> String {
    file(FILE).part(name).unwrap().lines.join("\n")
}

#[test]
fn an_anchor_loses_its_comments_and_the_indentation_it_shares() {
    assert_eq!(shown("body"), "let cap = Duration::ZERO;\n\nSelf { cap }");
}

#[test]
fn an_item_comes_with_its_docs_and_attributes() {
    assert!(
        shown("Policy").starts_with("/// How often.\n#[derive(Debug)]\npub struct")
    );
}

#[test]
fn an_item_does_not_show_anchors_inside_it() {
    let text = shown("Policy::new");

    assert!(
        text.starts_with("/// A new one.\npub fn new() -> Self {\n    let cap"),
        "{text}"
    );
    assert!(!text.contains("ANCHOR"), "{text}");
}

#[test]
fn a_whole_file_has_neither_header_nor_hook() {
    let text = file(FILE).whole().lines.join("\n");

    assert!(text.starts_with("use std::time::Duration;"), "{text}");
    assert!(text.ends_with("mod step_2_b {\n    fn twice() {}\n}"), "{text}");
}

#[test]
fn line_numbers_are_those_of_the_file() {
    assert_eq!(file(FILE).part("body").unwrap().first_line, 16);
    assert_eq!(file(FILE).part("Policy").unwrap().first_line, 6);
    assert_eq!(file(FILE).whole().first_line, 4);
}

#[test]
fn a_missing_name_is_an_error() {
    assert_eq!(
        file(FILE).part("nowhere"),
        Err(ExcerptError::Missing("nowhere".into()))
    );
}

#[test]
fn a_name_in_two_places_is_an_error_until_the_path_is_written() {
    let error = file(FILE).part("twice").unwrap_err().to_string();

    assert!(error.contains("`step_1_a::twice`, `step_2_b::twice`"), "{error}");
    assert_eq!(shown("step_2_b::twice"), "fn twice() {}");
}

#[test]
fn an_anchor_without_an_end_is_an_error() {
    let text = "// ANCHOR: a\nfn f() {}\n";

    assert_eq!(file(text).part("a"), Err(ExcerptError::Unbalanced("a".into())));
}

#[test]
fn a_file_that_is_not_rust_is_an_error() {
    assert!(matches!(file("fn fn").part("x"), Err(ExcerptError::NotRust(_))));
}

#[test]
fn the_kind_of_an_item_may_be_written_in_front() {
    assert!(shown("mod step_1_a").starts_with("mod step_1_a {"));
    assert!(shown("fn Policy::new").starts_with("/// A new one."));
    assert!(shown("impl Policy").starts_with("impl Policy {"));
    assert_eq!(
        file(FILE).part("fn Policy"),
        Err(ExcerptError::Missing("fn Policy".into()))
    );
}
