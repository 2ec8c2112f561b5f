//! A wrong answer as the lines in which it differs from a right one: `mistakes/NAME/x.diff`.
//!
//! Such a file begins with its header (`Mistake: …`), and a unified diff follows. Build scripts, gate, book
//! and runner all read and apply it here.
//!
//! Every answer is compared as it would lie on the learner's desk: the way to its suite is the one from
//! `exercises/`. So `git apply` puts the same file onto a desk that holds the right answer.

mod hunk;
#[cfg(test)]
mod tests;

use std::fmt;

use diffy::{DiffOptions, Line, Patch};

/// Lines of context around a change: with one, a few hunks of the workbook fit at two places.
const CONTEXT: usize = 2;

/// A wrong answer, read.
#[derive(Debug)]
pub struct Difference<'a> {
    /// The file of the right answer it is made from, from the root of the workbook.
    pub base: &'a str,
    /// The lines above the diff.
    pub header: &'a str,
    /// The diff, from `--- ` on.
    pub diff: &'a str,
    patch: Patch<'a, str>,
}

/// Why a file is no difference, or does not fit its right answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line of the file, from 1.
    pub line: usize,
    /// What is wrong, for an author.
    pub sentence: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.sentence)
    }
}

impl<'a> Difference<'a> {
    /// Reads a file whose line endings are `\n`.
    ///
    /// # Errors
    ///
    /// There is no diff in it, it is no unified diff, or it names no right answer.
    pub fn read(text: &'a str) -> Result<Self, Problem> {
        let at = if text.starts_with("--- ") {
            0
        } else {
            let found = text.find("\n--- ").ok_or_else(|| {
                problem(1, "no line begins with `--- `: a unified diff is missing")
            })?;
            found + 1
        };
        let (header, diff) = text.split_at(at);
        let first = header.lines().count() + 1;
        let patch = Patch::from_str(diff)
            .map_err(|why| problem(first, &format!("not a unified diff: {why}")))?;
        let named = diff.lines().next().unwrap_or_default();
        let base = named.trim_start_matches("--- ");
        let base = base.strip_prefix("a/").unwrap_or(base);
        if !base.starts_with("solutions/") || base.contains("..") {
            let sentence =
                format!("`{base}` is no right answer: they lie in solutions/");
            return Err(problem(first, &sentence));
        }
        Ok(Self { base, header, diff, patch })
    }

    /// Lines that are removed plus lines that are added.
    pub fn changed(&self) -> usize {
        let lines = self.patch.hunks().iter().flat_map(|hunk| hunk.lines());
        lines.filter(|line| !matches!(line, Line::Context(_))).count()
    }

    /// The wrong answer, as it would lie on the desk, made from the text of its right answer.
    ///
    /// # Errors
    ///
    /// Each hunk that does not fit, or fits at two places of which it names none.
    pub fn apply(&self, right: &str) -> Result<String, Vec<Problem>> {
        let right = on_the_desk(right);
        let heads = self.diff.lines().enumerate();
        let heads = heads.filter(|(_, line)| line.starts_with("@@ "));
        let above = self.header.lines().count();
        let problems: Vec<_> = heads
            .zip(self.patch.hunks())
            .filter_map(|((at, _), hunk)| {
                let sentence = hunk::misfit(hunk, &right)?;
                let sentence =
                    format!("does not apply to {}: {sentence}", self.base);
                Some(problem(above + at + 1, &sentence))
            })
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        diffy::apply(&right, &self.patch).map_err(|why| {
            let sentence = format!("does not apply to {}: {why}", self.base);
            vec![problem(above + 1, &sentence)]
        })
    }

    /// What to say when the right answer cannot be read: `why` says what happened.
    pub fn lost(&self, why: &str) -> Vec<Problem> {
        vec![problem(self.header.lines().count() + 1, why)]
    }

    /// Where a line of the wrong answer stands in the repository: in the diff when one of its hunks shows
    /// it, and otherwise in the right answer. The number is that of the line, from 1.
    pub fn place(&self, line: usize) -> (Origin, usize) {
        let mut at = self.header.lines().count() + 2;
        let mut shift = 0;
        for hunk in self.patch.hunks() {
            let (old, new) = (hunk.old_range(), hunk.new_range());
            if line < new.start() {
                break;
            }
            at += 1;
            let mut now = new.start();
            for shown in hunk.lines() {
                at += 1;
                if !matches!(shown, Line::Delete(_)) {
                    if now == line {
                        return (Origin::Difference, at);
                    }
                    now += 1;
                }
            }
            shift = old.end() as isize - new.end() as isize;
        }
        (Origin::RightAnswer, line.saturating_add_signed(shift))
    }
}

/// In which file a line of a wrong answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// In `mistakes/NAME/x.diff`.
    Difference,
    /// In the right answer it is made from, which it leaves as it is there.
    RightAnswer,
}

/// The diff that makes `wrong` out of `right`, the text of the file `base`; both as they would lie on the
/// desk `desk`. Nothing when they are the same.
pub fn between(base: &str, right: &str, desk: &str, wrong: &str) -> Option<String> {
    let (right, wrong) = (on_the_desk(right), on_the_desk(wrong));
    let mut options = DiffOptions::new();
    options
        .set_context_len(CONTEXT)
        .set_original_filename(format!("a/{base}"))
        .set_modified_filename(format!("b/{desk}"));
    let patch = options.create_patch(&right, &wrong);
    (!patch.hunks().is_empty()).then(|| patch.to_string())
}

/// Carries a wrong answer over from an older text of its right answer to a newer one.
///
/// # Errors
///
/// Both changed the same lines: the text with both between conflict markers.
pub fn carry(older: &str, newer: &str, wrong: &str) -> Result<String, String> {
    diffy::merge(&on_the_desk(older), &on_the_desk(wrong), &on_the_desk(newer))
}

/// An answer as it would lie in `exercises/`, with `\n` at the end of each line: the other right answers lie
/// one folder deeper.
pub fn on_the_desk(answer: &str) -> String {
    let text = answer.replace("\r\n", "\n");
    let mut text = text.replace("\"../../tests/", "\"../tests/");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn problem(line: usize, sentence: &str) -> Problem {
    Problem { line, sentence: sentence.to_owned() }
}
