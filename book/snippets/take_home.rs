//! A test of each chapter in the plain form of tokio and tokio-test, to copy into a project of your own.
#![allow(clippy::duplicate_mod)] // an answer that is tested here attaches its suite as well

#[path = "take_home/backpressure.rs"]
mod backpressure;
#[path = "take_home/worker_pool.rs"]
mod worker_pool;
