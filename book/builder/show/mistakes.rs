//! `{{#mistakes NAME}}`: every wrong answer below the rule it breaks. The first three that the page speaks of
//! are open.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use runner::{
    Chapter,
    mistake::{self, Mistake},
    page::Page,
    signatures::{self, Signature, Signatures},
};

use super::{code::difference, place::place};
use crate::{
    markup::{escape, fence, inline, wide},
    problem::Refusal,
    sources::Sources,
};

/// The section in which a page speaks of mistakes.
const SECTION: &str = "Mistakes others made";

/// How many of them are open.
const OPEN: usize = 3;

/// All mistakes of a chapter, in the order of the rules.
///
/// # Errors
///
/// When there is none, a header is not complete, or it is not recorded how one fails.
pub fn mistakes(
    sources: &Sources,
    page: &Page,
    name: &str,
) -> Result<String, Refusal> {
    let chapter = sources.chapter(name)?;
    let all = mistake::all(&sources.workbook, chapter)
        .map_err(|error| error.to_string())?;
    if all.is_empty() {
        return Err(format!("there is no mistake in `mistakes/{name}/`").into());
    }
    let recorded = signatures::read(&sources.workbook, chapter)
        .map_err(|error| error.to_string())?
        .unwrap_or_default();
    let named = named(page, &all);
    let mut rules: BTreeMap<usize, Vec<&Mistake>> = BTreeMap::new();
    for mistake in &all {
        let rule = mistake
            .breaks()
            .ok_or_else(|| format!("{}: `Breaks:` names no rule", mistake.file))?;
        rules.entry(rule).or_default().push(mistake);
    }
    let mut out = String::from("<div class=\"mistakes\">\n\n");
    for (rule, mut mistakes) in rules {
        mistakes.sort_by_key(|mistake| !named.contains(&*mistake.name));
        out.push_str(&heading(page, name, rule));
        for mistake in mistakes {
            let signature = signature(&recorded, chapter, mistake)?;
            let is_open = named.contains(&*mistake.name);
            out.push_str(&shown(sources, mistake, signature, is_open)?);
        }
    }
    out.push_str("</div>");
    Ok(out)
}

/// The first mistakes between backticks where the page speaks of them.
fn named<'a>(page: &'a Page, all: &[Mistake]) -> BTreeSet<&'a str> {
    let lines = page.section(SECTION).map_or(&[][..], |section| section.lines);
    let lines = lines.iter().filter(|line| !line.is_fenced());
    let words = lines.flat_map(|line| line.text.split('`').skip(1).step_by(2));
    let mut named = BTreeSet::new();
    for word in words.filter(|word| all.iter().any(|it| it.name == *word)) {
        if named.len() < OPEN {
            named.insert(word);
        }
    }
    named
}

/// The rule, with a link to it, and the title of its step. As HTML: mdBook makes its own headings a link.
fn heading(page: &Page, name: &str, rule: usize) -> String {
    let title = page.step(rule).and_then(|section| section.title.split_once(": "));
    let title = title.map(|(_, title)| format!(": {}", inline(title)));
    format!(
        "<h3 id=\"mistakes-{rule}\"><a href=\"#rule-{rule}\">{name}.{rule}</a>{}</h3>\n\n",
        title.unwrap_or_default()
    )
}

fn signature<'a>(
    recorded: &'a Signatures,
    chapter: &Chapter,
    mistake: &Mistake,
) -> Result<&'a Signature, String> {
    recorded.mistakes.get(&mistake.name).ok_or_else(|| {
        format!(
            "{} does not say how `{}` fails; `cargo run -- verify {} --bless` records it",
            chapter.signatures(),
            mistake.name,
            chapter.name
        )
    })
}

/// One wrong answer: a line with what it does, and folded below it how it is seen and what is different in it.
fn shown(
    sources: &Sources,
    mistake: &Mistake,
    signature: &Signature,
    is_open: bool,
) -> Result<String, String> {
    let Mistake { file, name, headers, made, .. } = mistake;
    let required =
        |header| headers.required(header).map_err(|why| format!("{file}: {why}"));
    let what = inline(required("Mistake")?);
    let (seen, test) = (inline(required("Source")?), escape(required("Caught by")?));
    let (rule, message) = (&signature.rule, inline(&signature.message));
    let code = difference(mistake);
    let (language, base) = match made {
        Some(made) => ("diff", format!(", beside <code>{}</code>", made.base)),
        None => ("rust", String::new()),
    };
    let place = place(&sources.repository, file, &[code.first_line]);
    let code = code.lines.join("\n");
    let (fence, wide) = (fence(&code), wide(&code));
    let open = if is_open { " open" } else { "" };
    // A whole file has no place between lines of text.
    let (before, after) = match made {
        Some(_) => ("", ""),
        None => ("<details><summary>The whole file</summary>\n\n", "\n\n</details>"),
    };
    let mut out = String::new();
    let _ = write!(
        out,
        "<details class=\"mistake\"{open}><summary><code>{name}</code> {what}</summary>\n\n\
         <p>The report: <code>{rule}</code>: {message}</p>\n\n\
         <p>Caught by <code>{test}</code>.</p>\n\n\
         <p>Source: {seen}</p>\n\n\
         {before}<div class=\"listing wrong{wide}\">\n\n{fence}{language}\n{code}\n{fence}\n\n\
         <p class=\"source\">{place}{base}</p>\n</div>{after}\n\n</details>\n\n",
    );
    Ok(out)
}
