//! The shop in `examples/shop/` and what it is made of. Its naive forms have the signatures that the shop uses: they are
//! frozen, because learners' kept answers have them.

use std::{collections::BTreeMap, fs};

use quote::ToTokens;
use runner::{Error, Workbook};
use syn::{
    FnArg, GenericParam, Generics, ImplItem, Item, Pat, Signature, TraitItem,
    Visibility,
};

use crate::{Finding, rust};

/// The folders of the parts.
const PARTS: &str = "examples/shop/parts";

/// The network of the shop, and the fake that it stands in for.
const NETWORK: &str = "examples/shop/requests.rs";
const FAKE: &str = "tests/fakes/requests/server.rs";

/// What the port works with, and the fakes that it stands in for: it has the part of them that a service uses.
const PORT: &str = "examples/shop/customers";
const FAKES: &str = "tests/fakes_net";
const CUSTOMERS: [&str; 3] = ["database.rs", "keys.rs", "log.rs"];

/// What is frozen is in the stubs as well, and each part has its place on its page.
pub fn frozen(workbook: &Workbook) -> Vec<Finding> {
    let mut findings = vec![];
    for name in parts(workbook) {
        let (naive, stub) =
            (format!("{PARTS}/{name}/naive.rs"), format!("mistakes/{name}/stub.rs"));
        let why = "the shop and kept answers have it as in the naive form";
        findings.extend(differences(workbook, &naive, &stub, why));
        // A port has no minute on the paused clock.
        if workbook.chapters.iter().any(|it| it.name == name && it.network) {
            continue;
        }
        let (page, directive) =
            (format!("book/src/{name}.md"), format!("{{{{#shop {name}}}}}"));
        let text = workbook.read(&page).unwrap_or_default();
        if !text.lines().any(|line| line == directive) {
            findings.push(Finding::new(page, format!("there is no {directive}")));
        }
    }
    if workbook.root.join(NETWORK).is_file() {
        let why = "an answer to `shutdown` is compiled with both";
        findings.extend(differences(workbook, FAKE, NETWORK, why));
    }
    for file in CUSTOMERS {
        let ours = format!("{PORT}/{file}");
        if workbook.root.join(&ours).is_file() {
            let why = "an answer to `http` is compiled with both";
            findings.extend(differences(
                workbook,
                &ours,
                &format!("{FAKES}/{file}"),
                why,
            ));
        }
    }
    findings
}

/// The exercises that are parts.
fn parts(workbook: &Workbook) -> Vec<String> {
    let folders = fs::read_dir(workbook.root.join(PARTS)).into_iter().flatten();
    let folders = folders.flatten().filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> =
        folders.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// What `one` has in public and `other` has not, or not like that.
fn differences(
    workbook: &Workbook,
    one: &str,
    other: &str,
    why: &str,
) -> Vec<Finding> {
    let read = |file: &str| -> Result<_, Error> {
        Ok(public(&rust::parse(file, &workbook.read(file)?)?))
    };
    let (frozen, found) = match (read(one), read(other)) {
        (Ok(frozen), Ok(found)) => (frozen, found),
        (Err(error), _) => return vec![Finding::new(one, error.to_string())],
        (_, Err(error)) => return vec![Finding::new(other, error.to_string())],
    };
    let differs = |(name, form): (&String, &String)| {
        (found.get(name) != Some(form)).then(|| {
            let sentence = format!("`{name}` is not as in {one}: {why}");
            Finding::new(other, sentence)
        })
    };
    frozen.iter().filter_map(differs).collect()
}

/// The public items of a file, by name, without what an implementation may choose: docs, attributes, bodies,
/// private fields.
fn public(file: &syn::File) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for item in &file.items {
        match item {
            Item::Fn(item) if is_public(&item.vis) => {
                let name = format!("fn {}", item.sig.ident);
                found.insert(name, signature(&item.sig));
            }
            Item::Struct(item) if is_public(&item.vis) => {
                let mut form = names(&item.generics);
                for field in item.fields.iter().filter(|it| is_public(&it.vis)) {
                    let name = field.ident.as_ref().map(ToString::to_string);
                    let kind = field.ty.to_token_stream();
                    form += &format!(" {}: {kind}", name.unwrap_or_default());
                }
                found.insert(format!("struct {}", item.ident), form);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let mut form = names(&item.generics);
                for variant in &item.variants {
                    let kinds = variant.fields.iter().map(|field| &field.ty);
                    let kinds: Vec<_> = kinds
                        .map(|kind| kind.to_token_stream().to_string())
                        .collect();
                    form += &format!(" {}({})", variant.ident, kinds.join(", "));
                }
                found.insert(format!("enum {}", item.ident), form);
            }
            Item::Trait(item) if is_public(&item.vis) => {
                let mut form = item.supertraits.to_token_stream().to_string();
                for method in &item.items {
                    if let TraitItem::Fn(method) = method {
                        form += &signature(&method.sig);
                    }
                }
                found.insert(format!("trait {}", item.ident), form);
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let (of, generics) = (&item.self_ty, &item.generics);
                let of = of.to_token_stream().to_string();
                for method in &item.items {
                    let ImplItem::Fn(method) = method else { continue };
                    if is_public(&method.vis) {
                        let name = format!("{of}::{}", method.sig.ident);
                        let generics = generics.to_token_stream();
                        let form = format!("{generics} {}", signature(&method.sig));
                        found.insert(name.replace(' ', ""), form);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn names(generics: &Generics) -> String {
    let names = generics.params.iter().map(GenericParam::to_token_stream);
    names.map(|name| name.to_string()).collect::<Vec<_>>().join(", ")
}

/// A signature; whether an argument is `mut` is nobody's business.
fn signature(signature: &Signature) -> String {
    let mut signature = signature.clone();
    for argument in &mut signature.inputs {
        if let FnArg::Typed(argument) = argument
            && let Pat::Ident(name) = &mut *argument.pat
        {
            name.mutability = None;
        }
    }
    // Trailing commas are rustfmt's.
    signature.to_token_stream().to_string().replace(" ,)", ")").replace(", )", ")")
}
