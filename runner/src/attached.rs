//! Whether an exercise is judged by its suite, and by nothing of its own: what its text must hold.
//!
//! The suite is a module of the exercise, so an exercise could attach another one, or change what the suite sees.
//! Both are refused here as code, whatever comments and strings say; rustc has accepted the file before. What it
//! does while it runs is the judge's business.

use std::collections::BTreeSet;

use crate::tokens::{Kind, Token, tokens};

/// Why an exercise cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// It does not end with the lines that attach the suite.
    NotAttached,
    /// This code stands in the way of the suite.
    Bends {
        /// The line, from 1.
        line: usize,
        /// The code.
        code: String,
        /// What it does, and what to do about it.
        why: &'static str,
    },
}

const ELSEWHERE: &str =
    "takes code from another file, and an answer is this one file: write it here";

/// Words that no answer needs, and what they would do.
const WORDS: [(&str, &str); 5] = [
    (
        "extern",
        "can give the suite another kit or another standard library: take it out",
    ),
    ("include", ELSEWHERE),
    ("include_bytes", ELSEWHERE),
    ("include_str", ELSEWHERE),
    ("test_runner", "replaces the one that runs the suite: take it out"),
];

/// What is wrong with the text of the exercise called `name`, whose suite is made of these texts.
pub fn objection(name: &str, text: &str, suite: &[String]) -> Option<Objection> {
    let all = tokens(text);
    let Some(answer) = before_the_suite(name, &all) else {
        return Some(Objection::NotAttached);
    };
    let suite: Vec<_> = suite.iter().flat_map(|text| tokens(text)).collect();
    let suite = Named::by(&suite);
    (0..answer.len()).find_map(|at| {
        let here = &answer[at..];
        let (length, why) = bends(here, &suite)?;
        let code = here.iter().take(length).map(|token| token.text);
        let code = code.collect::<Vec<_>>().join(" ").replace(" ;", ";");
        Some(Objection::Bends { line: here[0].line, code, why })
    })
}

/// The text of the exercise called `name` without the lines that attach its suite; `None` when it has none.
pub fn without_the_suite(name: &str, text: &str) -> Option<String> {
    let all = tokens(text);
    let answer = before_the_suite(name, &all)?;
    // Why by the line: a token does not say where in its line it stands, and rustfmt begins a new one.
    let last = answer.last().map_or(0, |last| last.line);
    let suite = all.get(answer.len())?.line;
    let kept = if suite > last { suite - 1 } else { return None };
    let lines = text.lines().take(kept).collect::<Vec<_>>();
    Some(lines.join("\n").trim_end().to_owned() + "\n")
}

/// The tokens before the module of the suite, when that ends the file and nothing else is said of it.
fn before_the_suite<'a>(
    name: &str,
    all: &'a [Token<'a>],
) -> Option<&'a [Token<'a>]> {
    let (mut rest, last) = all.split_at_checked(all.len().checked_sub(3)?)?;
    if !says(last, &["mod", "tests", ";"]) {
        return None;
    }
    let suite = format!("../tests/{name}.rs");
    let (mut paths, mut conditions) = (0, 0);
    while let Some((before, attribute)) = attribute(rest) {
        match attribute {
            [path, is, file] if path.is_word("path") && is.is_mark("=") => {
                let file = file.text.trim_start_matches('r').trim_matches('#');
                paths += 1;
                if file.trim_matches('"') != suite {
                    return None;
                }
            }
            _ if says(attribute, &["cfg", "(", "test", ")"]) => conditions += 1,
            [first, ..]
                if ["allow", "expect", "warn", "rustfmt"].contains(&first.text) => {}
            _ => return None,
        }
        rest = before;
    }
    let ended = rest.last().is_none_or(|last| ["}", ";", "]"].contains(&last.text));
    (paths == 1 && conditions == 1 && ended).then_some(rest)
}

