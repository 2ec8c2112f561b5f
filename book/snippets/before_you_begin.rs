//! The examples of the page "Before you begin", compiled and run.

use std::{
    cell::RefCell,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    sync::mpsc,
    time::{Instant, sleep, timeout},
};

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

#[tokio::test]
async fn a_future_that_nobody_awaits_does_nothing() {
    let rang = RefCell::new(false);
    let ring = async { *rang.borrow_mut() = true };

    assert!(!*rang.borrow(), "so far it is only a value");
    ring.await;
    assert!(*rang.borrow(), "now it ran");
}

#[tokio::test(start_paused = true)]
async fn two_tasks_wait_at_the_same_time() {
    let start = Instant::now();

    let tea = tokio::spawn(async {
        sleep(ms(300)).await;
        "tea"
    });
    let toast = tokio::spawn(async {
        sleep(ms(200)).await;
        "toast"
    });

    assert_eq!(tea.await.unwrap(), "tea");
    assert_eq!(toast.await.unwrap(), "toast");
    assert_eq!(start.elapsed(), ms(300), "not 500: they waited together");
}

#[tokio::test(start_paused = true)]
async fn a_task_goes_on_without_its_handle() {
    let (sender, mut receiver) = mpsc::channel(1);

    drop(tokio::spawn(async move {
        sleep(ms(100)).await;
        sender.send("still here").await.unwrap();
    }));

    assert_eq!(receiver.recv().await, Some("still here"));
}

#[tokio::test(start_paused = true)]
async fn the_first_branch_wins_and_the_others_are_dropped() {
    let start = Instant::now();
    let slow = async {
        sleep(ms(300)).await;
        "slow"
    };
    let fast = async {
        sleep(ms(100)).await;
        "fast"
    };

    let winner = tokio::select! {
        answer = slow => answer,
        answer = fast => answer,
    };

    assert_eq!(winner, "fast");
    assert_eq!(start.elapsed(), ms(100), "nobody waited for the other one");
}

#[tokio::test(start_paused = true)]
async fn the_guard_is_gone_before_the_task_waits() {
    let served = Arc::new(Mutex::new(0));

    let task = tokio::spawn({
        let served = served.clone();
        async move {
            {
                let mut served = served.lock().unwrap();
                *served += 1;
            }
            sleep(ms(100)).await;
        }
    });

    task.await.unwrap();
    assert_eq!(*served.lock().unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_full_channel_makes_its_sender_wait() {
    let start = Instant::now();
    let (sender, mut receiver) = mpsc::channel(1);

    let producer = tokio::spawn(async move {
        for letter in ["a", "b", "c"] {
            sender.send(letter).await.unwrap();
        }
        start.elapsed()
    });
    let mut read = vec![];
    while let Some(letter) = receiver.recv().await {
        read.push(letter);
        sleep(ms(100)).await;
    }

    assert_eq!(read, ["a", "b", "c"], "the loop ends with the last sender");
    assert_eq!(producer.await.unwrap(), ms(100), "c had to wait for room");
}

#[tokio::test(start_paused = true)]
async fn what_comes_after_a_dropped_await_never_runs() {
    let diary = RefCell::new(vec![]);
    let work = async {
        diary.borrow_mut().push("took the order");
        sleep(ms(300)).await;
        diary.borrow_mut().push("sent the bill");
    };

    let outcome = timeout(ms(100), work).await;

    assert!(outcome.is_err(), "the limit came first");
    assert_eq!(*diary.borrow(), ["took the order"]);
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_waiting_takes_no_time() {
    let (virtual_start, real_start) = (Instant::now(), std::time::Instant::now());

    sleep(ms(3_600_000)).await;

    assert_eq!(virtual_start.elapsed(), ms(3_600_000));
    assert!(real_start.elapsed() < ms(60_000), "the clock on the wall");
}
