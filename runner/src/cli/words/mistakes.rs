//! What others got wrong: the list, and one of them as a whole.

use std::fmt::Write;

use super::{RUN, shortened};
use crate::{
    Chapter, cli::term::style::Style, mistake::Mistake, signatures::Signature,
    text::count,
};

/// Every mistake of a chapter under the rule it breaks.
pub fn list(
    chapter: &Chapter,
    rules: &[(usize, String)],
    mistakes: &[Mistake],
    style: Style,
) -> String {
    let name = &chapter.name;
    let mut text = String::new();
    for (step, rule) in rules {
        let of_rule: Vec<_> =
            mistakes.iter().filter(|one| one.breaks() == Some(*step)).collect();
        if of_rule.is_empty() {
            continue;
        }
        let code = format!("{name}.{step}  ");
        let head = format!("{code}{}", shortened(rule, code.len()));
        _ = writeln!(text, "{}", style.bold(&head));
        for mistake in of_rule {
            let what = mistake.headers.get("Mistake").unwrap_or_default();
            _ = writeln!(text, "  {}\n    {}", mistake.name, shortened(what, 4));
        }
        text.push('\n');
    }
    _ = writeln!(
        text,
        "{}. One of them as a whole: {RUN} mistakes {name} ITS_NAME",
        count(mistakes.len(), "mistake")
    );
    _ = writeln!(
        text,
        "On your desk, with a backup: {RUN} mistakes {name} ITS_NAME --put"
    );
    text
}

/// One mistake: what it costs, where it was seen, the difference, and how it fails as recorded.
pub fn whole(
    chapter: &Chapter,
    rules: &[(usize, String)],
    mistake: &Mistake,
    signature: Option<&Signature>,
    style: Style,
) -> String {
    let mut text = format!("{}\n\n", style.bold(&mistake.file));
    for (name, value) in ["Mistake", "Source", "Hint"]
        .iter()
        .filter_map(|name| Some((name, mistake.headers.get(name)?)))
    {
        text.push_str(&wrapped(&format!("{name}: {value}")));
    }
    if let Some((step, rule)) = mistake
        .breaks()
        .and_then(|step| rules.iter().find(|(number, _)| *number == step))
    {
        text.push_str(&wrapped(&format!("Breaks: {}.{step}: {rule}", chapter.name)));
    }
    text.push('\n');
    text.push_str(&diff(mistake.shown(), style));
    if let Some(signature) = signature {
        _ = writeln!(text, "\nWhat a learner reads first:\n");
        text.push_str(&wrapped(&format!(
            "  {}: {}",
            signature.rule, signature.message
        )));
        if let Some(difference) = &signature.difference {
            text.push_str(&wrapped(&format!("  first difference: {difference}")));
        }
        let fails = count(signature.fails.len(), "test");
        _ = writeln!(text, "\n{fails} failing, first\n  {}", signature.fails[0]);
    }
    _ = writeln!(
        text,
        "\nOn your desk, with a backup: {RUN} mistakes {} {} --put\n",
        chapter.name, mistake.name
    );
    text
}

/// A unified diff with removed and added lines in their colours.
pub fn diff(text: &str, style: Style) -> String {
    let painted = text.lines().map(|line| match line.as_bytes().first() {
        Some(b'-') if !line.starts_with("--- ") => style.bad(line),
        Some(b'+') if !line.starts_with("+++ ") => style.good(line),
        _ => line.to_owned(),
    });
    painted.map(|line| line + "\n").collect()
}

/// A text in lines of at most 80 columns; the later ones are indented by two more.
fn wrapped(text: &str) -> String {
    let indent = text.len() - text.trim_start().len();
    let mut lines = String::new();
    let mut line = " ".repeat(indent);
    for word in text.split_whitespace() {
        let full = line.chars().count() + 1 + word.chars().count() > super::WIDTH;
        if full && !line.trim().is_empty() {
            _ = writeln!(lines, "{line}");
            line = " ".repeat(indent + 2);
        }
        if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    _ = writeln!(lines, "{line}");
    lines
}
