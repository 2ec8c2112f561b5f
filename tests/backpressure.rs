//! The contract of `exercises/backpressure.rs`, one step per rule. What the scenarios have in
//! common is in the folder `tests/backpressure`.
//!
//! Run one step alone with `cargo test --test backpressure step_1`.

#[path = "backpressure/act.rs"]
mod act;
#[path = "backpressure/ends.rs"]
mod ends;
#[path = "backpressure/runs.rs"]
mod runs;
#[path = "backpressure/scene.rs"]
mod scene;
#[path = "backpressure/threads.rs"]
mod threads;

use super::Refused::{Closed, Full, TooLarge};
use act::act;
use ends::{
    FullOf, closed_behind_a_sleeper, dropped_waits, dropped_waits_for_bytes, ended,
    promised, served_too_late,
};
use runs::{
    Crowd, Found, Load, crowded, impatient, in_turn, large_jobs, paced, rush,
    served, shed, small_jobs,
};
use scene::{
    Door, FOR_EVER, NOT_AT_ALL, Room, bytes, close, counts, next, open, places,
    result_of, works,
};

use threads::{all_have_a_place, all_hear_of_the_close, all_pass_one_by_one};

use std::collections::VecDeque;

use fakes::load::{Job, all, newest_first, overload};
use kit::{
    LONGEST_MS, check, check_large, expect, ms, race,
    scenes::{self, told},
    spawn,
};

mod step_1_a_full_queue_makes_its_senders_wait {
    use super::*;

    /// The worker takes the first job at once, so send i ends at max(0, i - places) times 10 ms.
    #[test]
    fn one_place_holds_one_job_and_no_more() {
        check("backpressure.1", async |world| {
            paced(world, small_jobs(1), &[0, 0, 10, 20, 30, 40]).await;
        });
    }

    #[test]
    fn three_places_hold_three_jobs_and_no_more() {
        check("backpressure.1", async |world| {
            paced(world, small_jobs(3), &[0, 0, 0, 0, 10, 20, 30, 40]).await;
        });
    }

    /// A task for each send would hold every job at once.
    #[test]
    fn three_senders_send_no_more_than_fits() {
        check("backpressure.1", async |world| {
            let crowd = Crowd { senders: 3, half_by_permit: false };
            crowded(world, small_jobs(4), crowd).await;
        });
    }

