//! Parts of compiled files: an anchor, an item by its name, or the whole file.

use proc_macro2::Span;
use syn::spanned::Spanned;

/// A part of a file, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The lines without anchors and without the indentation they share.
    pub lines: Vec<String>,
    /// The number of the first line in its file, counted from 1.
    pub first_line: usize,
}

/// Why a part could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Neither an anchor nor an item has the name.
    #[error("there is no anchor and no item `{0}` in it")]
    Missing(String),
    /// The name means more than one place.
    #[error("`{0}` could be any of {1}; write more of the path")]
    Ambiguous(String, String),
    /// An anchor that starts and never ends, or ends and never started.
    #[error(
        "anchor `{0}` needs one `ANCHOR:` line and one `ANCHOR_END:` line after it"
    )]
    Unbalanced(String),
    /// The file is not Rust.
    #[error("it is not Rust: {0}")]
    NotRust(String),
}

/// The name in a line such as `// ANCHOR: name`.
fn anchor<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let rest = line.trim().strip_prefix("//")?.trim_start();
    Some(rest.strip_prefix(word)?.strip_prefix(':')?.trim())
}

fn is_anchor_line(line: &str) -> bool {
    anchor(line, "ANCHOR").or_else(|| anchor(line, "ANCHOR_END")).is_some()
}

/// The names of all anchors in `text`, with their lines.
pub fn anchors(text: &str) -> Vec<(usize, &str)> {
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| Some((index + 1, anchor(line, "ANCHOR")?)))
        .collect()
}

/// The part called `name`: an anchor, or an item such as `retry`, `fn retry`, `Policy::new`,
/// `impl Policy` or `mod step_1_returns`.
///
/// # Errors
///
/// When no part or more than one has the name.
pub fn part(text: &str, name: &str) -> Result<Excerpt, SourceError> {
    if anchors(text).iter().any(|(_, anchor)| *anchor == name) {
        return anchored(text, name);
    }
    let file = syn::parse_file(text)
        .map_err(|error| SourceError::NotRust(error.to_string()))?;
    let mut items = Vec::new();
    collect(&file.items, "", &mut items);
    let (kind, path) = kind_and_path(name);
    let suffix = format!("::{path}");
    let candidates =
        || items.iter().filter(|item| kind.is_none_or(|kind| kind == item.kind));
    let exact: Vec<_> = candidates().filter(|item| item.path == path).collect();
    let found: Vec<_> = match exact.len() {
        0 => candidates().filter(|item| item.path.ends_with(&suffix)).collect(),
        _ => exact,
    };
    match found.as_slice() {
        [] => Err(SourceError::Missing(name.into())),
        [item] => Ok(cut(text, item.lines.0, item.lines.1)),
        many => {
            let paths: Vec<String> =
                many.iter().map(|item| format!("`{}`", item.path)).collect();
            Err(SourceError::Ambiguous(name.into(), paths.join(", ")))
        }
    }
}

/// A whole file, without its `//!` header and without the lines that hang the suite on.
pub fn whole(text: &str) -> Excerpt {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines
        .iter()
        .position(|line| !line.starts_with("//!") && !line.trim().is_empty())
        .unwrap_or(lines.len());
    let last = lines
        .iter()
        .rposition(|line| line.trim() == "#[cfg(test)]")
        .filter(|at| lines[*at..].iter().any(|line| line.trim() == "mod tests;"))
        .unwrap_or(lines.len());
    cut(text, first + 1, last.max(first))
}

fn anchored(text: &str, name: &str) -> Result<Excerpt, SourceError> {
    let places = |word: &str| -> Vec<usize> {
        let lines = text.lines().enumerate();
        lines
            .filter(|(_, line)| anchor(line, word) == Some(name))
            .map(|(i, _)| i)
            .collect()
    };
    match (places("ANCHOR").as_slice(), places("ANCHOR_END").as_slice()) {
        ([start], [end]) if start < end => Ok(cut(text, start + 2, *end)),
        _ => Err(SourceError::Unbalanced(name.into())),
    }
}

/// Lines `first` to `last`, both included and counted from 1.
fn cut(text: &str, first: usize, last: usize) -> Excerpt {
    let mut lines: Vec<&str> = text
        .lines()
        .skip(first - 1)
        .take((last + 1).saturating_sub(first))
        .filter(|line| !is_anchor_line(line))
        .collect();
    let blank = lines.iter().take_while(|line| line.trim().is_empty()).count();
    lines.drain(..blank);
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    let shared = filled.map(indent).min().unwrap_or(0);
    Excerpt {
        lines: lines
            .iter()
            .map(|l| l.get(shared..).unwrap_or("").to_owned())
            .collect(),
        first_line: first + blank,
    }
}

/// A named item and where it stands.
struct Item {
    kind: &'static str,
    path: String,
    lines: (usize, usize),
}

/// `fn retry` is the function `retry`; without a word in front any kind of item will do.
fn kind_and_path(name: &str) -> (Option<&str>, &str) {
    match name.split_once(' ') {
        Some(("impl", _)) | None => (None, name),
        Some((kind, path)) => (Some(kind), path.trim()),
    }
}

/// Walks items, modules and `impl` blocks and notes where each named one stands.
fn collect(items: &[syn::Item], prefix: &str, found: &mut Vec<Item>) {
    for item in items {
        let Some((kind, name)) = name_of(item) else {
            continue;
        };
        let path = join(prefix, &name);
        found.push(Item { kind, path: path.clone(), lines: lines_of(item.span()) });
        match item {
            syn::Item::Mod(module) => {
                if let Some((_, inner)) = &module.content {
                    collect(inner, &path, found);
                }
            }
            syn::Item::Impl(block) => {
                let owner = join(prefix, &type_name(&block.self_ty));
                for member in &block.items {
                    if let syn::ImplItem::Fn(method) = member {
                        let path = join(&owner, &method.sig.ident.to_string());
                        found.push(Item {
                            kind: "fn",
                            path,
                            lines: lines_of(method.span()),
                        });
                    }
                }
            }
            _ => {}
        }
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}::{name}") }
}

fn lines_of(span: Span) -> (usize, usize) {
    (span.start().line, span.end().line)
}

fn name_of(item: &syn::Item) -> Option<(&'static str, String)> {
    let (kind, ident) = match item {
        syn::Item::Fn(item) => ("fn", &item.sig.ident),
        syn::Item::Mod(item) => ("mod", &item.ident),
        syn::Item::Struct(item) => ("struct", &item.ident),
        syn::Item::Enum(item) => ("enum", &item.ident),
        syn::Item::Trait(item) => ("trait", &item.ident),
        syn::Item::Type(item) => ("type", &item.ident),
        syn::Item::Const(item) => ("const", &item.ident),
        syn::Item::Static(item) => ("static", &item.ident),
        syn::Item::Macro(item) => ("macro", item.ident.as_ref()?),
        syn::Item::Impl(item) => return Some(("impl", impl_name(item))),
        _ => return None,
    };
    Some((kind, ident.to_string()))
}

fn impl_name(item: &syn::ItemImpl) -> String {
    let owner = type_name(&item.self_ty);
    match &item.trait_ {
        Some((_, path, _)) => match path.segments.last() {
            Some(last) => format!("impl {} for {owner}", last.ident),
            None => format!("impl {owner}"),
        },
        None => format!("impl {owner}"),
    }
}

fn type_name(ty: &syn::Type) -> String {
    match ty {
        syn::Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|s| s.ident.to_string())
            .unwrap_or_default(),
        syn::Type::Reference(reference) => type_name(&reference.elem),
        _ => String::new(),
    }
}

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;
