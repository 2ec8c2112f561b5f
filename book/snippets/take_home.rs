//! A test of each chapter in the plain form of tokio and tokio-test, to copy into a project of your own.
#![allow(clippy::duplicate_mod)] // an answer that is tested here attaches its suite as well

#[path = "take_home/backpressure.rs"]
mod backpressure;
#[path = "take_home/errors.rs"]
mod errors;
#[path = "take_home/first_light.rs"]
mod first_light;
#[path = "take_home/joinset.rs"]
mod joinset;
#[path = "take_home/retries.rs"]
mod retries;
#[path = "take_home/shutdown.rs"]
mod shutdown;
#[path = "take_home/task_tracker.rs"]
mod task_tracker;
#[path = "take_home/timeouts.rs"]
mod timeouts;
#[path = "take_home/tower.rs"]
mod tower;
#[path = "take_home/worker_pool.rs"]
mod worker_pool;
