//! The contract of `exercises/pulse.rs`, one step per rule.

use super::pulse;

use kit::check;

#[path = "pulse/model.rs"]
mod model;

mod step_1_beats {
    use super::*;

    #[test]
    fn one_beat_is_one() {
        check("pulse.1", || assert_eq!(pulse(1), 1, "one beat is one"));
    }
}

mod step_2_beats_on {
    use super::*;

    #[test]
    fn two_beats_are_two() {
        check("pulse.2", || {
            assert_eq!(pulse(2), model::beats(2), "two beats are two");
        });
    }
}

mod step_3_rests {
    use super::*;

    #[test]
    fn no_beat_at_zero() {
        check("pulse.3", || assert_eq!(pulse(0), 0, "no beat is none"));
    }
}
