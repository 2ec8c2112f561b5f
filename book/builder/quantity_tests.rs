use serde_json::json;

use super::*;

/// Two jobs on one lane, the first is dropped and the second fails; another lane tells of both.
fn run() -> Record {
    let events = [
        (0, 0, "begin", "job 0", Some(1)),
        (0, 0, "begin", "job 1", Some(2)),
        (0, 1, "mark", "1.50: 2.00 left", None),
        (5, 0, "drop", "job 0", Some(1)),
        (5, 0, "begin", "job 2", Some(3)),
        (9, 0, "mark", "job 1 fails", Some(2)),
        (9, 1, "mark", "0.25 left", None),
    ];
    let events = events.map(|(at_ms, lane, kind, what, span)| {
        json!({"at_ms": at_ms, "seq": 0, "lane": lane, "kind": kind, "what": what,
               "span": span})
    });
    serde_json::from_value(json!({
        "test": "step_1_a::b", "rule": "sample.1", "outcome": "passed", "kind": null,
        "message": "", "difference": null, "seed": 0, "weather": "calm", "ended_ms": 9,
        "lanes": ["work", "store"], "events": events, "expected": null, "report": null,
    }))
    .unwrap()
}

fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

fn levels(text: &str) -> Vec<(u64, f64, f64)> {
    let levels = quantity(text).levels(&run());
    levels.iter().map(|level| (level.at_ms, level.high, level.after)).collect()
}

#[test]
fn what_begins_and_is_over_is_counted() {
    let counts = "in work (how many) = + work begins, - work is over";

    assert_eq!(levels(counts), [(0, 2.0, 2.0), (9, 1.0, 1.0)]);
    assert_eq!(quantity(counts).most(&run()), 2.0);
}

#[test]
fn what_was_reached_only_within_an_instant_is_kept() {
    let counts = "begun (how many) = + work begins, - store says 1.5";

    assert_eq!(levels(counts), [(0, 2.0, 1.0), (5, 2.0, 2.0)]);
}

#[test]
fn what_is_told_is_not_known_before() {
    let told = "left (how many) = store tells left";

    assert_eq!(levels(told), [(0, 2.0, 2.0), (9, 2.0, 0.25)]);
    assert_eq!(quantity(told).behind_each(&run())[..3], [None, None, Some(2.0)]);
}

#[test]
fn any_lane_is_a_star() {
    assert_eq!(levels("told (how many) = + * says 0").last(), Some(&(9, 1.0, 1.0)));
}

#[test]
fn a_part_that_no_event_fits_and_a_count_below_zero_are_refused() {
    let why = |text: &str| quantity(text).check(&run()).unwrap_err();

    assert_eq!(
        why("a (how many) = + work begins, - work ends"),
        "no event of the run is `- work ends`"
    );
    assert_eq!(why("a (how many) = - work begins"), "`a` falls below zero at 0 ms");
}

#[test]
fn numbers_have_no_needless_digits() {
    assert_eq!((number(3.0), number(0.5)), ("3".to_owned(), "0.5".to_owned()));
    assert_eq!(numbers("## 12, and 0.5 late."), [12.0, 0.5]);
}
