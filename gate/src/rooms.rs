//! The rooms of a crate: which file imports which. A circle means that two files are one idea, or that a
//! third one is missing.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use runner::{Error, Workbook, layout};
use syn::{Item, ItemMod, ItemUse, UseTree, visit::Visit};

use crate::{Finding, rust};

/// The roots of the crates that are looked at.
const CRATES: [&str; 7] = [
    "book/builder/lib.rs",
    "gate/src/lib.rs",
    "record/src/lib.rs",
    "runner/src/lib.rs",
    "tests/fakes/lib.rs",
    "tests/fakes_net/lib.rs",
    "tests/kit/lib.rs",
];

/// Files that import each other, directly or by way of others.
pub fn circles(workbook: &Workbook) -> Vec<Finding> {
    let there = CRATES.iter().filter(|root| workbook.root.join(root).is_file());
    there
        .flat_map(|root| match Files::read(workbook, root) {
            Ok(files) => files.circles(),
            Err(error) => vec![Finding::new(*root, error.to_string())],
        })
        .collect()
}

/// One crate: its files by the path of their module, and what the root hands on.
struct Files {
    files: BTreeMap<Vec<String>, String>,
    /// `Error` for `pub use error::Error` in the root.
    handed_on: BTreeMap<String, Vec<String>>,
    imports: BTreeMap<String, BTreeSet<String>>,
}

impl Files {
    fn read(workbook: &Workbook, root: &str) -> Result<Self, Error> {
        let what = format!("cannot read the modules of {root}");
        let files =
            layout::modules(&workbook.root, root).map_err(Error::io(what))?;
        let folder = Path::new(root).parent().unwrap_or(Path::new(""));
        let mut known = Self {
            files: BTreeMap::new(),
            handed_on: BTreeMap::new(),
            imports: BTreeMap::new(),
        };
        let mut parsed = Vec::new();
        for file in files {
            let module = module(folder, &file, file == root);
            parsed
                .push((module.clone(), rust::parse(&file, &workbook.read(&file)?)?));
            known.files.insert(module, file);
        }
        for (module, file) in &parsed {
            if module.is_empty() {
                known.hand_on(&file.items);
            }
        }
        for (module, file) in &parsed {
            let mut paths = Paths { module: module.clone(), found: vec![] };
            paths.visit_file(file);
            let here = known.files[module].clone();
            let there = paths.found.iter().filter_map(|path| known.file_of(path));
            let there: BTreeSet<String> =
                there.filter(|there| *there != here).collect();
            // Why not the root: what it hands on is no need of its own.
            if !module.is_empty() {
                known.imports.insert(here, there);
            }
        }
        Ok(known)
    }

    fn hand_on(&mut self, items: &[Item]) {
        for item in items {
            if let Item::Use(used) = item
                && matches!(used.vis, syn::Visibility::Public(_))
            {
                let mut paths = Paths { module: vec![], found: vec![] };
                paths.visit_item_use(used);
                for path in paths.found {
                    if let Some(name) = path.last() {
                        self.handed_on.insert(name.clone(), path.clone());
                    }
                }
            }
        }
    }

    /// The file that holds what a path from the root names.
    fn file_of(&self, path: &[String]) -> Option<String> {
        let path = match path.first().and_then(|name| self.handed_on.get(name)) {
            Some(there) => there,
            None => path,
        };
        let file = (1..=path.len()).rev().find_map(|n| self.files.get(&path[..n]));
        file.cloned()
    }

    /// One finding for each circle.
    fn circles(&self) -> Vec<Finding> {
        let mut told = BTreeSet::new();
        let mut findings = Vec::new();
        for start in self.imports.keys() {
            if let Some(circle) = self.circle(start)
                && told.insert(circle.iter().cloned().collect::<BTreeSet<_>>())
            {
                let way = circle[1..].join(", which imports ");
                let sentence = format!(
                    "imports {way}: a circle; move what both need below them"
                );
                findings.push(Finding::new(start.clone(), sentence));
            }
        }
        findings
    }

    /// The shortest way from a file back to itself.
    fn circle(&self, start: &str) -> Option<Vec<String>> {
        let mut ways = vec![vec![start.to_owned()]];
        let mut seen = BTreeSet::new();
        while !ways.is_empty() {
            let mut longer = Vec::new();
            for way in &ways {
                for next in self.imports.get(way.last()?).into_iter().flatten() {
                    let mut way = way.clone();
                    way.push(next.clone());
                    if next == start {
                        return Some(way);
                    }
                    if seen.insert(next) {
                        longer.push(way);
                    }
                }
            }
            ways = longer;
        }
        None
    }
}

/// The path of the module that a file holds: none for the root, `cli::watch` for `cli/watch.rs`.
fn module(folder: &Path, file: &str, is_root: bool) -> Vec<String> {
    if is_root {
        return vec![];
    }
    let file = Path::new(file);
    let within = file.strip_prefix(folder).unwrap_or(file).with_extension("");
    let parts = within.iter().map(|part| part.to_string_lossy().into_owned());
    parts.filter(|part| part != "mod").collect()
}

/// The paths of the crate that a file names, from the root. Its tests are left out.
struct Paths {
    module: Vec<String>,
    found: Vec<Vec<String>>,
}

impl Paths {
    fn tree(&mut self, before: &[String], tree: &UseTree) {
        let joined = |name: &syn::Ident| {
            let mut path = before.to_vec();
            path.push(name.to_string());
            path
        };
        match tree {
            UseTree::Path(path) => self.tree(&joined(&path.ident), &path.tree),
            UseTree::Name(name) if name.ident == "self" => self.add(before.to_vec()),
            UseTree::Name(name) => self.add(joined(&name.ident)),
            UseTree::Rename(name) => self.add(joined(&name.ident)),
            UseTree::Glob(_) => self.add(before.to_vec()),
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.tree(before, tree));
            }
        }
    }

    /// Notes a path of this crate, from the root. One without `crate`, `self` or `super` names a child of
    /// the module or another crate; which of them, the files tell.
    fn add(&mut self, path: Vec<String>) {
        let mut base = self.module.clone();
        let mut rest = path.as_slice();
        while let [first, after @ ..] = rest {
            match first.as_str() {
                "crate" => base.clear(),
                "super" => _ = base.pop(),
                "self" => {}
                _ => break,
            }
            rest = after;
        }
        self.found.push(base.into_iter().chain(rest.iter().cloned()).collect());
    }
}

impl Visit<'_> for Paths {
    fn visit_item_mod(&mut self, module: &ItemMod) {
        let only_tests = module.attrs.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute
                    .parse_args::<syn::Path>()
                    .is_ok_and(|path| path.is_ident("test"))
        });
        if !only_tests {
            self.module.push(module.ident.to_string());
            syn::visit::visit_item_mod(self, module);
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, used: &ItemUse) {
        self.tree(&[], &used.tree);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let parts = path.segments.iter().map(|part| part.ident.to_string());
        let parts: Vec<_> = parts.collect();
        if parts.len() > 1 {
            self.add(parts);
        }
        syn::visit::visit_path(self, path);
    }
}
