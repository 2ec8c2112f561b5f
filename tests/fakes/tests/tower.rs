//! Fake services: readiness is lost by a call and by a clone, and a place is never lost.

use std::{future::poll_fn, task::Poll};

use kit::{Limits, World, check, expect, explore, ms, require};
use record::Kind;
use tokio::{spawn, time::timeout};
use tower_service::Service;

use crate::{Backend, Caller, Door, Trace};

fn one_place(world: &World) -> Backend<u8, ()> {
    Backend::new(world, "backend", Ok(7), 30).places(1)
}

#[test]
fn a_place_is_free_when_its_request_ends_or_is_dropped() {
    check("kit.1", async |world| {
        let (caller, mut backend) =
            (Caller::new(&world, "caller"), one_place(&world));

        expect(caller.asks(&mut backend).await, Ok(7), "it answers");
        caller.waits_for(&mut backend).await;
        let left = timeout(ms(5), backend.call("GET /2")).await;
        caller.waits_for(&mut backend).await;

        require(left.is_err(), "nobody waits for the second");
        caller.expect_at([30, 30, 35], "the end and the drop each free the place");
    });
}

#[test]
fn a_ready_value_keeps_its_place_from_its_clones() {
    check("kit.1", async |world| {
        let (caller, mut backend) =
            (Caller::new(&world, "caller"), one_place(&world));
        let mut clone = backend.clone();

        caller.waits_for(&mut backend).await;
        let waiting = Caller::new(&world, "clone");
        let lane = waiting.clone();
        spawn(async move { lane.waits_for(&mut clone).await });
        world.at(100).await;
        drop(backend);
        world.settle().await;

        waiting.expect_at([100], "an idle value holds a place until it is dropped");
    });
}

#[test]
fn a_call_without_a_place_fails_the_test() {
    let record = explore(0..1, Limits::default(), async |world| {
        let mut backend = one_place(&world);
        poll_fn(|cx| backend.poll_ready(cx)).await.ok();
        _ = backend.clone().call("GET /").await;
    });

    assert_eq!(record.kind, Some(Kind::Rule), "{record:?}");
    assert!(record.message.contains("ready"), "{record:?}");
}

#[test]
fn a_place_that_is_missing_has_a_holder() {
    check("kit.1", async |world| {
        let (caller, mut backend) =
            (Caller::new(&world, "caller"), one_place(&world));
        let mut clone = backend.clone();

        caller.waits_for(&mut backend).await;
        let first = timeout(ms(5), caller.waits_for(&mut clone)).await;
        drop(clone);
        let mut clone = backend.clone();
        let answer = backend.call("GET /");
        let second = timeout(ms(5), caller.waits_for(&mut clone)).await;
        drop(answer);
        caller.waits_for(&mut clone).await;

        require(first.is_err() && second.is_err(), "there is no place for a clone");
        let noted = world.lane("backend").marks().into_iter().map(|(_, s)| s);
        let wanted = [
            "1 takes a place",
            "2 waits for a place (held by 1)",
            "2 leaves the line for a place",
            "3 waits for a place (held by 1: GET /)",
            "3 takes a place",
        ];
        expect(noted.collect::<Vec<_>>(), wanted, "who waits, and for whom");
    });
}

#[test]
fn a_door_says_what_it_is_told_and_wakes_who_waits() {
    check("kit.1", async |world| {
        let (caller, door) =
            (Caller::new(&world, "caller"), Door::new(&world, "door"));
        let mut visitor = door.clone();

        let (seen, waiting) = (world.lane("caller"), caller.clone());
        spawn(async move { waiting.waits_for(&mut visitor).await });
        world.at(20).await;
        door.says(Poll::Ready(Ok(())));
        world.settle().await;
        door.says(Poll::Ready(Err("blip")));
        let mut visitor = door.clone();
        caller.waits_for(&mut visitor).await;

        let heard = [(20, "ready".to_owned()), (20, r#"hears "blip""#.to_owned())];
        expect(seen.marks(), heard, "a door that opens is heard of");
    });
}

#[test]
fn a_trace_tells_the_order() {
    check("kit.1", async |world| {
        let (caller, lane) = (Caller::new(&world, "caller"), world.lane("trace"));
        let backend = Backend::new(&world, "backend", Ok::<_, ()>(7), 30);
        let mut service = Trace::new(&lane, "A", Trace::new(&lane, "B", backend));

        expect(caller.asks(&mut service).await, Ok(7), "it answers");

        let seen: Vec<String> = lane.marks().into_iter().map(|(_, s)| s).collect();
        let order = ["A?", "B?", "A>", "B>", "<B", "<A"];
        expect(seen, order, "in at the front, out at the front");
    });
}
