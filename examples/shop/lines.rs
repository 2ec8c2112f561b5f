//! The log of the port on the screen of the shop, with a bound: who asks must not decide how much is printed.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many lines are shown in a second.
const SHOWN: usize = 5;

/// What a log writes: some lines of each second, and how many more there were.
#[derive(Default)]
pub struct Lines(Mutex<Second>);

#[derive(Default)]
struct Second {
    /// The second that they are of.
    second: u64,
    shown: usize,
    more: usize,
    fresh: Vec<String>,
}

impl Lines {
    fn second(&self) -> MutexGuard<'_, Second> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what `line` makes, if there is still room in this second.
    pub fn write(&self, line: impl FnOnce() -> String) {
        let mut now = self.second();
        if now.shown == SHOWN {
            now.more += 1;
        } else {
            now.shown += 1;
            now.fresh.push(line());
        }
    }

    /// The lines since the last time; `second` is that of the shop.
    pub fn take(&self, second: u64) -> Vec<String> {
        let mut now = self.second();
        let mut fresh = std::mem::take(&mut now.fresh);
        if now.second != second {
            if now.more > 0 {
                fresh.push(format!("{} more", now.more));
            }
            *now = Second { second, ..Second::default() };
        }
        fresh
    }
}
