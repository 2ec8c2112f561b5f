//! Reading and writing files with a sentence for each way in which that can fail, and a few words.

use std::{fs, io, path::Path};

use crate::Error;

/// Reads the text file at `file`, a path from `root`.
///
/// # Errors
///
/// The file is missing, is not UTF-8, or cannot be read.
pub fn read(root: &Path, file: &str) -> Result<String, Error> {
    let bytes = fs::read(root.join(file)).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => {
            Error::Missing { file: file.to_owned(), advice: advice(file) }
        }
        _ => Error::Io { what: format!("cannot read {file}"), source },
    })?;
    String::from_utf8(bytes).map_err(|_| Error::NotUtf8(file.to_owned()))
}

/// A learner's file comes back by `reset`; anything else is a part of the workbook.
fn advice(file: &str) -> String {
    match file.strip_prefix("exercises/").and_then(|name| name.strip_suffix(".rs")) {
        Some(name) => {
            format!(": `cargo run -- reset {name}` brings the untouched one back")
        }
        None => String::new(),
    }
}

/// Writes a file so that a reader sees the old text or the new one, never half of it.
///
/// # Errors
///
/// The folder cannot be made or the file cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), Error> {
    let put = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{}.new", std::process::id()));
        fs::write(&beside, text)?;
        fs::rename(&beside, path)
    };
    put().map_err(Error::io(format!("cannot write {}", path.display())))
}

/// One space between words, none at the ends.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `one`, or `2 ones`: a count with its noun.
pub fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// `step 7`, `steps 5 to 7`, or `steps 5, 7`.
pub fn steps(numbers: &[usize]) -> String {
    match numbers {
        [one] => format!("step {one}"),
        [first, .., last] if last.saturating_sub(*first) + 1 == numbers.len() => {
            format!("steps {first} to {last}")
        }
        _ => {
            let numbers: Vec<_> = numbers.iter().map(usize::to_string).collect();
            format!("steps {}", numbers.join(", "))
        }
    }
}
