//! What a failing run says.

use crate::{
    Lane, Limits, World, expect, explore, ms, note, panics::line_of_an_answer,
    report,
};
use record::Record;
use tokio::time::sleep;

fn run<F>(scenario: F) -> Record
where
    F: AsyncFn(World) + Send + Sync + 'static,
{
    explore(0..1, Limits::default(), scenario)
}

async fn every_100_ms(world: World) {
    let lane = world.lane("attempts");
    for _ in 0..4 {
        lane.mark();
        sleep(ms(100)).await;
    }
    lane.expect_at([0, 100, 300, 700], "attempts are further and further apart");
}

#[test]
fn it_is_rule_then_picture_then_difference() {
    let report = run(every_100_ms).report.unwrap();

    let wanted = "\
kit.0: attempts are further and further apart

        ms | expected | attempts
-----------+----------+---------
         0 | 1st      | 1st
       100 | 2nd      | 2nd
>      200 |          | 3rd
       300 | 3rd      | 4th
       700 | 4th      |

  first difference: of attempts, the 3rd came at 200 ms, 100 ms too early
  checked at tests/kit/tests/reports.rs:";
    assert!(report.starts_with(wanted), "{report}");
}

#[test]
fn expected_begins_stand_beside_begins() {
    let record = run(async |world| {
        let lane = world.lane("work");
        for _ in 0..2 {
            lane.takes("a", 100).await;
            world.at(300).await;
        }
        lane.expect_begun_at([0, 100], "the second begins when the first ends");
    });

    let wanted = "
         0 | due      | a begins
       100 |          | a ends
>          | due      |
       300 |          | a begins
";
    let report = record.report.unwrap();
    assert!(report.contains(wanted), "{report}");
}

#[test]
fn an_end_in_its_own_words_is_one_row() {
    let record = run(async |world| {
        let lane = world.lane("work");
        let span = lane.span("a");
        world.at(100).await;
        span.end_with("a fails");
        lane.expect_ended_at([100], "what fails does not end");
    });

    let wanted = "
         0 | a begins
       100 | a fails
";
    let report = record.report.unwrap().replace(" |          |", " |");
    assert!(report.contains(wanted), "{report}");
}

#[test]
fn it_is_the_same_in_every_run() {
    let first = run(every_100_ms).report;

    for _ in 0..1_000 {
        assert_eq!(run(every_100_ms).report, first);
    }
}

#[test]
fn it_has_at_most_thirty_lines() {
    let record = run(async |world| {
        let lane = world.lane("attempts");
        for _ in 0..1_000 {
            lane.mark();
            sleep(ms(1)).await;
        }
        let mut times = [0; 1_000];
        for (i, time) in times.iter_mut().enumerate() {
            *time = i as u64 + u64::from(i > 500);
        }
        lane.expect_at(times, "there is a pause in the middle");
    });

    let report = record.report.unwrap();
    let lines = report.lines().count();
    assert!(lines <= 30, "{lines} lines\n{report}");
    assert!(report.contains(">      501"), "the difference is shown\n{report}");
}

#[test]
fn it_says_when_something_is_missing_and_when_there_is_too_much() {
    let missing = run(async |world| world.lane("a").expect_at([5], "one comes"));
    let extra = run(async |world| {
        world.lane("a").mark();
        world.lane("a").expect_at([], "none comes");
    });

    let wanted = "of a, the 1st never came; it was due at 5 ms";
    assert_eq!(missing.difference.as_deref(), Some(wanted));
    assert_eq!(
        extra.difference.as_deref(),
        Some("of a, one too many: the 1st came at 0 ms")
    );
}

#[test]
fn it_says_what_began_ended_or_was_dropped() {
    let difference = |expects: fn(&Lane)| {
        let record = run(async move |world| {
            let lane = world.lane("a");
            lane.span("1st").end();
            drop(lane.span("2nd"));
            expects(&lane);
        });
        record.difference.unwrap()
    };

    let began = difference(|lane| lane.expect_begun_at([0], "one begins"));
    let ended = difference(|lane| lane.expect_ended_at([0, 7], "two end"));
    let dropped = difference(|lane| lane.expect_dropped_at([], "none is dropped"));

    assert_eq!(began, "of a, one too many: the 2nd began at 0 ms");
    assert_eq!(ended, "of a, the 2nd never ended; it was due at 7 ms");
    assert_eq!(dropped, "of a, 2nd was dropped at 0 ms, where none was due");
}

/// The first has not begun, and the second began when it was due.
#[test]
fn who_is_late_is_told_by_what_it_is() {
    let record = run(async |world| {
        let lane = world.lane("work");
        world.at(400).await;
        lane.span("GPU").end();
        world.at(500).await;
        lane.span("CPU").end();
        lane.expect_begun_at([300, 400], "each begins in time");
    });

    let wanted = "of work, none began at 300 ms, where one was due; CPU began at 500 ms, where none was due";
    assert_eq!(record.difference.as_deref(), Some(wanted));
}

