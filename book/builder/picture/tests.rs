use record::Record;
use serde_json::json;

use super::{
    Figure, compare::first_difference, figure, rows, rows::Shape, scale::Scale,
    time::time,
};

/// A run with one lane of marks.
fn marks(at: &[u64], ended_ms: u64) -> Record {
    let events: Vec<_> = at
        .iter()
        .enumerate()
        .map(|(seq, at_ms)| event(*at_ms, seq, 0, "mark", "call", None))
        .collect();
    record(&["attempts"], events, ended_ms)
}

pub fn event(
    at_ms: u64,
    seq: usize,
    lane: usize,
    kind: &str,
    what: &str,
    span: Option<u32>,
) -> serde_json::Value {
    json!({"at_ms": at_ms, "seq": seq, "lane": lane, "kind": kind, "what": what, "span": span})
}

pub fn record(
    lanes: &[&str],
    events: Vec<serde_json::Value>,
    ended_ms: u64,
) -> Record {
    serde_json::from_value(json!({
        "test": "step_1_a::b", "rule": "sample.1", "outcome": "passed", "kind": null,
        "message": "calls must be <prompt>", "difference": null, "seed": 0,
        "weather": "calm", "ended_ms": ended_ms, "lanes": lanes, "events": events,
        "expected": null, "report": null,
    }))
    .unwrap()
}

fn drawn(solution: &Record, mistake: Option<(&str, &Record)>) -> String {
    steps(solution, mistake, None).unwrap()
}

fn steps(
    solution: &Record,
    mistake: Option<(&str, &Record)>,
    quantity: Option<&str>,
) -> Result<String, String> {
    let quantity = quantity.map(|text| text.parse().unwrap());
    let (id, test, quantity) = ("tl-x", "step_1_a::b", quantity.as_ref());
    let arrows = &[];
    figure(&Figure { id, test, solution, mistake, quantity, arrows })
}

/// A run with one lane that tells these words.
pub fn told(words: &[(u64, &str)], ended_ms: u64) -> Record {
    let events = words.iter().enumerate();
    let events = events
        .map(|(seq, (at_ms, what))| event(*at_ms, seq, 0, "mark", what, None))
        .collect();
    record(&["crowd"], events, ended_ms)
}

#[test]
fn runs_part_at_the_earlier_instant() {
    let right = marks(&[0, 100, 300, 700], 700);

    assert_eq!(
        first_difference(&right, &marks(&[0, 100, 200, 300], 300)),
        Some(200)
    );
    assert_eq!(first_difference(&right, &marks(&[0, 100, 300], 300)), Some(300));
    assert_eq!(
        first_difference(&right, &marks(&[0, 100, 300, 700], 1_500)),
        Some(700)
    );
    assert_eq!(first_difference(&right, &right), None);
}

#[test]
fn two_events_in_another_order_are_the_last_thing_that_tells_runs_apart() {
    let ab = [event(5, 0, 0, "mark", "a", None), event(5, 1, 0, "mark", "b", None)];
    let ba = [event(5, 0, 0, "mark", "b", None), event(5, 1, 0, "mark", "a", None)];
    let (ab, ba) = (record(&["l"], ab.into(), 9), record(&["l"], ba.into(), 9));

    assert_eq!(first_difference(&ab, &ba), Some(5));
}

#[test]
fn waits_are_to_scale_when_they_can_be() {
    let run = marks(&[0, 100, 300, 700], 700);
    let scale = Scale::new(&[&run], 100.0, 800.0);

    assert_eq!(scale.x(0), 100.0);
    assert_eq!(scale.x(100), 200.0);
    assert_eq!(scale.x(300), 400.0);
    assert_eq!(scale.x(700), 800.0);
    assert!(scale.breaks.is_empty());
}

