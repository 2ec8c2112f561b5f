//! The contract of `exercises/first_light.rs`, one step per rule.
//!
//! Run one step alone with `cargo test --test first_light step_1`.

use super::signal;

use kit::{check, ms};

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
