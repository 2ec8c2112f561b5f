//! Those who send to a worker pool, one after the other and each in its turn: rules 2 and 5.

use std::time::Duration;

use super::{
    Happens::{Accepted, Leaves, Lost, Refused},
    Life, Model, Sending,
    turns::Turn,
};

/// Somebody in `send`.
pub(super) struct Waits {
    pub(super) sender: usize,
    item: Sending,
    pub(super) since: Duration,
    pub(super) sleeps: bool,
}

impl Model<'_> {
    /// What is due from the beginning.
    pub(super) fn begins(&mut self) {
        if let Some(end) = self.scene.end.as_ref().filter(|end| !end.is_last) {
            self.turns.after(end.at, Turn::Call);
        }
        (0..self.scene.senders.len()).for_each(|sender| self.goes_on(sender));
    }

    /// The sender comes to its next item, or has none.
    pub(super) fn goes_on(&mut self, sender: usize) {
        if let [next, ..] = self.unsent[sender] {
            return self.turns.after(next.after, Turn::Arrive(sender));
        }
        self.through += 1;
        let is_last = self.through == self.unsent.len();
        if let Some(end) = self.scene.end.as_ref().filter(|it| it.is_last && is_last)
        {
            self.turns.after(end.at, Turn::Call);
        }
    }

    pub(super) fn arrive(&mut self, sender: usize) {
        let (item, rest) = self.unsent[sender].split_first().expect("one is due");
        self.unsent[sender] = rest;
        let since = self.turns.now;
        self.line.push(Waits { sender, item: *item, since, sleeps: false });
        match item.life {
            Life::Unpolled => self.leave(sender),
            // Rule 5: "or that comes later".
            _ if self.is_closed => self.refuse(sender),
            Life::Leaves(after) => self.turns.after(after, Turn::Leave(sender)),
            Life::Sleeps { after, .. } => {
                self.turns.after(after, Turn::Sleep(sender))
            }
            Life::Stays | Life::Nudged(_) => {}
        }
    }

    pub(super) fn enter(&mut self, sender: usize) {
        let waits = self.out_of_line(sender);
        self.tell(Accepted(waits.item.number));
        self.queue.push_back(waits.item);
        self.goes_on(sender);
    }

    /// "Dropped before it resolves, `item` was not accepted and is dropped with it."
    pub(super) fn leave(&mut self, sender: usize) {
        let waits = self.out_of_line(sender);
        self.tell(Leaves(waits.item.number));
        self.tell(Lost(waits.item.number));
        self.goes_on(sender);
    }

    /// Rule 5: "gets its item back at once".
    pub(super) fn refuse(&mut self, sender: usize) {
        let waits = self.out_of_line(sender);
        self.tell(Refused(waits.item.number));
        self.goes_on(sender);
    }

    fn out_of_line(&mut self, sender: usize) -> Waits {
        self.turns.forget(sender);
        let at = self.line.iter().position(|it| it.sender == sender);
        self.line.remove(at.expect("it is in line"))
    }

    pub(super) fn sleep(&mut self, sender: usize) {
        let waits = self.in_line(sender);
        waits.sleeps = true;
        if let Life::Sleeps { nap, .. } = waits.item.life {
            self.turns.after(nap, Turn::Wake(sender));
        }
    }

    pub(super) fn wake(&mut self, sender: usize) {
        let is_closed = self.is_closed;
        let waits = self.in_line(sender);
        waits.sleeps = false;
        match waits.item.life {
            Life::Sleeps { leaves: true, .. } => self.leave(sender),
            _ if is_closed => self.refuse(sender),
            _ => {}
        }
    }

    fn in_line(&mut self, sender: usize) -> &mut Waits {
        let mut line = self.line.iter_mut();
        line.find(|it| it.sender == sender).expect("it is in line")
    }
}
