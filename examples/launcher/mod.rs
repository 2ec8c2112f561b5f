//! Builds a program of the learner's kept exercises, and becomes it. A kept exercise that does not compile any more is
//! left out, by name, and the program is built without it.

mod errors;

use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use errors::Trouble;
use runner::{
    cargo, kept,
    process::{self, Ending, Limits, Stop},
    text,
};

/// An exercise that is kept, and its file.
pub type Kept<'a> = (&'a str, PathBuf);

/// A program and what it is made of.
pub struct Program<'a> {
    /// The example that is built.
    pub name: &'a str,
    /// The features of its packages, as cargo is asked for them.
    pub features: &'a [&'a str],
    /// The exercises it may be made of.
    pub parts: &'a [&'a str],
    /// Where they are kept; `None` is the learner's own.
    pub kept: Option<&'a Path>,
    /// The file to write the code into, from the root.
    pub file: PathBuf,
    /// The code that names them, from the file of each that is in.
    pub code: &'a dyn Fn(&[Kept<'_>]) -> String,
    /// What stands in the place of one that is left out, such as `the naive form`.
    pub instead: &'a str,
}

/// Builds `program` and becomes it. What was typed is passed on.
pub fn run(program: &Program<'_>) -> ExitCode {
    match build(program) {
        Ok(executable) => start(&executable),
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

/// The workbook, for files and for cargo.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

fn build(program: &Program<'_>) -> Result<PathBuf, String> {
    let root = root();
    let mut parts = in_it(program, &root)?;
    let file = root.join(&program.file);
    loop {
        write(&file, &(program.code)(&parts))?;
        match compiled(program, &root, &file)? {
            Ok(executable) => return Ok(executable),
            Err(troubles) => {
                let before = parts.len();
                for Trouble { part, message, place } in troubles {
                    let Some(at) = parts.iter().position(|(name, _)| *name == part)
                    else {
                        continue;
                    };
                    parts.remove(at);
                    eprintln!(
                        "{part}: {} stands in, because yours does not compile here: \
                         {message} ({place})",
                        program.instead
                    );
                }
                if parts.len() == before {
                    return Err(format!(
                        "{} does not compile, and no exercise is to blame",
                        program.name
                    ));
                }
            }
        }
    }
}

/// The parts that are kept, with their files.
fn in_it<'a>(program: &Program<'a>, root: &Path) -> Result<Vec<Kept<'a>>, String> {
    let mut parts = vec![];
    for name in program.parts {
        let file = match program.kept {
            Some(folder) => folder.join(format!("{name}.rs")),
            None => {
                kept::catch_up(root, name).map_err(|error| sentence(&error))?;
                kept::file(root, name)
            }
        };
        if file.is_file() {
            parts.push((*name, file));
        }
    }
    Ok(parts)
}

/// An error with what caused it.
fn sentence(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// Writes the file when it changes: cargo compiles what is younger than its last build.
fn write(file: &Path, code: &str) -> Result<(), String> {
    if fs::read_to_string(file).ok().as_deref() == Some(code) {
        return Ok(());
    }
    text::write(file, code).map_err(|error| sentence(&error))
}

/// One cargo call: the executable, or what is wrong with which part.
fn compiled(
    program: &Program<'_>,
    root: &Path,
    file: &Path,
) -> Result<Result<PathBuf, Vec<Trouble>>, String> {
    let name = program.name;
    let mut command = cargo::command(root);
    command.args(["build", "--quiet", "--message-format=json", "--example", name]);
    command.args(["--features", &program.features.join(",")]).env("PARTS", file);
    let mut line = Line::default();
    let stop = Stop::on_interrupt().map_err(|error| sentence(&error))?;
    let built = process::run(&mut command, Limits::BUILD, &stop, &mut |_, since| {
        line.after(since, name);
    });
    line.clear();
    let built = built.map_err(|error| sentence(&error))?;
    let messages = errors::read(&built.stdout.text, name, program.parts);
    match (built.ending, messages.executable) {
        (Ending::Exited(0), Some(executable)) => Ok(Ok(executable)),
        _ if messages.troubles.is_empty() => {
            Err(format!("{}{}", messages.others, built.stderr.text.trim()))
        }
        _ => Ok(Err(messages.troubles)),
    }
}

/// A line on the terminal while a build takes its time.
#[derive(Default)]
struct Line(bool);

impl Line {
    fn after(&mut self, since: Duration, name: &str) {
        if since > Duration::from_millis(500)
            && !self.0
            && io::stderr().is_terminal()
        {
            self.0 = true;
            eprint!("building {name} of its parts");
        }
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.0) {
            eprint!("\r\x1b[K");
            // Why dropped: a terminal that is gone needs no clearing.
            _ = io::stderr().flush();
        }
    }
}

/// Becomes the program: signals and the exit code are its own.
#[cfg(unix)]
fn start(executable: &Path) -> ExitCode {
    use std::os::unix::process::CommandExt;

    let arguments = std::env::args_os().skip(1);
    let error = std::process::Command::new(executable).args(arguments).exec();
    eprintln!("cannot start {}: {error}", executable.display());
    ExitCode::from(2)
}

#[cfg(not(unix))]
fn start(executable: &Path) -> ExitCode {
    let arguments = std::env::args_os().skip(1);
    match std::process::Command::new(executable).args(arguments).status() {
        Ok(status) => {
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            ExitCode::from(code.unwrap_or(1))
        }
        Err(error) => {
            eprintln!("cannot start {}: {error}", executable.display());
            ExitCode::from(2)
        }
    }
}
