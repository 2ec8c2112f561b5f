//! Races find what they should and never wait for ever.

use std::panic::catch_unwind;

use crate::{
    race,
    race::{run, waits_until},
};

fn fails(round: impl FnMut(u64) -> Result<(), String> + Send + 'static) -> bool {
    let round = std::sync::Mutex::new(Some(round));
    let run = move || {
        let round = round.lock().unwrap().take().unwrap();
        race("kit.0", "nothing is lost", 100, round);
    };
    catch_unwind(std::panic::AssertUnwindSafe(run)).is_err()
}

#[test]
fn a_round_that_says_what_was_wrong_fails() {
    assert!(!fails(|_| Ok(())), "nothing was wrong");
    let wrong = |n| if n < 17 { Ok(()) } else { Err("one was".to_owned()) };
    assert!(fails(wrong), "round 17 says what was wrong");
}

#[test]
fn a_round_that_never_ends_fails() {
    let hangs = |n| {
        while n == 3 && std::hint::black_box(true) {
            std::thread::park();
        }
        Ok(())
    };
    assert!(fails(hangs), "round 3 never ends");
}

#[test]
fn what_a_round_waits_for_is_told() {
    let failure = run(
        1,
        "nothing is lost",
        Box::new(|_| {
            waits_until("somebody comes");
            loop {
                std::thread::park();
            }
        }),
    );

    let told = failure.and_then(|failure| failure.difference);
    let told = told.unwrap_or_default();
    assert!(
        told.ends_with("it did not end: it waits until somebody comes"),
        "a round that never ends says what it waits for: {told}"
    );
}
