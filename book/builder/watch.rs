//! What the book is made of, and whether it changed.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use runner::layout;

/// A number that changes when a source does.
///
/// Names, sizes and times rather than file events: those do not arrive on every machine.
pub fn fingerprint(root: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    for source in layout::BOOK {
        note(&root.join(source), &mut hasher);
    }
    hasher.finish()
}

fn note(path: &Path, hasher: &mut DefaultHasher) {
    let Ok(about) = path.metadata() else { return };
    path.hash(hasher);
    if about.is_dir() {
        let mut inside: Vec<_> =
            std::fs::read_dir(path).into_iter().flatten().flatten().collect();
        inside.sort_by_key(std::fs::DirEntry::file_name);
        inside.iter().for_each(|entry| note(&entry.path(), hasher));
    } else {
        about.len().hash(hasher);
        about.modified().ok().hash(hasher);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_changes_changes_the_number() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("book/src")).unwrap();
        let page = root.path().join("book/src/a.md");

        let empty = fingerprint(root.path());
        std::fs::write(&page, "one").unwrap();
        let one = fingerprint(root.path());
        std::fs::write(&page, "other").unwrap();
        let other = fingerprint(root.path());

        assert_ne!(empty, one);
        assert_ne!(one, other);
        assert_eq!(other, fingerprint(root.path()), "looking does not change it");
    }
}
