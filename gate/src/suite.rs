//! The structure of a suite: its steps, its tests, and which assertions say which rule.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use runner::{Error, libtest};
use syn::{Attribute, Item, ItemFn, ItemMod, Local, Pat, visit::Visit};

use crate::rust;

/// A suite.
#[derive(Debug, Default)]
pub struct Suite {
    /// The `mod step_N_…` in order.
    pub steps: Vec<Step>,
    /// The tests in order.
    pub tests: Vec<Test>,
    /// Calls that assert something without saying which rule.
    pub silent: Vec<Silent>,
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

/// A call that asserts something without saying which rule.
#[derive(Debug)]
pub struct Silent {
    /// The file.
    pub file: String,
    /// Its line.
    pub line: usize,
    /// What is called.
    pub call: String,
}

/// Reads the files of the suite of `chapter`, each with its text.
///
/// # Errors
///
/// One of them is no Rust.
pub fn read<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a str)>,
    chapter: &str,
) -> Result<Suite, Error> {
    let mut suite = Suite::default();
    for (file, text) in files {
        let parsed = rust::parse(file, text)?;
        let within = String::new();
        Reader { suite: &mut suite, file, chapter, within }.visit_file(&parsed);
    }
    Ok(suite)
}

impl Suite {
    /// The test paths of one step.
    pub fn tests_of(&self, step: usize) -> impl Iterator<Item = &str> {
        self.tests
            .iter()
            .map(|test| test.path.as_str())
            .filter(move |path| libtest::step(path) == Some(step))
    }

    /// All test paths, in the order of the file.
    pub fn paths(&self) -> Vec<String> {
        self.tests.iter().map(|test| test.path.clone()).collect()
    }
}

struct Reader<'a> {
    suite: &'a mut Suite,
    file: &'a str,
    chapter: &'a str,
    /// The path of the module that is read.
    within: String,
}

impl Reader<'_> {
    fn path(&self, name: &str) -> String {
        if self.within.is_empty() {
            return name.to_owned();
        }
        format!("{}::{name}", self.within)
    }
}

impl Visit<'_> for Reader<'_> {
    fn visit_item_mod(&mut self, module: &ItemMod) {
        let Some((_, items)) = &module.content else {
            return;
        };
        let name = module.ident.to_string();
        if let Some(number) = libtest::step(&name) {
            let line = module.ident.span().start().line;
            self.suite.steps.push(Step { number, name: name.clone(), line });
        }
        let outer = self.within.clone();
        self.within = self.path(&name);
        items.iter().for_each(|item: &Item| self.visit_item(item));
        self.within = outer;
    }

    fn visit_item_fn(&mut self, function: &ItemFn) {
        let is_test = function.attrs.iter().any(marks_a_test);
        if is_test {
            self.suite.tests.push(Test {
                path: self.path(&function.sig.ident.to_string()),
                line: function.sig.ident.span().start().line,
                codes: codes(function.block.to_token_stream(), self.chapter),
            });
        }
        let mut sentences = Sentences::default();
        sentences.visit_block(&function.block);
        let rules = Rules { is_test, named: sentences.0 };
        rules.silent(function.block.to_token_stream(), &mut |line, call| {
            let file = self.file.to_owned();
            self.suite.silent.push(Silent { file, line, call });
        });
    }
}

/// `#[test]` and `#[tokio::test(…)]`.
fn marks_a_test(attribute: &Attribute) -> bool {
    let path = &attribute.path().segments;
    path.last().is_some_and(|last| last.ident == "test")
}

/// The string literals that have the form of a rule's code: `retries.2`.
fn codes(body: TokenStream, chapter: &str) -> Vec<String> {
    let is_code = |text: &String| {
        text.strip_prefix(chapter)
            .and_then(|rest| rest.strip_prefix('.'))
            .is_some_and(|number| number.parse::<usize>().is_ok())
    };
    let mut codes = Vec::new();
    rust::each(body, &mut |token| codes.extend(rust::string(token).filter(is_code)));
    codes
}

/// The names of `let name = "a sentence";`.
#[derive(Default)]
struct Sentences(Vec<String>);

impl Visit<'_> for Sentences {
    fn visit_local(&mut self, local: &Local) {
        if let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init) {
            let value: Vec<_> = init.expr.to_token_stream().into_iter().collect();
            if let [token] = &value[..]
                && is_sentence(token)
            {
                self.0.push(name.ident.to_string());
            }
        }
        syn::visit::visit_local(self, local);
    }
}

fn is_sentence(token: &TokenTree) -> bool {
    rust::string(token).is_some_and(|text| text.trim().contains(' '))
}

/// How an assertion may say its rule. A test has to say the sentence, in the call or by a `let` before it; a
/// helper may hand its own parameter on.
struct Rules {
    is_test: bool,
    named: Vec<String>,
}

impl Rules {
    /// Finds the calls whose name starts with `expect`, `assert` or `require` and that carry no sentence.
    /// `expect_panics` announces, it asserts nothing yet.
    fn silent(&self, body: TokenStream, found: &mut impl FnMut(usize, String)) {
        let body: Vec<_> = body.into_iter().collect();
        for (at, token) in body.iter().enumerate() {
            if let TokenTree::Group(group) = token {
                self.silent(group.stream(), found);
            }
            let TokenTree::Ident(name) = token else {
                continue;
            };
            let asserts = ["expect", "assert", "require"]
                .iter()
                .any(|start| name.to_string().starts_with(start));
            let declared = at > 0
                && matches!(&body[at - 1], TokenTree::Ident(word) if word == "fn");
            if !asserts || declared || name == "expect_panics" {
                continue;
            }
            let bang = body.get(at + 1).is_some_and(|next| rust::is(next, '!'));
            let arguments = body.get(at + 1 + usize::from(bang));
            if let Some(arguments) = arguments.and_then(rust::in_parentheses)
                && !self.carried(arguments)
            {
                found(name.span().start().line, name.to_string());
            }
        }
    }

    /// Whether the last argument is a sentence: a string of two words or more, `format!` of one, a name that
    /// stands for one, or, in a helper, a name that the caller filled.
    fn carried(&self, arguments: TokenStream) -> bool {
        let arguments: Vec<_> = arguments.into_iter().collect();
        let last = arguments
            .split(|token| rust::is(token, ','))
            .rfind(|argument| !argument.is_empty())
            .unwrap_or_default();
        let mut carried = false;
        rust::each(last.iter().cloned().collect(), &mut |token| {
            carried |= is_sentence(token);
            if let TokenTree::Ident(word) = token {
                carried |= !self.is_test || self.named.contains(&word.to_string());
            }
        });
        carried
    }
}
