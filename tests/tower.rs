//! The contract of `exercises/tower.rs`, one step per rule. What the scenarios have in common is in
//! the folder `tests/tower`.
//!
//! Run one step alone with `cargo test --test tower step_1`.

#[path = "tower/act.rs"]
mod act;
#[path = "tower/scene.rs"]
mod scene;

use super::{FromFn, TimeoutLayer, bounded, stack};
use act::act;
use scene::{
    Asked, Boxed, Failure, Inner, Running, must_elapse, one_place,
    says_what_it_says, scene, three_times,
};

use std::{task::Poll, time::Duration};

use fakes::{Caller, Door, Trace};
use kit::{
    FIFTY_DAYS_MS, World, check, check_large, expect, leave, ms, require, scenes,
    spawn,
};
use tokio::{join, time::timeout};
use tokio_test::task;
use tower::{
    Layer, Service, ServiceExt,
    layer::layer_fn,
    limit::{RateLimit, rate::Rate},
};

mod step_1_does_not_show_while_in_time {
    use super::*;

    #[test]
    fn an_answer_comes_when_it_is_there() {
        check("tower.1", async |world| {
            let (caller, inner) = scene(&world, Ok("200"), 30);
            let mut service = TimeoutLayer(ms(100)).layer(inner);

            let answer = caller.asks(&mut service).await;

            let once = "a request goes on at once, and once";
            world.lane("backend").expect_begun_at([0], once);
            expect(answer, Ok("200"), "an answer in time comes out as it is");
            caller.expect_at([30], "an answer comes out when it is there");
        });
    }

