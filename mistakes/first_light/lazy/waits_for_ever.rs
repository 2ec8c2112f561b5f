//! Lazy: waits for ever.
//! Passes: nothing

use std::time::Duration;

pub async fn signal(_lamp: impl FnMut(), _flashes: u32, _every: Duration) {
    std::future::pending().await
}

#[cfg(test)]
#[path = "../../../tests/first_light.rs"]
mod tests;