    #[test]
    fn very_many_places_hold_as_many_jobs_and_no_more() {
        check_large("backpressure.1", async |world| {
            let mut ends = [0; 104];
            ends[101..].copy_from_slice(&[10, 20, 30]);
            paced(world, small_jobs(100), &ends).await;
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("backpressure.1", async |on, scene| act(on, scene).await);
    }
}

mod step_2_waits_no_longer_than_it_may {
    use super::*;

    /// In 10 s the worker takes 500, and then 100 are in the queue.
    #[test]
    fn a_job_is_accepted_or_comes_back() {
        check_large("backpressure.2", async |world| {
            let (Door { sender, .. }, from) = open(&world, places(100));
            let work = spawn(counts(from, 20));

            let (accepted, back) = rush(&world, &sender).await;
            drop(sender);

            let done = result_of(work).await;
            let jobs = format!("accepted {accepted}, back {back}, done {done}");
            let all = "a job is accepted, or that very job comes back as Full";
            let done_all = "what is accepted is worked on, and nothing else";
            let rule = "who may not wait is let in where a place is free, else not";
            let rule = match accepted {
                _ if done != accepted => done_all,
                _ if accepted + back != 1000 => all,
                _ => rule,
            };
            expect(jobs, "accepted 600, back 400, done 600", rule);
        });
    }

    /// The worker takes 200 ms for a job, so a wait of 50 ms ends without a place.
    #[test]
    fn without_a_place_in_time_the_job_comes_back() {
        check("backpressure.2", async |world| {
            let (door, from) = open(&world, places(1));
            let work = spawn(works(world.clone(), from, 200));

            let mut answers = vec![];
            for (id, wait) in (0..).zip([50, 50, 50, 50, 150]) {
                world.turn().await;
                answers.push(door.send(Job::new(id), ms(wait)).await);
            }

            let rule = "a send ends with its place, or when its time is over";
            door.lane().expect_ended_at([0, 0, 50, 100, 200], rule);
            let rule =
                "with a place in time a job is in, else it comes back as Full";
            expect(answers, [Ok(()), Ok(()), Err(Full), Err(Full), Ok(())], rule);
            drop(door);
            let rule = "what is in is worked on, and nothing that came back";
            expect(result_of(work).await, [0, 1, 4], rule);
        });
    }

    /// One looks at the queue while another is between two lines of `send`.
    #[test]
    #[ignore = "real threads: a check asks for it when everything else is right"]
    fn threads_with_room_for_all_are_let_in() {
        let (runtime, rule) = (
            kit::threads(),
            "a send with room is let in, and what is in is received",
        );
        race("backpressure.2", rule, 300, move |_| {
            runtime.block_on(all_hear_of_the_close())?;
            runtime.block_on(all_pass_one_by_one())?;
            runtime.block_on(all_have_a_place()).none()
        });
    }

    /// The worker takes 29 years for a job.
    #[test]
    fn a_sender_without_a_limit_waits_for_days() {
        check("backpressure.2", async |world| {
            let (door, from) = open(&world, places(1));
            _ = spawn(works(world, from, LONGEST_MS));
            for id in 0..3 {
                _ = door.send(Job::new(id), FOR_EVER).await;
            }

            let rule = "a send that may wait for ever waits until there is a place";
            door.lane().expect_ended_at([0, 0, LONGEST_MS], rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("backpressure.2", async |on, scene| act(on, scene).await);
    }
}

mod step_3_says_so_when_nobody_receives {
    use super::*;

    /// Whoever waits for a place that nobody will free would wait for ever.
    #[test]
    fn a_worker_that_is_gone_keeps_nobody_waiting() {
        check("backpressure.3", async |world| {
            _ = ended(&world, small_jobs(1), FullOf::AJob, drop).await;
        });
    }

    #[test]
    fn a_close_keeps_nobody_waiting_and_loses_no_job() {
        check("backpressure.3", async |world| {
            let (from, _) = ended(&world, small_jobs(1), FullOf::AJob, close).await;

            let left = works(world, from, 10).await;
            expect(left, [0], "what was accepted before the close is received");
        });
    }

    #[test]
    fn a_close_reaches_those_behind_one_who_sleeps() {
        check("backpressure.3", async |on| closed_behind_a_sleeper(&on).await);
    }

    #[test]
    fn a_place_given_just_before_the_close_is_no_use_after_it() {
        check("backpressure.3", async |world| {
            served_too_late(&world, small_jobs(1)).await;
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("backpressure.3", async |on, scene| act(on, scene).await);
    }
}

mod step_4_sheds_what_cannot_be_in_time {
    use super::*;

    /// All come at 300 ms. Begun then, 0 would be done at 400, due at 350. 1 is done at 400.
    /// Begun then, 2 would be done at 500, due at 490. 3 is done at 500, due at 650.
    #[test]
    fn a_job_that_cannot_be_in_time_is_not_begun() {
        check("backpressure.4", async |world| {
            let (worker, shed) = (world.lane("worker"), world.lane("shed"));
            let (Door { sender, .. }, mut from) = open(&world, places(4));
            let sending = async {
                world.at(300).await;
                for (id, in_ms) in (0..).zip([50, 250, 190, 350]) {
                    _ = sender.send(Job::new(id).due_in(in_ms), FOR_EVER).await;
                }
                drop(sender);
            };
            let working = async {
                let told = |job: Job| shed.log(format!("job {}", job.id));
                while let Some(job) = next(&mut from, 100, told).await {
                    worker.takes(format!("job {}", job.id), 100).await;
                }
            };

            tokio::join!(sending, working);

            let begun: Vec<_> = worker.begun().into_iter().map(|(_, s)| s).collect();
            let rule = "work begins on what can still be in time, and on no other";
            expect(begun, ["job 1", "job 3"], rule);
            let rule = "work begins when the worker is free";
            worker.expect_begun_at([300, 400], rule);
            let rule = "what cannot be in time is handed over as late";
            let told = [(300, "job 0".to_owned()), (400, "job 2".to_owned())];
            expect(shed.marks(), told, rule);
        });
    }

    /// Each job has an hour, 3,600,000 ms.
    #[test]
    fn the_deadline_counts_to_the_millisecond() {
        check("backpressure.4", async |world| {
            let (door, mut from) = open(&world, places(1));

            world.lane("worker").log("the deadline of all is at 3600000 ms");
            let takes = [ms(3_599_999), ms(3_600_000), ms(3_600_001), FOR_EVER];
            for (id, (takes, due)) in
                (0..).zip(takes.into_iter().zip(["Ok", "Ok", "Err", "Err"]))
            {
                _ = door.send(Job::new(id), NOT_AT_ALL).await;
                let is_ok = matches!(from.recv_in_time(takes).await, Some(Ok(_)));
                let got = if is_ok { "Ok" } else { "Err" };
                let said = |it| format!("recv_in_time({}) gives {it}", told(takes));
                world.lane("worker").log(said(got));
                let rule = "work done by the deadline is in time, other is not";
                expect(said(got), said(due), rule);
            }
        });
    }

    /// The first nine of the burst are in time. Whoever begins the tenth ends it 50 ms late,
    /// and every other after it; whoever sheds it is in time for the other 99.
    #[test]
    fn shedding_lets_a_burst_cost_no_more_than_itself() {
        check_large("backpressure.4", async |world| {
            let (in_order, late, doomed, newest) = tokio::join!(
                overload(&world, "in order", VecDeque::pop_front),
                shed(&world, "sheds the late", 0),
                shed(&world, "sheds the doomed", 100),
                overload(&world, "newest first", newest_first),
            );

            let rule = "what would end by now is late when its deadline is over";
            expect(late, 9, rule);
            let rule = "what would end in 100 ms is late when it has no 100 ms left";
            expect(doomed, 108, rule);
            let rule = "the two ways without your queue are what they always are";
            expect([in_order, newest], [9, 101], rule);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("backpressure.4", async |on, scene| act(on, scene).await);
    }
}

mod step_5_gives_a_place_before_it_takes_the_job {
    use super::*;

    /// A hundred waits are dropped first, as a `select!` in a loop drops them.
    #[test]
    fn a_place_that_is_not_used_is_free_again() {
        check("backpressure.5", async |world| {
            let (door, _from) = open(&world, places(1));
            let job = Job::new(0);
            let permit = door.place(&job).await;
            door.drops_waits(100, &job).await;
            let waiting = door.sends(Job::new(3), FOR_EVER);

            world.at(150).await;
            door.lane().log("permit dropped");
            drop(permit);

            let rule = "a place given back goes to whoever still waits";
            expect(all(vec![waiting]).await, [Ok(())], rule);
            world.expect_now(150, "a place given back is given on in that instant");
            let more = door.send(Job::new(4), NOT_AT_ALL).await;
            expect(more, Err(Full), "what was dropped has made no second place");
        });
    }

    #[test]
    fn a_place_that_is_promised_outlives_the_close() {
        check("backpressure.5", async |world| promised(world).await);
    }

    #[test]
    fn a_dropped_wait_takes_no_job() {
        check("backpressure.5", async |world| dropped_waits(world).await);
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("backpressure.5", async |on, scene| act(on, scene).await);
    }
}

mod step_6_counts_bytes_as_well {
    use super::*;

    /// 10 bytes hold two jobs of 4 bytes.
    #[test]
    fn a_send_waits_for_its_bytes() {
        check("backpressure.6", async |world| {
            let load = Load { room: bytes(10), job_bytes: 4 };
            paced(world, load, &[0, 0, 0, 10, 20, 30]).await;
        });
    }

    /// A job of 10 bytes fills the queue, and then a permit for one; 99 places are free.
    #[test]
    fn a_sender_that_waits_for_bytes_hears_of_the_end() {
        check("backpressure.6", async |world| {
            _ = ended(&world, large_jobs(10), FullOf::AJob, close).await;
            _ = ended(&world, large_jobs(10), FullOf::APermit, drop).await;
            served_too_late(&world, large_jobs(10)).await;
        });
    }

    /// At 30 ms there is a place for it, and of 10 bytes 8 are taken.
    #[test]
    fn a_send_waits_for_place_and_bytes_no_longer_than_it_may() {
        check("backpressure.6", async |world| {
            let found = Found { places: 2, taken: &[1, 8], waiting: 0 };
            let rule = "with a place and too few bytes it is Full";
            impatient(&world, found, rule).await;
        });
    }

    /// Of 10 bytes 11 never fit, closed or not; 6 do; 5 do not; 4 do; 1 does not.
    #[test]
    fn bytes_of_what_does_not_fit_stay_free() {
        check("backpressure.6", async |world| {
            let (door, mut from) = open(&world, bytes(10));

            let mut answers = vec![];
            for (id, size) in (0..).zip([11, 6, 5, 4, 1]) {
                answers.push(door.send(Job::of(id, size), ms(1)).await);
            }
            from.close();
            answers.push(door.send(Job::of(5, 11), ms(1)).await);

            let (yes, no, never) = (Ok(()), Err(Full), Err(TooLarge));
            let rule = "what is larger than the queue is TooLarge, closed or not";
            expect([answers[0], answers[5]], [never, never], rule);
            let rule = "what fits is in; what does not is Full and takes nothing";
            expect(&answers[1..5], [yes, no, yes, no], rule);
            let rule = "what may fit later waits its 1 ms, what never fits does not";
            door.lane().expect_ended_at([0, 0, 1, 1, 2, 2], rule);
        });
    }

    #[test]
    fn bytes_of_a_dropped_wait_stay_free() {
        check("backpressure.6", async |on| dropped_waits_for_bytes(&on).await);
    }

    /// A sender that is made to yield at one of its next awaits has not waited for room.
    #[test]
    fn nobody_is_refused_while_there_is_room() {
        check("backpressure.6", async |world| {
            let (door, _from) = open(&world, places(8));

            for id in 0..8 {
                world.turn().await;
                let answer = door.send(Job::new(id), NOT_AT_ALL).await;
                expect(answer, Ok(()), "while there is room no job comes back");
            }

            let ninth = door.send(Job::new(8), NOT_AT_ALL).await;
            expect(ninth, Err(Full), "with 8 jobs in 8 places the ninth comes back");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("backpressure.6", async |on, scene| act(on, scene).await);
    }
}

mod step_7_serves_in_the_order_of_asking {
    use super::*;

    /// Of 10 bytes 8 are taken. 6 do not fit; 1 would, and has come later.
    #[test]
    fn a_small_job_does_not_overtake_a_large_one() {
        check("backpressure.7", async |world| {
            let (door, mut from) = open(&world, bytes(10));
            _ = door.send(Job::of(0, 8), NOT_AT_ALL).await;

            let large = door.sends(Job::of(1, 6), FOR_EVER);
            world.at(10).await;
            let small = door.sends(Job::of(2, 1), FOR_EVER);
            world.at(20).await;
            let hasty = door.send(Job::of(3, 1), NOT_AT_ALL).await;
            world.at(30).await;
            world.lane("worker").log("receives 0");
            from.recv().await;

            expect(hasty, Err(Full), "who may not wait does not overtake either");
            all(vec![large, small]).await;
            let rule = "a small job is in when the large one before it is, at 30 ms";
            door.lane().expect_ended_at([0, 20, 30, 30], rule);
        });
    }

    /// At 30 ms there are bytes for it, and the one place goes to the job ahead.
    #[test]
    fn a_send_waits_in_the_line_no_longer_than_it_may() {
        check("backpressure.7", async |world| {
            let found = Found { places: 1, taken: &[8], waiting: 1 };
            let rule = "the place is for who came first, so the other is Full";
            impatient(&world, found, rule).await;
        });
    }

    /// A job of 4 bytes waits, first for a place and later for bytes.
    #[test]
    fn who_waits_goes_first_even_before_it_has_run() {
        check("backpressure.7", async |world| {
            served(&world, Room { places: 2, bytes: 4 }, &[1, 1]).await;
            served(&world, Room { places: 2, bytes: 10 }, &[8]).await;
        });
    }

    /// The same, but the first large one gives up at 50 ms and the second is cancelled at 70 ms.
    #[test]
    fn nobody_waits_behind_those_who_gave_up() {
        check("backpressure.7", async |world| {
            let (door, _from) = open(&world, bytes(10));
            _ = door.send(Job::of(0, 8), NOT_AT_ALL).await;

            let impatient = door.sends(Job::of(1, 6), ms(50));
            world.at(10).await;
            let cancelled = door.sends(Job::of(2, 5), FOR_EVER);
            world.at(20).await;
            let small = door.sends(Job::of(3, 1), FOR_EVER);
            world.at(70).await;
            cancelled.abort();

            all(vec![impatient, small]).await;
            let rule = "job 3 is in when those before it gave up, or were cancelled";
            door.lane().expect_ended_at([0, 50, 70], rule);
        });
    }

    #[test]
    fn whoever_has_waited_longest_is_served_first() {
        check("backpressure.7", async |world| in_turn(world).await);
    }

    #[test]
    fn nobody_hears_full_after_the_end() {
        check("backpressure.7", async |world| {
            let (_, hasty) =
                ended(&world, large_jobs(10), FullOf::AJob, close).await;
            let rule =
                "a closed queue is Closed, not Full, even while somebody waits";
            expect(hasty, Err(Closed), rule);
        });
    }

    /// Jobs of 6 bytes for 10, and one place: both bounds are full all the time.
    #[test]
    fn all_are_served_when_both_bounds_are_full() {
        check("backpressure.7", async |world| {
            let load = Load { room: Room { places: 1, bytes: 10 }, job_bytes: 6 };
            crowded(world, load, Crowd { senders: 4, half_by_permit: true }).await;
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("backpressure.7", async |on, scene| act(on, scene).await);
    }
}
