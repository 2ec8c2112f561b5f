//! The kinds of weather, and their words in a report. Which of them a seed has is decided in `tests/kit/dice.rs`.

use serde::{Deserialize, Serialize};

/// What a seed disturbs. Weather may decide whether a wrong answer is caught, never whether a
/// right one passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weather {
    /// Nothing is disturbed: the fakes take exactly as long as the scenario says.
    Calm,
    /// Fakes answer sooner or later than they say.
    Jitter,
    /// The caller of a fake must yield once, a few tokio operations later; tasks of the suite are polled for no
    /// reason, and with little or nothing left of their cooperative budget; and who leaves may leave by a panic.
    Yields,
    /// Both.
    Storm,
}

impl Weather {
    /// Whether latencies vary.
    pub fn jitters(self) -> bool {
        matches!(self, Weather::Jitter | Weather::Storm)
    }

    /// Whether callers must yield.
    pub fn yields(self) -> bool {
        matches!(self, Weather::Yields | Weather::Storm)
    }

    /// What is different in it, in the words of a report.
    pub fn means(self) -> &'static str {
        match self {
            Weather::Calm => "nothing is disturbed",
            Weather::Jitter => "answers take other times",
            Weather::Yields => {
                "others go first, who waits is polled for no reason, with another waker each time and now and then with its cooperative budget spent, and who leaves may leave by a panic"
            }
            Weather::Storm => {
                "answers take other times, others go first, who waits is polled for no reason, with another waker each time and now and then with its cooperative budget spent, and who leaves may leave by a panic"
            }
        }
    }
}
