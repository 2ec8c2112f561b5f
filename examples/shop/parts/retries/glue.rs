//! What the shop asks of `retries`. Compiled with the learner's form and with the naive one.

use super::form::{Error, Failure, Policy, full_jitter, retry};
use crate::{
    local,
    part::{Answer, Attempt, Part, Plan, Random, Retries},
    suppliers::Fault,
};

/// The part.
pub const PART: Retries = Retries {
    retry: |plan, random, attempt| {
        // Why a task of this thread: the contract does not promise a future that is `Send`.
        local::stays(move || Part::Retries.stays(asks(plan, random, attempt)))
    },
};

async fn asks(plan: Plan, mut random: Random, mut attempt: Attempt) -> Answer {
    let policy = Policy {
        attempts: plan.attempts,
        base: plan.base,
        cap: plan.cap,
        attempt_limit: None,
        deadline: None,
        idempotent: true,
        budget: None,
    };
    let jitter = |wait| full_jitter(wait, random());
    let operation = async |number| attempt(number).await.map_err(Failure::Transient);
    retry(&policy, jitter, operation).await.map_err(|error| match error {
        Error::Permanent(fault) | Error::Exhausted(_, fault) => fault,
        Error::Deadline(_, fault) | Error::OutOfBudget(_, fault) => {
            fault.unwrap_or(Fault::Silent)
        }
        Error::TimedOut(_) => Fault::Silent,
    })
}
