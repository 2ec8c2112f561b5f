//! Time, order, evidence: what the instruments promise, they keep under every seed.

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake},
    thread::panicking,
    time::Duration,
};

use record::Kind;
use tokio::{
    sync::mpsc,
    task::yield_now,
    time::{sleep, timeout},
};

use crate::{
    Limits, caught, check, expect, explore, leave, ms, require, spawn, wakes_itself,
};

#[test]
fn the_clock_is_exact() {
    check("kit.1", async |world| {
        world.at(250).await;
        world.expect_now(250, "time is what the scenario says");
        world.at(250).await;
        world.expect_now(250, "an instant that has come is not waited for");
    });
}

#[test]
fn settle_waits_for_others_and_not_for_time() {
    check("kit.1", async |world| {
        let (send, mut receive) = mpsc::channel::<u32>(3);
        let lane = world.lane("producer");
        let producer = lane.clone();
        tokio::spawn(async move {
            for n in 0..100 {
                if send.send(n).await.is_err() {
                    return;
                }
                producer.log("sent");
            }
        });

        world.settle().await;
        expect(lane.count(), 3, "three fit");
        receive.recv().await;
        world.settle().await;

        expect(lane.count(), 4, "one left, one came");
        world.expect_now(0, "time stands still");
    });
}

#[test]
fn settle_is_not_held_up_by_those_who_are_gone() {
    check("kit.1", async |world| {
        for _ in 0..3 {
            let other = world.clone();
            let gone = tokio::spawn(async move { other.settle().await });
            yield_now().await;
            gone.abort();
            _ = gone.await;
        }
        let _later = tokio::spawn(sleep(ms(100)));

        world.settle().await;

        world.expect_now(0, "who waits behind them goes on in that instant");
    });
}

#[test]
fn only_a_call_with_more_to_do_is_left() {
    let left = explore(0..1, Limits::default(), async |world| {
        leave(&world, 50, sleep(ms(100))).await;
        world.expect_now(50, "the call is dropped then");
    });
    let ended = explore(0..1, Limits::default(), async |world| {
        leave(&world, 50, async {}).await;
    });

    assert_eq!(left.kind, None, "{}", left.message);
    assert_eq!(ended.kind, Some(Kind::Rule), "nobody leaves a call that has ended");
}

#[test]
fn a_caller_leaves_by_a_panic_too() {
    struct Call(u64, Arc<Mutex<BTreeMap<u64, bool>>>);
    impl Drop for Call {
        fn drop(&mut self) {
            self.1.lock().unwrap().insert(self.0, panicking());
        }
    }
    let seen = Arc::<Mutex<BTreeMap<u64, bool>>>::default();
    let dropped = seen.clone();

    let record = explore(0..64, Limits::default(), async move |world| {
        let call = Call(world.seed(), dropped.clone());
        leave(&world, 50, async move {
            sleep(ms(100)).await;
            drop(call);
        })
        .await;
    });

    assert_eq!(record.kind, None, "{}", record.message);
    let seen = seen.lock().unwrap();
    let by_a_panic = seen.values().filter(|by_a_panic| **by_a_panic).count();
    assert_eq!(seen.len(), 64, "each seed drops the call");
    assert!(!seen[&0], "in calm weather it is dropped as it is");
    assert!((10..30).contains(&by_a_panic), "by a panic: {by_a_panic} of 64");
}

#[test]
fn who_waits_is_polled_for_no_reason_too() {
    let polls = Arc::<Mutex<BTreeMap<u64, usize>>>::default();
    let seen = polls.clone();

    let record = explore(0..64, Limits::default(), async move |world| {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = count.clone();
        let _waits = spawn(poll_fn(move |_| {
            counted.fetch_add(1, SeqCst);
            Poll::<()>::Pending
        }));
        for _ in 0..20 {
            sleep(ms(1)).await;
        }
        world.settle().await;
        seen.lock().unwrap().insert(world.seed(), count.load(SeqCst));
    });

    assert_eq!(record.kind, None, "{}", record.message);
    let polls = polls.lock().unwrap();
    assert_eq!(polls[&0], 1, "in calm weather nobody is polled who is not woken");
    assert!(polls.values().any(|n| *n > 2), "polls: {polls:?}");
}

