//! Virtual time in words.

/// Virtual time in words: `700 ms`, `12.5 s`, `60 min`, `60 min 15 ms`.
pub fn time(ms: u64) -> String {
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
