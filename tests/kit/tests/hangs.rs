//! Each watchdog has a scenario that must trip it, and only it.

use std::{
    future::poll_fn,
    mem::replace,
    sync::{Arc, Mutex, mpsc},
    task::Poll,
    time::Duration,
};

use record::{Kind, Record};
use tokio::{sync::Notify, task::yield_now, time::sleep};

use crate::{LONGEST_MS, Limits, World, explore, ms, spawn};

/// A test that names itself and spins.
async fn polls_and_polls(_: World) {
    loop {
        yield_now().await;
    }
}

fn calm<F>(scenario: F) -> Record
where
    F: AsyncFn(World) + Send + Sync + 'static,
{
    explore(0..1, Limits::default(), scenario)
}

/// Three tenths of a second instead of three seconds: what trips is the same.
fn impatient<F>(scenario: F) -> Record
where
    F: AsyncFn(World) + Send + Sync + 'static,
{
    let limits = Limits { silent_tenths: 3, ..Limits::default() };
    explore(0..1, limits, scenario)
}

#[test]
fn a_stall_names_its_instant_and_who_waits() {
    let record = calm(async |world| {
        world.at(30).await;
        let _wait = world.waiting("main: a message nobody sends");
        Notify::new().notified().await;
    });

    assert_eq!(record.kind, Some(Kind::Stall));
    assert!(record.message.contains("after 30 ms"), "{}", record.message);
    let report = record.report.unwrap();
    assert!(report.contains("waiting: main: a message"), "{report}");
}

/// In one task of tokio all wakers are alike, so nobody else would find it out.
#[test]
fn who_wakes_the_waker_of_an_earlier_poll_wakes_nobody() {
    let twice = async || {
        let waker = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
        for _ in 0..2 {
            let mut is_done = false;
            poll_fn(|_| {
                if replace(&mut is_done, true) {
                    return Poll::Ready(());
                }
                waker.wake_by_ref();
                Poll::Pending
            })
            .await;
        }
    };
    let in_the_scenario = calm(async move |_| twice().await);
    let in_a_task = calm(async move |_| {
        _ = spawn(async move { twice().await }).await;
    });

    for record in [in_the_scenario, in_a_task] {
        let kind = record.kind;
        assert_eq!(kind, Some(Kind::Stall), "nobody polls it again");
        let report = record.report.unwrap();
        assert!(report.contains("the waker of an earlier poll"), "{report}");
    }
}

/// An hour later somebody else wakes the one who slept through it.
#[test]
fn a_wake_of_an_old_waker_matters_until_who_slept_is_polled() {
    let noted = Arc::<Mutex<Vec<bool>>>::default();
    let notes = noted.clone();
    let record = calm(async move |world| {
        let first = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
        world.at(50).await;
        tokio::spawn(async move {
            sleep(ms(50)).await;
            first.wake();
        });
        world.at(3_600_000).await;
        let asks = [99, 100, 150, 3_599_999, 3_600_000].map(|at| {
            world.old_waker(at).is_some_and(|it| it.starts_with("at 100 ms"))
        });
        notes.lock().unwrap().extend(asks);
    });

    assert_eq!(record.kind, None, "the scenario ends well");
    let named = [false, true, true, true, false];
    let why = "a wake counts from its instant on, until somebody is polled again";
    assert_eq!(*noted.lock().unwrap(), named, "{why}");
}

/// A timer that never ends in a learner's life ends in the watchdog's; what it sets off is no row.
#[test]
fn a_stall_tells_what_has_not_ended_and_nothing_of_its_own() {
    let record = calm(async |world| {
        let lane = world.lane("work");
        tokio::spawn(async move {
            let _item = lane.span("item 1");
            let never = sleep(crate::VIRTUAL_LIMIT);
            never.await;
            lane.log("goes on");
        });
        std::future::pending::<()>().await;
    });

    let report = record.report.unwrap();
    assert!(report.contains("not ended: work, item 1, since 0 ms"), "{report}");
    let limit = format!("{} |", crate::VIRTUAL_LIMIT.as_millis());
    assert!(!report.contains(&limit), "{report}");
}

#[test]
fn a_stall_at_an_odd_instant_is_named_as_well() {
    let record = calm(async |world| {
        world.at(3_600_000 + 17).await;
        std::future::pending::<()>().await;
    });

    assert!(record.message.contains("after 3600017 ms"), "{}", record.message);
}

/// Another timer that is far away makes the clock stop on its way, where nothing happens.
#[test]
fn a_stall_is_named_after_years_and_before_a_timer_that_never_ends() {
    for at_ms in [5, LONGEST_MS] {
        let record = calm(async move |world| {
            tokio::spawn(sleep(Duration::MAX));
            world.at(at_ms).await;
            std::future::pending::<()>().await;
        });

        assert_eq!(record.kind, Some(Kind::Stall), "{}", record.message);
        let said = format!("after {at_ms} ms");
        assert!(record.message.contains(&said), "{}", record.message);
    }
}

