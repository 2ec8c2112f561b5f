//! A wrong answer as a learner meets it: the report they read first, and the tests that fail.

use runner::{
    Error, Workbook,
    judge::{self, Question},
    nearest::nearest,
    process::{Limits, Stop},
    target::Target,
    text,
};

use crate::{answers::sentence, keys, lists, material::wrong_answers};

/// What a learner who made this mistake reads first, and the tests that fail.
///
/// # Errors
///
/// The chapter has no such mistake, it does not compile, or it cannot be run.
pub fn show(
    workbook: &Workbook,
    name: &str,
    mistake: &str,
    stop: &Stop,
) -> Result<String, Error> {
    let chapter = workbook.chapter(name)?;
    let all = wrong_answers(workbook, chapter);
    let mistake = mistake.trim_end_matches(".rs");
    let Some((file, _)) = all.iter().find(|(_, module)| module == mistake) else {
        let near = nearest(mistake, all.iter().map(|(_, module)| module.as_str()));
        return Err(Error::Broken(format!(
            "there is no mistake `{mistake}` in {}{}",
            chapter.mistakes(),
            if near.is_empty() {
                String::new()
            } else {
                format!("; the nearest: {}", near.join(", "))
            }
        )));
    };
    lists::write(workbook)?;
    let executable = keys::build(workbook, &Target::wrong_answers(chapter), stop)?;
    let executable = executable.map_err(|words| {
        Error::Broken(format!("{}: {words}", chapter.mistakes()))
    })?;
    let question = Question {
        executable: &executable,
        root: &workbook.root,
        prefix: &format!("{mistake}::tests::"),
        suite: None,
        seeds: None,
        limits: Limits::TEST,
    };
    let run = judge::ask(&question, stop)?;
    let failing = run.failing();
    let report =
        run.first_failure().and_then(|test| test.record.as_ref()?.report.as_deref());
    let mut said = report.map(|report| format!("{report}\n\n")).unwrap_or_default();
    if let Some(trouble) = &run.trouble {
        said.push_str(&format!("{file}: {}\n", sentence(trouble)));
    }
    let tests = text::count(run.tests.len(), "test");
    said.push_str(&format!("{} of {tests} fail:\n", failing.len()));
    failing.iter().for_each(|test| said.push_str(&format!("  {test}\n")));
    Ok(said)
}
