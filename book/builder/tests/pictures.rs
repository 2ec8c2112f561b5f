//! Which pictures are refused, and in which words.

use super::{put, refused, rendered, runs, workbook};

#[test]
fn a_picture_of_what_a_run_does_not_have_is_refused() {
    let steps = |what: &str| {
        refused(&format!("{{{{#steps sample step_1_a::b: {what}}}}}\n"))
    };
    let columns = |what: &str| {
        refused(&format!("{{{{#columns sample step_1_a::b: {what}}}}}\n"))
    };

    assert!(
        steps("in work (how many) = + calls begins")
            .contains("no event of the run is `+ calls begins`")
    );
    assert!(steps("in work").contains("write a quantity as"));
    assert!(
        columns("calls").contains("`go` tells 0 numbers, and the directive names 1")
    );
    assert!(columns("a, b, c").contains("one number or two"));
}

#[test]
fn an_arrow_without_its_events_is_refused_with_its_place() {
    let arrow = |what: &str, arrow: &str| {
        refused(&format!("\n{{{{#{what} sample step_1_a::b{arrow}}}}}\n"))
    };

    assert_eq!(
        arrow("timeline", "; arrow calls: goes -> calls: go"),
        "book/src/sample.md:2: the run of a right answer has no event `calls: goes` for \
         an arrow; on this lane there are `calls: go`"
    );
    let why = arrow("steps", ": a (b) = calls tells x; arrow calls: go");
    assert!(why.starts_with("book/src/sample.md:2: write an arrow as"), "{why}");
    let why = arrow("columns", ": x; arrow calls: go -> calls: go");
    assert!(why.contains("columns have no lanes, and so no arrows"), "{why}");
}

#[test]
fn a_mistake_that_passes_the_test_is_refused() {
    let root = workbook();
    put(
        root.path(),
        "book/runs/sample/is_late.json",
        &runs("step_1_a::b", "passed"),
    );

    let why =
        rendered(&root, "{{#timeline sample step_1_a::b is_late}}\n").unwrap_err();

    assert!(why.contains("choose a test that it fails"), "{why}");
}
