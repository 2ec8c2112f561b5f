//! Who orders: clients that come when the minute says so, whether or not the ones before have an answer.

use std::sync::Arc;

use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use crate::{
    floor::{Floor, PATIENCE},
    minute,
    numbers::Numbers,
    requests::{Reply, Street},
};

/// Sends orders until the signal.
pub async fn orders(
    floor: Arc<Floor>,
    street: Street,
    numbers: Numbers,
    mut signal: watch::Receiver<bool>,
) {
    let start = Instant::now();
    let mut next = start;
    for number in 0.. {
        tokio::select! {
            biased;
            _ = signal.wait_for(|now| *now) => return,
            () = sleep_until(next) => {}
        }
        numbers.change(|counts| counts.comes());
        tokio::spawn(client(floor.order(number), street.clone(), numbers.clone()));
        next += minute::pause(next - start);
    }
}

/// One client waits for its answer, however long that takes.
async fn client(
    order: crate::part::Boxed<'static, Reply>,
    street: Street,
    numbers: Numbers,
) {
    let came = Instant::now();
    let reply = street.ask(order).await;
    let took = came.elapsed();
    numbers.change(|counts| {
        counts.inside -= 1;
        match reply {
            Some(Reply::Yes(_)) => {
                counts.took(took);
                let in_time = took <= PATIENCE;
                counts.answered += u64::from(in_time);
                counts.late += u64::from(!in_time);
            }
            Some(Reply::Refused) => counts.refused += 1,
            Some(Reply::Failed) => counts.failed += 1,
            None => counts.lost += 1,
        }
    });
}
