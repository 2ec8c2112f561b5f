//! The structure of a suite, read from its text: steps, tests, and the rules its checks enforce.

use crate::{
    libtest,
    rust::{self, Kind, Token},
};

/// A suite.
#[derive(Debug, Default)]
pub struct Suite {
    /// The `mod step_N_…` in order.
    pub steps: Vec<Step>,
    /// The tests in order.
    pub tests: Vec<Test>,
    /// Calls that assert something without saying which rule: line and name.
    pub silent: Vec<(usize, String)>,
}

/// One `mod step_N_…`.
#[derive(Debug)]
pub struct Step {
    /// N.
    pub number: usize,
    /// The whole name of the module.
    pub name: String,
    /// Its line.
    pub line: usize,
}

/// One test.
#[derive(Debug)]
pub struct Test {
    /// Its path, from `step_` on when it lies in a step.
    pub path: String,
    /// Its line.
    pub line: usize,
    /// Every string literal in its body that has the form of a rule's code.
    pub codes: Vec<String>,
}

/// Reads a suite.
pub fn read(source: &str, chapter: &str) -> Suite {
    let tokens = rust::tokens(source);
    let mut suite = Suite::default();
    walk(&tokens, "", chapter, &mut suite);
    suite
}

impl Suite {
    /// The test paths of one step.
    pub fn tests_of(&self, step: usize) -> impl Iterator<Item = &str> {
        self.tests
            .iter()
            .map(|test| test.path.as_str())
            .filter(move |path| libtest::step(path) == Some(step))
    }

    /// All test paths, sorted.
    pub fn paths(&self) -> Vec<String> {
        let mut paths: Vec<_> =
            self.tests.iter().map(|test| test.path.clone()).collect();
        paths.sort();
        paths
    }
}

fn walk(tokens: &[Token<'_>], within: &str, chapter: &str, suite: &mut Suite) {
    let mut at = 0;
    let mut is_test = false;
    while at < tokens.len() {
        let next = tokens.get(at + 1).filter(|next| next.kind == Kind::Word);
        if tokens[at].is("#") {
            let close = rust::closing(tokens, at + 1);
            is_test |= marks_a_test(&tokens[at..close.min(tokens.len())]);
            at = close;
        } else if let (true, Some(name)) = (tokens[at].word("mod"), next) {
            at = module(tokens, at, name, within, chapter, suite);
        } else if let (true, Some(name)) = (tokens[at].word("fn"), next) {
            let body = find(tokens, at, "{");
            let close = rust::closing(tokens, body);
            let body = &tokens[body..close.min(tokens.len())];
            if is_test {
                let path = join(within, name.text);
                suite.tests.push(test(path, name.line, body, chapter));
            }
            suite.silent.extend(silent(body, is_test));
            is_test = false;
            at = close;
        }
        at += 1;
    }
}

fn module(
    tokens: &[Token<'_>],
    at: usize,
    name: &Token<'_>,
    within: &str,
    chapter: &str,
    suite: &mut Suite,
) -> usize {
    if !tokens.get(at + 2).is_some_and(|token| token.is("{")) {
        return at + 1;
    }
    if let Some(number) = libtest::step(name.text) {
        suite.steps.push(Step {
            number,
            name: name.text.to_owned(),
            line: name.line,
        });
    }
    let close = rust::closing(tokens, at + 2);
    let path = join(within, name.text);
    walk(&tokens[at + 3..close], &path, chapter, suite);
    close
}

/// `#[test]` and `#[tokio::test(…)]`.
fn marks_a_test(attribute: &[Token<'_>]) -> bool {
    let path: Vec<_> = attribute
        .iter()
        .skip(2)
        .take_while(|token| token.kind == Kind::Word || token.is(":"))
        .collect();
    path.last().is_some_and(|token| token.word("test"))
}

fn test(path: String, line: usize, body: &[Token<'_>], chapter: &str) -> Test {
    let is_code = |text: &str| {
        text.strip_prefix(chapter)
            .and_then(|rest| rest.strip_prefix('.'))
            .is_some_and(|number| number.parse::<usize>().is_ok())
    };
    let codes = body
        .iter()
        .filter(|token| token.kind == Kind::Text && is_code(token.text))
        .map(|token| token.text.to_owned())
        .collect();
    Test { path, line, codes }
}

/// The calls in `body` whose name starts with `expect`, `assert` or `require` and that carry no sentence. A helper
/// may hand its own parameter on; a test has to say the sentence, in the call or by a `let` before it.
/// `expect_panics` announces, it asserts nothing yet.
fn silent(body: &[Token<'_>], is_test: bool) -> Vec<(usize, String)> {
    let named = named_sentences(body);
    let mut found = Vec::new();
    for (at, token) in body.iter().enumerate() {
        let asserts = ["expect", "assert", "require"]
            .iter()
            .any(|start| token.text.starts_with(start));
        if token.kind != Kind::Word
            || !asserts
            || token.word("expect_panics")
            || (at > 0 && body[at - 1].word("fn"))
        {
            continue;
        }
        let bang = body.get(at + 1).is_some_and(|next| next.is("!"));
        let open = at + 1 + usize::from(bang);
        if body.get(open).is_some_and(|next| next.is("(")) {
            let close = rust::closing(body, open);
            let arguments = &body[open + 1..close.min(body.len())];
            if !carries_a_sentence(arguments, is_test, &named) {
                found.push((token.line, token.text.to_owned()));
            }
        }
    }
    found
}

/// The names of `let name = "a sentence";`.
fn named_sentences<'a>(body: &[Token<'a>]) -> Vec<&'a str> {
    let binds = |window: &&[Token<'_>]| {
        window[0].word("let")
            && window[2].is("=")
            && is_sentence(&window[3])
            && window[4].is(";")
    };
    let windows = body.windows(5).filter(binds);
    windows.map(|window| window[1].text).collect()
}

fn is_sentence(token: &Token<'_>) -> bool {
    token.kind == Kind::Text && token.text.trim().contains(' ')
}

/// Whether the last argument is a sentence: a string of two words or more, `format!` of one, a name that
/// stands for one, or, in a helper, a name that the caller filled.
fn carries_a_sentence(
    arguments: &[Token<'_>],
    is_test: bool,
    named: &[&str],
) -> bool {
    let mut depth = 0_usize;
    let mut last = 0;
    for (at, token) in arguments.iter().enumerate() {
        match token.text {
            "(" | "[" | "{" if token.kind == Kind::Mark => depth += 1,
            ")" | "]" | "}" if token.kind == Kind::Mark => {
                depth = depth.saturating_sub(1);
            }
            "," if depth == 0
                && token.kind == Kind::Mark
                && at + 1 < arguments.len() =>
            {
                last = at + 1;
            }
            _ => {}
        }
    }
    let last = &arguments[last.min(arguments.len())..];
    let handed_on = |token: &Token<'_>| {
        token.kind == Kind::Word && (!is_test || named.contains(&token.text))
    };
    last.iter().any(|token| is_sentence(token) || handed_on(token))
}

fn find(tokens: &[Token<'_>], from: usize, mark: &str) -> usize {
    (from..tokens.len()).find(|at| tokens[*at].is(mark)).unwrap_or(tokens.len())
}

fn join(left: &str, right: &str) -> String {
    match left {
        "" => right.to_owned(),
        _ => format!("{left}::{right}"),
    }
}
