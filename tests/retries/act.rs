//! The scenes of `retries` with an answer in them.

use super::super::{Budget, Error, Failure, Policy, retry};

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex},
    time::Duration,
};

use kit::{ms, scenes::Stage};
use models::retries::{Answer, Call, Happens, Reply, Scene, Store, What};
use tokio::time::{sleep, timeout};

/// The error of an attempt, by its number. Not `Clone`, like most errors.
#[derive(Debug)]
struct E(u32);

pub async fn act(stage: Stage<Happens>, scene: &Scene) {
    let counted = |store| -> Arc<dyn Budget> {
        let hundredths = Mutex::new(0);
        let counted = Counted { stage: stage.clone(), store, hundredths };
        counted.put(store.retries * 100);
        Arc::new(counted)
    };
    let policy = Policy {
        attempts: NonZeroU32::new(scene.attempts).unwrap(),
        base: scene.base,
        cap: scene.cap,
        attempt_limit: scene.attempt_limit,
        deadline: scene.deadline,
        idempotent: scene.idempotent,
        budget: scene.budget.map(counted),
    };
    for call in &scene.calls {
        sleep(call.after).await;
        let (mut waits, mut attempts) = (0, 0);
        let jitter = |wait| {
            waits += 1;
            scene.jitter(waits).of(wait)
        };
        let operation = async |told| {
            attempts += 1;
            attempt(&stage, call, told, attempts).await
        };
        let answer = retry(&policy, jitter, operation);
        sleep(call.unpolled).await;
        let answer = timeout(call.patience, answer).await;
        stage.tell(
            answer.map_or(Happens::Leaves, |answer| Happens::Gets(name(answer))),
        );
    }
    // Whatever goes on without its caller goes on now.
    sleep(ms(100_000)).await;
}

async fn attempt(
    stage: &Stage<Happens>,
    call: &Call,
    told: u32,
    n: u32,
) -> Result<u32, Failure<E>> {
    stage.tell(Happens::Begins(told));
    let mut running = Running { stage, n: Some(n) };
    let Reply { after, what } = call.reply(n);
    if after > Duration::ZERO {
        sleep(after).await;
    }
    running.n = None;
    stage.tell(match what {
        What::Value => Happens::Succeeds(n),
        _ => Happens::Fails(n),
    });
    match what {
        What::Value => Ok(n),
        What::Transient => Err(Failure::Transient(E(n))),
        What::Permanent => Err(Failure::Permanent(E(n))),
        What::RetryAfter(asked) => Err(Failure::RetryAfter(asked, E(n))),
    }
}

/// An attempt that has not ended.
struct Running<'a> {
    stage: &'a Stage<Happens>,
    n: Option<u32>,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(n) = self.n {
            self.stage.tell_in_drop(Happens::Dropped(n));
        }
    }
}

fn name(answer: Result<u32, Error<E>>) -> Answer {
    let number = |error: Option<E>| error.map(|E(n)| n);
    match answer {
        Ok(value) => Answer::Value(value),
        Err(Error::Permanent(E(n))) => Answer::Permanent(n),
        Err(Error::Exhausted(attempts, E(n))) => Answer::Exhausted(attempts, n),
        Err(Error::TimedOut(attempts)) => Answer::TimedOut(attempts),
        Err(Error::Deadline(attempts, error)) => {
            Answer::Deadline(attempts, number(error))
        }
        Err(Error::OutOfBudget(attempts, error)) => {
            Answer::OutOfBudget(attempts, number(error))
        }
    }
}

/// A budget that tells what happens to it.
struct Counted {
    stage: Stage<Happens>,
    store: Store,
    hundredths: Mutex<u32>,
}

impl Counted {
    fn put(&self, hundredths: u32) {
        let mut held = self.hundredths.lock().unwrap();
        *held = (self.store.retries * 100).min(*held + hundredths);
    }
}

impl Budget for Counted {
    fn earn(&self) {
        self.put(self.store.earned);
        self.stage.tell(Happens::Earns);
    }
    fn take(&self) -> bool {
        let mut held = self.hundredths.lock().unwrap();
        let taken = *held >= 100;
        if taken {
            *held -= 100;
            self.stage.tell(Happens::Takes);
        }
        taken
    }
    fn give_back(&self) {
        self.put(100);
        self.stage.tell_in_drop(Happens::GetsBack);
    }
}
