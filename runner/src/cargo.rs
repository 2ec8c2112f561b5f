//! One cargo call: build a target, learn where its executable is and what rustc said about it.

use std::{
    fmt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::{
    Error,
    process::{self, Ending, Finished, Limits, Stop},
    target::Target,
};

/// What cargo says, and only cargo can know, when another cargo holds a lock.
const LOCK: &str = "Blocking waiting for file lock";

/// How long no word from cargo is nothing to speak of.
const SILENCE: Duration = Duration::from_millis(500);

/// What came of a build.
#[derive(Debug)]
pub enum Built {
    /// The executable, and the warnings about the target itself.
    Ready {
        /// Where it is.
        executable: PathBuf,
        /// rustc's own words, one entry per warning.
        warnings: Vec<String>,
    },
    /// rustc's own words about the target, one entry per error.
    Refused(Vec<String>),
}

/// What a build is doing, for the one who waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activity {
    /// Nothing came from cargo for half a second.
    Silent,
    /// Cargo says that another cargo holds the lock.
    Waiting,
    /// Cargo's last status line.
    Says(String),
    /// Cargo is done, the core steps pass, and now real threads meet.
    Races,
}

impl fmt::Display for Activity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent => out.write_str("building (no word from cargo yet)"),
            Self::Waiting => out.write_str(
                "waiting: another cargo (an editor's check?) holds the lock",
            ),
            Self::Says(line) => out.write_str(line),
            Self::Races => out.write_str(
                "the core steps pass; now on real threads, which takes some seconds",
            ),
        }
    }
}

/// A fresh `cargo` command in `root`, without what an outer cargo put into the environment for us.
pub fn command(root: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root);
    for (name, _) in std::env::vars_os() {
        let ours = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name.starts_with("CARGO_BIN_")
                || ["CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE"].contains(&name)
        });
        if ours {
            command.env_remove(name);
        }
    }
    command
}

/// Builds a target.
///
/// # Errors
///
/// Cargo cannot be started or was stopped, or something other than the target does not build.
pub fn build(
    root: &Path,
    target: &Target,
    colour: bool,
    stop: &Stop,
    say: &mut dyn FnMut(Activity),
) -> Result<Built, Error> {
    let format = if colour {
        "--message-format=json-diagnostic-rendered-ansi"
    } else {
        "--message-format=json"
    };
    let mut command = command(root);
    command.args(target.arguments(root)?).arg(format);
    if let Target::WrongAnswers { without, .. } = target {
        // Why: forty suites in one crate. What incremental compilation writes down about them
        // costs a third of the time and gigabytes.
        command.env("CARGO_INCREMENTAL", "0");
        if !without.is_empty() {
            command.env("MISTAKES_WITHOUT", without.join(","));
        }
    }
    let mut lines = StatusLines::default();
    let mut watch = |stderr: &str, elapsed: Duration| {
        lines.hear(stderr, elapsed).into_iter().for_each(&mut *say);
    };
    let finished = process::run(&mut command, Limits::BUILD, stop, &mut watch)?;
    // Why once more: what came last may have come between the last look and the end.
    watch(&finished.stderr.text, finished.took);
    understand(&finished, target)
}

/// Cargo's status lines, each heard once.
#[derive(Debug, Default)]
pub struct StatusLines {
    heard: usize,
    silence: bool,
}

impl StatusLines {
    /// What is new in `stderr`, where each call sees the text from its start. Only whole lines count:
    /// cargo writes a line in pieces, and a busy machine shows the pieces.
    pub fn hear(&mut self, stderr: &str, elapsed: Duration) -> Vec<Activity> {
        let whole = stderr.rfind('\n').map_or("", |end| &stderr[..end]);
        let new: Vec<_> = whole.lines().skip(self.heard).collect();
        self.heard += new.len();
        let mut news: Vec<_> = new
            .into_iter()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| {
                if line.contains(LOCK) {
                    Activity::Waiting
                } else {
                    Activity::Says(line.to_owned())
                }
            })
            .collect();
        let silent = self.heard == 0 && elapsed >= SILENCE;
        if silent && !std::mem::replace(&mut self.silence, true) {
            news.push(Activity::Silent);
        }
        news
    }
}

/// What cargo's messages say about a target.
#[derive(Default)]
struct Words {
    executable: Option<PathBuf>,
    errors: Vec<String>,
    warnings: Vec<String>,
    /// Errors in anything else.
    elsewhere: String,
}

impl Words {
    fn read(output: &str, wanted: &Target) -> Self {
        let mut words = Self::default();
        let messages = output
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        for message in messages {
            let target = &message["target"];
            let ours = target["name"] == wanted.name()
                && target["kind"][0] == wanted.kind();
            if message["reason"] == "compiler-artifact" && ours {
                words.executable = message["executable"].as_str().map(PathBuf::from);
            } else if message["reason"] == "compiler-message" {
                words.hear(&message["message"], ours);
            }
        }
        words
    }

    fn hear(&mut self, message: &serde_json::Value, ours: bool) {
        let rendered = message["rendered"].as_str().unwrap_or_default();
        match (message["level"].as_str(), ours) {
            _ if is_summary(rendered) => {}
            (Some("error"), true) => self.errors.push(rendered.to_owned()),
            (Some("warning"), true) => self.warnings.push(rendered.to_owned()),
            (Some("error"), false) => self.elsewhere.push_str(rendered),
            _ => {}
        }
    }
}

fn understand(finished: &Finished, target: &Target) -> Result<Built, Error> {
    let words = Words::read(&finished.stdout.text, target);
    if finished.ending == Ending::Exited(0)
        && let Some(executable) = words.executable
    {
        let warnings = words.warnings;
        return Ok(Built::Ready { executable, warnings });
    }
    if !words.errors.is_empty() {
        return Ok(Built::Refused(words.errors));
    }
    let said = if words.elsewhere.is_empty() {
        finished.stderr.text.trim()
    } else {
        words.elsewhere.trim()
    };
    Err(Error::Broken(format!(
        "cargo could not build `{}`, and the exercise is not to blame:\n\n{said}",
        target.name()
    )))
}

/// `aborting due to 2 previous errors` and `2 warnings emitted` repeat what was said.
fn is_summary(rendered: &str) -> bool {
    rendered.contains("aborting due to")
        || rendered.contains("warning emitted")
        || rendered.contains("warnings emitted")
}
