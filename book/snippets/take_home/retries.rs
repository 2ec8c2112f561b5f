//! What the page "Retries" sends home: where the lines of the log go, and the plan on a paused clock.

#[allow(dead_code)]
#[path = "../../../solutions/retries.rs"]
mod answer;

use std::{io, num::NonZeroU32, time::Duration};

use tokio::time::Instant;
use tracing::warn;

use answer::{Error, Failure, Policy, full_jitter, retry};

/// The price, as the service that knows it says.
async fn price(
    policy: &Policy,
    mut random: impl FnMut() -> f64,
    mut ask: impl AsyncFnMut() -> Result<u32, Failure<io::Error>>,
) -> Result<u32, Error<io::Error>> {
    let jitter = |wait| {
        let wait = full_jitter(wait, random());
        warn!("retrying in {wait:?}");
        wait
    };
    let operation = async |number| {
        let answer = ask().await;
        if let Err(failure) = &answer {
            warn!("attempt {number} failed: {failure:?}");
        }
        answer
    };
    retry(policy, jitter, operation).await
}

#[tokio::test(start_paused = true)]
async fn three_attempts_are_half_a_wait_apart() {
    let ms = Duration::from_millis;
    let policy = Policy {
        attempts: NonZeroU32::new(3).unwrap(),
        base: ms(100),
        cap: ms(1000),
        attempt_limit: Some(ms(500)),
        deadline: Some(ms(2000)),
        idempotent: true,
        budget: None,
    };
    let start = Instant::now();
    let mut asked = vec![];

    let refused = || Failure::Transient(io::ErrorKind::ConnectionRefused.into());
    let ask = async || {
        asked.push(start.elapsed());
        Err(refused())
    };
    let price = price(&policy, || 0.5, ask).await;

    assert!(matches!(price, Err(Error::Exhausted(3, _))));
    assert_eq!(asked, [ms(0), ms(50), ms(150)], "half of 100, half of 200");
    assert_eq!(start.elapsed(), ms(150), "no wait follows the last attempt");
}
