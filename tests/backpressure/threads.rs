//! The right answers on real threads, where one sender can look at the queue while another is between
//! its two bounds. Nothing here looks at a clock: there is always room for the small item.
// Each answer brings its suite.
#![allow(dead_code, unused_imports, clippy::duplicate_mod)]

#[path = "../../solutions/backpressure.rs"]
mod backpressure;
#[path = "../../solutions/backpressure/with_one_lock.rs"]
mod with_one_lock;
#[path = "../../solutions/backpressure/with_oneshots.rs"]
mod with_oneshots;

use std::{
    num::NonZeroUsize,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering::SeqCst},
    task::Poll,
    thread,
    time::Duration,
};

use libtest_mimic::{Arguments, Failed, Trial, run};
use tokio::time::Instant;
use tokio_test::task;

/// So many that an answer with one gap of a few instructions falls into it.
const ROUNDS: usize = 200_000;

const PLACES: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// An item of so many bytes.
struct Sized(u32);

/// Of two places one is free, and of 10 bytes 2. Large items try all the time and never fit, small
/// ones always do. A macro, because the answers share no trait.
macro_rules! race {
    ($answer:ident) => {
        impl $answer::Item for Sized {
            fn bytes(&self) -> u32 {
                self.0
            }
            fn deadline(&self) -> Instant {
                Instant::now()
            }
        }

        impl Race for $answer::Sender<Sized> {
            fn must_have_room() -> Result<(), Failed> {
                let (sender, _receiver) = $answer::queue::<Sized>(PLACES, 10);
                let try_one = |bytes| {
                    let item = Sized(bytes);
                    let asked = sender.reserve(&item, Duration::ZERO);
                    match task::spawn(asked).poll() {
                        Poll::Ready(Ok(permit)) => Some(permit),
                        _ => None,
                    }
                };
                let _taken = try_one(8).expect("an empty queue has room");
                let done = AtomicBool::new(false);
                let refused = thread::scope(|scope| {
                    scope.spawn(|| {
                        while !done.load(SeqCst) {
                            try_one(6);
                        }
                    });
                    let refused = |_: &usize| try_one(1).is_none();
                    let refused = (0..ROUNDS).filter(refused).count();
                    done.store(true, SeqCst);
                    refused
                });
                none(refused)
            }
        }
    };
}
race!(backpressure);
race!(with_one_lock);
race!(with_oneshots);

trait Race {
    fn must_have_room() -> Result<(), Failed>;
}

fn none(refused: usize) -> Result<(), Failed> {
    if refused == 0 {
        return Ok(());
    }
    Err(Failed::from(format!(
        "where a place is free and nobody waits, the item is in at once\n  \
         in {refused} of {ROUNDS} rounds it came back"
    )))
}

fn main() -> ExitCode {
    let trials = vec![
        Trial::test("backpressure", backpressure::Sender::must_have_room),
        Trial::test("with_one_lock", with_one_lock::Sender::must_have_room),
        Trial::test("with_oneshots", with_oneshots::Sender::must_have_room),
    ];
    let mut arguments = Arguments::from_args();
    // One at a time: a race wants the processor for itself.
    arguments.test_threads.get_or_insert(1);
    run(&arguments, trials).exit_code()
}
