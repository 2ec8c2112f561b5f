//! Scenes of a small contract, acted by right and by wrong answers.

use std::time::Duration;

use record::{Kind, Outcome, Record};
use tokio::time::{sleep, timeout};

use super::bells::{Bells, Happens, NOBODY_KNOWS, Scene};
use crate::{
    ms,
    scenes::{Open, Stage, census, counted, explore, told},
};

/// Rings as it should, but for what `pause` makes of the n-th pause.
async fn ring(
    stage: &Stage<Bells>,
    scene: &Scene,
    pause: fn(usize, Duration) -> Duration,
) {
    let rings = async {
        for (n, wanted) in scene.pauses.iter().enumerate() {
            sleep(pause(n, *wanted)).await;
            stage.tell(Happens::Rings(n));
        }
        if scene.until.is_some() {
            std::future::pending::<()>().await;
        }
    };
    if timeout(scene.until.unwrap_or(Duration::MAX), rings).await.is_err() {
        stage.tell(Happens::Leaves);
    }
}

fn run<A>(rule: &'static str, act: A) -> Record
where
    A: AsyncFn(Stage<Bells>, &Scene) + Send + Sync + 'static,
{
    explore(rule, 0..64, act)
}

fn hasty() -> Record {
    let half_the_second = |n, pause| if n == 1 { pause / 2 } else { pause };
    run("bells.2", async move |stage, scene| {
        ring(&stage, scene, half_the_second).await
    })
}

#[test]
fn whoever_does_what_is_due_passes_also_where_two_things_meet() {
    let record = run("bells.2", async |stage, scene| {
        ring(&stage, scene, |_, pause| pause).await;
    });

    assert_eq!(record.outcome, Outcome::Passed, "{:?}", record.report);
}

#[test]
fn the_smallest_scene_of_the_fewest_rules_is_told_and_can_be_acted_again() {
    let wanted = "\
bells.1: here something else happens than rule 1 says
  the scene: pauses of 100 ms, 100 ms

        ms | due           | came
-----------+---------------+--------------
       100 | bell rings: 0 | bell rings: 0
>      150 |               | bell rings: 1
       200 | bell rings: 1 |

  first difference: at 150 ms bell rings: 1; that is due at 200 ms: 50 ms too early
  the rules in words: cargo run -- explain bells.1
  to replay: KIT_SCENE=0.0.1.0.1 cargo test --test bells step_1";
    assert_eq!(hasty().report.unwrap(), wanted);
}

/// At a tie several things can be due, so the reader would suspect the tie.
#[test]
fn where_it_can_the_scene_that_is_told_has_no_tie() {
    let record = run("bells.2", async |stage, scene| {
        ring(&stage, scene, |_, pause| pause).await;
        let first = scene.pauses.first().copied();
        if first.is_some() && first <= scene.until {
            stage.tell(Happens::Rings(0));
        }
    });

    assert_eq!(record.rule, "bells.2", "without rule 2 nothing is wrong");
    let told = record.scene.expect("it fails").told;
    let pauses = told[0].strip_prefix("pauses of ");
    let until = told[1].strip_prefix("until ");
    assert!(pauses.is_some() && until.is_some(), "{told:?}");
    assert_ne!(pauses, until, "{told:?}");
}

#[test]
fn the_same_answer_has_the_same_report_every_time() {
    let first = hasty().report;
    for _ in 0..20 {
        assert_eq!(hasty().report, first);
    }
}

#[test]
fn what_comes_too_late_instead_of_something_or_never_is_called_so() {
    let late = run("bells.1", async |stage, scene| {
        ring(&stage, scene, |_, pause| pause + ms(1)).await;
    });
    let other = run("bells.1", async |stage, scene| {
        for (n, pause) in scene.pauses.iter().enumerate() {
            sleep(*pause).await;
            stage.tell(Happens::Rings(n / 2 * 2));
        }
    });
    let never = run("bells.1", async |_, _| {});

    let differences = [late, other, never].map(|record| record.difference.unwrap());
    let wanted = [
        "due at 100 ms: bell rings: 0; it comes at 101 ms, 1 ms too late",
        "due at 200 ms: bell rings: 1; what comes instead: bell rings: 0",
        "due at 100 ms: bell rings: 0; it does not come",
    ];
    assert_eq!(differences, wanted);
}

#[test]
fn the_order_within_one_instant_is_the_law_s_business() {
    let record = run("bells.2", async |stage, scene| {
        if scene.until.is_some() && scene.until == scene.pauses.first().copied() {
            sleep(scene.pauses[0]).await;
            stage.tell(Happens::Leaves);
            stage.tell(Happens::Rings(0));
        } else {
            ring(&stage, scene, |_, pause| pause).await;
        }
    });

    let difference = record.difference.as_deref();
    assert_eq!(difference, Some("it rings after it was taken away"));
}

#[test]
fn a_scene_without_a_model_is_not_judged_but_by_its_law() {
    let record = run("bells.1", async |stage, scene| {
        if !scene.pauses.contains(&NOBODY_KNOWS) {
            return ring(&stage, scene, |_, pause| pause).await;
        }
        stage.tell(Happens::Leaves);
        stage.tell(Happens::Rings(7));
    });

    let report = record.report.unwrap();
    assert_eq!(record.difference.unwrap(), "it rings after it was taken away");
    let lanes = "        ms | porter        | bell\n";
    assert!(report.contains(lanes), "{report}");
}

#[test]
fn what_is_only_drawn_stands_in_brackets_and_is_not_compared() {
    let record = run("bells.1", async |stage, _| stage.aside("night falls"));
    let report = record.report.unwrap();
    assert!(report.contains(" (night falls)\n"), "{report}");
    assert!(report.contains("due at 100 ms: bell rings: 0"), "{report}");
}

#[test]
fn a_panic_a_stall_and_a_spin_tell_their_scene() {
    let panics = run("bells.1", async |stage, scene| {
        assert!(scene.pauses.len() < 2, "two");
        ring(&stage, scene, |_, pause| pause).await;
    });
    let spins = run("bells.1", async |stage, scene| {
        ring(&stage, scene, |_, pause| pause).await;
        while scene.pauses.len() == 2 {
            tokio::task::yield_now().await;
        }
    });
    let stalls = run("bells.1", async |stage, scene| {
        ring(&stage, scene, |_, pause| pause).await;
        if scene.pauses.len() == 2 {
            std::future::pending::<()>().await;
        }
    });

    let kinds = [&panics, &stalls, &spins].map(|record| record.kind.unwrap());
    let wanted = [Kind::Panic, Kind::Stall, Kind::Spin];
    assert_eq!(kinds, wanted, "each fails in its own way");
    let two = "100 ms, 100 ms\n";
    // To see a spin again takes so long that few smaller scenes are tried.
    for (record, pauses) in [(panics, two), (stalls, two), (spins, "")] {
        let report = record.report.unwrap();
        let told = format!("\n  the scene: pauses of {pauses}");
        assert!(report.contains(&told), "{report}");
    }
}

#[test]
fn a_model_is_asked_for_every_story_it_allows() {
    let mut stories = vec![];
    let open = Open::default();
    let is_judged = open.each(
        |open| Some((open.one_of(3), open.either() && open.either())),
        |story| {
            stories.push(story);
            false
        },
    );

    assert!(is_judged);
    assert_eq!(stories.len(), 9, "{stories:?}");
}

#[test]
fn lengths_of_time_and_numbers_are_told_in_words() {
    let times = [ms(100), Duration::from_micros(1_500), Duration::MAX];
    assert_eq!(times.map(told), ["100 ms", "1.5 ms", "Duration::MAX"]);
    let numbers = [0, 1, 2].map(|n| counted(n, "place"));
    assert_eq!(numbers, ["0 places", "1 place", "2 places"]);
}

#[test]
fn a_census_says_what_the_scenes_come_to() {
    let (first, second) = (census::<Bells>(1, 64), census::<Bells>(2, 64));

    assert_eq!(first.scenes, 64 * 6, "six scenes of step 1 under each seed");
    assert!((1..288).contains(&first.unjudged), "{first:?}");
    assert!(first.reached.is_empty(), "{first:?}");
    let state = (2, "it is taken away before it has rung");
    assert!(second.reached.contains(&state), "{second:?}");
}
