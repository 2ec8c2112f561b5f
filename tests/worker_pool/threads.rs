//! The exercise on real threads: `cargo test --test worker_pool_threads`. What it shows and a
//! paused clock cannot is on the page, in step 7.
#![allow(dead_code, unused_imports)] // the exercise brings its suite

#[path = "../../exercises/worker_pool.rs"]
mod exercise;
mod race;

use libtest_mimic::{Arguments, Trial, run};

fn main() -> std::process::ExitCode {
    let exercise = || race::race!(exercise::Pool<usize>).must_agree();
    let trials = vec![Trial::test("every_item_is_in_the_report", exercise)];
    run(&Arguments::from_args(), trials).exit_code()
}
