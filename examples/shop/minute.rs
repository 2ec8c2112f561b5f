//! A minute at the shop: when orders come, and what goes wrong around it. The live shop begins it again and
//! again.

use std::time::Duration;

/// How long it is.
pub const MINUTE: Duration = Duration::from_secs(60);

/// Something that begins in the minute, for whoever watches.
pub struct Chapter {
    /// The second.
    pub second: u64,
    /// What is said.
    pub words: &'static str,
}

/// What happens, in order.
pub const STORY: [Chapter; 8] = [
    Chapter { second: 0, words: "25 orders a second" },
    Chapter { second: 8, words: "a rush: 300 orders a second" },
    Chapter { second: 10, words: "25 a second again" },
    Chapter {
        second: 18,
        words: "the bakery restarts: down for half of each second",
    },
    Chapter { second: 26, words: "the bakery is well" },
    Chapter { second: 34, words: "the dairy hangs: no answer to one call in four" },
    Chapter { second: 40, words: "the dairy is well" },
    Chapter { second: 58, words: "the evening rush: 200 orders a second" },
];

/// Whether the bakery refuses everything at this time since the shop opened.
pub fn bakery_is_down(at: Duration) -> bool {
    (18_000..26_000).contains(&millis(at)) && millis(at) % 1_000 < 500
}

/// Whether the dairy forgets some of its calls.
pub fn dairy_hangs(at: Duration) -> bool {
    (34_000..40_000).contains(&millis(at))
}

/// How long after this order the next one comes.
pub fn pause(at: Duration) -> Duration {
    Duration::from_micros(match millis(at) {
        8_000..10_000 => 3_333,
        58_000.. => 5_000,
        _ => 40_000,
    })
}

/// Milliseconds since the minute began.
fn millis(at: Duration) -> u64 {
    u64::try_from(at.as_millis()).unwrap_or(u64::MAX) % 60_000
}
