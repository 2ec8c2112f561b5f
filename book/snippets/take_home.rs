//! The test that each page ends with, in the plain form of tokio and tokio-test.

#[path = "take_home/timeouts.rs"]
mod timeouts;
#[path = "take_home/tower.rs"]
mod tower;
