//! Runs the shop as a child.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Mutex, MutexGuard, PoisonError},
};

#[cfg(unix)]
pub use child::Process;
#[cfg(unix)]
mod child;
#[cfg(unix)]
pub mod socket;

/// One shop at a time: each builds the same program of other parts.
pub fn here() -> MutexGuard<'static, ()> {
    static HERE: Mutex<()> = Mutex::new(());

    HERE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a child said.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// The command a learner types.
pub fn command(example: &str, arguments: &[&str]) -> Command {
    let mut command = runner::cargo::command(&root());
    command.args(["run", "-q", "--example", example, "--"]).args(arguments);
    command
}

/// Runs the shop to its end.
pub fn run(arguments: &[&str]) -> Said {
    runs("shop", arguments)
}

/// Runs an example to its end.
pub fn runs(example: &str, arguments: &[&str]) -> Said {
    let Output { status, stdout, stderr } =
        command(example, arguments).output().expect("cargo is there");
    let text = |bytes| String::from_utf8(bytes).expect("it prints text");
    Said { code: status.code(), out: text(stdout), err: text(stderr) }
}

/// The right answers of an exercise besides the reference.
pub fn other_answers(part: &str) -> Vec<String> {
    let folder = root().join("solutions").join(part);
    let files = fs::read_dir(folder).expect("it is there").flatten();
    let mut files: Vec<_> = files.map(|file| file.path()).collect();
    files.sort();
    files.retain(|file| !file.ends_with("main.rs"));
    let read = |file: &PathBuf| fs::read_to_string(file).expect("it is there");
    files.iter().map(read).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A folder of kept parts.
pub struct Kept(PathBuf);

impl Kept {
    /// With the reference's form of these.
    pub fn new(parts: &[&str]) -> Self {
        // Why one place for all tests: the paths are in the program, and so it is compiled again only when a
        // part differs.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shop/kept");
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("it is ours");
        }
        fs::create_dir_all(&folder).expect("there is room");
        let kept = Self(folder);
        for part in parts {
            let file = root().join(format!("solutions/{part}.rs"));
            kept.write(part, &fs::read_to_string(file).expect("it is there"));
        }
        kept
    }

    pub fn folder(&self) -> String {
        self.0.to_str().expect("a plain path").to_owned()
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        run(&[&["--kept", &*self.folder()], arguments].concat())
    }

    fn file(&self, part: &str) -> PathBuf {
        self.0.join(format!("{part}.rs"))
    }

    fn read(&self, part: &str) -> String {
        fs::read_to_string(self.file(part)).expect("it is kept")
    }

    pub fn write(&self, part: &str, text: &str) {
        fs::write(self.file(part), text).expect("there is room");
    }

    /// Replaces a text that must be there.
    pub fn replace(&self, part: &str, old: &str, new: &str) {
        let text = self.read(part);
        assert!(text.contains(old), "{part} holds no {old:?}");
        self.write(part, &text.replacen(old, new, 1));
    }

    /// The line of a text, from 1.
    pub fn line(&self, part: &str, text: &str) -> usize {
        let at = self.read(part).lines().position(|line| line.contains(text));
        at.expect("it is there") + 1
    }

    /// A `serve` that does not return after its drain.
    pub fn never_returns(&self) {
        self.replace(
            "shutdown",
            "    connections.shutdown().await;\n    outcome",
            "    std::future::pending().await",
        );
    }

    /// A `within` that loops and never waits.
    pub fn spins(&self) {
        let begin = "match timeout(limit, work).await {";
        let spin = format!("while limit > Duration::ZERO {{}}\n    {begin}");
        self.replace("timeouts", begin, &spin);
    }
}