    #[test]
    fn an_error_comes_when_it_is_there() {
        check("tower.1", async |world| {
            let (caller, inner) = scene(&world, Err(Failure::Unavailable), 30);
            let mut service = TimeoutLayer(ms(100)).layer(inner);

            let answer = caller.asks(&mut service).await;

            let same = "an error of the inner service comes out as it is";
            expect(answer, Err(Failure::Unavailable), same);
            caller.expect_at([30], "an error comes out when it is there");
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("tower.1", async |stage, scene| act(stage, scene).await);
    }
}

mod step_2_is_ready_when_its_service_is {
    use super::*;

    #[test]
    fn a_timeout_says_what_its_service_says() {
        check("tower.2", async |world| {
            let limit = |inner| Asked::new(TimeoutLayer(ms(100)).layer(inner));
            says_what_it_says(world, limit).await;
        });
    }

    #[test]
    fn a_timeout_waits_while_its_service_is_full() {
        check("tower.2", async |world| {
            let (caller, inner) = one_place(&world, 100);
            let mut service = TimeoutLayer(ms(1_000)).layer(inner);

            caller.waits_for(&mut service).await;
            spawn(service.call("GET /1"));
            caller.waits_for(&mut service).await;
            service.call("GET /2").await.ok();

            let turns = "one place: ready at once, and again when it is free";
            caller.expect_at([0, 100], turns);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("tower.2", async |stage, scene| act(stage, scene).await);
    }
}

mod step_3_limits_each_request {
    use super::*;

    /// Its task has other work, so it is polled at 150 ms as well.
    #[test]
    fn a_request_over_its_limit_leaves_nothing_behind() {
        check("tower.3", async |world| {
            let (caller, inner) = scene(&world, Ok("200"), 400);
            let mut service = TimeoutLayer(ms(100)).layer(inner);
            let other = world.lane("other work");

            let work = other.takes("this", 150);
            let (answer, ()) = join!(caller.asks(&mut service), work);
            world.at(500).await;

            let rule = "a request ends with `Elapsed` when its limit passes";
            must_elapse(&caller, 100, answer, rule);
            let gone = "what works on a request is dropped with its `Answer`";
            world.lane("backend").expect_dropped_at([100], gone);
        });
    }

    #[test]
    fn the_limit_runs_from_call_polled_or_not() {
        check("tower.3", async |world| {
            let (caller, inner) = scene(&world, Ok("200"), 300);
            let mut service = TimeoutLayer(ms(100)).layer(inner);

            service.ready().await.ok();
            let answer = service.call("GET /");
            world.at(60).await;
            let answer = caller.awaits(answer).await;

            let runs = "the limit runs from `call`, whenever it is polled";
            must_elapse(&caller, 100, answer, runs);
        });
    }

    /// tower's rate limit lets two requests through each second.
    #[test]
    fn no_limit_counts_the_wait_to_be_ready() {
        check("tower.3", async |world| {
            let (caller, inner) = scene(&world, Ok("200"), 30);
            let slow = RateLimit::new(inner, Rate::new(2, ms(1_000)));
            let mut service = TimeoutLayer(ms(100)).layer(slow);

            for _ in 0..5 {
                let answer = caller.asks(&mut service).await;
                expect(answer, Ok("200"), "the wait to be ready does not count");
            }

            let times = [30, 60, 1_030, 1_060, 2_030];
            caller.expect_at(times, "two requests a second, and 30 ms for each");
        });
    }

    /// Its caller is busy until 150 ms, when the limit is over and the answer is there.
    #[test]
    fn an_answer_that_is_there_wins_over_the_limit() {
        check("tower.3", async |world| {
            let (caller, inner) = scene(&world, Ok("200"), 120);
            let mut service = TimeoutLayer(ms(100)).layer(inner);

            service.ready().await.ok();
            let mut answer = task::spawn(service.call("GET /"));
            _ = answer.poll();
            world.at(150).await;
            caller.log("polls");

            let rule = "an answer that is there wins, even when it is polled late";
            expect(answer.poll(), Poll::Ready(Ok("200")), rule);
        });
    }

    #[test]
    fn a_limit_ends_no_request_before_it_is_over() {
        check("tower.3", async |world| {
            let (caller, inner) = scene(&world, Ok("200"), FIFTY_DAYS_MS);
            let mut short =
                TimeoutLayer(Duration::from_micros(1_999)).layer(inner.clone());
            let mut none = TimeoutLayer(Duration::MAX).layer(inner);

            let answer = caller.asks(&mut short).await;
            let rule = "a limit of 1.999 ms ends at 2 ms, and not before";
            must_elapse(&caller, 2, answer, rule);

            let answer = caller.asks(&mut none).await;
            expect(answer, Ok("200"), "`Duration::MAX` is a limit that never comes");
        });
    }

    #[test]
    fn a_request_its_caller_drops_is_dropped() {
        check("tower.3", async |world| {
            let (caller, inner) = scene(&world, Ok("200"), 300);
            let mut service = TimeoutLayer(ms(1_000)).layer(inner);

            leave(&world, 40, caller.asks(&mut service)).await;
            world.at(400).await;

            let gone = "nothing works on a request that its caller dropped";
            world.lane("backend").expect_dropped_at([40], gone);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("tower.3", async |stage, scene| act(stage, scene).await);
    }
}

mod step_4_puts_the_first_layer_outermost {
    use super::*;

    #[test]
    fn the_first_layer_is_called_first_and_answered_last() {
        check("tower.4", async |world| {
            let (caller, inner) = scene(&world, Ok("200"), 30);
            let layers = world.lane("layers");
            let a = layer_fn(|inner| Boxed::new(Trace::new(&layers, "A", inner)));
            let b = layer_fn(|inner| Boxed::new(Trace::new(&layers, "B", inner)));
            let mut service = stack(Boxed::new(inner), &[&a, &b]);

            caller.asks(&mut service).await.ok();

            let seen: Vec<_> = layers.marks().into_iter().map(|(_, s)| s).collect();
            let each = "each layer is asked, called and answered, once";
            let order = "the first layer is asked and called first, answered last";
            let is_all = seen.len() == 6;
            expect(
                seen.join(","),
                "A?,B?,A>,B>,<B,<A",
                if is_all { order } else { each },
            );
        });
    }

    #[test]
    fn the_timeout_inside_a_retry_limits_each_attempt() {
        check("tower.4", async |world| {
            let (caller, inner) = scene(&world, Ok("200"), 10_000);
            let limit = TimeoutLayer(ms(3_000));
            let limit = layer_fn(|inner: Boxed| Boxed::new(limit.layer(inner)));
            let retry = layer_fn(three_times);
            let mut service = stack(Boxed::new(inner), &[&retry, &limit]);

            let answer = caller.asks(&mut service).await;

            let each =
                "a timeout inside a retry limits each of three attempts to 3 s";
            must_elapse(&caller, 9_000, answer, each);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("tower.4", async |stage, scene| act(stage, scene).await);
    }
}

/// Takes 10 ms to refuse a request for `/secret` or to call `next`.
fn authorize(
    world: &World,
) -> impl Fn(&'static str, Inner) -> Running + Clone + Send + Sync + use<> {
    let lane = world.lane("function");
    move |request, mut next| {
        let lane = lane.clone();
        Box::pin(async move {
            lane.takes("check", 10).await;
            match request {
                "GET /secret" => Err(Failure::Refused),
                _ => next.call(request).await,
            }
        })
    }
}

mod step_5_hands_on_the_service_that_was_ready {
    use super::*;

    #[test]
    fn the_function_calls_the_service_that_was_ready() {
        check("tower.5", async |world| {
            let (caller, inner) = one_place(&world, 30);
            let mut service = FromFn { inner, function: authorize(&world) };

            let answer = caller.asks(&mut service).await;

            let passed = "what the function passes on is called when it is done";
            world.lane("backend").expect_begun_at([10], passed);
            expect(answer, Ok("200"), "what the function answers is the answer");
            caller.expect_at([40], "an answer comes out when it is there");
        });
    }

    #[test]
    fn the_layer_says_what_its_service_says() {
        check("tower.5", async |world| {
            says_what_it_says(world, |inner| {
                let function = |request, mut next: Door<_>| next.call(request);
                Asked::new(FromFn { inner, function })
            })
            .await;
        });
    }

    #[test]
    fn the_place_is_free_when_the_function_refuses() {
        check("tower.5", async |world| {
            let (caller, inner) = one_place(&world, 30);
            let mut service = FromFn { inner, function: authorize(&world) };

            caller.waits_for(&mut service).await;
            let (secret, answer) =
                (Caller::new(&world, "secret"), service.call("GET /secret"));
            let refused = spawn(async move { secret.awaits(answer).await });
            caller.waits_for(&mut service).await;

            let free = "one place: ready at once, and again when one is refused";
            caller.expect_at([0, 10], free);
            let refused = refused.await.is_ok_and(|a| a == Err(Failure::Refused));
            require(refused, "a request is refused by the function's own answer");
        });
    }

    #[test]
    fn the_place_is_free_when_the_caller_leaves() {
        check("tower.5", async |world| {
            let (caller, inner) = one_place(&world, 30);
            let mut service = FromFn { inner, function: authorize(&world) };

            caller.waits_for(&mut service).await;
            timeout(ms(5), service.call("GET /")).await.ok();
            world.lane("function").log("its caller leaves");
            caller.waits_for(&mut service).await;
            world.at(100).await;

            let free = "one place: ready at once, and again when a caller leaves";
            caller.expect_at([0, 5], free);
            let gone = "nothing works on a request that its caller dropped";
            world.lane("backend").expect_begun_at([], gone);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("tower.5", async |stage, scene| act(stage, scene).await);
    }
}

mod step_6_bounds_the_wait_as_well {
    use super::*;

    #[test]
    fn one_limit_covers_waiting_and_working() {
        check("tower.6", async |world| {
            let (caller, inner) = one_place(&world, 70);
            inner.occupy("another's").await;
            let mut service = bounded(inner, ms(100));

            service.ready().await.ok();
            let answer = service.call("GET /");
            world.at(20).await;
            let answer = caller.awaits(answer).await;

            let all = "from `call` on, 70 ms of waiting leave 30 ms of 100 for work";
            must_elapse(&caller, 100, answer, all);
        });
    }

    #[test]
    fn a_request_given_up_in_its_wait_is_never_called() {
        check("tower.6", async |world| {
            let (caller, inner) = one_place(&world, 250);
            inner.occupy("another's").await;
            let mut service = bounded(inner, ms(100));

            let answer = caller.asks(&mut service).await;
            world.at(600).await;

            let ends = "a request ends at its limit, waiting or not";
            must_elapse(&caller, 100, answer, ends);
            let called = "a request given up while it waits is never called";
            world.lane("backend").expect_begun_at([0], called);
        });
    }

    #[test]
    fn a_place_is_taken_only_to_be_used() {
        check("tower.6", async |world| {
            let (caller, inner) = one_place(&world, 45);
            inner.occupy("another's").await;
            let mut service = bounded(inner, ms(100));

            caller.waits_for(&mut service).await;
            let answer = service.call("GET /").await;

            caller.expect_at([0], "a bounded service is always ready");
            let rule = "a request that needs 90 of its 100 ms has them";
            expect(answer, Ok("200"), rule);
        });
    }

    #[test]
    fn an_error_in_the_wait_is_the_answer() {
        check("tower.6", async |world| {
            let caller = Caller::new(&world, "caller");
            let inner = Door::new(&world, "backend");
            let mut service = bounded(inner.clone(), ms(100));

            let fails = async {
                world.at(30).await;
                inner.fails_once(Failure::Unavailable);
            };
            let (answer, ()) = join!(caller.asks(&mut service), fails);

            let rule = "a service that fails to get ready fails the request";
            expect(answer, Err(Failure::Unavailable), rule);
            caller.expect_at([30], "an error comes out when it is there");
        });
    }

    #[test]
    fn an_idle_service_holds_no_place() {
        check("tower.6", async |world| {
            let (other, mut inner) = one_place(&world, 70);
            let mut service = bounded(inner.clone(), ms(100));

            service.ready().await.ok();
            timeout(ms(10), other.waits_for(&mut inner)).await.ok();

            other.expect_at([0], "a bounded service that is idle holds no place");
        });
    }

    /// A hundred wait, are not polled again, and keep the numbers that they have in the line.
    #[test]
    fn requests_that_nobody_polls_hold_up_no_other() {
        check_large("tower.6", async |world| {
            let (caller, inner) = scene(&world, Ok("200"), 70);
            let inner = inner.places(101);
            for _ in 0..101 {
                inner.occupy("another's").await;
            }
            let mut service = bounded(inner, ms(200));

            let mut others = vec![];
            for _ in 0..100 {
                service.ready().await.ok();
                let mut other = task::spawn(service.call("GET /"));
                require(
                    other.poll().is_pending(),
                    "without a place a request waits",
                );
                others.push(other);
            }
            service.ready().await.ok();
            _ = caller.awaits(service.call("GET /")).await;

            let rule = "at 70 ms there is a place for each request that waits";
            caller.expect_at([140], rule);
        });
    }

    /// There are two places, so the third request waits for one, and for nothing else.
    #[test]
    fn each_request_waits_and_works_beside_the_others() {
        check("tower.6", async |world| {
            let (callers, inner) = scene(&world, Ok("200"), 70);
            let service = bounded(inner.places(2), ms(100));

            for _ in 0..3 {
                let (callers, mut service) = (callers.clone(), service.clone());
                service.ready().await.ok();
                let answer: Running = Box::pin(service.call("GET /"));
                spawn(async move { callers.awaits(answer).await });
            }
            world.at(200).await;

            let begun = "requests wait for a place, and not for each other";
            world.lane("backend").expect_begun_at([0, 0, 70], begun);
            let own = "each request is answered, or ends at 100 ms";
            callers.expect_at([70, 70, 100], own);
        });
    }

    #[test]
    fn worlds_that_nobody_planned_follow_the_rules() {
        scenes::check("tower.6", async |stage, scene| act(stage, scene).await);
    }
}
