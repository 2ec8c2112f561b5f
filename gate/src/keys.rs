//! The binary that holds the answers of a chapter: its answer key, or its wrong answers.

use std::path::PathBuf;

use runner::{
    Error, Workbook,
    cargo::{self, Built},
    process::Stop,
    target::Target,
};

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
