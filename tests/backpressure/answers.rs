//! What only right answers are asked: a queue of as many places as the docs allow opens, while one of one
//! place more panics.
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
};

use libtest_mimic::{Arguments, Failed, Trial, run};
use tokio::{sync::Semaphore, time::Instant};

/// An item of so many bytes.
struct Sized(u32);

/// A macro, because the answers share no trait.
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
    fn may_be_so_large() -> Result<(), Failed>;
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

fn main() -> ExitCode {
    let trials = vec![
        Trial::test("backpressure", backpressure::Sender::may_be_so_large),
        Trial::test("with_one_lock", with_one_lock::Sender::may_be_so_large),
        Trial::test("with_oneshots", with_oneshots::Sender::may_be_so_large),
    ];
    let mut arguments = Arguments::from_args();
    // One at a time: the panic hook is everybody's.
    arguments.test_threads.get_or_insert(1);
    run(&arguments, trials).exit_code()
}
