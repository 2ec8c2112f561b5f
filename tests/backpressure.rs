//! The contract of `exercises/backpressure.rs`, one step per rule. What the scenarios have in
//! common is in `tests/backpressure/scene.rs`.
//!
//! Run one step alone with `cargo test --test backpressure step_1`.

#[path = "backpressure/scene.rs"]
mod scene;

use super::Refused::{Full, TooLarge};
use scene::{Door, FOR_EVER, NOT_AT_ALL};
use scene::{close, crowded, ended, next, open, paced, works};

use std::{array::from_fn, collections::VecDeque};

use kit::load::{Job, all, burst, newest_first, overload, serve};
use kit::{World, check, expect, ms, spawn};
use tokio::time::timeout;

mod step_1_a_full_queue_makes_its_senders_wait {
    use super::*;

    /// Q1, Q6: send i ends at max(0, i - places) times 10 ms.
    #[test]
    fn with_one_place() {
        let ends = [0, 0, 10, 20, 30, 40];
        check("backpressure.1", async move |world| {
            paced(world, (1, 1000, 1), &ends).await
        });
    }

    /// Q1, Q6
    #[test]
    fn with_three_places() {
        let ends = [0, 0, 0, 0, 10, 20, 30, 40];
        check("backpressure.1", async move |world| {
            paced(world, (3, 1000, 1), &ends).await
        });
    }

    /// Q6
    #[test]
    fn with_three_senders() {
        check("backpressure.1", async |world| {
            crowded(world, (4, 1000, 1), 3, false).await;
        });
    }

    /// Q1, Q6
    #[test]
    fn with_very_many_places() {
        let ends: [u64; 104] = from_fn(|i| i.saturating_sub(100) as u64 * 10);
        check("backpressure.1", async move |world| {
            paced(world, (100, 1000, 1), &ends).await
        });
    }
}

mod step_2_waits_no_longer_than_it_may {
    use super::*;

    /// Q2: in 10 s the worker takes 500, and then 100 are in the queue. All jobs but the first
    /// are 5 ms off, so that none comes in the instant the worker is done with one.
    #[test]
    fn a_job_is_accepted_or_comes_back() {
        check("backpressure.2", async |world| {
            let (door, from) = open(&world, 100, 1000);
            let work = spawn(works(world.clone(), from, 20));

            let (mut accepted, mut back) = (0, 0);
            for id in 0..1000_u64 {
                world.at((id * 10).saturating_sub(5)).await;
                match door.sender.send(Job::new(id), NOT_AT_ALL).await {
                    Ok(()) => accepted += 1,
                    Err((job, why)) => {
                        back += usize::from((job.id, why) == (id, Full))
                    }
                }
            }
            drop(door);

            let done = all(vec![work]).await.remove(0).len();
            let rule =
                "of 1000 jobs so many are accepted, come back, and are worked on";
            expect((accepted, back, done), (600, 400, 600), rule);
        });
    }

    /// Q3
    #[test]
    fn then_the_job_comes_back() {
        check("backpressure.2", async |world| {
            let (door, from) = open(&world, 1, 1000);
            let work = spawn(works(world.clone(), from, 200));

            let mut answers = vec![];
            for (id, wait) in (0..).zip([50, 50, 50, 50, 150]) {
                world.turn().await;
                answers.push(door.send(Job::new(id), ms(wait)).await);
            }

            let rule =
                "a send ends when it gets its place, or when its time is over";
            door.lane().expect_ended_at([0, 0, 50, 100, 200], rule);
            let rule = "without a place in time a job comes back";
            expect(answers, [Ok(()), Ok(()), Err(Full), Err(Full), Ok(())], rule);
            drop(door);
            let rule = "what came back is not worked on";
            expect(all(vec![work]).await.remove(0), [0, 1, 4], rule);
        });
    }

    /// Q2, with a sender that is made to yield at one of its next awaits.
    #[test]
    fn nobody_is_refused_while_there_is_a_place() {
        check("backpressure.2", async |world| {
            let (door, _from) = open(&world, 8, 1000);

            for id in 0..8 {
                world.turn().await;
                let answer = door.send(Job::new(id), NOT_AT_ALL).await;
                expect(answer, Ok(()), "while a place is free no job comes back");
            }

            let ninth = door.send(Job::new(8), NOT_AT_ALL).await;
            expect(ninth, Err(Full), "with 8 jobs in 8 places the ninth comes back");
        });
    }
}