#[test]
fn a_ticker_that_keeps_time_moving_is_a_livelock() {
    let record = calm(async |_| {
        tokio::spawn(async {
            loop {
                sleep(ms(10)).await;
            }
        });
        std::future::pending::<()>().await;
    });

    assert_eq!(record.kind, Some(Kind::Livelock));
}

#[test]
fn a_slow_ticker_reaches_the_virtual_limit_and_is_a_livelock() {
    let record = calm(async |_| {
        tokio::spawn(async {
            loop {
                sleep(ms(60_000)).await;
            }
        });
        std::future::pending::<()>().await;
    });

    assert_eq!(record.kind, Some(Kind::Livelock));
}

#[test]
fn a_body_that_yields_for_ever_is_a_spin() {
    let record = calm(polls_and_polls);

    assert_eq!(record.kind, Some(Kind::Spin));
    let report = record.report.unwrap();
    assert!(report.contains("\n  in the test polls_and_polls"), "{report}");
}

#[test]
fn a_task_that_touches_an_instrument_for_ever_is_a_spin() {
    let record = calm(async |world| {
        let lane = world.lane("accepts");
        tokio::spawn(async move {
            loop {
                lane.mark();
                yield_now().await;
            }
        });
        sleep(ms(10)).await;
    });

    assert_eq!(record.kind, Some(Kind::Spin));
    assert!(record.message.contains("accepts was called"), "{}", record.message);
    let lines = record.report.unwrap().lines().count();
    assert!(lines <= 30, "ten thousand events are drawn in {lines} lines");
}

#[test]
fn a_task_that_yields_for_ever_is_a_spin() {
    let record = impatient(async |_| {
        tokio::spawn(async {
            loop {
                yield_now().await;
            }
        });
        sleep(ms(10)).await;
    });

    assert_ne!(record.kind, None);
    // Only Linux tells a working thread from a waiting one.
    #[cfg(target_os = "linux")]
    assert_eq!(record.kind, Some(Kind::Spin));
}

#[test]
fn a_blocking_call_is_a_block() {
    let (_send, receive) = mpsc::channel::<()>();
    let receive = Mutex::new(receive);

    let record = impatient(async move |world| {
        world.at(40).await;
        _ = receive.lock().unwrap().recv();
    });

    assert_eq!(record.kind, Some(Kind::Block));
    assert!(record.message.contains("at 40 ms"), "{}", record.message);
}

/// Each wait is short, and the thread gives a sign of life after it.
#[test]
#[expect(clippy::disallowed_methods, reason = "the mistake to catch")]
fn short_blocking_calls_are_a_block_when_there_are_many() {
    let limits = Limits { asleep_tenths: 2, ..Limits::default() };
    let record = explore(0..1, limits, async |_| {
        loop {
            std::thread::sleep(ms(70));
            sleep(ms(1)).await;
        }
    });

    // Only Linux tells a working thread from a waiting one; elsewhere it comes to an end as a livelock.
    assert!(
        matches!(record.kind, Some(Kind::Block | Kind::Livelock)),
        "{}",
        record.message
    );
    #[cfg(target_os = "linux")]
    assert_eq!(record.kind, Some(Kind::Block), "{}", record.message);
}

/// A call on another thread keeps the paused clock from moving.
#[test]
#[expect(clippy::disallowed_methods, reason = "the mistake to catch")]
fn a_blocking_task_that_sleeps_is_a_block() {
    let limits = Limits { asleep_tenths: 2, ..Limits::default() };
    let record = explore(0..64, limits, async |_| {
        let task = tokio::task::spawn_blocking(|| std::thread::sleep(ms(150)));
        task.await.unwrap();
    });

    #[cfg(target_os = "linux")]
    assert_eq!(record.kind, Some(Kind::Block), "{}", record.message);
    #[cfg(not(target_os = "linux"))]
    drop(record);
}

#[test]
fn a_lock_held_over_an_await_is_a_block() {
    let record = impatient(async |_| {
        let lock = Arc::new(Mutex::new(()));
        let held = lock.clone();
        let local = tokio::task::LocalSet::new();
        let both = local.run_until(async move {
            #[expect(clippy::await_holding_lock, reason = "the mistake to catch")]
            tokio::task::spawn_local(async move {
                let _guard = held.lock().unwrap();
                sleep(ms(10)).await;
            });
            sleep(ms(1)).await;
            drop(lock.lock().unwrap());
        });
        both.await;
    });

    assert_eq!(record.kind, Some(Kind::Block));
}
