//! The words and marks of Rust code, as far as a check needs them: what is code, and what is only a comment or
//! a string. rustc has accepted the text before anyone asks, so nothing here reports an error.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Word,
    /// A string, a character or a number, with its suffix.
    Literal,
    /// `'static`, or the label of a loop.
    Lifetime,
    /// One character of anything else.
    Mark,
}

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// As it is written; a raw name without its `r#`.
    pub text: &'a str,
    /// The line it begins in, from 1.
    pub line: usize,
}

impl Token<'_> {
    /// Whether it is this name or keyword.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }

    /// Whether it is this mark.
    pub fn is_mark(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }
}

/// The tokens of a file. Comments, those of documentation too, are none.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut line = 1;
    let mut found = Vec::new();
    if rest.starts_with("#!") && !rest[2..].trim_start().starts_with('[') {
        rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        line = 1;
    }
    while let Some((kind, length)) = next(rest) {
        let text = &rest[..length];
        if let Some(kind) = kind {
            let name = text.strip_prefix("r#").unwrap_or(text);
            let text = if kind == Kind::Word { name } else { text };
            found.push(Token { kind, text, line });
        }
        line += text.matches('\n').count();
        rest = &rest[length..];
    }
    found
}

/// What `rest` begins with, and how long that is; of no kind when it is a space or a comment.
fn next(rest: &str) -> Option<(Option<Kind>, usize)> {
    let first = rest.chars().next()?;
    // Why the two: they mark the direction of a text, and rustc takes them for spaces.
    if first.is_whitespace() || matches!(first, '\u{200e}' | '\u{200f}') {
        return Some((None, first.len_utf8()));
    }
    if rest.starts_with("//") {
        return Some((None, rest.find('\n').unwrap_or(rest.len())));
    }
    if rest.starts_with("/*") {
        return Some((None, comment(rest)));
    }
    let literal = string(rest).or_else(|| character(rest));
    if let Some(length) = literal.or_else(|| number(rest)) {
        return Some((Some(Kind::Literal), length + word(&rest[length..])));
    }
    if let Some(name) = rest.strip_prefix('\'') {
        return Some((Some(Kind::Lifetime), 1 + word(name)));
    }
    let raw = rest.strip_prefix("r#").map_or(0, word);
    let length = if raw > 0 { raw + 2 } else { word(rest) };
    match length {
        0 => Some((Some(Kind::Mark), first.len_utf8())),
        _ => Some((Some(Kind::Word), length)),
    }
}

/// The length of the name at the start.
fn word(rest: &str) -> usize {
    let no_name = |c: char| !c.is_alphanumeric() && c != '_';
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    rest.find(no_name).unwrap_or(rest.len())
}

fn number(rest: &str) -> Option<usize> {
    let digit = rest.starts_with(|c: char| c.is_ascii_digit());
    let no_digit = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    digit.then(|| rest.find(no_digit).unwrap_or(rest.len()))
}

/// Comments may hold comments.
fn comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        let mark = here.starts_with(b"/*") || here.starts_with(b"*/");
        depth += i32::from(here.starts_with(b"/*"));
        depth -= i32::from(here.starts_with(b"*/"));
        at += if mark { 2 } else { 1 };
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// `"…"` with its escapes, `r#"…"#` without, each as bytes and for C as well.
fn string(rest: &str) -> Option<usize> {
    let prefixes = ["br", "cr", "r", "b", "c", ""];
    let prefix = prefixes.iter().find(|prefix| rest.starts_with(**prefix))?;
    let body = &rest[prefix.len()..];
    if prefix.ends_with('r') {
        let hashes = body.len() - body.trim_start_matches('#').len();
        let inside = body[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
        return Some(prefix.len() + hashes + 1 + length);
    }
    let inside = body.strip_prefix('"')?;
    Some(prefix.len() + 1 + closed(inside, b'"'))
}

/// `'x'` and `b'x'`, and no lifetime.
fn character(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('b').unwrap_or(rest);
    let prefix = rest.len() - body.len();
    let inside = body.strip_prefix('\'')?;
    let mut letters = inside.chars();
    let first = letters.next()?;
    if first == '\\' {
        return Some(prefix + 1 + closed(inside, b'\''));
    }
    (letters.next() == Some('\'')).then(|| prefix + 2 + first.len_utf8())
}

/// The length up to and with the closing quote; what follows a backslash does not close.
fn closed(inside: &str, quote: u8) -> usize {
    let mut escaped = false;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if std::mem::take(&mut escaped) => {}
            b'\\' => escaped = true,
            _ if byte == quote => return at + 1,
            _ => {}
        }
    }
    inside.len()
}
