//! Each watchdog has a scenario that must trip it, and only it.

use std::sync::{Arc, Mutex, mpsc};

use record::{Kind, Record};
use tokio::{sync::Notify, task::yield_now, time::sleep};

use crate::{Limits, World, explore, ms};

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

#[test]
fn a_stall_at_an_odd_instant_is_named_as_well() {
    let record = calm(async |world| {
        world.at(3_600_000 + 17).await;
        std::future::pending::<()>().await;
    });

    assert!(record.message.contains("after 3600017 ms"), "{}", record.message);
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
    let record = calm(async |_| {
        loop {
            yield_now().await;
        }
    });

    assert_eq!(record.kind, Some(Kind::Spin));
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
    assert!(record.message.contains("since 40 ms"), "{}", record.message);
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
