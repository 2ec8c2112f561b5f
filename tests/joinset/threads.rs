//! A run on real threads, where an operation can be in the midst of a poll when it is stopped.

use super::super::map_bounded;

use std::num::NonZeroUsize;

use fakes::Stubborn;
use kit::Wrong;

/// Operations beside the one that fails.
const OTHERS: usize = 3;

/// One round: an error comes while every other operation holds its thread.
pub async fn round() -> Result<(), Wrong> {
    let stubborn = Stubborn::default();
    let operation = |item| {
        let others = stubborn.clone();
        async move {
            if item > 0 {
                return others.work().await;
            }
            others.have_begun(OTHERS).await;
            Err("503")
        }
    };
    let limit = NonZeroUsize::MIN.saturating_add(OTHERS);
    let answer: Result<Vec<()>, _> = map_bounded(limit, 0..=OTHERS, operation).await;
    let alive = stubborn.alive();
    if answer != Err("503") {
        let rule = "an error comes to the caller as it is";
        return Err(Wrong::of(rule, format!("the call returned {answer:?}")));
    }
    match alive {
        0 => Ok(()),
        _ => Err(format!("{alive} of {OTHERS} were alive").into()),
    }
}