/// The attribute that ends these tokens, without its brackets, and what is before it. One of the whole file,
/// with a `!`, belongs to no item.
fn attribute<'a>(
    tokens: &'a [Token<'a>],
) -> Option<(&'a [Token<'a>], &'a [Token<'a>])> {
    tokens.last().filter(|last| last.is_mark("]"))?;
    let mut depth = 0;
    let open = tokens.iter().rposition(|token| {
        depth += i32::from(token.is_mark("]"));
        depth -= i32::from(token.is_mark("["));
        depth == 0
    })?;
    let before =
        tokens[..open].split_last().filter(|(last, _)| last.is_mark("#"))?.1;
    Some((before, &tokens[open + 1..tokens.len() - 1]))
}

fn says(tokens: &[Token<'_>], texts: &[&str]) -> bool {
    tokens.len() >= texts.len()
        && tokens
            .iter()
            .zip(texts)
            .all(|(token, text)| token.kind != Kind::Literal && token.text == *text)
}

/// What a suite names.
struct Named<'a> {
    macros: BTreeSet<&'a str>,
    words: BTreeSet<&'a str>,
}

impl<'a> Named<'a> {
    fn by(suite: &[Token<'a>]) -> Self {
        let words = suite.iter().filter(|token| token.kind == Kind::Word);
        let macros = suite.windows(2).filter(|two| two[1].is_mark("!"));
        Self {
            macros: macros.map(|two| two[0].text).collect(),
            words: words.map(|token| token.text).collect(),
        }
    }
}

/// How many tokens from here on stand in the way of the suite, and how.
fn bends(here: &[Token<'_>], suite: &Named<'_>) -> Option<(usize, &'static str)> {
    let first = here.first().filter(|token| token.kind == Kind::Word)?;
    let known = WORDS.iter().find(|(word, _)| first.text == *word);
    if let Some((_, why)) = known {
        return Some((1, why));
    }
    match first.text {
        "kit" if !says(&here[1..], &[":", ":", "note"]) => {
            Some((1, "is what the suite looks with, and an answer does not use it"))
        }
        "mod" => of_module(here),
        "macro_rules" => of_macro(here, suite),
        "PartialEq" => of_comparison(here, suite),
        _ => None,
    }
}

/// Only `mod name { … }` has its code in this file.
fn of_module(here: &[Token<'_>]) -> Option<(usize, &'static str)> {
    let inline = here.get(2).is_some_and(|token| token.is_mark("{"));
    if here.get(1).is_some_and(|name| name.is_word("tests")) {
        return Some((
            2,
            "is what the suite is called: give this module another name",
        ));
    }
    let length =
        if here.get(2).is_some_and(|token| token.is_mark(";")) { 3 } else { 2 };
    (!inline).then_some((length, ELSEWHERE))
}

/// A macro of the exercise is seen by the suite below it. One that a macro defines rustc calls ambiguous there.
fn of_macro(here: &[Token<'_>], suite: &Named<'_>) -> Option<(usize, &'static str)> {
    let name = here.get(2).filter(|_| here[1].is_mark("!"))?;
    let taken = suite.macros.contains(name.text);
    taken.then_some((
        3,
        "defines a macro that the suite uses: give yours another name",
    ))
}

/// A comparison by hand of what the suite compares, or with something of another type.
fn of_comparison(
    here: &[Token<'_>],
    suite: &Named<'_>,
) -> Option<(usize, &'static str)> {
    let why = "is written by hand for what the suite compares: derive it";
    let other = here.get(1).is_some_and(|token| token.is_mark("<"));
    let rest = if other {
        let end = here.iter().position(|token| token.is_mark(">"))?;
        &here[end + 1..]
    } else {
        &here[1..]
    };
    let implements = rest.first().is_some_and(|token| token.is_word("for"));
    let of = rest.get(1).filter(|name| name.kind == Kind::Word)?;
    (implements && (other || suite.words.contains(of.text))).then_some((1, why))
}