#[test]
fn an_hour_beside_milliseconds_is_broken_and_says_how_long_it_was() {
    let run = marks(&[0, 5, 3_600_005, 3_600_010], 3_600_010);
    let scale = Scale::new(&[&run], 100.0, 700.0);

    assert_eq!(scale.breaks.len(), 1);
    assert_eq!(scale.breaks[0].ms, 3_600_000);
    assert!(drawn(&run, None).contains(">3\u{a0}600\u{a0}000<"));
}

#[test]
fn events_of_one_instant_stand_under_each_other_with_their_order() {
    let events = [(0, "a"), (0, "b"), (1, "c"), (0, "d")];
    let events = events.iter().enumerate().map(|(seq, (lane, what))| {
        let at_ms = if *what == "d" { 9 } else { 5 };
        event(at_ms, seq, *lane, "mark", what, None)
    });
    let run = record(&["one", "two"], events.collect(), 9);
    let scale = Scale::new(&[&run], 100.0, 700.0);

    let lanes = rows::lanes(&run, &scale).unwrap();

    let items: Vec<_> = lanes.iter().flat_map(|lane| &lane.items).collect();
    let seen = |what: &str| {
        let item = items.iter().find(|item| item.what == what).unwrap();
        (item.x0, item.row, item.first)
    };
    let x = scale.x(5);
    assert_eq!(seen("a"), (x, 0, Some(1)));
    assert_eq!(seen("b"), (x, 1, Some(2)));
    assert_eq!(seen("c"), (x, 0, Some(3)));
    assert_eq!(seen("d").2, None, "alone in its instant");
}

#[test]
fn a_mark_without_words_is_refused() {
    let run = told(&[(3, " ")], 9);

    let why = steps(&run, None, None).unwrap_err();

    assert_eq!(why, "something on the lane `crowd` has no words at 3 ms");
}

#[test]
fn a_lane_with_no_room_for_its_words_is_refused() {
    let run = told(&[(3, "many"); 17], 9);

    let why = steps(&run, None, None).unwrap_err();

    assert!(why.contains("`crowd` needs 17 rows for its words"), "{why}");
}

#[test]
fn spans_end_drop_or_stay_open() {
    let events = vec![
        event(0, 0, 0, "begin", "GET /a", Some(1)),
        event(0, 1, 0, "begin", "GET /b", Some(2)),
        event(0, 2, 0, "begin", "GET /c", Some(3)),
        event(50, 3, 0, "end", "GET /a", Some(1)),
        event(80, 4, 0, "drop", "GET /b", Some(2)),
    ];
    let run = record(&["server"], events, 100);
    let scale = Scale::new(&[&run], 100.0, 700.0);

    let lanes = rows::lanes(&run, &scale).unwrap();

    let shapes: Vec<Shape> = lanes[0].items.iter().map(|item| item.shape).collect();
    assert_eq!(shapes, [Shape::Ended, Shape::Dropped, Shape::Open]);
    assert_eq!(lanes[0].rows, 3, "three at once need three rows");
}

#[test]
fn a_span_may_end_with_a_mark_of_its_own() {
    let events = vec![
        event(0, 0, 0, "begin", "item 1", Some(1)),
        event(50, 1, 0, "mark", "item 1 fails", Some(1)),
    ];
    let run = record(&["operations"], events, 100);
    let scale = Scale::new(&[&run], 100.0, 700.0);

    let lanes = rows::lanes(&run, &scale).unwrap();

    let (bar, mark) = (&lanes[0].items[0], &lanes[0].items[1]);
    assert_eq!((bar.shape, mark.shape), (Shape::Ended, Shape::Mark));
    assert_eq!(bar.x1, mark.x0, "the bar ends where the mark stands");
}

