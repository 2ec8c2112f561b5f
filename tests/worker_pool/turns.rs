//! Who is next in a scene of `worker_pool`: what the pool does at once, and what time brings.

use std::time::Duration;

use kit::scenes::Open;

use super::OVER;

/// What may be next. Items are named by their number, senders by their position.
#[derive(Clone, Copy, PartialEq)]
pub enum Turn {
    /// Somebody who is free takes the oldest item.
    Take,
    Begin(usize),
    /// An item ends or panics.
    Stop(usize),
    /// A sender has an item to send.
    Arrive(usize),
    /// Its item goes into the queue.
    Enter(usize),
    /// It drops `send`, no longer polls it, polls it again.
    Leave(usize),
    Sleep(usize),
    Wake(usize),
    /// `shutdown` is called, is polled first, returns, has come to its limit, is dropped.
    Call,
    Close,
    Return,
    Limit,
    Quit,
}

use Turn::*;

/// The clock, and what it brings.
#[derive(Default)]
pub struct Turns {
    pub now: Duration,
    due: Vec<(Duration, Turn)>,
}

impl Turns {
    /// So much later; the largest value means never.
    pub fn after(&mut self, time: Duration, turn: Turn) {
        self.due.push((self.now.saturating_add(time), turn));
    }

    /// A sender is no longer in `send`.
    pub fn forget(&mut self, sender: usize) {
        let of_it = [Leave(sender), Sleep(sender), Wake(sender)];
        self.due.retain(|(_, turn)| !of_it.contains(turn));
    }

    /// What is next, if anything is; `at_once` holds what needs no time. At a tie anything may be first,
    /// but where no order shows: then it is told once.
    pub fn next(&mut self, mut at_once: Vec<Turn>, open: &Open) -> Option<Turn> {
        if at_once.is_empty() {
            self.now = self.due.iter().map(|it| it.0).min()?;
        }
        if self.now >= OVER {
            return None;
        }
        let due = self.due.iter().filter(|it| it.0 == self.now);
        at_once.extend(due.map(|it| it.1));
        let shown = shows_no_order(&at_once);
        let turn = at_once[shown.unwrap_or_else(|| open.one_of(at_once.len()))];
        if let Some(at) = self.due.iter().position(|it| *it == (self.now, turn)) {
            self.due.remove(at);
        }
        Some(turn)
    }
}

/// One that may as well be the first. Who is let in first shows, and who leaves or ends the pool.
fn shows_no_order(ready: &[Turn]) -> Option<usize> {
    let is_cut = ready.contains(&Limit);
    let is_loud = |it: &Turn| {
        matches!(it, Leave(_) | Sleep(_) | Wake(_) | Close | Limit | Quit)
    };
    let is_quiet = !ready.iter().any(is_loud);
    ready.iter().position(|it| match it {
        Begin(_) => !is_cut,
        Call => true,
        Arrive(_) | Enter(_) => false,
        _ => is_quiet,
    })
}
