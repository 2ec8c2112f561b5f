//! What a seed decides: the weather of a run, and its dice.

use record::Weather;

/// Seed 0 is calm; of the others half yield, three in eight jitter, one in eight does both.
pub(crate) fn weather_of(seed: u64) -> Weather {
    match seed {
        0 => Weather::Calm,
        n if n % 8 == 0 => Weather::Storm,
        n if n % 2 == 1 => Weather::Yields,
        _ => Weather::Jitter,
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