#[test]
fn a_figure_has_words_for_everything_it_draws() {
    let (right, wrong) = (marks(&[0, 100], 100), marks(&[0, 50], 50));

    let html = drawn(&right, Some(("calls_too_early", &wrong)));

    assert!(html.contains(r#"role="img""#));
    assert!(html.contains(r#"<title id="tl-x-title">"#));
    assert!(html.contains(r#"<desc id="tl-x-desc">"#));
    assert!(html.contains(r#"aria-labelledby="tl-x-title tl-x-desc""#));
    assert!(html.contains("The two runs part at 50 ms."));
    assert!(html.contains("<td>50 ms, first difference</td>"));
    assert!(html.contains("calls must be &lt;prompt&gt;"), "text is escaped");
    assert!(!html.contains("\n\n"), "a blank line would end the HTML block");
}

#[test]
fn names_from_a_record_cannot_become_markup() {
    let run = record(&["<b>"], vec![event(0, 0, 0, "mark", "a\"&\n", None)], 1);

    let html = drawn(&run, None);

    assert!(html.contains("&lt;b&gt;") && html.contains("a&quot;&amp; "), "{html}");
}

#[test]
fn a_run_without_events_is_still_a_picture() {
    assert!(drawn(&marks(&[], 0), None).contains("</svg>"));
}

#[test]
fn all_times_are_milliseconds() {
    assert_eq!(time(0), "0 ms");
    assert_eq!(time(30_100), "30100 ms");
    assert_eq!(time(3_600_015), "3\u{a0}600\u{a0}015 ms");
    assert!(drawn(&marks(&[0, 60_000], 60_000), None).contains(">60000</text>"));
}

#[test]
fn a_caption_is_markdown_and_what_looks_like_html_in_it_is_text() {
    let mut wrong = marks(&[50], 50);
    wrong.message = "`go` is <prompt>".into();
    wrong.difference = Some("expected `a`".into());

    let html = drawn(&marks(&[0], 0), Some(("is_late", &wrong)));

    let caption =
        "\"<code>go</code> is &lt;prompt&gt;\". What was seen: expected `a`.";
    assert!(html.contains(caption), "{html}");
}

#[test]
fn a_wrong_answer_is_told_in_words_and_drawn_apart() {
    let (right, mut wrong) = (marks(&[0], 0), marks(&[50], 50));
    wrong.difference = Some("of calls, one too many".into());

    let html = drawn(&right, Some(("is_late", &wrong)));

    assert!(
        html.contains("What was seen: on the lane calls, one too many."),
        "{html}"
    );
    assert!(html.contains(">is_late, a wrong answer</text>"));
    assert_eq!(html.matches("tl-run tl-wrong").count(), 1);
    assert!(!drawn(&right, None).contains("tl-wrong"));
}

#[test]
fn steps_stand_below_the_lanes_on_their_axis_and_in_the_table() {
    let events = vec![
        event(0, 0, 0, "begin", "send 0", Some(1)),
        event(0, 1, 0, "begin", "send 1", Some(2)),
        event(0, 2, 0, "end", "send 0", Some(1)),
        event(50, 3, 0, "drop", "send 1", Some(2)),
    ];
    let run = record(&["senders"], events, 100);

    let counts =
        "sending (how many sends wait) = + senders begins, - senders is over";
    let html = steps(&run, None, Some(counts)).unwrap();

    assert!(html.contains(">sending</text>"));
    assert!(
        html.contains("The steps show how many sends wait: at most 2."),
        "{html}"
    );
    let wrong = record(&["senders"], vec![], 100);
    let pair = steps(&run, Some(("sends_nothing", &wrong)), Some(counts)).unwrap();
    let said = "at most 2 in the upper run, at most 0 in the lower; \
                after 0 ms it is 1 in the upper run and 0 in the lower.";
    assert!(pair.contains(said), "{pair}");
    assert!(html.contains("<th scope=\"col\">sending</th>"));
    assert!(html.contains("<td>send 1</td><td>is dropped</td><td>0</td></tr>"));
    assert!(html.contains("class=\"tl-peak\" d=\"M"), "two, within an instant");
}

#[test]
fn a_picture_that_is_not_to_scale_says_so() {
    let even = marks(&[0, 100, 200], 200);
    let uneven = marks(&[0, 1, 200, 400, 600, 800, 1000, 1001], 1001);

    assert!(!drawn(&even, None).contains("longer than they were"));
    assert!(drawn(&uneven, None).contains("longer than they were"));
}
