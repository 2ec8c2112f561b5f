//! The headers of wrong answers and lazy bodies: `Mistake:`, `Caught by:` and the others. In front of a diff
//! they stand as they are, in Rust behind `//!`.

use std::collections::BTreeMap;

use crate::text;

/// The headers of one file, by name. A header may go on, indented, on the next lines.
#[derive(Debug, Clone, Default)]
pub struct Headers {
    texts: BTreeMap<String, String>,
    strays: Vec<usize>,
}

impl Headers {
    /// Reads the headers at the top of a file: of Rust, or a diff with its header.
    pub fn read(source: &str) -> Self {
        let rust = source.starts_with("//!");
        let mut headers = BTreeMap::new();
        let mut strays = Vec::new();
        let mut last: Option<String> = None;
        for (at, line) in source.lines().enumerate() {
            let line = line.trim_end();
            let doc = if rust { line.strip_prefix("//!") } else { Some(line) };
            let Some(doc) = doc.filter(|doc| !doc.starts_with("--- ")) else {
                break;
            };
            let doc = if rust { doc.strip_prefix(' ').unwrap_or(doc) } else { doc };
            if let Some((name, value)) = split(doc) {
                headers.insert(name.to_owned(), value.to_owned());
                last = Some(name.to_owned());
            } else if doc.starts_with(' ')
                && let Some(value) =
                    last.as_ref().and_then(|name| headers.get_mut(name))
            {
                *value = text::one_line(&format!("{value} {doc}"));
            } else {
                if last.is_some() && !doc.is_empty() {
                    strays.push(at + 1);
                }
                last = None;
            }
        }
        Self { texts: headers, strays }
    }

    /// The lines right below a header that neither are one nor, for want of an indent, go on with it.
    pub fn strays(&self) -> &[usize] {
        &self.strays
    }

    /// The text of a header; `None` when it is missing or says nothing.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.texts.get(name)?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// The text of a header that a file of its kind must have.
    ///
    /// # Errors
    ///
    /// A sentence that says so when it is missing or says nothing.
    pub fn required(&self, name: &str) -> Result<&str, String> {
        let missing = || format!("the header `{name}:` is missing or empty");
        self.get(name).ok_or_else(missing)
    }

    /// Whether the header is there, with or without a text.
    pub fn has(&self, name: &str) -> bool {
        self.texts.contains_key(name)
    }

    /// The steps that `Passes:` admits: none for "nothing", 1 and 3 for "step 1, step 3". `None` when
    /// the header is missing or says something else.
    pub fn passes(&self) -> Option<Vec<usize>> {
        let value = self.get("Passes")?.trim_end_matches('.');
        if value == "nothing" {
            return Some(Vec::new());
        }
        value
            .split(", ")
            .map(|part| part.strip_prefix("step ")?.parse().ok())
            .collect()
    }
}

/// Splits `Caught by: step_2…` into name and text.
fn split(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let known = [
        "Mistake",
        "Source",
        "Breaks",
        "Caught by",
        "Hint",
        "Early",
        "Hangs",
        "Whole",
        "Lazy",
        "Passes",
    ];
    known.contains(&name).then(|| (name, value.trim()))
}
