//! A pool on real threads, where a sender can be between two lines of `send` at the instant of the
//! limit. Nothing here looks at a clock or asks for an order: whoever goes first, the sum is right.

use std::num::NonZeroUsize;

use libtest_mimic::Failed;
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinSet,
};

/// So many that an answer which loses an item in one round of a hundred is found. `ROUNDS=20000` in
/// the environment asks for more.
pub fn rounds() -> usize {
    let Ok(text) = std::env::var("ROUNDS") else {
        return 800;
    };
    let number = text.parse();
    number.unwrap_or_else(|_| panic!("ROUNDS={text} is no number, try ROUNDS=20000"))
}

pub const WORKERS: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// So much room that no sender ever waits: one that runs all the time is somewhere in `send` when
/// the system takes its thread away.
pub const CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000_000).unwrap();

/// What was accepted, and what the reports hold, in so many rounds.
#[derive(Debug, Default)]
pub struct Sums {
    pub rounds: usize,
    pub accepted: usize,
    pub reported: usize,
    /// Rounds in which the two differ.
    pub wrong: usize,
}

impl Sums {
    pub fn add_round(&mut self, accepted: usize, reported: usize) {
        self.rounds += 1;
        self.accepted += accepted;
        self.reported += reported;
        self.wrong += usize::from(accepted != reported);
    }

    /// Fails when the sums differ. Why not a panic: a backtrace would bury the sentence.
    pub fn must_agree(self) -> Result<(), Failed> {
        let Sums { rounds, accepted, reported, wrong } = self;
        if wrong == 0 {
            return Ok(());
        }
        Err(Failed::from(format!(
            "what was accepted is in the report, whoever runs at the limit\n  \
             in {wrong} of {rounds} rounds it was not: \
             {accepted} accepted, {reported} reported"
        )))
    }
}

/// One thread more than there are senders.
pub fn runtime() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(3).enable_time().build().expect("threads can be started")
}

/// A time that differs from round to round, and is not slept: the senders go on meanwhile.
pub fn a_while(round: usize) {
    for _ in 0..round * 37 % 5_000 {
        std::hint::spin_loop();
    }
}

pub async fn sum(counts: JoinSet<usize>) -> usize {
    counts.join_all().await.into_iter().sum()
}

/// Shuts a pool of this type down while two senders send to it, with no time to drain, again and
/// again. A macro, because the answers share no trait.
macro_rules! race {
    ($pool:ty) => {{
        use $crate::race::{CAPACITY, Sums, WORKERS, a_while, rounds, runtime, sum};
        let mut sums = Sums::default();
        runtime().block_on(async {
            for round in 0..rounds() {
                let pool = <$pool>::new(WORKERS, CAPACITY, |_: usize| async {});
                let mut senders = tokio::task::JoinSet::new();
                for _ in 0..2 {
                    let handle = pool.handle();
                    senders.spawn(async move {
                        let mut accepted = 0;
                        while handle.send(accepted).await.is_ok() {
                            accepted += 1;
                        }
                        accepted
                    });
                }
                a_while(round);
                let report = pool.shutdown(std::time::Duration::ZERO).await;
                let begun = report.done + report.panicked + report.aborted;
                let reported = begun + report.unstarted.len();
                let accepted = sum(senders).await;
                sums.add_round(accepted, reported);
            }
            // And all the time there is: no instant is that far away.
            let pool = <$pool>::new(WORKERS, CAPACITY, |_: usize| async {});
            pool.shutdown(std::time::Duration::MAX).await;
        });
        sums
    }};
}
pub(crate) use race;
