//! Reading Rust: a file as its tree, and the flat questions that a tree does not answer.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use runner::Error;
use syn::{ImplItemFn, ItemFn, TraitItemFn, visit::Visit};

/// One file of Rust, parsed.
///
/// # Errors
///
/// It is no Rust; the error says where.
pub fn parse(file: &str, text: &str) -> Result<syn::File, Error> {
    syn::parse_file(text).map_err(|error| unreadable(file, &error))
}

/// The tokens of one file, without its comments. Docs stay, as attributes.
///
/// # Errors
///
/// It is no Rust; the error says where.
pub fn tokens(file: &str, text: &str) -> Result<TokenStream, Error> {
    text.parse::<TokenStream>().map_err(|error| unreadable(file, &error.into()))
}

fn unreadable(file: &str, error: &syn::Error) -> Error {
    let at = error.span().start();
    let why = format!("line {}, column {}: {error}", at.line, at.column + 1);
    Error::Unreadable { file: file.to_owned(), source: why.into() }
}

/// Every name and keyword.
pub fn words(tokens: TokenStream) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    each(tokens, &mut |token| {
        if let TokenTree::Ident(word) = token {
            words.insert(word.to_string());
        }
    });
    words
}

/// The text of a string literal: what stands between its quotes.
pub fn string(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else {
        return None;
    };
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

/// The line of the first path that begins with `crate::`.
pub fn crate_path(tokens: TokenStream) -> Option<usize> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let here = tokens.windows(2).find_map(|pair| match pair {
        [TokenTree::Ident(word), TokenTree::Punct(mark)]
            if word == "crate" && mark.as_char() == ':' =>
        {
            Some(word.span().start().line)
        }
        _ => None,
    });
    here.or_else(|| tokens.into_iter().find_map(|token| crate_path(inside(token)?)))
}

/// How many functions with a body a file has.
pub fn functions(file: &syn::File) -> usize {
    let mut count = Functions(0);
    count.visit_file(file);
    count.0
}

struct Functions(usize);

impl Visit<'_> for Functions {
    fn visit_item_fn(&mut self, item: &ItemFn) {
        self.0 += 1;
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &ImplItemFn) {
        self.0 += 1;
        syn::visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &TraitItemFn) {
        self.0 += usize::from(item.default.is_some());
        syn::visit::visit_trait_item_fn(self, item);
    }
}

/// Calls `see` with every token, those inside brackets too.
pub fn each(tokens: TokenStream, see: &mut impl FnMut(&TokenTree)) {
    for token in tokens {
        see(&token);
        if let Some(inside) = inside(token) {
            each(inside, see);
        }
    }
}

fn inside(token: TokenTree) -> Option<TokenStream> {
    match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    }
}

/// What stands between the parentheses, when the token is such a group.
pub fn in_parentheses(token: &TokenTree) -> Option<TokenStream> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            Some(group.stream())
        }
        _ => None,
    }
}

/// Whether the token is this mark.
pub fn is(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == mark)
}