#[test]
fn what_wakes_itself_is_woken_while_it_is_polled() {
    struct Woken(AtomicUsize);
    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, SeqCst);
        }
    }
    let woken = Arc::new(Woken(AtomicUsize::new(0)));
    let waker = woken.clone().into();
    let mut future = pin!(wakes_itself());

    let first = future.as_mut().poll(&mut Context::from_waker(&waker));
    let seen = (first, woken.0.load(SeqCst));
    assert_eq!(
        seen,
        (Poll::Pending, 1),
        "it is woken before its first poll is over"
    );
    let second = future.as_mut().poll(&mut Context::from_waker(&waker));
    assert_eq!(second, Poll::Ready(()), "and goes on at the next");
}

#[test]
fn turn_makes_both_orders_happen() {
    let firsts = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
    let seen = firsts.clone();

    let record = explore(0..64, Limits::default(), async move |world| {
        let (send, mut receive) = mpsc::unbounded_channel();
        for n in 0..2 {
            let (world, send) = (world.clone(), send.clone());
            tokio::spawn(async move {
                world.at(45).await;
                world.turn().await;
                _ = send.send(n);
            });
        }
        let first: usize = receive.recv().await.unwrap();
        seen[first].fetch_add(1, SeqCst);
    });

    assert_eq!(record.kind, None);
    let [a, b] = [firsts[0].load(SeqCst), firsts[1].load(SeqCst)];
    assert!(a > 5 && b > 5, "orders over 64 seeds: {a} and {b}");
}

#[test]
fn a_gauge_knows_now_and_peak() {
    check("kit.1", async |world| {
        let gauge = world.gauge();
        let (a, b) = (gauge.enter(), gauge.enter());
        drop(a);
        let c = gauge.enter();
        expect((gauge.now(), gauge.peak()), (2, 2), "two are alive, two were");
        drop((b, c));
        expect((gauge.now(), gauge.peak()), (0, 2), "none is alive, two were");
    });
}

#[test]
fn a_dropped_future_leaves_a_trace() {
    check("kit.1", async |world| {
        let lane = world.lane("call");

        let watched = lane.watch("call", std::future::pending::<()>());
        require(timeout(ms(50), watched).await.is_err(), "it never ends");

        expect(
            lane.dropped(),
            vec![(50, "call".to_owned())],
            "dropped at the limit",
        );
        expect(lane.ended(), vec![], "and not ended");
    });
}

#[test]
fn panics_count() {
    let unexpected = explore(0..1, Limits::default(), async |_| {
        _ = tokio::spawn(async { panic!("boom") }).await;
    });
    let expected = explore(0..1, Limits::default(), async |world| {
        world.expect_panics(1);
        _ = tokio::spawn(async { panic!("boom") }).await;
    });

    assert_eq!(unexpected.kind, Some(Kind::Panic));
    assert_eq!(unexpected.message, "boom");
    assert_eq!(expected.kind, None);
}

#[test]
fn a_failure_in_a_spawned_task_ends_the_test() {
    let record = explore(0..1, Limits::default(), async |_| {
        tokio::spawn(async { expect(1, 2, "one is two") });
        std::future::pending::<()>().await;
    });

    assert_eq!(record.kind, Some(Kind::Rule));
    assert_eq!(record.message, "one is two");
}

#[test]
fn a_run_frees_what_it_used() {
    let record = explore(0..20_000, Limits::default(), async |world| {
        let lane = world.lane("work");
        let task = tokio::spawn(async move { lane.takes("work", 5).await });
        task.await.unwrap();
        world.settle().await;
        expect(world.alive_tasks(), 0, "no task is left");
    });

    assert_eq!(record.kind, None, "{:?}", record.report);
}

#[test]
fn a_panic_is_caught_with_its_payload_and_before_anyone_else_runs() {
    check("kit.1", async |world| {
        world.expect_panics(1);
        let bystander = world.lane("bystander");

        let answer = caught(async {
            let bystander = bystander.clone();
            tokio::spawn(async move { bystander.mark() });
            std::panic::panic_any(42_u8);
        });
        let payload = answer.await.unwrap_err();

        expect(bystander.count(), 0, "nobody ran in between");
        expect(payload.downcast_ref(), Some(&42_u8), "the payload is whole");
        world.settle().await;
        expect(bystander.count(), 1, "the others run afterwards");
    });
}

#[test]
fn a_panic_of_the_suite_is_not_what_went_wrong() {
    let record = explore(0..1, Limits::default(), async |world| {
        world.expect_panics(1);
        _ = tokio::spawn(async { panic!("on purpose") }).await;
        _ = tokio::time::Instant::now() + Duration::MAX;
    });

    assert_eq!(record.kind, Some(Kind::Panic), "an instant that no clock reaches");
    assert_ne!(record.message, "on purpose", "the one on purpose was expected");
}
