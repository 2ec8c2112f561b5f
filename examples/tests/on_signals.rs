//! The shop as a process that gets real signals.

use crate::{
    PARTS,
    stage::{Kept, Process, here},
};

fn a_signal_drains(signal: &str) {
    let _alone = here();
    let mut shop = Process::start(&["--reference"]);

    shop.until("   1s  answered");
    shop.signal(signal);
    let (code, all) = shop.end();

    assert!(all.contains(&format!("SIG{signal}: the door closes.")), "{all}");
    assert!(all.contains("Drained: every order has its answer"), "{all}");
    assert!(all.contains("  lost, no answer at all               0"), "{all}");
    assert_eq!(code, Some(0), "{all}");
    assert!(all.lines().all(|line| line.chars().count() < 80), "{all}");
}

#[test]
fn an_interrupt_drains() {
    a_signal_drains("INT");
}

#[test]
fn a_termination_drains() {
    a_signal_drains("TERM");
}

#[test]
fn a_shutdown_that_loses_orders_is_named_with_what_shows_it() {
    let _alone = here();
    let kept = Kept::new(&["timeouts"]);
    let mut shop = Process::start(&["--kept", &kept.folder()]);

    shop.until("   9s  answered");
    shop.signal("INT");
    let (code, all) = shop.end();

    assert!(all.contains("Not drained: "), "{all}");
    let line = "cargo run --example shop -- --reference --compare shutdown";
    assert!(all.contains(line), "{all}");
    assert_eq!(code, Some(1), "{all}");
}

#[test]
fn a_second_one_means_now() {
    let _alone = here();
    let kept = Kept::new(&PARTS);
    kept.never_returns();
    let mut shop = Process::start(&["--kept", &kept.folder()]);

    shop.until("   1s  answered");
    shop.signal("TERM");
    shop.until("SIGTERM: the door closes.");
    shop.signal("INT");
    let (code, all) = shop.end();

    assert!(all.contains("SIGINT again: now."), "{all}");
    assert!(all.contains("Not drained: "), "what is lost is counted\n{all}");
    assert!(all.contains("receipts never posted"), "and there is a table\n{all}");
    assert_eq!(code, Some(130), "{all}");
}

#[test]
fn control_c_is_heard_while_a_part_loops() {
    let _alone = here();
    let kept = Kept::new(&PARTS);
    kept.spins();
    let mut shop = Process::start(&["--kept", &kept.folder()]);

    shop.until("The shop stands still: your timeouts does not give way.");
    shop.signal("INT");
    shop.until("SIGINT: the door closes.");
    shop.signal("INT");
    let (code, all) = shop.end();

    assert_eq!(code, Some(130), "{all}");
}
