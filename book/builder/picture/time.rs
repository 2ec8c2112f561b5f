//! Virtual time in words: milliseconds in every picture, as in every report.

/// A time without its unit: `700`, `30100`, `3 600 000`.
pub fn bare(ms: u64) -> String {
    let digits = ms.to_string();
    if digits.len() < 6 {
        return digits;
    }
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            // No line breaks at this space.
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}

/// A time: `700 ms`.
pub fn time(ms: u64) -> String {
    format!("{} ms", bare(ms))
}
