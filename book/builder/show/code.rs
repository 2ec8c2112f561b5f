//! `{{#code FILE:PART, PART}}`: code from compiled files.

use std::path::{Component, Path};

use runner::mistake::Mistake;

use super::place::place;
use crate::{
    excerpt::Excerpt,
    markup::{fence, wide},
    problem::{Problem, Refusal},
    sources::{COMPILED, Sources},
};

/// The longest part of a file a page may show.
const LONGEST_PART: usize = 60;
/// The longest mistake, shown whole.
const LONGEST_FILE: usize = 100;
/// The longest line of code.
pub const WIDEST: usize = 90;

/// The parts in one listing, or the whole file when there are none.
///
/// # Errors
///
/// When the file or a part is missing, too long or too wide.
pub fn code(
    sources: &Sources,
    file: &str,
    parts: &[String],
) -> Result<String, Refusal> {
    allowed(file)?;
    if file.ends_with(".diff") && parts.is_empty() {
        let mut names = file.split('/').skip(1);
        let (chapter, name) = (names.next(), names.next());
        let mistake = sources
            .mistake(chapter.unwrap_or_default(), name.unwrap_or_default())?;
        let shown = difference(&mistake);
        let place = place(&sources.repository, file, &[shown.first_line]);
        return Ok(listing(file, "diff", &shown.lines.join("\n"), &place));
    }
    let source = sources.file(file)?;
    let excerpts = if parts.is_empty() {
        vec![source.whole()]
    } else {
        let found: Result<Vec<Excerpt>, _> =
            parts.iter().map(|part| source.part(part)).collect();
        found.map_err(|error| format!("{file}: {error}"))?
    };
    for part in parts {
        sources.note_shown(file, part);
    }
    let most = if file.starts_with("mistakes/") && parts.is_empty() {
        LONGEST_FILE
    } else {
        LONGEST_PART
    };
    let lines: usize = excerpts.iter().map(|excerpt| excerpt.lines.len()).sum();
    if lines == 0 || lines > most {
        let text = format!("{file} would show {lines} lines; show 1 to {most}");
        return Err(text.into());
    }
    let wide: Vec<Problem> =
        excerpts.iter().flat_map(|excerpt| too_wide(file, excerpt)).collect();
    if !wide.is_empty() {
        return Err(Refusal::There(wide));
    }
    let blocks: Vec<String> = excerpts.iter().map(|e| e.lines.join("\n")).collect();
    let lines: Vec<usize> = excerpts.iter().map(|e| e.first_line).collect();
    let place = match file.strip_prefix("mistakes/") {
        Some(below) if file.ends_with(".diff") => {
            made(sources, file, below, lines[0])?
        }
        _ => place(&sources.repository, file, &lines),
    };
    Ok(listing(file, "rust", &blocks.join("\n\n"), &place))
}

/// Where a line of a wrong answer stands: in its difference, or in the right answer it is made from.
fn made(
    sources: &Sources,
    file: &str,
    below: &str,
    line: usize,
) -> Result<String, String> {
    let (chapter, name) = below.split_once('/').unwrap_or_default();
    let told = sources.mistake(chapter, name)?.places(&format!("{file}:{line}"));
    let (origin, line) = told.rsplit_once(':').unwrap_or((file, ""));
    let lines: Vec<usize> = line.parse().into_iter().collect();
    let place = place(&sources.repository, origin, &lines);
    let is_there = origin == file;
    Ok(if is_there {
        place
    } else {
        format!("<code>{file}</code>, made from {place}")
    })
}

fn allowed(file: &str) -> Result<(), String> {
    let plain = Path::new(file)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if file.starts_with("exercises/") {
        return Err(
            "exercises/ is the learner's desk; show mistakes/NAME/stub.rs".into()
        );
    }
    if !plain || !COMPILED.iter().any(|folder| file.starts_with(folder)) {
        let folders = COMPILED.join(", ");
        return Err(format!(
            "`{file}` is not in one of the compiled folders: {folders}"
        ));
    }
    Ok(())
}

fn too_wide(file: &str, excerpt: &Excerpt) -> Vec<Problem> {
    let lines = (excerpt.first_line..).zip(&excerpt.lines);
    lines
        .filter(|(_, text)| text.chars().count() > WIDEST)
        .map(|(line, text)| {
            let width = text.chars().count();
            Problem::at(
                file,
                line,
                format!("{width} columns; a page holds {WIDEST}"),
            )
        })
        .collect()
}

/// The lines in which a wrong answer differs from a right one, without the names of the two files; the code of
/// one that is no difference.
pub fn difference(mistake: &Mistake) -> Excerpt {
    let shown = mistake.shown();
    let above = mistake.text.strip_suffix(shown).unwrap_or_default().lines().count();
    let names = |line: &&str| line.starts_with("--- ") || line.starts_with("+++ ");
    let names = shown.lines().take_while(names).count();
    let shown = shown.trim_end().lines().skip(names);
    Excerpt {
        lines: shown.map(str::to_owned).collect(),
        first_line: above + names + 1,
    }
}

fn listing(file: &str, language: &str, code: &str, place: &str) -> String {
    let fence = fence(code);
    let (class, note) =
        if file.starts_with("mistakes/") && !file.ends_with("/stub.rs") {
            ("listing wrong", "; a wrong answer")
        } else {
            ("listing", "")
        };
    let wide = wide(code);
    format!(
        "<div class=\"{class}{wide}\">\n\n{fence}{language}\n{code}\n{fence}\n\n\
         <p class=\"source\">{place}{note}</p>\n</div>"
    )
}
