//! The answer keys: every suite against its right answers, one binary for each package of exercises.

use std::{collections::BTreeMap, path::PathBuf};

use runner::{
    Chapter, Error, Workbook,
    cargo::{self, Built},
    process::Stop,
    target::Target,
};

/// The answer keys that were built so far.
#[derive(Debug, Default)]
pub struct Keys(BTreeMap<&'static str, Result<PathBuf, String>>);

impl Keys {
    /// The answer key that holds a chapter, built when it is asked for the first time: its executable, or
    /// rustc's words.
    ///
    /// # Errors
    ///
    /// Cargo cannot be started or was stopped, or something else does not build.
    pub fn of(
        &mut self,
        workbook: &Workbook,
        chapter: &Chapter,
        stop: &Stop,
    ) -> Result<&Result<PathBuf, String>, Error> {
        let name = chapter.package().answers;
        if !self.0.contains_key(name) {
            self.0.insert(name, build(workbook, &Target::test(name), stop)?);
        }
        Ok(&self.0[name])
    }
}

/// Builds a target; rustc's words when it does not compile.
///
/// # Errors
///
/// Cargo cannot be started or was stopped, or something else does not build.
pub fn build(
    workbook: &Workbook,
    target: &Target,
    stop: &Stop,
) -> Result<Result<PathBuf, String>, Error> {
    let built = cargo::build(&workbook.root, target, false, stop, &mut |_| {})?;
    Ok(match built {
        Built::Ready { executable, .. } => Ok(executable),
        Built::Refused(errors) => {
            Err(format!("does not compile:\n\n{}", errors.join("\n")))
        }
    })
}
