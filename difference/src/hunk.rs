//! Where a hunk fits.

use diffy::{Hunk, Line};

/// Why a hunk does not fit `right` at one place that is clear; `None` when it does.
pub fn misfit(hunk: &Hunk<'_, str>, right: &str) -> Option<String> {
    let wanted = hunk.lines().iter().filter_map(|line| match line {
        Line::Context(text) | Line::Delete(text) => {
            Some(text.trim_end_matches('\n'))
        }
        Line::Insert(_) => None,
    });
    let wanted: Vec<&str> = wanted.collect();
    let lines: Vec<&str> = right.lines().collect();
    let named = hunk.old_range().start();
    let starts = 0..=lines.len().saturating_sub(wanted.len());
    let fits = starts.filter(|&at| lines[at..].starts_with(&wanted));
    let fits: Vec<usize> = fits.map(|at| at + 1).collect();
    match fits[..] {
        [] => Some(nearest(&lines, &wanted, named)),
        [_] => None,
        _ if fits.contains(&named) => None,
        _ => Some(format!("it fits at the lines {fits:?}; it needs more context")),
    }
}

/// The first line that is not as the hunk has it, at the place where most of it fits.
fn nearest(lines: &[&str], wanted: &[&str], named: usize) -> String {
    let same = |at: usize| {
        let pairs = lines[at..].iter().zip(wanted);
        pairs.take_while(|(found, wanted)| found == wanted).count()
    };
    let best = (0..lines.len())
        .max_by_key(|&at| (same(at), std::cmp::Reverse((at + 1).abs_diff(named))))
        .unwrap_or(0);
    let first = best + lines.get(best).map_or(0, |_| same(best));
    let expected = wanted.get(first - best).unwrap_or(&"").trim();
    match lines.get(first) {
        Some(found) => format!(
            "expected `{expected}`, found `{}` in line {}",
            found.trim(),
            first + 1
        ),
        None => format!("expected `{expected}`, found the end of the file"),
    }
}
