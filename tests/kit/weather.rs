//! What a seed disturbs, and the dice it is decided with.

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
    /// The caller of a fake must yield once, a few tokio operations later.
    Yields,
    /// Both.
    Storm,
}

impl Weather {
    /// Seed 0 is calm; of the others half yield, three in eight jitter, one in eight does both.
    pub fn of(seed: u64) -> Self {
        match seed {
            0 => Weather::Calm,
            n if n % 8 == 0 => Weather::Storm,
            n if n % 2 == 1 => Weather::Yields,
            _ => Weather::Jitter,
        }
    }

    /// Whether latencies vary.
    pub(crate) fn jitters(self) -> bool {
        matches!(self, Weather::Jitter | Weather::Storm)
    }

    /// Whether callers must yield.
    pub(crate) fn yields(self) -> bool {
        matches!(self, Weather::Yields | Weather::Storm)
    }

    /// What is different in it, in the words of a report.
    pub fn means(self) -> &'static str {
        match self {
            Weather::Calm => "nothing is disturbed",
            Weather::Jitter => "answers take other times",
            Weather::Yields => "others go first",
            Weather::Storm => "answers take other times and others go first",
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Dice(seed ^ 0xD1B5_4A32_D192_ED03)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `0..n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}
