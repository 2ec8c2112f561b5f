//! What takes the time: the work, the line and the pieces, one poll at a time.

use std::mem::replace;

use super::{Answer, Fault, Happens::*, Line, Message, Model, Work};

impl Model<'_> {
    /// One poll of the work.
    pub(super) fn work(&mut self, work: &Work) -> Option<Answer> {
        if !replace(&mut self.state.is_running, true) {
            self.story.tell(self.now, Begins(self.n));
        }
        self.state.is_woken = self.state.done < work.turns;
        if self.state.is_woken {
            self.state.done += 1;
            self.story.tell(self.now, Turn(self.n));
            return None;
        }
        let due = self.now.saturating_add(work.after);
        if self.now < *self.state.due.get_or_insert(due) {
            return None;
        }
        self.state.is_running = false;
        self.story.tell(self.now, Ends(self.n, work.end.clone()));
        Some(work.end.clone())
    }

    /// One poll of the line, and of what waits for its messages.
    pub(super) fn line(&mut self, line: &Line) -> Option<Answer> {
        let Message { after, to } = line.message(self.state.done);
        let due = self.now.saturating_add(after);
        let due = *self.state.due.get_or_insert(due);
        self.state.is_woken = false;
        if self.now < due {
            return None;
        }
        self.state.done += 1;
        let n = self.state.done;
        self.state.due = Some(due.saturating_add(line.message(n).after));
        self.story.tell(self.now, Brings(n, to));
        // Rule 3: "other tasks have their turn".
        self.state.is_woken = to.is_some_and(|to| to != line.id);
        let answer = match to {
            Some(_) => Answer::Ok(n as u64),
            None => Answer::Err(Fault::E(n as u64)),
        };
        (!self.state.is_woken).then_some(answer)
    }

    /// One poll of the pieces.
    pub(super) fn pieces(&mut self, n: usize) -> Option<Answer> {
        // Rule 6: "one piece a poll".
        if self.state.done < n {
            self.story.tell(self.now, Piece(self.state.done));
        }
        self.state.done += 1;
        // Whether one more poll follows the last piece, no rule tells.
        let last = self.state.done.cmp(&n.max(1));
        self.state.is_woken = last.is_lt() || last.is_eq() && self.open.either();
        (!self.state.is_woken).then_some(Answer::Ok(0))
    }
}
