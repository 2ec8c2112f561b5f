//! The contract of `exercises/retries.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours.

mod story;

use std::time::Duration;

use kit::scenes::{Agenda, Contract, Draw, Open, Story};

pub use story::{Answer, Call, Happens, Jitter, Reply, Scene, Store, What};

/// The contract of `retries`.
pub struct Retries;

impl Contract for Retries {
    type Scene = Scene;
    type Event = Happens;

    fn draw(from: &Draw) -> Scene {
        Scene::draw(from)
    }

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let tokens = scene.budget.map_or(0, |store| store.retries * 100);
        let (story, now) = (Story::default(), Duration::ZERO);
        let mut model = Model { scene, open, story, now, tokens };
        for call in &scene.calls {
            let answer = model.call(call);
            model.tell(answer.map_or(Happens::Leaves, Happens::Gets));
        }
        Some(model.story)
    }

    /// What the story cannot say, because it happens within one instant.
    fn law(scene: &Scene, came: &Story<Happens>) -> Result<(), String> {
        let (mut earned, mut taken) = (false, true);
        for event in came.whats().filter(|_| scene.budget.is_some()) {
            match event {
                Happens::Earns => earned = true,
                Happens::Takes => taken = true,
                Happens::Begins(_) if !earned => {
                    return Err("a call earns before its first attempt".to_owned());
                }
                Happens::Begins(n) if !taken => {
                    return Err(format!(
                        "attempt {n} begins, then its retry is taken"
                    ));
                }
                Happens::Begins(_) => taken = false,
                Happens::Gets(_) | Happens::Leaves => {
                    (earned, taken) = (false, true)
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// What ends an attempt or a wait.
#[derive(PartialEq)]
enum Ends {
    Itself,
    AttemptLimit,
    Deadline,
    Caller,
}

struct Model<'a> {
    scene: &'a Scene,
    open: &'a Open,
    story: Story<Happens>,
    now: Duration,
    /// What the budget holds, in hundredths of a retry.
    tokens: u32,
}

impl Model<'_> {
    fn tell(&mut self, event: Happens) {
        self.story.tell(self.now, event);
    }

    /// One call: what it returns, unless its caller has left.
    fn call(&mut self, call: &Call) -> Option<Answer> {
        let (scene, open) = (self.scene, self.open);
        self.now += call.after + call.unpolled;
        let leaves = self.now + call.patience;
        // Rule 5: counted from the first poll.
        let deadline =
            self.now.saturating_add(scene.deadline.unwrap_or(Duration::MAX));
        self.earn();
        let mut last = None;
        for n in 1.. {
            // Rule 1: the numbers are 1, 2, 3.
            self.tell(Happens::Begins(n));
            let reply = call.reply(n);
            let limit = scene.attempt_limit.unwrap_or(Duration::MAX);
            let mut due = Agenda::default();
            due.add(self.now.saturating_add(reply.after), Ends::Itself);
            // What is ready at the first poll is in time, be the limit zero.
            if !reply.after.is_zero() {
                due.add(self.now.saturating_add(limit), Ends::AttemptLimit);
                due.add(deadline, Ends::Deadline);
                due.add(leaves, Ends::Caller);
            }
            let ends = self.first_of(due)?;
            let (error, asked) = match ends {
                Ends::Itself => match self.returns(n, reply.what) {
                    Ok(failed) => failed,
                    Err(answer) => return Some(answer),
                },
                _ => {
                    self.tell(Happens::Dropped(n));
                    (None, Duration::ZERO)
                }
            };
            match ends {
                Ends::Caller => return None,
                Ends::Deadline => {
                    open.sometimes(5, "the deadline ends an attempt");
                    return Some(Answer::Deadline(n, last));
                }
                _ => {}
            }
            let is_last = n == scene.attempts;
            match error {
                // Rule 3: the last of `attempts` has failed.
                Some(error) if is_last => {
                    open.sometimes(3, "the last attempt fails");
                    return Some(Answer::Exhausted(n, error));
                }
                // Rule 5: nobody knows whether it was done.
                None if is_last || !scene.idempotent => {
                    return Some(Answer::TimedOut(n));
                }
                None => {
                    open.sometimes(5, "another attempt follows one that was dropped")
                }
                _ => {}
            }
            last = error.or(last);
            // Rules 2, 4 and 6.
            let wait = self.wait(n).saturating_add(asked);
            let until = self.now.saturating_add(wait);
            // Rule 5: it would end later than the deadline.
            if until > deadline {
                open.sometimes(5, "a wait would end after the deadline");
                return Some(Answer::Deadline(n, last));
            }
            // Rule 7: just before the wait, and after all that forbids another attempt.
            if !self.take() {
                open.sometimes(7, "there is no retry left");
                return Some(Answer::OutOfBudget(n, last));
            }
            let mut due = Agenda::default();
            due.add(until, Ends::Itself);
            due.add(deadline, Ends::Deadline);
            due.add(leaves, Ends::Caller);
            let ends = self.first_of(due)?;
            if ends == Ends::Itself {
                continue;
            }
            self.give_back();
            if ends == Ends::Caller {
                open.sometimes(3, "the caller leaves in a wait");
                return None;
            }
            // At a tie the deadline may come before the end of the wait.
            open.sometimes(5, "a wait ends at the deadline");
            return Some(Answer::Deadline(n, last));
        }
        None
    }

    /// Goes to what is due first.
    fn first_of(&mut self, mut due: Agenda<Ends>) -> Option<Ends> {
        let (at, ends) = due.next(self.open)?;
        self.now = at;
        Some(ends)
    }

    /// An attempt ends by itself: with an error and what the server asks for, or for good.
    fn returns(
        &mut self,
        n: u32,
        what: What,
    ) -> Result<(Option<u32>, Duration), Answer> {
        let open = self.open;
        match what {
            What::Value => {
                open.sometimes(1, "an attempt succeeds");
                self.tell(Happens::Succeeds(n));
                Err(Answer::Value(n))
            }
            // Rule 3: for good, be it the last one or not.
            What::Permanent => {
                if n == self.scene.attempts {
                    open.sometimes(3, "the last attempt fails for good");
                }
                self.tell(Happens::Fails(n));
                Err(Answer::Permanent(n))
            }
            What::Transient => {
                self.tell(Happens::Fails(n));
                Ok((Some(n), Duration::ZERO))
            }
            // Rule 6.
            What::RetryAfter(asked) => {
                if asked > self.scene.cap {
                    open.sometimes(6, "the server asks for more than the cap");
                }
                self.tell(Happens::Fails(n));
                Ok((Some(n), asked))
            }
        }
    }

    /// The wait after so many failures, without what the server asks for.
    fn wait(&self, failures: u32) -> Duration {
        let Scene { base, cap, .. } = *self.scene;
        // Rule 2: twice as long each time, but never more than the cap.
        let doubled = |wait: Duration, _| wait.saturating_mul(2).min(cap);
        let planned = (1..failures).fold(base.min(cap), doubled);
        if failures > 2 && planned == cap {
            self.open.sometimes(2, "a wait that was doubled meets the cap");
        }
        // Rule 4: what jitter makes of it is cut at the cap.
        let made = self.scene.jitter(failures as usize).of(planned);
        if made > cap {
            self.open.sometimes(4, "jitter makes more of a wait than the cap");
        }
        made.min(cap)
    }

    /// Rule 7: a call earns once.
    fn earn(&mut self) {
        if let Some(store) = self.scene.budget {
            self.put(store.earned);
            self.tell(Happens::Earns);
        }
    }

    /// Takes a retry, if there is one or no budget.
    fn take(&mut self) -> bool {
        if self.scene.budget.is_none() {
            return true;
        }
        if self.tokens < 100 {
            return false;
        }
        self.tokens -= 100;
        self.tell(Happens::Takes);
        true
    }

    /// The retry that was taken is not made.
    fn give_back(&mut self) {
        if self.scene.budget.is_some() {
            self.open.sometimes(7, "a retry is given back");
            self.put(100);
            self.tell(Happens::GetsBack);
        }
    }

    /// What does not fit is lost.
    fn put(&mut self, hundredths: u32) {
        let most = self.scene.budget.map_or(0, |store| store.retries * 100);
        self.tokens = most.min(self.tokens + hundredths);
    }
}
