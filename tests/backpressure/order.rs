//! In which order everybody goes on: the steps of a scene, waits that are over, and whoever is ready.

use std::time::Duration;

use super::{
    Model,
    story::{Step, Why},
};

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Due {
    Step(usize),
    /// The wait of this ask.
    Over(usize),
    /// Whoever can go on does.
    Others,
}

/// Whose turn it is: that of an ask, by its number, the receiver's or nobody's.
const RECEIVER: usize = 0;
const NOBODY: usize = usize::MAX;

/// What a queue holds, and who waits for it.
#[derive(Default)]
pub(super) struct Queue {
    /// So many are free.
    pub(super) places: usize,
    pub(super) bytes: u32,
    pub(super) items: Vec<usize>,
    pub(super) permits: Vec<usize>,
    /// Who has come and has been given no answer and no place in the line yet.
    pub(super) new: Vec<usize>,
    pub(super) line: Vec<usize>,
    /// Whose item is in, and who has not returned yet.
    pub(super) late: Vec<usize>,
    /// How many items are waited for, and how long the work takes that they bring.
    pub(super) receives: Option<(usize, Option<Duration>)>,
    pub(super) received: usize,
    pub(super) is_closed: bool,
    pub(super) has_no_receiver: bool,
    pub(super) has_no_sender: bool,
    /// Whether a wait that is polled so often is not ready, if anybody asked.
    pub(super) is_slow: [Option<bool>; 4],
}

impl<'a> Model<'a> {
    pub(super) fn run(&mut self) {
        while let Some((at, due)) = self.agenda.next(self.open) {
            self.now = at;
            match due {
                Due::Step(n) => self.steps(n),
                Due::Over(n) => self.returns(n, Some(Why::Full)),
                Due::Others => {
                    self.others();
                    continue;
                }
            }
            self.agenda.forget(|due| *due == Due::Others);
            self.agenda.add(at, Due::Others);
        }
    }

    /// A step, and those that come before anybody else runs.
    fn steps(&mut self, first: usize) {
        let steps: &'a [Step] = &self.scene.steps[first..];
        let hurried = steps[1..].iter().take_while(|step| step.hurried).count();
        self.group = &steps[..=hurried];
        self.next = first + hurried + 1;
        // An answer may need a second poll, even for what it has at once.
        let is_slow = hurried > 0 && self.open.either();
        for (i, step) in self.group.iter().enumerate() {
            self.step(step, i < hurried && !is_slow);
        }
    }

    /// Everybody goes on as far as possible.
    fn others(&mut self) {
        let mut is_stuck = false;
        loop {
            let mut turns = self.ready();
            let (new, line) = (&self.queue.new, &self.queue.line);
            turns.retain(|n| !is_stuck || new.contains(n));
            // Before rule 7 a line may stand behind one that does not fit, whoever that is.
            if !self.has_order && turns.len() < line.len() && !is_stuck {
                turns.push(NOBODY);
            }
            // Whether it comes before those who ask makes a difference.
            if self.can_receive() && (turns.is_empty() || !new.is_empty()) {
                turns.push(RECEIVER);
            }
            if turns.is_empty() {
                break;
            }
            // After a close no order makes a difference.
            let choices = if self.queue.is_closed { 1 } else { turns.len() };
            match turns[self.open.one_of(choices)] {
                NOBODY => is_stuck = true,
                RECEIVER => {
                    is_stuck = false;
                    self.receive();
                }
                n => self.goes_on(n),
            }
        }
        if let Some(step) = self.scene.steps.get(self.next) {
            self.agenda.forget(|due| matches!(due, Due::Step(_)));
            self.agenda.add(step.at, Due::Step(self.next));
        }
    }

    pub(super) fn sometimes(
        &self,
        rule: usize,
        state: &'static str,
        is_there: bool,
    ) {
        if is_there {
            self.open.sometimes(rule, state);
        }
    }
}

/// Takes `n` out of the list, if it is there.
pub(super) fn take(list: &mut Vec<usize>, n: usize) -> bool {
    let found = list.iter().position(|it| *it == n);
    found.map(|at| list.remove(at)).is_some()
}
