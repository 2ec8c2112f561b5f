//! Compiles answers and runs single tests of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use record::{Outcome, Record};
use serde_json::Value;

use super::asked::Wanted;
use crate::{
    problem::BookError,
    runs::{Runs, SOLUTION},
};

/// How long one test may take before it is ended: the kit ends itself long before.
const LIMIT: Duration = Duration::from_secs(10);

/// A compiled suite: the answer key, or the mistakes of one chapter.
pub struct Binary {
    root: PathBuf,
    path: PathBuf,
    tests: Vec<String>,
}

impl Binary {
    /// Compiles the target of the answer key, or that of a chapter's mistakes.
    ///
    /// # Errors
    ///
    /// When it does not compile.
    pub fn build(root: &Path, target: &str) -> Result<Self, BookError> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(root).arg("test");
        let name = if target == SOLUTION { "solutions" } else { target };
        if target != SOLUTION {
            command.args(["--package", "mistakes"]);
        }
        command.args([
            "--test",
            name,
            "--no-run",
            "--message-format=json-render-diagnostics",
        ]);
        let output =
            command.stderr(Stdio::inherit()).output().map_err(starting("cargo"))?;
        let failed =
            || BookError::Program(format!("the target `{name}` does not compile"));
        let text = String::from_utf8_lossy(&output.stdout);
        let path = text
            .lines()
            .find_map(|line| executable(line, name))
            .ok_or_else(failed)?;
        if !output.status.success() {
            return Err(failed());
        }
        let tests = tests_in(&path)?;
        let root = root.to_path_buf();
        Ok(Self { root, path, tests })
    }

    /// Makes the runs of one answer that pages want.
    ///
    /// # Errors
    ///
    /// When a wanted test does not exist, does not end, or leaves no record.
    pub fn runs(
        &self,
        chapter: &str,
        answer: &str,
        wanted: &Wanted,
    ) -> Result<Runs, BookError> {
        let start = match answer {
            SOLUTION => format!("answer_key::{chapter}::tests::"),
            mistake => format!("{mistake}::tests::"),
        };
        let own: Vec<&str> =
            self.tests.iter().filter_map(|test| test.strip_prefix(&start)).collect();
        let mut records = BTreeMap::new();
        for test in &wanted.tests {
            if !own.contains(&test.as_str()) {
                let text = format!("`{answer}` of `{chapter}` has no test `{test}`");
                return Err(BookError::Program(text));
            }
            records.insert(test.clone(), self.run(&start, test, answer)?);
        }
        let mut first_failure = None;
        if wanted.report {
            let failing =
                self.first_failing(&start, answer, &own)?.ok_or_else(|| {
                    let text = format!(
                        "the mistake `{answer}` of `{chapter}` passes every test"
                    );
                    BookError::Program(text)
                })?;
            first_failure = Some(failing.test.clone());
            records.insert(failing.test.clone(), failing);
        }
        Ok(Runs { first_failure, records: records.into_values().collect() })
    }

    /// The lowest test that fails: the one whose report a learner would see.
    fn first_failing(
        &self,
        start: &str,
        answer: &str,
        tests: &[&str],
    ) -> Result<Option<Record>, BookError> {
        let tests: BTreeSet<&str> = tests.iter().copied().collect();
        for test in tests {
            let record = self.run(start, test, answer)?;
            if record.outcome == Outcome::Failed {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// Runs one test alone: the calm seed for the solution, every seed for a mistake, whose
    /// record is then that of the first seed that fails.
    fn run(
        &self,
        start: &str,
        test: &str,
        answer: &str,
    ) -> Result<Record, BookError> {
        let folder = scratch()?;
        let mut command = Command::new(&self.path);
        command
            .current_dir(&self.root)
            .args(["--exact", &format!("{start}{test}")])
            .env("KIT_RECORD", &folder)
            .env_remove("KIT_SEED")
            .env_remove("KIT_SEEDS")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if answer == SOLUTION {
            command.env("KIT_SEED", "0");
        }
        let ended = finish(&mut command);
        let record = Record::read(&folder, test);
        let _ = std::fs::remove_dir_all(&folder);
        ended?;
        record.map_err(|source| BookError::File {
            what: "read",
            path: format!("the record of {test}"),
            source,
        })
    }
}

/// The full names of the tests in a binary.
fn tests_in(path: &Path) -> Result<Vec<String>, BookError> {
    let list = Command::new(path)
        .args(["--list", "--format", "terse"])
        .output()
        .map_err(starting("a suite"))?;
    let list = String::from_utf8_lossy(&list.stdout);
    let tests = list.lines().filter_map(|line| line.strip_suffix(": test"));
    Ok(tests.map(str::to_owned).collect())
}

/// Waits for a process, and ends it when it takes too long.
fn finish(command: &mut Command) -> Result<(), BookError> {
    let mut child = command.spawn().map_err(starting("a test"))?;
    let deadline = Instant::now() + LIMIT;
    loop {
        match child.try_wait().map_err(starting("a test"))? {
            Some(_) => return Ok(()),
            None if Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(2));
            }
            None => {
                let _ = child.kill();
                let _ = child.wait();
                let text = "a test did not end within ten seconds".to_owned();
                return Err(BookError::Program(text));
            }
        }
    }
}

/// A new folder for the records of one run.
fn scratch() -> Result<PathBuf, BookError> {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let name = format!("workbook-runs-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    match std::fs::create_dir_all(&folder) {
        Ok(()) => Ok(folder),
        Err(source) => {
            let path = folder.display().to_string();
            Err(BookError::File { what: "create", path, source })
        }
    }
}

fn starting(program: &str) -> impl FnOnce(std::io::Error) -> BookError {
    let path = program.to_owned();
    move |source| BookError::File { what: "start", path, source }
}

/// The executable of the test target `name`, when the message is about it.
fn executable(line: &str, name: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    let same =
        message["target"]["name"] == name && message["target"]["kind"][0] == "test";
    same.then(|| message["executable"].as_str().map(PathBuf::from))?
}