#[test]
fn what_parts_is_shown_however_much_there_is() {
    let record = run(async |world| {
        let lane = world.lane("work");
        let mut due = vec![];
        for i in 0..200 {
            world.at(10 * i).await;
            lane.log(format!("item {i}"));
            due.push(10 * i + u64::from(i == 40 || i == 160));
        }
        lane.expect_at(due, "each in time");
    });

    let report = record.report.unwrap();
    for row in
        [">      400 |          | item 40", "      1600 |          | item 160"]
    {
        assert!(report.contains(row), "{report}");
    }
}

#[test]
fn notes_are_on_the_timeline_and_decide_nothing() {
    let record = run(async |world| {
        note(format!("{} left\nand a second line", 3));
        world.lane("attempts").mark();
        note("a".repeat(100));
        world.lane("attempts").expect_at([5], "late");
    });

    let report = record.report.unwrap();
    assert!(report.contains("| 3 left and a second line"), "{report}");
    assert!(report.contains("aaaa…"), "cut\n{report}");
    assert!(report.lines().all(|line| line.chars().count() <= 85), "{report}");
}

#[test]
fn a_todo_is_quoted_and_a_panic_is_called_one() {
    let todo = run(async |_| todo!("step 1: begin"));
    let panic = run(async |_| panic!("index out of bounds"));

    let (todo, panic) = (todo.report.unwrap(), panic.report.unwrap());
    assert!(todo.starts_with("kit.0: step 1: begin\n  at tests/kit/"), "{todo}");
    let wanted = "kit.0: the code panicked with \"index out of bounds\"";
    assert!(panic.starts_with(wanted), "{panic}");
}

#[test]
fn a_panic_of_a_library_is_told_by_the_line_of_the_answer() {
    let way = "   3: expect<()>
             at /rustc/5980/library/core/src/option.rs:971:34
   4: {async_block#0}
             at ./exercises/../tests/retries/act.rs:30:9
   5: retry
             at ./solutions/retries/../retries.rs:141:37
   6: retry
             at ./exercises/retries.rs:12:5";

    let line = line_of_an_answer(way);

    assert_eq!(line.as_deref(), Some("solutions/retries.rs:141"), "the innermost");
    assert_eq!(line_of_an_answer("   0: a frame without a line"), None);
}

#[test]
fn a_long_value_is_wrapped() {
    let record = run(async |_| expect("a".repeat(3), "b ".repeat(60), "short"));

    let report = record.report.unwrap();
    assert!(report.lines().all(|line| line.chars().count() <= 85), "{report}");
}

#[test]
fn the_record_is_plain_json_and_back() {
    let record = run(every_100_ms);

    let text = serde_json::to_string(&record).unwrap();
    let back: Record = serde_json::from_str(&text).unwrap();

    let again = serde_json::to_string(&back).unwrap();
    assert_eq!(again, text);
    let drawn = report(&back, None, &[]);
    assert!(record.report.unwrap().starts_with(&drawn), "{drawn}");
}

#[test]
fn a_planned_panic_that_comes_out_is_told_as_one() {
    let record = explore(0..1, Limits::default(), async |world| {
        world.expect_panics(1);
        panic!("on purpose");
    });

    let report = record.report.unwrap();
    assert!(report.contains("the panic came out of your code"), "{report}");
}

#[test]
fn a_value_says_when_it_was_asked_for() {
    let record = run(async |_| {
        sleep(ms(7)).await;
        expect(1, 2, "both are two");
    });

    assert_eq!(record.difference.unwrap(), "expected 2, observed 1", "the whole");
    let report = record.report.unwrap();
    let line = report.lines().last().unwrap_or_default();
    assert!(line.starts_with("  checked at tests/"), "{report}");
    assert!(line.ends_with(", at 7 ms"), "{report}");
}

#[test]
fn a_seed_says_what_it_disturbs() {
    let record = explore(1..2, Limits::default(), async |_| {
        expect(1, 2, "both are two");
    });

    let report = record.report.unwrap();
    let wanted = "passes undisturbed, fails under seed 1, where";
    assert!(report.contains(wanted), "{report}");
}

/// The one that was planned has not come.
#[test]
fn a_panic_of_a_library_is_told_beside_planned_ones() {
    let record = run(async |world| {
        world.expect_panics(1);
        _ = tokio::spawn(async { (0..1).step_by(std::hint::black_box(0)).count() })
            .await;
        expect(1, 2, "both are two");
    });
    let report = record.report.unwrap();
    assert!(report.contains("a task panicked: "), "it is told: {report}");
}
