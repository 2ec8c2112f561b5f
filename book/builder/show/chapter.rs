//! What `workbook.toml`, the stub and the mistakes say about a chapter.

use std::fmt::Write as _;

use super::code::fence;
use crate::{
    expand::{Expander, Wrong, rust_files},
    header,
    problem::read,
    source,
    timeline::escape,
};

/// `{{#contract NAME}}`: the rules of the stub, each with an id to link to.
///
/// # Errors
///
/// When the chapter or its stub is missing or has no contract.
pub fn contract(book: &Expander, name: &str) -> Result<String, Wrong> {
    let chapter = book.chapter(name)?;
    let file = format!("mistakes/{name}/stub.rs");
    let text = read(&book.workbook.root.join(&file))
        .map_err(|_| format!("there is no file `{file}`"))?;
    let rules = header::contract(&text).map_err(|why| format!("{file}: {why}"))?;
    let mut out = String::from("<ol class=\"contract\">\n");
    for (number, rule) in (1..).zip(rules) {
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

/// `{{#minutes NAME}}`: how long it takes and what to read before.
///
/// # Errors
///
/// When `workbook.toml` does not know the chapter or one it needs.
pub fn minutes(book: &Expander, name: &str) -> Result<String, Wrong> {
    let chapter = book.chapter(name)?;
    let mut needs = vec![];
    for need in &chapter.needs {
        needs.push(format!("[{}]({need}.md)", book.chapter(need)?.title));
    }
    let before = match needs.is_empty() {
        true => String::new(),
        false => format!(" Before this: {}.", needs.join(", ")),
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

/// `{{#mistakes NAME}}`: every wrong answer with what it costs and where it was seen.
///
/// # Errors
///
/// When there is none or a header is not complete.
pub fn mistakes(book: &Expander, name: &str) -> Result<String, Wrong> {
    book.chapter(name)?;
    let mut out = String::from("<ul class=\"mistakes\">\n");
    let folder = format!("mistakes/{name}/");
    let mut files: Vec<String> = rust_files(&book.workbook.root, &folder);
    files.retain(|file| {
        !file[folder.len()..].contains('/')
            && !file.ends_with("/main.rs")
            && !file.ends_with("/stub.rs")
    });
    for file in &files {
        let text =
            read(&book.workbook.root.join(file)).map_err(|e| e.to_string())?;
        let about =
            header::mistake(&text).map_err(|why| format!("{file}: {why}"))?;
        let short = &file[folder.len()..file.len() - 3];
        let code = source::whole(&text).lines.join("\n");
        let fence = fence(&code);
        let _ = write!(
            out,
            "<li>\n\n**`{short}`** {}\n\n\
             <p class=\"rule-code\">Caught by <code>{}</code>.</p>\n\n\
             Source: {}\n\n\
             <details class=\"wrong\"><summary>Show <code>{file}</code></summary>\n\n\
             {fence}rust\n{code}\n{fence}\n\n</details>\n</li>\n",
            about.what,
            escape(&about.caught_by),
            about.source,
        );
    }
    if files.is_empty() {
        return Err(format!("there is no mistake in `{folder}`").into());
    }
    out.push_str("</ul>");
    Ok(out)
}

fn range([least, most]: [u32; 2]) -> String {
    if least == most { least.to_string() } else { format!("{least} to {most}") }
}
