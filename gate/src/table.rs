//! What the gate prints when it is content.

use std::time::Duration;

/// One chapter in the table.
#[derive(Debug)]
pub struct Row {
    /// Its name.
    pub chapter: String,
    /// Rules of the contract.
    pub rules: usize,
    /// Tests of the suite.
    pub tests: usize,
    /// Right answers.
    pub right: usize,
    /// Mistakes.
    pub mistakes: usize,
    /// Lazy bodies.
    pub lazy: usize,
    /// The longest real time one of them took.
    pub slowest: Duration,
}

/// The table as text.
pub fn print(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.chapter.len()).max();
    let width = width.unwrap_or(0).max("chapter".len());
    let mut text = format!(
        "{:width$}  rules  tests  right  mistakes  lazy  slowest\n",
        "chapter"
    );
    for row in rows {
        text.push_str(&format!(
            "{:width$}  {:>5}  {:>5}  {:>5}  {:>8}  {:>4}  {:>5.2} s\n",
            row.chapter,
            row.rules,
            row.tests,
            row.right,
            row.mistakes,
            row.lazy,
            row.slowest.as_secs_f64()
        ));
    }
    text
}
