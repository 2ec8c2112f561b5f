//! The contract: the numbered rules in the `//!` docs of a stub or an answer.

use crate::text;

/// Reads the rules under `//! # The contract`, in order, each as one line. No heading, no rules.
///
/// A rule starts with its number and may go on, indented, on the next lines.
pub fn rules(source: &str) -> Vec<(usize, String)> {
    let mut rules: Vec<(usize, String)> = Vec::new();
    let docs = source
        .lines()
        .map_while(|line| line.trim_end().strip_prefix("//!"))
        .skip_while(|doc| doc.trim() != "# The contract")
        .skip(1);
    for doc in docs {
        let doc = doc.strip_prefix(' ').unwrap_or(doc);
        if let Some((number, rule)) = numbered(doc) {
            rules.push((number, rule.to_owned()));
        } else if doc.starts_with(' ')
            && let Some((_, last)) = rules.last_mut()
        {
            last.push(' ');
            last.push_str(doc);
        } else if !doc.trim().is_empty() {
            break;
        }
    }
    for (_, rule) in &mut rules {
        *rule = text::one_line(rule);
    }
    rules
}

/// What is wrong with the numbers of the rules, when they do not run 1, 2, 3.
pub fn gap(rules: &[(usize, String)]) -> Option<String> {
    let wrong = rules.iter().zip(1..).find(|((number, _), due)| number != due);
    wrong.map(|((number, _), due)| {
        format!("rule {number} comes after rule {}", due - 1)
    })
}

/// Splits `2. Between two attempts` into its number and its text.
pub fn numbered(line: &str) -> Option<(usize, &str)> {
    let (number, rest) = line.split_once(". ")?;
    Some((number.parse().ok()?, rest))
}
