//! The scenes of `retries` with an answer in them.

use super::super::{Budget, Error, Failure, Policy, backoff, full_jitter, retry};

use std::{
    cell::Cell,
    num::NonZeroU32,
    sync::{Arc, Mutex},
    time::Duration,
};

use kit::{drops, ms, scenes::Stage, wakes_itself};
use models::retries::{
    Answer, Call, E, HOUR, Happens, Reply, Retries, Scene, Store, What,
};
use tokio::time::{sleep, timeout};

pub async fn act(stage: Stage<Retries>, scene: &Scene) {
    calculate(&stage, scene);
    let policy = policy(&stage, scene, scene.base, scene.cap);
    for call in &scene.calls {
        sleep(call.after).await;
        let (mut waits, mut attempts, is_last) = (0, 0, &Cell::new(false));
        let jitter = |wait| {
            if is_last.get() {
                stage.tell(Happens::Jitter);
            }
            waits += 1;
            scene.jittered(wait, waits)
        };
        // Why no `async` closure: an attempt begins with the call, polled or not.
        let operation = |told| {
            attempts += 1;
            let n = attempts;
            let ends = move |what| is_last.set(scene.is_last(n, what));
            attempt(&stage, call, told, n, ends)
        };
        let answer = retry(&policy, jitter, operation);
        sleep(call.unpolled).await;
        // Who leaves at once would leave before a call that has to yield has begun.
        if call.patience > Duration::ZERO {
            stage.world().tires().await;
        }
        let mut answer = Box::pin(answer);
        let mut ended = timeout(call.patience, answer.as_mut()).await.ok();
        if let (None, Some(busy)) = (&ended, call.busy) {
            sleep(busy).await;
            ended = timeout(HOUR, answer.as_mut()).await.ok();
        }
        if ended.is_none() {
            sleep(call.nap).await;
            drops(stage.world(), answer);
        }
        stage.tell(
            ended.map_or(Happens::Leaves, |answer| Happens::Gets(name(answer))),
        );
    }
    // Whatever goes on without its caller goes on now.
    sleep(ms(100_000)).await;
}

fn policy(
    stage: &Stage<Retries>,
    scene: &Scene,
    base: Duration,
    cap: Duration,
) -> Policy {
    let counted = |store| Counted { stage: stage.clone(), store: Mutex::new(store) };
    Policy {
        attempts: NonZeroU32::new(scene.attempts).unwrap(),
        base,
        cap,
        attempt_limit: scene.attempt_limit,
        deadline: scene.deadline,
        idempotent: scene.idempotent,
        budget: scene.budget.map(|it| Arc::new(counted(it)) as Arc<dyn Budget>),
    }
}

/// The functions that take no time.
fn calculate(stage: &Stage<Retries>, scene: &Scene) {
    if let Some((base, cap, failures)) = scene.backoff {
        let wait = backoff(&policy(stage, scene, base, cap), failures);
        stage.tell(Happens::Backoff(wait));
    }
    if let Some((wait, thousandths)) = scene.full_jitter {
        let part = full_jitter(wait, f64::from(thousandths) / 1000.0).as_secs_f64();
        // Why rounded: the last digits of a fraction are nobody's promise.
        let part = if wait.is_zero() { part } else { part / wait.as_secs_f64() };
        stage.tell(Happens::FullJitter((part * 1000.0).round() as u32));
    }
}

fn attempt(
    stage: &Stage<Retries>,
    call: &Call,
    told: u32,
    n: u32,
    ends: impl Fn(What),
) -> impl Future<Output = Result<u32, Failure<E>>> {
    stage.tell(Happens::Begins(told));
    let running = stage.begins(Happens::Dropped(n));
    let Reply { after, what } = call.reply(n);
    let ends_itself = sleep(after);
    async move {
        if after > Duration::ZERO {
            wakes_itself().await;
            ends_itself.await;
        }
        running.ends();
        ends(what);
        let answer = match what {
            What::Value => Ok(n),
            What::Transient => Err(Failure::Transient(E(n))),
            What::Permanent => Err(Failure::Permanent(E(n))),
            What::RetryAfter(asked) => Err(Failure::RetryAfter(asked, E(n))),
        };
        stage.tell(if answer.is_ok() {
            Happens::Succeeds(n)
        } else {
            Happens::Fails(n)
        });
        answer
    }
}

fn name(answer: Result<u32, Error<E>>) -> Answer {
    match answer {
        Ok(value) => Answer::Ok(value),
        Err(Error::Permanent(last)) => Answer::Permanent(last),
        Err(Error::Exhausted(n, last)) => Answer::Exhausted(n, last),
        Err(Error::TimedOut(n)) => Answer::TimedOut(n),
        Err(Error::Deadline(n, last)) => Answer::Deadline(n, last),
        Err(Error::OutOfBudget(n, last)) => Answer::OutOfBudget(n, last),
    }
}

/// A budget that tells what happens to it.
struct Counted {
    stage: Stage<Retries>,
    store: Mutex<Store>,
}

impl Budget for Counted {
    fn earn(&self) {
        self.store.lock().unwrap().earn();
        self.stage.tell(Happens::Earns);
    }
    fn take(&self) -> bool {
        let taken = self.store.lock().unwrap().take();
        if taken {
            self.stage.tell(Happens::Takes);
        }
        taken
    }
    fn give_back(&self) {
        self.store.lock().unwrap().give_back();
        self.stage.tell_in_drop(Happens::GetsBack);
    }
}
