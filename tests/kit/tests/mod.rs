//! The instruments, tested.

use std::time::Duration;

use tokio::{sync::mpsc, time::sleep};

use crate::{Limits, World, check, expect, explore, ms, record::Kind};

fn kind_of<F>(scenario: F) -> Option<Kind>
where
    F: AsyncFn(World) + Send + Sync + 'static,
{
    explore(0..1, Limits::default(), scenario).kind
}

#[test]
fn calm_is_exact() {
    check("kit.1", async |world| {
        world.at(250).await;
        world.expect_now(250, "a sleep takes what it says");
    });
}

#[test]
fn a_stall_is_named() {
    let record = explore(0..1, Limits::default(), async |world| {
        let lane = world.lane("main");
        world.at(30).await;
        lane.log("waits");
        let _wait = world.waiting("main: a message nobody sends");
        let (_send, mut receive) = mpsc::channel::<()>(1);
        receive.recv().await;
    });
    println!("{}", record.report.unwrap());
    expect(record.kind, Some(Kind::Stall), "a stall is a stall");
}

#[test]
fn a_livelock_is_named() {
    let kind = kind_of(async |_| {
        tokio::spawn(async {
            loop {
                sleep(Duration::from_millis(10)).await;
            }
        });
        std::future::pending::<()>().await;
    });
    assert_eq!(kind, Some(Kind::Livelock));
}

#[test]
fn a_spin_is_named() {
    let kind = kind_of(async |_| {
        loop {
            tokio::task::yield_now().await;
        }
    });
    assert_eq!(kind, Some(Kind::Spin));
}

#[test]
fn a_difference_is_drawn() {
    let record = explore(0..1, Limits::default(), async |world| {
        let lane = world.lane("attempts");
        for _ in 0..4 {
            lane.mark();
            sleep(ms(100)).await;
        }
        lane.expect_at(
            [0, 100, 300, 700],
            "attempts must be 100, then 200, then 400 ms apart",
        );
    });
    println!("{}", record.report.unwrap());
    expect(
        record.difference.as_deref(),
        Some("the 3rd came at 200 ms, 100 ms too early"),
        "x",
    );
}
