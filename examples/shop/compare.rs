//! A minute's load on the paused clock, with a part as it is and with its naive form.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use tokio::{
    runtime::Builder,
    sync::watch,
    time::{Instant, interval, sleep},
};

use crate::{
    blame::{self, Panic},
    floor::{self, Closed},
    load, local, minute,
    numbers::{Counts, Numbers},
    part::{Part, Parts},
};

/// How long the paused clock may stand still. The whole minute takes less.
const STILL: Duration = Duration::from_secs(5);

/// What came of a minute.
#[derive(Debug, Clone)]
pub struct Minute {
    /// The numbers at its end.
    pub counts: Counts,
    /// How the shop closed.
    pub closed: Closed,
    /// What panicked.
    pub panics: Vec<Panic>,
}

/// Why a minute has no end.
#[derive(Debug)]
pub enum Broken {
    /// The clock does not move any more: somebody loops without waiting. The thread is still at it, so the
    /// process should end soon.
    Stands {
        /// When it stopped.
        at: Duration,
        /// Who was at work.
        part: Option<Part>,
    },
    /// The shop itself fell over, because a part panicked where nothing can go on without it.
    Fell(Vec<Panic>),
}

/// A minute of a shop made of these parts.
///
/// # Errors
///
/// It has no end.
pub fn minute(parts: Parts) -> Result<Minute, Broken> {
    let (done, ended) = mpsc::channel();
    let now = Arc::new(AtomicU64::new(0));
    let clock = now.clone();
    thread::spawn(move || {
        // Why the result is dropped: nobody listens any more after `Broken`.
        _ = done.send(run(parts, clock));
    });
    let mut seen = u64::MAX;
    loop {
        match ended.recv_timeout(STILL) {
            Ok(minute) => return Ok(minute),
            Err(RecvTimeoutError::Timeout) if now.load(Relaxed) != seen => {
                seen = now.load(Relaxed);
            }
            Err(RecvTimeoutError::Timeout) => {
                let at = Duration::from_millis(seen);
                return Err(Broken::Stands { at, part: blame::last() });
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Broken::Fell(blame::panics()));
            }
        }
    }
}

fn run(parts: Parts, clock: Arc<AtomicU64>) -> Minute {
    let mut builder = Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime without I/O needs no resources");
    let numbers = Numbers::new();
    let closed = runtime.block_on(local::run(day(parts, numbers.clone(), clock)));
    // The process ends: what is still at work then is lost.
    drop(runtime);
    numbers.change(Counts::close);
    Minute { counts: numbers.now(), closed, panics: blame::panics() }
}

async fn day(parts: Parts, numbers: Numbers, clock: Arc<AtomicU64>) -> Closed {
    let start = Instant::now();
    tokio::spawn(async move {
        let mut tick = interval(Duration::from_millis(100));
        loop {
            tick.tick().await;
            let millis = start.elapsed().as_millis();
            clock.store(u64::try_from(millis).unwrap_or(u64::MAX), Relaxed);
        }
    });
    let (close, signal) = watch::channel(false);
    let (floor, street, closing) =
        floor::open(parts, numbers.clone(), signal.clone());
    tokio::spawn(load::orders(floor, street, numbers, signal.clone()));
    tokio::spawn(async move {
        sleep(minute::MINUTE).await;
        close.send_replace(true);
        // Why kept: a sender that is gone is a signal of its own.
        std::future::pending::<()>().await;
        drop(close);
    });
    closing.run(signal).await
}
