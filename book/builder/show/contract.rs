//! `{{#contract NAME}}`: the rules of the stub, each with an id to link to.

use std::fmt::Write as _;

use crate::{problem::Refusal, sources::Sources};

/// The rules as a list.
///
/// # Errors
///
/// When the chapter or its stub is missing, or its rules are not numbered 1, 2, 3.
pub fn contract(sources: &Sources, name: &str) -> Result<String, Refusal> {
    let chapter = sources.chapter(name)?;
    let file = chapter.stub();
    let rules = runner::contract::rules(sources.file(&file)?.text());
    if rules.is_empty() {
        let text = format!("{file}: it has no rules under `//! # The contract`");
        return Err(text.into());
    }
    if let Some(gap) = runner::contract::gap(&rules) {
        return Err(format!("{file}: {gap}").into());
    }
    let mut out = String::from("<ol class=\"contract\">\n");
    for (number, rule) in rules {
        let beyond = chapter.beyond.contains(&number);
        let note = if beyond { " <span class=\"beyond\">beyond</span>" } else { "" };
        let _ = write!(
            out,
            "<li id=\"rule-{number}\">\n\n{rule}\n\n\
             <p class=\"rule-code\"><code>{name}.{number}</code>{note}</p></li>\n"
        );
    }
    out.push_str("</ol>");
    Ok(out)
}
