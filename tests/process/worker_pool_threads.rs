//! The exercise on real threads: `cargo test --test worker_pool_threads`. What it shows and a
//! paused clock cannot is on the page, in step 7.
#![allow(dead_code, unused_imports)] // the exercise brings its suite

#[path = "../../exercises/worker_pool.rs"]
mod exercise;
mod threads;

fn main() {
    let rounds = std::env::args().find_map(|arg| arg.parse().ok());
    let rounds = rounds.unwrap_or(threads::ROUNDS);
    threads::race!(exercise::Pool<usize>, rounds).must_agree("worker_pool");
}
