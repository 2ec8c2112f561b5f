//! The parts of a page and what its run sheet says, broken on a copy.

use super::{Copy, PAGE, bites, record};

#[test]
fn pages() {
    bites(PAGE, "there is no `> **Predict.**`", |copy| {
        copy.replace(PAGE, "> **Predict.**", "> **Guess.**");
    });
    bites(PAGE, "there is no `## In production`", |copy| {
        copy.replace(PAGE, "## In production", "## Elsewhere");
    });
    bites(PAGE, "what `new` laid out, in 1 line", |copy| {
        copy.replace(
            PAGE,
            "## In production",
            "2. Say which tool.\n\n## In production",
        );
    });
}

#[test]
fn run_sheets() {
    bites(PAGE, "no run sheet with a part `Open`", |copy| {
        copy.replace(PAGE, "## For the workshop", "## For a room");
    });
    bites(PAGE, "lacks `cargo run -- reset first_light`", |copy| {
        copy.replace(PAGE, "`cargo run -- reset first_light`", "A reset");
    });
    bites(PAGE, "names no wrong turn", |copy| {
        copy.write(PAGE, &copy.read(PAGE).replace("  - `", "  * `"));
    });
    bites(PAGE, "begins with no mistake that was recorded: `dreams`", |copy| {
        copy.replace(PAGE, "  - `waits_before_the_first_flash`", "  - `dreams`");
    });
    let stale = "does not quote what the report of `cannot_flash_zero_times` begins with: \
                 `first_light.1: attempt to subtract with overflow`";
    bites(PAGE, stale, |copy| {
        copy.replace(
            PAGE,
            "attempt to subtract with overflow`",
            "attempt to subtract`",
        );
    });
    bites(PAGE, "does not quote what the report of `waits_after", |copy| {
        record(copy, |mistakes| {
            mistakes["waits_after_the_last_flash"]["message"] = "no wait".into();
        });
    });
}

#[test]
fn cuts_of_run_sheets() {
    let cut = |words: &'static str| {
        move |copy: &Copy| copy.replace(PAGE, "nothing later asks", words)
    };
    bites(PAGE, "stops after step 2 of 2 steps", cut("stop after step 2"));
    bites(PAGE, "write what a cut takes with it as", cut("step 2 needs the first"));
    bites(PAGE, "no mistake fails both", cut("step 2 needs step 1"));
    let freed =
        "says that step 1 needs step 2, and `waits_after_the_last_flash` passes";
    bites(PAGE, freed, cut("step 1 needs step 2"));
}
