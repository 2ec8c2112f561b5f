//! The wrong answers are formatted like everything else. `cargo fmt` does not see them: a build script makes
//! them, and lists them.

use std::{fs, path::Path, process::Command};

use runner::Error;

use crate::{Finding, Material};

/// Wrong answers and lazy bodies that rustfmt would change, but for those that do not compile.
///
/// # Errors
///
/// rustfmt cannot be asked.
pub fn formatted(
    material: &Material<'_>,
    without: &[String],
) -> Result<Vec<Finding>, Error> {
    let mistakes = material.mistakes.iter();
    let mistakes = mistakes.filter(|source| !without.contains(&source.name));
    let sources = mistakes.chain(&material.lazy).chain([&material.stub]);
    let sources: Vec<_> = sources.collect();
    let texts: Vec<&str> = sources.iter().map(|source| &*source.text).collect();
    let found = unformatted(&material.workbook.root, &texts)?.into_iter();
    let sentence = "is not as rustfmt has it; lay it on the desk, format that, and write it again";
    Ok(found.map(|at| Finding::new(sources[at].file.clone(), sentence)).collect())
}

/// Which of these answers rustfmt would change.
///
/// # Errors
///
/// rustfmt cannot be started or understands none of them, or a scratch file cannot be written.
pub fn unformatted(root: &Path, answers: &[&str]) -> Result<Vec<usize>, Error> {
    let what = "cannot write a scratch file for rustfmt";
    let folder = tempfile::tempdir().map_err(Error::io(what))?;
    let mut files = vec![];
    for (at, answer) in answers.iter().enumerate() {
        // Why without its suite: rustfmt would follow the way to it.
        let (code, _) = answer.split_once("#[cfg(test)]").unwrap_or((answer, ""));
        let file = folder.path().join(format!("{at}.rs"));
        fs::write(&file, format!("{}\n", code.trim_end()))
            .map_err(Error::io(what))?;
        files.push(file);
    }
    let output = Command::new("rustfmt")
        .args(["--check", "--files-with-diff", "--edition", "2024"])
        .arg("--config-path")
        .arg(root)
        .args(&files)
        .output()
        .map_err(Error::io("cannot start rustfmt"))?;
    let listed = String::from_utf8_lossy(&output.stdout);
    let differs = |at: &usize| {
        let file = files[*at].display().to_string();
        listed.lines().any(|line| line == file)
    };
    let found: Vec<usize> = (0..files.len()).filter(differs).collect();
    if found.is_empty() && !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Error::Broken(format!("rustfmt: {words}")));
    }
    Ok(found)
}
