//! What is counted.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// The longest answer that has a bucket of its own, in milliseconds.
const LONGEST: usize = 20_000;

/// The numbers of one shop. Cheap to clone.
#[derive(Clone)]
pub struct Numbers(Arc<Mutex<Counts>>);

/// All of them. Each order is in one of the first five, or is still in the shop.
#[derive(Debug, Clone)]
pub struct Counts {
    /// Orders that came.
    pub orders: u64,
    /// Yes, in time.
    pub answered: u64,
    /// No, before anybody was asked.
    pub refused: u64,
    /// No, because a supplier did not deliver.
    pub failed: u64,
    /// Yes, too late.
    pub late: u64,
    /// The connection was closed without a word.
    pub lost: u64,
    /// Calls to suppliers.
    pub calls: u64,
    /// Orders that have come and are not answered.
    pub inside: u64,
    /// The most of them at once.
    pub most_inside: u64,
    /// Receipts that are owed: one for each yes.
    pub receipts: u64,
    /// Receipts that are posted.
    pub posted: u64,
    /// Receipts that the post refused.
    pub turned_away: u64,
    /// How many answers took so many milliseconds.
    took: Vec<u32>,
}

impl Numbers {
    /// Nothing has happened.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Counts {
            orders: 0,
            answered: 0,
            refused: 0,
            failed: 0,
            late: 0,
            lost: 0,
            calls: 0,
            inside: 0,
            most_inside: 0,
            receipts: 0,
            posted: 0,
            turned_away: 0,
            took: vec![0; LONGEST + 1],
        })))
    }

    /// Changes them.
    pub fn change<T>(&self, change: impl FnOnce(&mut Counts) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// As they are now.
    pub fn now(&self) -> Counts {
        self.change(|counts| counts.clone())
    }
}

impl Counts {
    /// An order comes.
    pub fn comes(&mut self) {
        self.orders += 1;
        self.inside += 1;
        self.most_inside = self.most_inside.max(self.inside);
    }

    /// A yes took so long.
    pub fn took(&mut self, time: Duration) {
        let millis = usize::try_from(time.as_millis()).unwrap_or(LONGEST);
        self.took[millis.min(LONGEST)] += 1;
    }

    /// So many of a hundred answers with a yes were there within these milliseconds; `None` without one.
    pub fn percentile(&self, percent: u64) -> Option<usize> {
        let all: u64 = self.took.iter().map(|count| u64::from(*count)).sum();
        let wanted = (all * percent).div_ceil(100).max(1);
        let mut seen = 0;
        self.took.iter().position(|count| {
            seen += u64::from(*count);
            seen >= wanted
        })
    }

    /// Receipts that never came to the post.
    pub fn unposted(&self) -> u64 {
        self.receipts - self.posted
    }

    /// The shop is closed: who has no answer now gets none.
    pub fn close(&mut self) {
        self.lost += std::mem::take(&mut self.inside);
    }

    /// Receipts that were on their way and went down with the shop, once it is closed.
    pub fn dropped_receipts(&self) -> u64 {
        self.unposted() - self.turned_away
    }
}