mod step_3_says_so_when_nobody_receives {
    use super::*;

    /// Q4
    #[test]
    fn after_the_worker_is_gone() {
        check("backpressure.3", async |world| {
            ended(&world, (1, 1000, 1), drop).await
        });
    }

    /// Q7
    #[test]
    fn after_a_close_that_loses_nothing() {
        check("backpressure.3", async |world| {
            let from = ended(&world, (1, 1000, 1), close).await;

            let left = works(world, from, 10).await;
            expect(left, [0], "what was accepted before the close is received");
        });
    }
}

mod step_4_sheds_what_cannot_be_in_time {
    use super::*;

    /// All come at 300 ms. Begun then, 0 would be done at 400, due at 350. 1 is done at 400.
    /// Begun then, 2 would be done at 500, due at 490. 3 is done at 500, due at 650.
    #[test]
    fn before_it_costs_anything() {
        check("backpressure.4", async |world| {
            let (worker, shed) = (world.lane("worker"), world.lane("shed"));
            let (Door { sender, .. }, mut from) = open(&world, 4, 1000);
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

            worker.expect_begun_at(
                [300, 400],
                "work begins on what can still be in time",
            );
            let told = [(300, "job 0".to_owned()), (400, "job 2".to_owned())];
            expect(
                shed.marks(),
                told,
                "what cannot be in time is handed over as late",
            );
        });
    }

    /// Offers a burst to a worker who leaves alone what is not done in time after `takes_ms`.
    async fn shed(world: &World, way: &str, takes_ms: u64) -> usize {
        let (door, mut from) = open(world, 200, 1000);
        let offer = async move |job| _ = door.sender.send(job, NOT_AT_ALL).await;
        let next = async || next(&mut from, takes_ms, drop).await;
        tokio::join!(burst(world, offer), serve(world.lane(way), next)).1
    }

    /// 2.3: the first nine of the burst are in time. Whoever begins the tenth ends it 50 ms late,
    /// and every other after it; whoever sheds it is in time for the other 99.
    #[test]
    fn so_that_a_burst_costs_no_more_than_the_burst() {
        check("backpressure.4", async |world| {
            let (in_order, late, doomed, newest) = tokio::join!(
                overload(&world, "in order", VecDeque::pop_front),
                shed(&world, "sheds the late", 0),
                shed(&world, "sheds the doomed", 100),
                overload(&world, "newest first", newest_first),
            );

            let in_time = [in_order, late, doomed, newest];
            let rule = "of 150 jobs so many are done in time, by what is begun next";
            expect(in_time, [9, 9, 108, 101], rule);
        });
    }
}

mod step_5_gives_a_place_before_it_takes_the_job {
    use super::*;

    /// Q5
    #[test]
    fn that_is_free_again_when_it_is_not_used() {
        check("backpressure.5", async |world| {
            let ((door, _from), job) = (open(&world, 1, 1000), Job::new(0));
            let permit = door.place(&job).await;
            for _ in 0..100 {
                _ = timeout(ms(1), door.sender.reserve(&job, FOR_EVER)).await;
            }
            door.lane().log("100 waits dropped");
            let waiting = door.sends(Job::new(3), FOR_EVER);

            world.at(150).await;
            door.lane().log("permit dropped");
            drop(permit);

            let rule =
                "a place given back goes to whoever waits, past 100 dropped waits";
            expect(all(vec![waiting]).await, [Ok(())], rule);
            world.expect_now(150, "a place given back is given on in that instant");
            let more = door.send(Job::new(4), NOT_AT_ALL).await;
            expect(more, Err(Full), "what was dropped has made no second place");
        });
    }

