//! What only right answers are asked. On real threads, where one sender can look at the queue while
//! another is between its two bounds, there is always room for a small item. And a queue of as many
//! places as the docs allow opens, while one of one place more panics.
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
    panic::{self, UnwindSafe, catch_unwind},
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering::SeqCst},
    task::Poll,
    thread,
    time::Duration,
};

use libtest_mimic::{Arguments, Failed, Trial, run};
use tokio::{sync::Semaphore, time::Instant};
use tokio_test::task;

/// So many that an answer with one gap of a few instructions falls into it.
const ROUNDS: usize = 200_000;

const PLACES: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// An item of so many bytes.
struct Sized(u32);

/// Of two places one is free, and of 10 bytes 2. Large items try all the time and never fit, small
/// ones always do. A macro, because the answers share no trait.
macro_rules! right {
    ($answer:ident) => {
        impl $answer::Item for Sized {
            fn bytes(&self) -> u32 {
                self.0
            }
            fn deadline(&self) -> Instant {
                Instant::now()
            }
        }

        impl Right for $answer::Sender<Sized> {
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

            fn may_be_so_large() -> Result<(), Failed> {
                let open = |places| {
                    let places = NonZeroUsize::new(places).expect("there are some");
                    drop($answer::queue::<Sized>(places, u32::MAX));
                };
                open(Semaphore::MAX_PERMITS);
                panics(|| open(Semaphore::MAX_PERMITS + 1))
            }
        }
    };
}
right!(backpressure);
right!(with_one_lock);
right!(with_oneshots);

trait Right {
    fn must_have_room() -> Result<(), Failed>;
    fn may_be_so_large() -> Result<(), Failed>;
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

/// Whether `larger` panics, which is said to nobody.
fn panics(larger: impl FnOnce() + UnwindSafe) -> Result<(), Failed> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let panicked = catch_unwind(larger).is_err();
    panic::set_hook(hook);
    panicked
        .then_some(())
        .ok_or_else(|| "more than the docs allow was opened".into())
}

/// What is asked of one answer, called `name`.
fn asked<R: Right + 'static>(name: &str) -> [Trial; 2] {
    [
        Trial::test(format!("on_threads::{name}"), R::must_have_room),
        Trial::test(format!("sizes::{name}"), R::may_be_so_large),
    ]
}

fn main() -> ExitCode {
    let trials = [
        asked::<backpressure::Sender<Sized>>("backpressure"),
        asked::<with_one_lock::Sender<Sized>>("with_one_lock"),
        asked::<with_oneshots::Sender<Sized>>("with_oneshots"),
    ];
    let mut arguments = Arguments::from_args();
    // One at a time: a race wants the processor for itself, and the panic hook is everybody's.
    arguments.test_threads.get_or_insert(1);
    run(&arguments, trials.into_iter().flatten().collect()).exit_code()
}
