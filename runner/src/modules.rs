//! The `mod` lines of `solutions/answer_key.rs` and `mistakes/NAME/main.rs`.

use crate::rust::{self, Kind, Token};

/// One `mod name;` line.
#[derive(Debug, PartialEq, Eq)]
pub struct Module {
    /// The path of the module from the file's root: `lazy::waits_for_ever`.
    pub path: String,
    /// The file it names, from the folder of the source text.
    pub file: String,
}

/// Reads the `mod` lines of a source text, those inside inline modules too.
pub fn read(source: &str) -> Vec<Module> {
    let tokens = rust::tokens(source);
    let mut found = Vec::new();
    walk(&tokens, "", &mut found);
    found
}

fn walk(tokens: &[Token<'_>], within: &str, found: &mut Vec<Module>) {
    let mut named_file: Option<&str> = None;
    let mut at = 0;
    while at < tokens.len() {
        if is_path_attribute(&tokens[at..]) {
            named_file = Some(tokens[at + 4].text);
        }
        if let [keyword, name, end, ..] = &tokens[at..]
            && keyword.word("mod")
            && name.kind == Kind::Word
        {
            let path = join(within, "::", name.text);
            if end.is("{") {
                let close = rust::closing(tokens, at + 2);
                walk(&tokens[at + 3..close], &path, found);
                at = close;
            } else {
                let folder = within.replace("::", "/");
                let file = named_file
                    .take()
                    .map(str::to_owned)
                    .unwrap_or_else(|| join(&folder, "/", name.text) + ".rs");
                found.push(Module { path, file });
            }
        }
        at += 1;
    }
}

/// `#[path = "…"]`
fn is_path_attribute(tokens: &[Token<'_>]) -> bool {
    matches!(tokens, [hash, open, path, equals, file, ..]
        if hash.is("#") && open.is("[") && path.word("path")
            && equals.is("=") && file.kind == Kind::Text)
}

fn join(left: &str, between: &str, right: &str) -> String {
    match left {
        "" => right.to_owned(),
        _ => format!("{left}{between}{right}"),
    }
}
