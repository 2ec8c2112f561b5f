//! Just enough of Rust's lexical structure to tell code from comments and strings.
//!
//! The gate reads identifiers, string literals, modules and attributes. A parser would do that too, and
//! would be compiled in front of every learner's first `cargo run`.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Word,
    /// A string literal; its text is what stands between the quotes.
    Text,
    /// A number, a character, a lifetime.
    Other,
    /// One punctuation character.
    Mark,
}

/// One token.
#[derive(Debug, Clone, Copy)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its text.
    pub text: &'a str,
    /// Its line, from 1.
    pub line: usize,
}

impl Token<'_> {
    /// Whether this is the punctuation character `mark`.
    pub fn is(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }

    /// Whether this is the name or keyword `word`.
    pub fn word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }
}

/// The tokens of a source text, without its comments.
pub fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { source, at: 0, line: 1, out: Vec::new() };
    while lexer.at < source.len() {
        lexer.step();
    }
    lexer.out
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
    line: usize,
    out: Vec<Token<'a>>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    /// Moves on by `length` bytes, counting lines.
    fn skip(&mut self, length: usize) {
        self.line += self.rest()[..length].matches('\n').count();
        self.at += length;
    }

    /// Takes `length` bytes as a token whose text is `text`.
    fn take(&mut self, kind: Kind, length: usize, text: &'a str) {
        let line = self.line;
        self.out.push(Token { kind, text, line });
        self.skip(length);
    }

    fn step(&mut self) {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return;
        };
        if rest.starts_with("//") {
            self.skip(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.skip(block_comment(rest));
        } else if let Some((length, inner)) = string(rest) {
            self.take(Kind::Text, length, inner);
        } else if rest.starts_with("b'") {
            let length = 1 + quote(&rest[1..]);
            self.take(Kind::Other, length, &rest[..length]);
        } else if first.is_alphabetic() || first == '_' {
            let length = word(rest);
            self.take(Kind::Word, length, &rest[..length]);
        } else if first.is_ascii_digit() {
            let length = word(rest);
            self.take(Kind::Other, length, &rest[..length]);
        } else if first == '\'' {
            let length = quote(rest);
            self.take(Kind::Other, length, &rest[..length]);
        } else if first.is_whitespace() {
            self.skip(first.len_utf8());
        } else {
            let length = first.len_utf8();
            self.take(Kind::Mark, length, &rest[..length]);
        }
    }
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// A string literal of any form at the start of `rest`: its length and what stands between its quotes.
fn string(rest: &str) -> Option<(usize, &str)> {
    let after_prefix = rest
        .strip_prefix("br")
        .or_else(|| rest.strip_prefix("cr"))
        .or_else(|| rest.strip_prefix('r'));
    if let Some(raw) = after_prefix {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if let Some(body) = raw[hashes..].strip_prefix('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let inner = body.find(&close).unwrap_or(body.len());
            let before = rest.len() - body.len();
            let length = (before + inner + close.len()).min(rest.len());
            return Some((length, &body[..inner]));
        }
    }
    let body = rest
        .strip_prefix('"')
        .or_else(|| rest.strip_prefix("b\""))
        .or_else(|| rest.strip_prefix("c\""))?;
    let mut escaped = false;
    let inner = body
        .find(|c: char| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })
        .unwrap_or(body.len());
    let before = rest.len() - body.len();
    Some(((before + inner + 1).min(rest.len()), &body[..inner]))
}

/// The length of a character literal or a lifetime.
fn quote(rest: &str) -> usize {
    let body = &rest[1..];
    let mut chars = body.char_indices();
    match chars.next() {
        Some((_, '\\')) => {
            // Why from the third byte: the escaped character may itself be a quote.
            let from = 2 + body[1..].chars().next().map_or(0, char::len_utf8);
            rest[from..].find('\'').map_or(rest.len(), |end| from + end + 1)
        }
        Some((_, c)) if body[c.len_utf8()..].starts_with('\'') => c.len_utf8() + 2,
        _ => 1 + word(body),
    }
}

/// Where a bracket that opens at `open` closes; the end of the tokens when it never does.
pub fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.kind == Kind::Mark {
            match token.text {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len()
}

/// How many functions with a body a source text has.
pub fn functions(source: &str) -> usize {
    let tokens = tokens(source);
    let named = |at: usize| {
        tokens[at].word("fn")
            && tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Word)
    };
    (0..tokens.len())
        .filter(|at| named(*at))
        .filter(|at| {
            tokens[*at..]
                .iter()
                .find(|token| token.is("{") || token.is(";"))
                .is_some_and(|token| token.is("{"))
        })
        .count()
}
