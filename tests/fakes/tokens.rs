//! A store of tokens that draws what happens to it.

use std::sync::{Arc, Mutex};

use kit::{Lane, World};

/// A token bucket, counted in hundredths of a token. Its clones are one bucket.
#[derive(Clone)]
pub struct Tokens {
    lane: Lane,
    most: u64,
    hundredths: Arc<Mutex<u64>>,
}

impl Tokens {
    /// A bucket on the lane called `lane`. It is full with `most` tokens.
    pub fn new(world: &World, lane: &str, most: u32) -> Self {
        let most = u64::from(most) * 100;
        Tokens {
            lane: world.lane(lane),
            most,
            hundredths: Arc::new(Mutex::new(most)),
        }
    }

    /// Puts in so many hundredths of a token; what does not fit is lost.
    pub fn add(&self, hundredths: u32) {
        let left = {
            let mut held = self.hundredths.lock().unwrap();
            *held = self.most.min(*held + u64::from(hundredths));
            *held
        };
        let (whole, part) = (hundredths / 100, hundredths % 100);
        self.log(&format!("+{whole}.{part:02}"), left);
    }

    /// Takes a whole token, if there is one.
    pub fn take(&self) -> bool {
        let (taken, left) = {
            let mut held = self.hundredths.lock().unwrap();
            let taken = *held >= 100;
            *held -= if taken { 100 } else { 0 };
            (taken, *held)
        };
        self.log(if taken { "-1" } else { "too little" }, left);
        taken
    }

    /// How many whole tokens are left.
    pub fn left(&self) -> u64 {
        *self.hundredths.lock().unwrap() / 100
    }

    fn log(&self, what: &str, left: u64) {
        let (whole, part) = (left / 100, left % 100);
        self.lane.log(format!("{what}: {whole}.{part:02} left"));
    }
}
