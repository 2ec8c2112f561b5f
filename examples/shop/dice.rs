//! Seeded numbers: the same order meets the same luck in every run, whatever else happens.

/// A generator for one thing that happens, such as the second call of an order to a supplier.
pub struct Dice(u64);

impl Dice {
    /// The numbers that belong to these three.
    pub fn of(order: u64, what: u64, which: u64) -> Self {
        let mut dice = Self(0x5_4082);
        for part in [order, what, which] {
            dice.0 = dice.next() ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        dice
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// In `0.0..1.0`, each number equally likely.
    pub fn fraction(&mut self) -> f64 {
        // Why 53: so many bits a fraction has.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// In `from..to`.
    pub fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.next() % (to - from)
    }
}