    /// Q5, Q7
    #[test]
    fn that_is_kept_even_when_the_queue_closes() {
        check("backpressure.5", async |world| {
            let ((door, mut from), job) = (open(&world, 1, 1000), Job::new(0));
            let permit = door.place(&job).await.expect("a place is free");
            let other = door.send(Job::new(1), NOT_AT_ALL).await;
            world.lane("worker").log("closes");
            from.close();
            let work = spawn(works(world.clone(), from, 10));

            world.at(20).await;
            door.lane().log("uses its permit");
            permit.send(job);

            expect(other, Err(Full), "a place that is given is nobody else's");
            let rule =
                "what a permit sends is received, and only then the queue ends";
            expect(all(vec![work]).await, [[0]], rule);
        });
    }
}

mod step_6_counts_bytes_as_well {
    use super::*;

    /// 10 bytes hold two jobs of 4 bytes.
    #[test]
    fn a_send_waits_for_them() {
        let ends = [0, 0, 0, 10, 20, 30];
        check("backpressure.6", async move |world| {
            paced(world, (100, 10, 4), &ends).await
        });
    }

    /// A job of 10 bytes fills the queue; 99 places are free.
    #[test]
    fn and_hears_of_the_end_meanwhile() {
        check("backpressure.6", async |world| {
            _ = ended(&world, (100, 10, 10), close).await
        });
    }

    /// 2.9: of 10 bytes 11 never fit; 6 do; 5 do not; 4 do; 1 does not any more.
    #[test]
    fn and_takes_none_for_what_does_not_fit() {
        check("backpressure.6", async |world| {
            let (door, _from) = open(&world, 100, 10);

            let mut answers = vec![];
            for (id, bytes) in (0..).zip([11, 6, 5, 4, 1]) {
                answers.push(door.send(Job::of(id, bytes), ms(1)).await);
            }

            let expected = [Err(TooLarge), Ok(()), Err(Full), Ok(()), Err(Full)];
            let rule =
                "what fits is accepted; what does not comes back and takes nothing";
            expect(answers, expected, rule);
            let rule = "what can never fit comes back at once";
            door.lane().expect_ended_at([0, 0, 1, 1, 2], rule);
        });
    }

    /// 20 waits for the one place are dropped: had each kept its 4 of 10 bytes, none were left.
    #[test]
    fn and_takes_none_for_a_wait_that_is_dropped() {
        check("backpressure.6", async |world| {
            let (door, mut from) = open(&world, 1, 10);
            _ = door.send(Job::of(0, 1), NOT_AT_ALL).await;
            let large = Job::of(1, 4);
            for _ in 0..20 {
                _ = timeout(ms(1), door.sender.reserve(&large, FOR_EVER)).await;
            }
            door.lane().log("20 waits dropped");

            from.recv().await;
            world.lane("worker").log("receives 0");
            let answer = door.send(Job::of(2, 10), NOT_AT_ALL).await;

            expect(answer, Ok(()), "in an empty queue all bytes are free");
        });
    }
}

mod step_7_serves_in_the_order_of_asking {
    use super::*;

    /// Of 10 bytes 8 are taken. 6 do not fit; 1 would, and has come later.
    #[test]
    fn a_small_job_behind_a_large_one() {
        check("backpressure.7", async |world| {
            let (door, mut from) = open(&world, 100, 10);
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
            let rule =
                "a small job does not overtake a large one that came before it";
            door.lane().expect_ended_at([0, 20, 30, 30], rule);
        });
    }

    /// The same, but the first large one gives up at 50 ms and the second is cancelled at 70 ms.
    #[test]
    fn but_not_behind_those_who_gave_up() {
        check("backpressure.7", async |world| {
            let (door, _from) = open(&world, 100, 10);
            _ = door.send(Job::of(0, 8), NOT_AT_ALL).await;

            let impatient = door.sends(Job::of(1, 6), ms(50));
            world.at(10).await;
            let cancelled = door.sends(Job::of(2, 5), FOR_EVER);
            world.at(20).await;
            let small = door.sends(Job::of(3, 1), FOR_EVER);
            world.at(70).await;
            cancelled.abort();

            all(vec![impatient, small]).await;
            let rule = "who gave up, or was cancelled, stands in nobody's way";
            door.lane().expect_ended_at([0, 50, 70], rule);
        });
    }

    /// Jobs of 6 bytes for 10, and one place: both bounds are full all the time.
    #[test]
    fn in_both_lines_alike() {
        check("backpressure.7", async |world| {
            crowded(world, (1, 10, 6), 4, true).await;
        });
    }
}
