//! Time, order, fakes: what the instruments promise, they keep under every seed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::mpsc,
    time::{sleep, timeout},
};

use crate::{
    Limits, Reply, Weather, World, caught, check, expect, explore, ms, net,
    record::Kind, require,
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
fn an_upstream_is_exact_in_calm_weather_and_bounded_in_any() {
    check("kit.1", async |world| {
        let lane = world.lane("upstream");

        world.upstream(&lane, "call", 100).await;

        let took = world.now_ms();
        match world.weather() {
            Weather::Calm | Weather::Yields => {
                world.expect_now(100, "it takes 100 ms")
            }
            _ => require((1..=401).contains(&took), "it takes 1 to 401 ms"),
        }
    });
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
fn a_script_answers_in_order_and_refuses_one_call_too_many() {
    let record = explore(0..1, Limits::default(), async |world| {
        let server =
            world.script("server", [Reply::ErrorAfter(20, "503"), Reply::Value(7)]);
        expect(server.call().await, Err("503"), "first an error");
        world.expect_now(20, "after 20 ms");
        expect(server.call().await, Ok(7), "then a value");
        _ = server.call().await;
    });

    assert_eq!(record.kind, Some(Kind::Rule));
    assert!(record.message.contains("a 3rd time"), "{}", record.message);
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
fn the_memory_network_carries_bytes_and_refuses_after_the_listener() {
    check("kit.1", async |_| {
        let (connector, mut listener) = net::memory(1);
        let mut client = connector.connect().await.unwrap();
        let mut server = listener.accept().await.unwrap();

        client.write_all(b"ping").await.unwrap();
        let mut read = [0; 4];
        server.read_exact(&mut read).await.unwrap();
        drop(listener);

        expect(&read, b"ping", "what was written is read");
        let refused = connector.connect().await.is_err();
        require(refused, "without a listener a connection is refused");
    });
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
fn a_crowd_is_counted_in_slots() {
    let record = explore(0..1, Limits::default(), async |world| {
        let crowd = world.crowd("server", 10);
        let arrivals = crowd.clone();
        tokio::spawn(async move {
            for wait in [0, 10, 1, 9, 0, 5] {
                sleep(ms(wait)).await;
                arrivals.arrive();
            }
        });

        crowd.arrive_after(Duration::from_micros(30_001));
        crowd.draw(40).await;

        let slots = [2, 3, 1, 1];
        expect(crowd.slots(), slots, "10 ms belong to the slot ending there");
        crowd.expect_at_most(2, "nobody comes together");
    });

    let drawn: Vec<_> = record.events.iter().map(|e| (e.at_ms, &*e.what)).collect();
    assert_eq!(drawn, [(10, "# 2"), (20, "# 3"), (30, "# 1"), (40, "# 1")]);
    assert_eq!(record.message, "nobody comes together");
    let difference = "at most 2 may come together, and 3 came from 11 to 20 ms";
    assert_eq!(record.difference.as_deref(), Some(difference));
}

#[test]
fn tokens_are_taken_whole_and_never_overflow() {
    let record = explore(0..1, Limits::default(), async |world| {
        let tokens = world.tokens("budget", 2);

        let taken = [tokens.take(), tokens.take(), tokens.take()];
        tokens.add(50);
        let too_little = tokens.take();
        tokens.clone().add(400);

        expect(taken, [true, true, false], "two tokens can be taken twice");
        require(!too_little, "half a token is none");
        expect(tokens.left(), 2, "a full bucket takes no more");
    });

    assert_eq!(record.kind, None, "{:?}", record.report);
    let drawn: Vec<_> = record.events.into_iter().map(|e| e.what).collect();
    assert_eq!(drawn[0], "-1: 1.00 left");
    assert_eq!(drawn[3..5], ["+0.50: 0.50 left", "too little: 0.50 left"]);
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
fn giving_way_once_is_not_enough_in_a_busy_process() {
    async fn gives_way_once(world: World, others: usize) {
        world.bystanders(others, 10);
        world.at(10).await;
        let (lane, other) = (world.lane("other"), world.lane("other"));
        tokio::spawn(async move { other.mark() });
        tokio::task::yield_now().await;
        expect(lane.count(), 1, "the other task has run");
    }

    let limits = Limits::default();
    let alone = explore(0..1, limits, async |world| gives_way_once(world, 0).await);
    let busy = explore(0..1, limits, async |world| gives_way_once(world, 80).await);

    assert_eq!(alone.kind, None);
    assert_eq!(busy.kind, Some(Kind::Rule));
}

#[test]
fn a_panic_of_the_suite_is_not_what_went_wrong() {
    let record = explore(0..1, Limits::default(), async |world| {
        world.expect_panics(1);
        _ = tokio::spawn(async { panic!("on purpose") }).await;
        _ = tokio::time::Instant::now() + Duration::MAX;
    });

    assert_eq!(record.kind, Some(Kind::Panic));
    assert_ne!(record.message, "on purpose");
}
