//! The contract of `exercises/retries.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod story;

use std::{ops::Range, time::Duration};

use kit::scenes::{Agenda, Contract, Judge, Open, Story, judge};

use Happens::*;
pub use story::{Answer, Call, E, HOUR, Happens, Reply, Scene, Store, What};

/// The contract of `retries`.
pub struct Retries;

impl Contract for Retries {
    type Scene = Scene;
    type Event = Happens;

    fn judge() -> &'static dyn Judge {
        judge::<Self>()
    }

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let (story, now, budget) = (Story::default(), Duration::ZERO, scene.budget);
        let (busy, is_clear) = (now..now, true);
        let mut model = Model { scene, open, story, now, budget, busy, is_clear };
        model.calculate();
        for call in &scene.calls {
            let answer = model.call(call);
            model.tell(answer.map_or(Leaves, Gets));
        }
        model.is_clear.then_some(model.story)
    }

    /// Rule 7's order, which no time shows: it earns, and takes a retry, before the attempt.
    fn law(scene: &Scene, came: &Story<Happens>) -> Result<(), String> {
        let mut may_begin = scene.budget.is_none();
        for event in came.whats() {
            match event {
                Earns | Takes => may_begin = true,
                Begins(n) if !may_begin => {
                    let due = ["its retry is taken", "the call has earned"];
                    let due = due[usize::from(*n == 1)];
                    return Err(format!("attempt {n} begins before {due}"));
                }
                Begins(_) => may_begin = scene.budget.is_none(),
                _ => {}
            }
        }
        Ok(())
    }
}

/// What may end an attempt, or a wait.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Itself,
    Limit,
    Deadline,
    Caller,
}

struct Model<'a> {
    scene: &'a Scene,
    open: &'a Open,
    story: Story<Happens>,
    now: Duration,
    budget: Option<Store>,
    /// When nobody polls the call.
    busy: Range<Duration>,
    is_clear: bool,
}

