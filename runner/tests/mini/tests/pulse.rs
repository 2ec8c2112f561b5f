//! The contract of `exercises/pulse.rs`, one step per rule.

use super::pulse;

use kit::check;

mod step_1_beats {
    use super::*;

    #[test]
    fn once_for_one() {
        check("pulse.1", || assert_eq!(pulse(1), 1, "one beat is one"));
    }
}

mod step_2_beats_on {
    use super::*;

    #[test]
    fn twice_for_two() {
        check("pulse.2", || assert_eq!(pulse(2), 2, "two beats are two"));
    }
}

mod step_3_rests {
    use super::*;

    #[test]
    fn at_zero() {
        check("pulse.3", || assert_eq!(pulse(0), 0, "no beat is none"));
    }
}
