//! What the page "Backpressure" sends home: a sender that waits, poll by poll.

#[allow(dead_code)]
#[path = "../../../solutions/backpressure.rs"]
mod answer;

use std::{num::NonZeroUsize, time::Duration};

use tokio::time::{Instant, advance};
use tokio_test::{assert_pending, assert_ready, assert_ready_ok, task::spawn};

use answer::{Item, Refused, queue};

/// An upload of so many bytes.
#[derive(Debug)]
struct Upload(u32);

impl Item for Upload {
    fn bytes(&self) -> u32 {
        self.0
    }
    fn deadline(&self) -> Instant {
        Instant::now() + Duration::from_secs(10)
    }
}

#[tokio::test(start_paused = true)]
async fn a_sender_waits_for_its_place_and_no_longer_than_it_may() {
    let (sender, mut receiver) = queue(NonZeroUsize::MIN, 1000);
    let wait = Duration::from_millis(50);

    let mut first = spawn(sender.send(Upload(10), wait));
    let mut second = spawn(sender.send(Upload(20), wait));
    let mut third = spawn(sender.send(Upload(30), wait));
    assert_ready_ok!(first.poll(), "there is a place");
    assert_pending!(second.poll(), "there is none");
    assert_pending!(third.poll(), "and one is ahead of it");

    assert!(receiver.recv().await.is_some());
    assert!(second.is_woken(), "the place is for the one who came first");
    assert!(!third.is_woken(), "and for nobody else");
    assert_ready_ok!(second.poll());

    advance(Duration::from_millis(51)).await;
    let back = assert_ready!(third.poll(), "its time is over");
    assert!(matches!(back, Err((Upload(30), Refused::Full))));
}