impl Model<'_> {
    /// What one call returns, unless its caller leaves.
    fn call(&mut self, call: &Call) -> Option<Answer> {
        let (scene, open) = (self.scene, self.open);
        self.now += call.after + call.unpolled;
        // Rule 5: counted from the first poll.
        let mut leaves = self.now + call.patience;
        self.busy = leaves..leaves + call.busy.unwrap_or_default();
        if call.busy.is_some() {
            leaves = self.busy.end + HOUR;
        }
        let deadline = self.later(scene.deadline.unwrap_or(Duration::MAX));
        // Rule 7: once, before the first attempt.
        self.earn();
        let mut last = None;
        for n in 1.. {
            // Rule 1: the numbers are 1, 2, 3.
            self.tell(Begins(n));
            let reply = call.reply(n);
            let limit = scene.attempt_limit.unwrap_or(Duration::MAX);
            let due = [
                (self.later(reply.after), End::Itself),
                (self.later(limit), End::Limit),
                (deadline, End::Deadline),
                (leaves, End::Caller),
            ];
            // What is ready at the first poll is in time, whatever the limit is.
            let is_ready = reply.after.is_zero();
            let end = self.first_of(if is_ready { &due[..1] } else { &due })?;
            if end == End::Caller {
                self.now += call.nap;
            }
            if end != End::Itself {
                self.tell(Dropped(n));
            }
            let (error, asked) = match end {
                End::Itself => match self.reply(n, reply.what) {
                    Ok(failure) => failure,
                    Err(answer) => return Some(answer),
                },
                End::Limit => (None, Duration::ZERO),
                // Rule 5: "At the deadline an attempt is dropped as well".
                End::Deadline => return Some(Answer::Deadline(n, last)),
                End::Caller => return None,
            };
            let is_last = n == scene.attempts;
            match error {
                // Rule 3: "the last of `attempts` returns another".
                Some(error) if is_last => return Some(Answer::Exhausted(n, error)),
                // Rule 5: "with `idempotent` and attempts left".
                None if is_last || !scene.idempotent => {
                    return Some(Answer::TimedOut(n));
                }
                None => open.sometimes(5, "an attempt follows one that was dropped"),
                Some(_) => {}
            }
            last = error.or(last);
            // Rule 6: on top of what the server asked for.
            let until = self.later(self.wait(n).saturating_add(asked));
            // Rule 5: "a wait that would end later".
            if until > deadline {
                open.sometimes(5, "a wait would end after the deadline");
                return Some(Answer::Deadline(n, last));
            }
            // Rule 7: just before the wait, after all that forbids another attempt.
            if !self.take() {
                open.sometimes(7, "there is no retry left");
                return Some(Answer::OutOfBudget(n, last));
            }
            let due = [
                (until, End::Itself),
                (deadline, End::Deadline),
                (leaves, End::Caller),
            ];
            match self.first_of(&due)? {
                End::Itself | End::Limit => {}
                // They meet, and either may come first; nothing is lost by that.
                End::Deadline => {
                    open.sometimes(5, "a wait ends at the deadline");
                    self.give_back();
                    return Some(Answer::Deadline(n, last));
                }
                End::Caller => {
                    open.sometimes(3, "the caller leaves in a wait");
                    self.now += call.nap;
                    self.give_back();
                    return None;
                }
            }
        }
        None
    }

    fn tell(&mut self, event: Happens) {
        self.story.tell(self.now, event);
    }

    /// So much later; the largest value means never.
    fn later(&self, time: Duration) -> Duration {
        self.now.saturating_add(time)
    }

    /// Goes on to what is due first, to any of them at a tie. What is due while nobody polls the call is seen after
    /// that, all at once.
    fn first_of(&mut self, due: &[(Duration, End)]) -> Option<End> {
        let mut agenda = Agenda::default();
        for (at, end) in due {
            let at = self.now.max(*at);
            // Who is polled in that instant may have come halfway.
            self.is_clear &= self.busy.is_empty() || at != self.busy.start;
            let is_seen = !self.busy.contains(&at);
            if !is_seen {
                self.open.sometimes(5, "something is due while the caller is busy");
            }
            agenda.add(if is_seen { at } else { self.busy.end }, *end);
        }
        let (at, end) = agenda.next(self.open)?;
        self.now = at;
        Some(end)
    }

    /// An attempt ends by itself: its error and what the server asks for, or the end of the call.
    fn reply(
        &mut self,
        n: u32,
        what: What,
    ) -> Result<(Option<E>, Duration), Answer> {
        let open = self.open;
        let is_value = matches!(what, What::Value);
        self.tell(if is_value { Succeeds(n) } else { Fails(n) });
        match what {
            What::Value => {
                open.sometimes(1, "the first success ends the call");
                Err(Answer::Ok(n))
            }
            // Rule 3: "even the last attempt's".
            What::Permanent => {
                open.sometimes(3, "an attempt fails for good");
                Err(Answer::Permanent(E(n)))
            }
            What::Transient => Ok((Some(E(n)), Duration::ZERO)),
            What::RetryAfter(asked) => {
                open.sometimes(6, "the server asks for a wait");
                Ok((Some(E(n)), asked))
            }
        }
    }

    /// Rule 4: what jitter makes of the wait of rule 2, cut at the cap.
    fn wait(&self, failures: u32) -> Duration {
        let Scene { base, cap, .. } = *self.scene;
        let planned = doubled(base, cap, failures);
        if failures > 2 && planned == cap && base < cap {
            self.open.sometimes(2, "a wait that doubles meets the cap");
        }
        let made = self.scene.jittered(planned, failures as usize);
        if made > cap {
            self.open.sometimes(4, "jitter makes a wait longer than the cap");
        }
        made.min(cap)
    }

    fn calculate(&mut self) {
        if let Some((base, cap, failures)) = self.scene.backoff {
            self.tell(Backoff(doubled(base, cap, failures)));
        }
        if let Some((wait, thousandths)) = self.scene.full_jitter {
            self.tell(FullJitter(if wait.is_zero() { 0 } else { thousandths }));
        }
    }

    fn earn(&mut self) {
        if let Some(budget) = &mut self.budget {
            budget.earn();
            self.tell(Earns);
        }
    }

    /// Takes a retry, if there is one; without a budget there always is.
    fn take(&mut self) -> bool {
        let Some(budget) = &mut self.budget else { return true };
        let taken = budget.take();
        if taken {
            self.tell(Takes);
        }
        taken
    }

    fn give_back(&mut self) {
        if let Some(budget) = &mut self.budget {
            self.open.sometimes(7, "a retry is given back");
            budget.give_back();
            self.tell(GetsBack);
        }
    }
}

/// Rule 2: `base`, then twice as long each time, but never more than `cap`.
fn doubled(base: Duration, cap: Duration, failures: u32) -> Duration {
    let twice = |wait: Duration, _| wait.saturating_mul(2).min(cap);
    (1..failures).fold(base.min(cap), twice)
}
