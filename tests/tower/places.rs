//! The places at the backend of `tower`, for the model and for the backend that is acted.

use std::collections::BTreeSet;

use super::Said;

/// Who has a place at the backend, and behind them who waits for one.
pub struct Places {
    all: usize,
    seats: usize,
    /// By their numbers, which are given as they come.
    line: BTreeSet<usize>,
}

impl Places {
    pub fn new(all: usize) -> Self {
        Places { all, seats: 0, line: BTreeSet::new() }
    }

    /// Whether it has a place, or waits for one behind those who came before.
    pub fn ask(&mut self, seat: &mut Option<usize>) -> Said {
        let new = self.seats;
        let seat = *seat.get_or_insert(new);
        if seat == new {
            self.seats += 1;
            self.line.insert(seat);
        }
        if self.has_room_for(Some(seat)) { Said::Ready } else { Said::Pending }
    }

    /// Whether it would have a place.
    pub fn has_room_for(&self, seat: Option<usize>) -> bool {
        if self.line.len() < self.all {
            return true;
        }
        self.line.iter().take(self.all).any(|one| Some(*one) == seat)
    }

    pub fn leave(&mut self, seat: Option<usize>) {
        if let Some(seat) = seat {
            self.line.remove(&seat);
        }
    }

    pub fn taken(&self) -> usize {
        self.line.len()
    }
}
