//! `{{#report NAME MISTAKE}}`: what a learner who made that mistake reads first.

use crate::{
    markup::{columns, fence, wide},
    problem::Refusal,
    runs::not_recorded,
    sources::Sources,
};

/// The recorded report.
///
/// # Errors
///
/// When it was not recorded.
pub fn report(
    sources: &Sources,
    chapter: &str,
    mistake: &str,
) -> Result<String, Refusal> {
    let file = sources.mistake(chapter, mistake)?.file;
    let runs = sources.runs(chapter, mistake)?;
    let report = runs
        .first_failure()
        .and_then(|record| record.report.as_deref())
        .ok_or_else(|| not_recorded(chapter, mistake, "its first failure"))?;
    let (fence, wide, columns) = (fence(report), wide(report), columns(report));
    Ok(format!(
        "<div class=\"report{wide}\" style=\"--columns: {columns}\">\n\n{fence}text\n{report}\n{fence}\n\n\
         <p class=\"source\">What <code>cargo test --test {chapter}</code> says about \
         <code>{file}</code></p>\n</div>"
    ))
}
