//! Wakes of the waker of an earlier poll, which wakes nobody any more.

/// When somebody was woken by a waker of an earlier poll.
pub(crate) struct OldWakes {
    pub(crate) first_ms: u64,
    pub(crate) last_ms: u64,
    /// When it was polled after the last.
    pub(crate) polled_ms: Option<u64>,
}

impl OldWakes {
    /// Which of them may be why something is missing at `at_ms`: one in that instant, or one before it, if nobody has
    /// polled what was woken in between.
    pub(crate) fn matters_at(&self, at_ms: u64) -> Option<u64> {
        let OldWakes { first_ms, last_ms, polled_ms } = *self;
        if first_ms == at_ms {
            return Some(first_ms);
        }
        let still_sleeps = polled_ms.is_none_or(|polled_ms| polled_ms > at_ms);
        let is_it = last_ms == at_ms || last_ms < at_ms && still_sleeps;
        is_it.then_some(last_ms)
    }
}
