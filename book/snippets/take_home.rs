//! The test that each page ends with, in the plain form of tokio and tokio-test.

mod timeouts;
mod tower;
