//! Races find what they should and never wait for ever.

use std::panic::catch_unwind;

use crate::{
    race,
    race::{Wrong, run, waits_until},
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
fn a_round_may_break_another_rule_than_the_one_of_its_race() {
    let wrong = || Wrong::of("kit.2", "all come in order", "the 2nd was first");

    let found = run(1, "kit.0", "nothing is lost", Box::new(move |_| Err(wrong())));

    let (rule, failure) = found.expect("the round says what was wrong");
    assert_eq!(rule, "kit.2", "the report is filed under the rule that is broken");
    assert_eq!(failure.message, "all come in order", "and says its sentence");
}

#[test]
fn what_a_round_waits_for_is_told() {
    let found = run(
        1,
        "kit.0",
        "nothing is lost",
        Box::new(|_| {
            waits_until("kit.1", "somebody comes");
            loop {
                std::thread::park();
            }
        }),
    );

    let (rule, failure) = found.expect("the round never ends");
    let told = failure.difference.unwrap_or_default();
    assert_eq!(rule, "kit.1", "the rule that makes it come is the one to look at");
    assert!(
        told.ends_with("it did not end: it waits until somebody comes"),
        "a round that never ends says what it waits for: {told}"
    );
}
