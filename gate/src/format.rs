//! The wrong answers are formatted like everything else. `cargo fmt` does not see them: a build script makes
//! them, and lists them.

use std::{fs, process::Command};

use runner::Error;

use crate::{Finding, Material};

/// Wrong answers and lazy bodies that rustfmt would change, but for those that do not compile.
///
/// # Errors
///
/// rustfmt cannot be started, or a scratch file cannot be written.
pub fn formatted(
    material: &Material<'_>,
    without: &[String],
) -> Result<Vec<Finding>, Error> {
    let what = "cannot write a scratch file for rustfmt";
    let folder = tempfile::tempdir().map_err(Error::io(what))?;
    let mistakes = material.mistakes.iter();
    let mistakes = mistakes.filter(|source| !without.contains(&source.name));
    let sources = mistakes.chain(&material.lazy);
    let sources: Vec<_> = sources.chain([&material.stub]).collect();
    let mut files = vec![];
    for (at, source) in sources.iter().enumerate() {
        // Why without its suite: rustfmt would follow the way to it.
        let (code, _) = source.text.split_once("#[cfg(test)]").unwrap_or_default();
        let file = folder.path().join(format!("{at}.rs"));
        fs::write(&file, format!("{}\n", code.trim_end()))
            .map_err(Error::io(what))?;
        files.push(file);
    }
    let output = Command::new("rustfmt")
        .args(["--check", "--files-with-diff", "--edition", "2024"])
        .arg("--config-path")
        .arg(&material.workbook.root)
        .args(&files)
        .output()
        .map_err(Error::io("cannot start rustfmt"))?;
    let listed = String::from_utf8_lossy(&output.stdout);
    let found = sources.iter().zip(&files).filter(|(_, file)| {
        listed.lines().any(|line| line == file.display().to_string())
    });
    let found: Vec<_> = found.collect();
    if found.is_empty() && !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Error::Broken(format!("rustfmt: {words}")));
    }
    let sentence = "is not as rustfmt has it; lay it on the desk, format that, and write it again";
    let finding = |file: &String| Finding::new(file.clone(), sentence);
    Ok(found.iter().map(|(source, _)| finding(&source.file)).collect())
}
