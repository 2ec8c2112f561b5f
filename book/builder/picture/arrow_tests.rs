use record::Record;

use super::{
    Figure, figure,
    tests::{event, record},
};

fn drawn(
    solution: &Record,
    mistake: Option<(&str, &Record)>,
    arrows: &str,
) -> Result<String, String> {
    let (_, arrows) = crate::arrow::split(arrows)?;
    let (id, test, quantity) = ("tl-x", "step_1_a::b", None);
    figure(&Figure { id, test, solution, mistake, quantity, arrows: &arrows })
}

/// A signal, one who hears it at once and one who hears it later.
fn signal() -> Record {
    let events = vec![
        event(0, 0, 1, "begin", "request", Some(1)),
        event(100, 1, 0, "mark", "sends true", None),
        event(100, 2, 2, "mark", "stops", None),
        event(300, 3, 1, "end", "request", Some(1)),
        event(300, 4, 1, "mark", "closed", None),
        event(500, 5, 2, "mark", "returns", None),
        event(500, 6, 2, "mark", "stops", None),
    ];
    record(&["main", "ada", "server"], events, 500)
}

fn refused(arrows: &str) -> String {
    drawn(&signal(), None, arrows).unwrap_err()
}

#[test]
fn an_arrow_is_a_line_with_a_head_under_the_signs() {
    let html = drawn(
        &signal(),
        None,
        "; arrow main: sends true -> ada: closed; arrow ada: request ends -> server: returns",
    )
    .unwrap();

    assert_eq!(html.matches("class=\"tl-arrow\"").count(), 2);
    assert_eq!(html.matches("class=\"tl-arrow-head\"").count(), 2);
    let (last, first) = (html.rfind("tl-arrow-head"), html.find("tl-mark"));
    assert!(last < first, "signs stand over arrows: {html}");
    let said = " An arrow leads from what was done to what it set off.";
    assert_eq!(html.matches(said).count(), 1, "once: {html}");
    assert!(!drawn(&signal(), None, "").unwrap().contains("tl-arrow"));
}

#[test]
fn an_arrow_ends_at_the_sign_of_its_effect() {
    let down =
        drawn(&signal(), None, "; arrow ada: request begins -> server: returns");
    let up = drawn(&signal(), None, "; arrow server: stops #1 -> ada: closed");
    let row = drawn(&signal(), None, "; arrow ada: request begins -> ada: closed");
    let within =
        drawn(&signal(), None, "; arrow main: sends true -> server: stops #1");

    for (html, what) in
        [(down, "returns"), (up, "closed"), (row, "closed"), (within, "stops")]
    {
        let html = html.unwrap();
        let head = html.split("tl-arrow-head\" d=\"M").nth(1).unwrap();
        let tip: Vec<f64> = head
            .split('L')
            .next()
            .unwrap()
            .split(' ')
            .map(|number| number.parse().unwrap())
            .collect();
        let before = html.split(&format!(">{what}</text>")).next().unwrap();
        let sign = before.rsplit("tl-mark\" d=\"M").next().unwrap();
        let sign: Vec<f64> = sign
            .split(['l', ' '])
            .take(2)
            .map(|number| number.parse().unwrap())
            .collect();
        let (aside, below) = (sign[0] - tip[0], tip[1] - sign[1]);
        assert!((0.0..6.0).contains(&aside), "{what}: {aside} {html}");
        assert!((-1.0..19.0).contains(&below), "{what}: {below} {html}");
    }
}

#[test]
fn what_an_arrow_means_is_told_in_words() {
    let html =
        drawn(&signal(), None, "; arrow main: sends true -> ada: closed").unwrap();

    assert!(html.contains(
        "ada: closed at 300 ms was caused by main: sends true at 100 ms.</desc>"
    ));
    assert!(html.contains("<th scope=\"col\">Caused by</th>"));
    assert!(html.contains(
        "<td>closed</td><td>happens</td><td>main: sends true at 100 ms</td></tr>"
    ));
    assert!(!drawn(&signal(), None, "").unwrap().contains("Caused by"));
}

#[test]
fn an_arrow_belongs_to_the_run_it_says() {
    let mut wrong = signal();
    wrong.events.remove(4);
    let arrow = "; arrow ada: request ends -> ada: closed";
    let below = "; arrow below ada: request ends -> server: returns";

    let html =
        drawn(&signal(), Some(("stays", &wrong)), &[arrow, below].concat()).unwrap();

    let (upper, lower) = html.split_once("tl-run tl-wrong").unwrap();
    assert_eq!(upper.matches("tl-arrow-head").count(), 1);
    assert_eq!(lower.matches("tl-arrow-head").count(), 1);
    let why = drawn(
        &signal(),
        Some(("stays", &wrong)),
        "; arrow below ada: request ends -> ada: closed",
    );
    assert!(
        why.unwrap_err().contains("the run of stays has no event `ada: closed`")
    );
    assert!(refused(below).contains("no wrong answer is drawn below"));
}

#[test]
fn an_end_that_is_no_event_is_refused_with_those_there_are() {
    assert_eq!(
        refused("; arrow main: sends -> ada: closed"),
        "the run of a right answer has no event `main: sends` for an arrow; on this \
         lane there are `main: sends true`"
    );
    assert_eq!(
        refused("; arrow bob: request ends -> ada: closed"),
        "the run of a right answer has no event `bob: request ends` for an arrow; write \
         it as `LANE: WORDS`, its lanes are `main`, `ada`, `server`"
    );
}

#[test]
fn an_end_that_is_several_events_is_refused_unless_a_number_picks_one() {
    assert_eq!(
        refused("; arrow main: sends true -> server: stops"),
        "the run of a right answer has 2 events `server: stops`, at 100, 500 ms: say \
         which, as in `server: stops #2`"
    );
    let why = refused("; arrow main: sends true -> server: stops #3");
    assert!(why.contains("no `server: stops #3`: it has 2 of them"), "{why}");
    drawn(&signal(), None, "; arrow main: sends true -> server: stops #2").unwrap();
}

#[test]
fn an_effect_that_is_not_recorded_behind_its_cause_is_refused() {
    assert_eq!(
        refused("; arrow ada: closed -> main: sends true"),
        "an arrow leads to `main: sends true` at 100 ms, which is not recorded behind \
         its cause, `ada: closed` at 300 ms: turn it round, or name another cause"
    );
    let why = refused("; arrow ada: closed -> ada: closed");
    assert!(why.contains("not recorded behind its cause"), "{why}");
}

#[test]
fn an_arrow_has_two_ends() {
    for half in
        ["; arrow ada: closed", "; arrow -> ada: closed", "; arrow a -> b -> c"]
    {
        let why = refused(half);
        assert!(why.contains("`; arrow LANE: WORDS -> LANE: WORDS`"), "{why}");
    }
}
