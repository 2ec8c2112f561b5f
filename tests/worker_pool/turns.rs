//! Who is next in a scene of `worker_pool`: what the pool does at once, and what time brings.

use std::time::Duration;

use kit::scenes::Open;

use super::OVER;

/// What may be next. Items are named by their number, senders by their position.
#[derive(Clone, Copy, PartialEq)]
pub enum Turn {
    /// Somebody who is free takes the oldest item. Of all that can be taken now, the shortest takes so long.
    Take(Duration),
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

/// In how many orders a scene is told. One that has more is not judged.
const ORDERS: usize = 100;

/// The clock, and what it brings.
pub struct Turns {
    pub now: Duration,
    due: Vec<(Duration, Turn)>,
    orders: usize,
}

impl Default for Turns {
    fn default() -> Self {
        Turns { now: Duration::ZERO, due: vec![], orders: 1 }
    }
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

    /// Whether so much met that nobody tells every order of it.
    pub fn are_too_many(&self) -> bool {
        self.orders > ORDERS
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
        let first = may_be_first(at_once);
        self.orders = self.orders.saturating_mul(first.len());
        let turn = first[open.one_of(first.len())];
        if let Some(at) = self.due.iter().position(|it| *it == (self.now, turn)) {
            self.due.remove(at);
        }
        Some(turn)
    }
}

/// Those of which any may be the first. What ends makes room before somebody comes, and who has come in
/// is taken after that: the other way round shows nothing else.
fn may_be_first(mut ready: Vec<Turn>) -> Vec<Turn> {
    let is_cut = ready.contains(&Limit);
    let is_loud = ready.iter().any(|it| {
        matches!(it, Leave(_) | Sleep(_) | Wake(_) | Close | Limit | Quit)
    });
    let shows_no_order = |it: &&Turn| match it {
        Begin(_) => !is_cut,
        Call => true,
        Stop(_) => !is_loud,
        _ => false,
    };
    if let Some(turn) = ready.iter().find(shows_no_order) {
        return vec![*turn];
    }
    if is_loud {
        return ready;
    }
    if ready.iter().any(|it| matches!(it, Enter(_) | Arrive(_))) {
        // What takes no time makes room again.
        let shows =
            |it: &Turn| matches!(it, Enter(_) | Arrive(_) | Take(Duration::ZERO));
        ready.retain(shows);
    } else {
        ready.truncate(1);
    }
    ready
}
