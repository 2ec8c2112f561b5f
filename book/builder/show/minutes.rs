//! `{{#minutes NAME}}`: how long a chapter takes and what to read before it.

use crate::{problem::Refusal, sources::Sources};

/// The minutes, the chapters before and the command to run.
///
/// # Errors
///
/// When `workbook.toml` does not know the chapter or one it needs.
pub fn minutes(sources: &Sources, name: &str) -> Result<String, Refusal> {
    let chapter = sources.chapter(name)?;
    let mut needs = vec![];
    for need in &chapter.needs {
        needs.push(format!("[{}]({need}.md)", sources.chapter(need)?.title));
    }
    let before = if needs.is_empty() {
        String::new()
    } else {
        format!(" Before this: {}.", needs.join(", "))
    };
    Ok(format!(
        "<div class=\"minutes\">\n\n\
         {} minutes to present, {} to solve, {} to compare answers.{before}\n\n\
         Write `exercises/{name}.rs`, \
         then run `cargo test --test {name}`.\n\n</div>",
        range(chapter.talk),
        range(chapter.work),
        range(chapter.review),
    ))
}

fn range([least, most]: [u32; 2]) -> String {
    if least == most { least.to_string() } else { format!("{least} to {most}") }
}
