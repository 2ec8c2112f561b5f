//! Who of several failing tests speaks.

use record::Kind;

use crate::board;

/// Only the first is read, so only there a smaller scene is looked for.
#[test]
fn whether_another_test_of_the_chapter_has_failed_is_known() {
    let (first, second) = ("z_chapter::step_1_a::b", "z_chapter::step_2_a::b");
    board::start(first);
    assert!(!board::has_spoken_before(second), "it still runs");
    board::end(first, Some(Kind::Rule));
    assert!(board::has_spoken_before(second), "it failed");
    let other = "z_other_chapter::step_2_a::b";
    assert!(!board::has_spoken_before(other), "in another chapter");
    assert!(!board::has_spoken_before(first), "nobody comes before the first");
}

/// A hang says little, and the rule that another test of its step names says more.
#[test]
fn the_rule_speaks_after_a_hang_of_its_step() {
    let test = |name: &str| format!("y_chapter::step_{name}");
    let ends = |name: &str, kind| {
        board::start(&test(name));
        board::end(&test(name), kind)
    };

    assert!(ends("1_a::a", Some(Kind::Spin)), "the first to fail");
    assert!(!ends("1_a::b", Some(Kind::Stall)), "another hang");
    assert!(ends("1_a::c", Some(Kind::Rule)), "a rule of the same step");
    assert!(!ends("1_a::d", Some(Kind::Rule)), "the rule is said");
    assert!(!ends("1_a::e", None), "it passes");
    assert!(!ends("2_b::a", Some(Kind::Rule)), "a later step");
}
