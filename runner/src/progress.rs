//! What is solved so far: `.workbook/progress`, one line a chapter, derived by running.
//!
//! The file is a cache. Each line holds a hash of everything that the verdict depends on, and one of the
//! exercise alone, which tells a learner's change from a change of the workbook. `layout.rs` says which files
//! those are and hashes them; `check.rs` compares the hashes and decides whether a line still counts. Only the
//! standard library is used here, because the target that `cargo test` runs last includes this file as it is.
//! `cli/store.rs` saves it: that target only reads.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

/// The first line of the file.
const HEAD: &str =
    "# What each check found. Derived by running: deleting this file loses nothing.";

/// What the last check of one chapter found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The chapter.
    pub name: String,
    /// What the check said: [`crate::check::Checked::solved`].
    pub solved: bool,
    /// The steps that passed.
    pub steps: Vec<usize>,
    /// The step the learner is at: [`crate::check::Checked::here`].
    pub here: Option<usize>,
    /// The hash of what was checked.
    pub hash: u64,
    /// The hash of the exercise alone; lines of an older runner have none.
    pub exercise: Option<u64>,
}

/// The whole file.
#[derive(Debug, Default)]
pub struct Progress {
    lines: Vec<Line>,
    /// Where a damaged file was put aside.
    pub set_aside: Option<PathBuf>,
}

impl Progress {
    /// Reads the file. No file is no progress; a damaged one is put aside and what can be read of it
    /// stays.
    pub fn load(root: &Path) -> Self {
        let (mut progress, damaged) = Self::parse(root);
        if damaged {
            progress.set_aside = set_aside(&file(root));
        }
        progress
    }

    /// Reads what can be read of the file and leaves it alone.
    pub fn peek(root: &Path) -> Self {
        Self::parse(root).0
    }

    fn parse(root: &Path) -> (Self, bool) {
        let bytes = fs::read(file(root)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let mut progress = Self::default();
        let mut damaged = false;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            match parse(line) {
                Some(line) => progress.set(line),
                None => damaged |= !line.trim().is_empty(),
            }
        }
        (progress, damaged)
    }

    /// What the last check of a chapter found.
    pub fn get(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }

    /// Notes what a check found.
    pub fn set(&mut self, line: Line) {
        self.lines.retain(|old| old.name != line.name);
        self.lines.push(line);
    }
}

/// The text of the file.
impl fmt::Display for Progress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines: Vec<_> = self.lines.iter().map(print).collect();
        lines.sort();
        writeln!(out, "{HEAD}\n{}", lines.join("\n"))
    }
}

/// Where it lies.
pub fn file(root: &Path) -> PathBuf {
    root.join(".workbook").join("progress")
}

fn set_aside(path: &Path) -> Option<PathBuf> {
    let aside = (1..1000)
        .map(|number| path.with_extension(format!("damaged.{number}")))
        .find(|aside| !aside.exists())?;
    fs::rename(path, &aside).ok().map(|()| aside)
}

/// `retries open:5 1,2,3,4 00c0ffee00c0ffee 00c0ffee00c0ffee`
fn print(line: &Line) -> String {
    let state = if line.solved { "solved" } else { "open" };
    let here = line.here.map(|step| format!(":{step}")).unwrap_or_default();
    let steps: Vec<_> = line.steps.iter().map(usize::to_string).collect();
    let steps = if steps.is_empty() { "-".to_owned() } else { steps.join(",") };
    let exercise =
        line.exercise.map(|hash| format!(" {hash:016x}")).unwrap_or_default();
    format!("{} {state}{here} {steps} {:016x}{exercise}", line.name, line.hash)
}

fn parse(line: &str) -> Option<Line> {
    let words: Vec<_> = line.split_whitespace().collect();
    let [name, state, steps, hash, ref exercise @ ..] = words[..] else {
        return None;
    };
    let number = |hash| u64::from_str_radix(hash, 16).ok();
    let exercise = match exercise {
        [] => None,
        [hash] => Some(number(hash)?),
        _ => return None,
    };
    let (state, here) = match state.split_once(':') {
        Some((state, step)) => (state, Some(step.parse().ok()?)),
        None => (state, None),
    };
    let solved = match state {
        "solved" => true,
        "open" => false,
        _ => return None,
    };
    let steps = match steps {
        "-" => Vec::new(),
        steps => {
            steps.split(',').map(|step| step.parse().ok()).collect::<Option<_>>()?
        }
    };
    Some(Line {
        name: name.to_owned(),
        solved,
        steps,
        here,
        hash: number(hash)?,
        exercise,
    })
}
