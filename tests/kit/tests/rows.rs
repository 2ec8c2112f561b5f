//! Which rows of a scene are shown, and of which story.

use record::Record;
use tokio::time::sleep;

use super::bells::{Bells, Happens};
use crate::{
    ms,
    scenes::{
        Contract, Draw, Event, Judge, Open, Setting, Stage, Story, explore, judge,
    },
    shorten::{Row, mark_what_it_is_about, shorten},
};

/// Ada and Bob ring one after the other. Who is first is open in rule 1; rule 2 says that it is Ada.
struct Twins;

struct Two {
    is_ada_first: bool,
}

#[derive(Clone, PartialEq)]
struct Name(&'static str);

impl Event for Name {
    fn words(&self) -> (&'static str, String) {
        (self.0, "rings".to_owned())
    }
}

impl Setting for Two {
    fn draw(from: &Draw) -> Self {
        Two { is_ada_first: from.step() >= 2 }
    }

    fn words(&self) -> Vec<String> {
        vec!["two ring".to_owned()]
    }
}

impl Contract for Twins {
    type Scene = Two;
    type Event = Name;

    fn judge() -> &'static dyn Judge {
        judge::<Self>()
    }

    fn model(scene: &Two, open: &Open) -> Option<Story<Name>> {
        let mut names = ["ada", "bob"];
        if !scene.is_ada_first && !open.either() {
            names.reverse();
        }
        let mut story = Story::default();
        for (at, name) in [10, 20].into_iter().zip(names) {
            story.tell(ms(at), Name(name));
        }
        Some(story)
    }

    fn by_all_rules(_: &Two, open: &Open) -> Option<Story<Name>> {
        Self::model(&Two { is_ada_first: true }, open)
    }
}

#[test]
fn what_a_later_rule_forbids_is_not_shown_as_due() {
    let rings_nobody = async |_: Stage<Twins>, _: &Two| {};
    let record = explore("twins.1", 0..1, rings_nobody);

    let difference = record.difference.unwrap_or_default();
    let due = "due at 10 ms: ada rings; it does not come";
    assert_eq!(difference, due, "of two that are as near, the later rule decides");
}

fn rings(also: &'static [usize]) -> Record {
    explore("bells.1", 0..64, async move |stage: Stage<Bells>, scene| {
        for (n, pause) in scene.pauses.iter().enumerate() {
            let is_early = n == 1;
            sleep(if is_early { *pause / 2 } else { *pause }).await;
            if is_early {
                also.iter().for_each(|n| stage.tell(Happens::Rings(*n)));
            }
            stage.tell(Happens::Rings(n));
        }
    })
}

#[test]
fn of_what_differs_at_one_instant_what_is_early_is_told() {
    let difference = rings(&[7]).difference.unwrap_or_default();

    let early = "at 150 ms bell rings: 1; that is due at 200 ms: 50 ms too early";
    assert_eq!(difference, early, "what is early says more than what is not due");
}

#[test]
fn rows_that_say_the_same_are_counted() {
    let report = rings(&[7, 7, 7]).report.unwrap_or_default();

    let row = "bell rings: 7, 3 times";
    assert!(report.contains(row), "what is told three times is one row: {report}");
}

#[test]
fn what_the_difference_is_about_is_kept() {
    let row = |i: usize| {
        let what = match i {
            20 | 90 => "router request 2 comes".to_owned(),
            40 => "router request 20 comes".to_owned(),
            i => format!("log says {i}"),
        };
        let cells = vec![what.clone(), what];
        Row { at_ms: Some(i as u64), cells, ..Row::default() }
    };
    let mut rows: Vec<_> = (0..100).map(row).collect();
    rows[60].differs = true;

    mark_what_it_is_about(&mut rows, "router request 2 gets 200");

    let shown: Vec<_> = shorten(rows, 14).into_iter().map(|it| it.at_ms).collect();
    let is_shown = [20, 90, 60, 40].map(|at_ms| shown.contains(&Some(at_ms)));
    let why = "request 2 is shown wherever it is, and request 20 is another";
    assert_eq!(is_shown, [true, true, true, false], "{why}: {shown:?}");
}

#[test]
fn what_happens_all_the_time_crowds_nothing_out() {
    let row = |i: usize| {
        let who = if i % 4 == 1 { "caller 1" } else { "log" };
        let cells = vec![format!("{who} rings at {i}")];
        Row { at_ms: Some(i as u64), cells, ..Row::default() }
    };
    let mut rows: Vec<_> = (0..100).map(row).collect();
    rows[60].differs = true;

    mark_what_it_is_about(&mut rows, "caller 1 rings");

    let shown: Vec<_> = shorten(rows, 14).into_iter().map(|it| it.at_ms).collect();
    let is_shown = [58, 59, 62, 63].map(|at_ms| shown.contains(&Some(at_ms)));
    let why = "of twenty-five rows of one caller none pushes out what is near";
    assert_eq!(is_shown, [true; 4], "{why}: {shown:?}");
}
