//! Where something is, in the same words on every machine.

use std::panic::Location;

/// `tests/retries.rs:46` for the caller, whichever target it was compiled into.
pub(crate) fn place(location: &Location<'_>) -> String {
    file_and_line(location.file(), location.line())
}

/// `tests/retries.rs:46`, whichever target the file was compiled into.
pub(crate) fn file_and_line(file: &str, line: u32) -> String {
    let mut parts: Vec<&str> = vec![];
    let file = file.replace('\\', "/");
    for part in within(&file).split('/') {
        match part {
            "." => {}
            ".." if !parts.is_empty() => _ = parts.pop(),
            _ => parts.push(part),
        }
    }
    format!("{}:{line}", parts.join("/"))
}

/// Whether a file belongs to the standard library or to one of the registry's.
pub(crate) fn is_foreign(file: &str) -> bool {
    let file = file.replace('\\', "/");
    FOREIGN.iter().any(|root| file.contains(root))
}

/// What the paths of libraries have in common.
const FOREIGN: [&str; 2] = ["/rustc/", "/registry/src/"];

/// The part of `file` that is the same on every machine: where the standard library, the registry, the
/// workbook and what a build script made lie is nobody's business.
fn within(file: &str) -> &str {
    let ours = env!("CARGO_MANIFEST_DIR").replace('\\', "/");
    let ours = ours.trim_end_matches("tests/kit");
    if let Some((_, made)) = file.split_once("/out/mistakes/") {
        return &file[file.len() - made.len() - "mistakes/".len()..];
    }
    let inside = |root: &str| {
        let (_, rest) = file.split_once(root)?;
        Some(rest.split_once('/')?.1)
    };
    let foreign = FOREIGN.into_iter().find_map(inside);
    foreign.or(file.strip_prefix(ours)).unwrap_or(file)
}
