//! The named items of a Rust file, and where each stands.

use proc_macro2::Span;
use syn::spanned::Spanned;

/// A named item and where it stands.
#[derive(Debug)]
pub struct Item {
    /// The word in front of its name: `fn`, `impl`.
    pub kind: &'static str,
    /// Its path in the file: `Policy::new`.
    pub path: String,
    /// Its first and its last line, counted from 1.
    pub lines: (usize, usize),
}

/// The named items of a file.
///
/// # Errors
///
/// When the text is not Rust.
pub fn items(text: &str) -> Result<Vec<Item>, String> {
    let file = syn::parse_file(text).map_err(|error| error.to_string())?;
    let mut items = vec![];
    collect(&file.items, "", &mut items);
    Ok(items)
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
