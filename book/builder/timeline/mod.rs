//! Pictures of runs on virtual time: inline SVG with a table that says the same.

mod compare;
mod draw;
mod figure;
mod rows;
mod scale;
mod table;
#[cfg(test)]
mod tests;

pub use figure::{Figure, figure};

/// Virtual time in words: `700 ms`, `12.5 s`, `60 min`, `60 min 15 ms`.
pub(crate) fn time(ms: u64) -> String {
    match ms {
        0..10_000 => format!("{ms} ms"),
        10_000..60_000 if ms.is_multiple_of(1_000) => format!("{} s", ms / 1_000),
        10_000..60_000 if ms.is_multiple_of(100) => {
            format!("{}.{} s", ms / 1_000, ms % 1_000 / 100)
        }
        10_000..60_000 => format!("{ms} ms"),
        _ => match ms % 60_000 {
            0 => format!("{} min", ms / 60_000),
            rest => format!("{} min {}", ms / 60_000, time(rest)),
        },
    }
}

/// Text for HTML and SVG.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
