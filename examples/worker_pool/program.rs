//! The program of the examples beside this folder: whoever includes it has a `pool` beside it.
//!
//! A source offers a job every 20 ms; four workers need 200 ms for each (the first argument).
//! Ctrl-C or SIGTERM begins the drain, for at most 5000 ms (the second argument). A second signal
//! means now.
//!
//! Exit codes: 0 when every accepted job was done, 1 when some were not, 2 for arguments that make
//! no sense, and 128 plus the signal's number after a second signal.

use std::{num::NonZeroUsize, process::ExitCode, time::Duration};

use super::{
    pool::{Handle, Pool, Report},
    signals::Signals,
};
use tokio::time::sleep;

const WORKERS: NonZeroUsize = NonZeroUsize::new(4).unwrap();
const CAPACITY: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// Runs the program. `whose` says whose pool it is, and how to run another.
#[tokio::main(flavor = "current_thread")]
pub async fn run(whose: &str) -> ExitCode {
    let millis = |position: usize, default: u64| match std::env::args().nth(position)
    {
        None => Ok(default),
        Some(text) => text.parse().map_err(|_| text),
    };
    let (takes, drain) = match (millis(1, 200), millis(2, 5_000)) {
        (Ok(takes), Ok(drain)) => (ms(takes), ms(drain)),
        (Err(text), _) | (_, Err(text)) => {
            eprintln!("`{text}` is not a number of milliseconds; try 200 5000");
            return ExitCode::from(2);
        }
    };
    // Why before the first job: until a handler is registered, a signal ends the process.
    let mut signals = match Signals::new() {
        Ok(signals) => signals,
        Err(error) => {
            eprintln!("cannot listen for signals: {error}");
            return ExitCode::from(2);
        }
    };
    println!("{whose}");
    serve(takes, drain, &mut signals).await
}

async fn serve(takes: Duration, drain: Duration, signals: &mut Signals) -> ExitCode {
    let pool = Pool::new(WORKERS, CAPACITY, move |job: u64| async move {
        println!("job {job} begins");
        sleep(takes).await;
        println!("job {job} ends");
    });
    let source = tokio::spawn(offer_jobs(pool.handle()));

    let signal = signals.next().await;
    println!("{signal}: no more jobs, draining for at most {drain:?}");
    let report = tokio::select! {
        report = pool.shutdown(drain) => report,
        signal = signals.next() => {
            println!("{signal} again: now");
            return ExitCode::from(128 + signal.number());
        }
    };
    // The source ends by itself: its next job is refused.
    let offered = source.await.unwrap_or_default();
    let Report { done, panicked, aborted, unstarted } = report;
    println!(
        "accepted {offered}: {done} done, {panicked} panicked, {aborted} aborted, \
         not started: {unstarted:?}"
    );
    ExitCode::from(u8::from(done < offered))
}

/// Offers jobs until one is refused; says how many were accepted.
async fn offer_jobs(handle: Handle<u64>) -> usize {
    let mut accepted = 0;
    for job in 0.. {
        if handle.send(job).await.is_err() {
            break;
        }
        accepted += 1;
        println!("job {job} accepted");
        sleep(ms(20)).await;
    }
    accepted
}

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}
