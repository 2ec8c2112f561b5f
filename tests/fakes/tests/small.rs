//! The small fakes, a test each.

use std::time::Duration;

use kit::{Limits, World, check, expect, explore, ms, require};
use record::{Kind, Weather};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::sleep,
};

use crate::{Crowd, Reply, Script, Stubborn, Tokens, bystanders, net, upstream};

#[test]
fn an_upstream_is_exact_in_calm_weather_and_bounded_in_any() {
    check("kit.1", async |world| {
        let lane = world.lane("upstream");

        upstream(&world, &lane, "call", 100).await;

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
fn a_script_answers_in_order_and_refuses_one_call_too_many() {
    let record = explore(0..1, Limits::default(), async |world| {
        let replies = [Reply::ErrorAfter(20, "503"), Reply::Value(7)];
        let server = Script::new(&world, "server", replies);
        expect(server.call().await, Err("503"), "first an error");
        world.expect_now(20, "after 20 ms");
        expect(server.call().await, Ok(7), "then a value");
        _ = server.call().await;
    });

    assert_eq!(record.kind, Some(Kind::Rule));
    assert!(record.message.contains("a 3rd time"), "{}", record.message);
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
fn a_crowd_is_counted_in_slots() {
    let record = explore(0..1, Limits::default(), async |world| {
        let crowd = Crowd::new(&world, "server", 10);
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
        let tokens = Tokens::new(&world, "budget", 2);

        let taken = [(); 3].map(|()| tokens.take());
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
fn giving_way_once_is_not_enough_in_a_busy_process() {
    async fn gives_way_once(world: World, others: usize) {
        bystanders(&world, others, 10);
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
fn stubborn_work_lives_on_until_it_gives_way() {
    kit::threads().block_on(async {
        let stubborn = Stubborn::default();
        let work = tokio::spawn(stubborn.work::<()>());
        stubborn.have_begun(1).await;

        assert_eq!(stubborn.alive(), 1, "it lives until it is stopped");
        work.abort();
        let is_stopped = work.await.is_err_and(|error| error.is_cancelled());
        assert!(is_stopped, "it is stopped when it gives way");
        assert_eq!(stubborn.alive(), 0, "who waits for it knows that it is gone");
    });
}
