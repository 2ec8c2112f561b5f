//! The files of the repository.

use std::{fs, path::Path};

/// What no author has written.
const SKIPPED: [&str; 5] = [".git", ".workbook", "node_modules", "out", "target"];

/// Every `.rs` file, as a path from the root, sorted.
pub fn rust_files(root: &Path) -> Vec<String> {
    let mut files = below(root, "");
    files.sort();
    files
}

fn below(root: &Path, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
    let mut found = Vec::new();
    for entry in entries {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        if name.ends_with(".rs") {
            found.push(path);
        } else if entry.path().is_dir() && !SKIPPED.contains(&name.as_str()) {
            found.extend(below(root, &path));
        }
    }
    found
}
