//! The contract of `exercises/first_light.rs`, one step per rule.
//!
//! Run one step alone with `cargo test --test first_light step_1`.

use std::time::Duration;

use super::signal;

use kit::{check, ms};
use tokio::time::timeout;

mod step_1_flashes_in_time {
    use super::*;

    #[test]
    fn flashes_come_at_once_and_then_after_each_wait() {
        check("first_light.1", async |world| {
            let lamp = world.lane("lamp");

            signal(|| lamp.mark(), 4, ms(100)).await;

            lamp.expect_at(
                [0, 100, 200, 300],
                "four flashes are 100 ms apart, and the first comes at once",
            );
        });
    }

    #[test]
    fn nothing_flashes_when_there_is_nothing_to_signal() {
        check("first_light.1", async |world| {
            let lamp = world.lane("lamp");

            signal(|| lamp.mark(), 0, ms(100)).await;

            lamp.expect_at([], "zero flashes are no flash");
        });
    }

    #[test]
    fn the_first_flash_comes_at_once_however_long_the_wait() {
        check("first_light.1", async |world| {
            let lamp = world.lane("lamp");
            let an_hour = ms(3_600_000);

            let call = signal(|| lamp.mark(), 1, Duration::MAX);
            _ = timeout(an_hour, call).await;

            lamp.expect_at([0], "the first flash waits for nothing");
        });
    }

    #[test]
    fn they_all_come_at_once_when_the_wait_is_zero() {
        check("first_light.1", async |world| {
            let lamp = world.lane("lamp");

            signal(|| lamp.mark(), 3, Duration::ZERO).await;

            lamp.expect_at(
                [0, 0, 0],
                "no time lies between flashes that are zero apart",
            );
        });
    }
}

mod step_2_stops_with_the_last_flash {
    use super::*;

    #[test]
    fn no_wait_follows_the_last_flash() {
        check("first_light.2", async |world| {
            let (lamp, caller) = (world.lane("lamp"), world.lane("caller"));

            signal(|| lamp.mark(), 2, ms(10)).await;

            let last_flash = lamp.marks().last().map_or(0, |(at, _)| *at);
            caller.log("goes on");
            world.expect_now(
                last_flash,
                "after the last flash there is nothing left to wait for",
            );
        });
    }
}
