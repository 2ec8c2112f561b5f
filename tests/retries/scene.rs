//! What the scenarios of `tests/retries.rs` have in common: a server that replies by script, and a
//! caller who is drawn.

use super::super::{Budget, Error, Failure, Policy, retry};

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use fakes::{Reply, Script, Tokens};
use kit::{FIFTY_DAYS_MS, World, ms, scenes::told};
use tokio::time::timeout;

/// What a server says instead of an answer. Not `Clone`, like most errors.
#[derive(Debug, PartialEq)]
pub struct Says(pub &'static str);

pub type Replies = Reply<&'static str, Failure<Says>>;

pub fn says(what: &'static str) -> Replies {
    Reply::Error(Failure::Transient(Says(what)))
}

/// A server that is down for so many calls, and then answers.
pub fn down(calls: usize) -> Vec<Replies> {
    let down = (0..calls).map(|_| says("503"));
    down.chain([Reply::Value("rows")]).collect()
}

pub fn hang(calls: usize) -> Vec<Replies> {
    (0..calls).map(|_| Reply::Hang).collect()
}

/// Waits of 100 ms, then twice as long each time, at most 400 ms.
pub fn policy(attempts: u32) -> Policy {
    Policy {
        attempts: NonZeroU32::new(attempts).unwrap(),
        base: ms(100),
        cap: ms(400),
        attempt_limit: None,
        deadline: None,
        idempotent: false,
        budget: None,
    }
}

/// Calls `retry` on a server that replies so; draws each attempt and the answer.
pub async fn ask(
    world: &World,
    policy: &Policy,
    jitter: &mut dyn FnMut(Duration) -> Duration,
    replies: Vec<Replies>,
) -> Result<&'static str, Error<Says>> {
    let attempts = world.lane("attempts");
    let server = Script::new(world, "server", replies).in_words(in_words);
    // Why no `async` closure: an attempt begins with the call, polled or not.
    let operation = |number| {
        attempts.log(format!("told {number}"));
        server.call()
    };
    let answer = retry(policy, jitter, operation).await;
    world.lane("caller").log(format!("gets {answer:?}"));
    answer
}

fn in_words(failure: &Failure<Says>) -> String {
    match failure {
        Failure::RetryAfter(wait, _) => format!("error, asks for {}", told(*wait)),
        _ => "error".to_owned(),
    }
}

/// The same for a caller who leaves after an hour, without an answer if there is none by then.
pub async fn ask_for_fifty_days(
    world: &World,
    policy: &Policy,
    replies: Vec<Replies>,
) -> Option<Result<&'static str, Error<Says>>> {
    let mut jitter = |wait| wait;
    timeout(ms(FIFTY_DAYS_MS), ask(world, policy, &mut jitter, replies)).await.ok()
}

/// A service that retries the one below it.
pub async fn layer<T, E>(
    policy: &Policy,
    below: &impl AsyncFn(u32) -> Result<T, Failure<E>>,
) -> Result<T, Failure<Error<E>>> {
    let answer = retry(policy, |wait| wait, below).await;
    answer.map_err(Failure::Transient)
}

#[track_caller]
pub fn attempts_at<const N: usize>(world: &World, at_ms: [u64; N], rule: &str) {
    world.lane("attempts").expect_at(at_ms, rule);
}

/// Attempts that take 250 ms each, and harm nobody when they are repeated.
pub fn short_attempts(attempts: u32) -> Policy {
    let attempt_limit = Some(ms(250));
    Policy { attempt_limit, idempotent: true, ..policy(attempts) }
}

/// A retry costs a token; each call earns so many hundredths of one.
pub struct Store {
    pub tokens: Tokens,
    pub earned: u32,
}

impl Budget for Store {
    fn earn(&self) {
        self.tokens.add(self.earned);
    }
    fn take(&self) -> bool {
        self.tokens.take()
    }
    fn give_back(&self) {
        self.tokens.add(100);
    }
}

/// A policy with a store of these tokens, to which each call adds nothing.
pub fn sharing(tokens: &Tokens, attempts: u32) -> Policy {
    let store = Store { tokens: tokens.clone(), earned: 0 };
    Policy { budget: Some(Arc::new(store)), ..policy(attempts) }
}
