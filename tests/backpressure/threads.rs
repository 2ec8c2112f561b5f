//! A queue on real threads, where one sender can look at it while another is between two lines of `send`.

use super::super::{Item, Sender, queue};

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use tokio::{task::JoinSet, time::Instant};

/// An item of one byte.
struct Small;

impl Item for Small {
    fn bytes(&self) -> u32 {
        1
    }
    fn deadline(&self) -> Instant {
        Instant::now()
    }
}

const SENDERS: usize = 12;

/// Items of one sender.
const EACH: usize = 300;

/// How many of these came back, with room for all and nobody who waits.
pub struct Refused {
    came_back: usize,
    of: usize,
}

impl Refused {
    /// What is wrong, if one did.
    pub fn none(&self) -> Result<(), String> {
        let Refused { came_back, of } = self;
        if *came_back == 0 {
            Ok(())
        } else {
            Err(format!("{came_back} of {of} came back"))
        }
    }
}

/// All senders at once, each in a task of its own.
fn each_sends<Sending>(
    sender: Sender<Small>,
    sends: impl Fn(Arc<Sender<Small>>) -> Sending,
) -> JoinSet<usize>
where
    Sending: Future<Output = usize> + Send + 'static,
{
    let sender = Arc::new(sender);
    (0..SENDERS).map(|_| sends(sender.clone())).collect()
}

/// Closes a queue of one place while many wait for it: every send ends.
pub async fn all_hear_of_the_close() -> Result<(), String> {
    let (sender, mut receiver) = queue::<Small>(NonZeroUsize::MIN, u32::MAX);
    let senders = each_sends(sender, |sender| async move {
        let mut sent = 0;
        while sender.send(Small, Duration::MAX).await.is_ok() {
            sent += 1;
        }
        sent
    });
    for _ in 0..20 {
        receiver.recv().await;
    }
    receiver.close();
    let mut received = 20;
    while receiver.recv().await.is_some() {
        received += 1;
    }
    let sent: usize = senders.join_all().await.into_iter().sum();
    if sent == received {
        return Ok(());
    }
    Err(format!("{sent} items were let in, and {received} received"))
}

/// One sends and one receives, through a queue of one place: each waits for the other all the time.
pub async fn all_pass_one_by_one() -> Result<(), String> {
    let (sender, mut receiver) = queue::<Small>(NonZeroUsize::MIN, u32::MAX);
    let sends = tokio::spawn(async move {
        for _ in 0..EACH {
            _ = sender.send(Small, Duration::MAX).await;
        }
    });
    let mut received = 0;
    while receiver.recv().await.is_some() {
        received += 1;
    }
    _ = sends.await;
    if received == EACH {
        return Ok(());
    }
    Err(format!("{received} of {EACH} items were received"))
}

/// Sends from several threads to a queue that has room for everything.
pub async fn all_have_a_place() -> Refused {
    let places = NonZeroUsize::new(SENDERS * EACH).unwrap();
    let (sender, _receiver) = queue::<Small>(places, u32::MAX);
    let senders = each_sends(sender, |sender| async move {
        let mut came_back = 0;
        for _ in 0..EACH {
            let sent = sender.send(Small, Duration::ZERO).await;
            came_back += usize::from(sent.is_err());
        }
        came_back
    });
    let came_back = senders.join_all().await.into_iter().sum();
    Refused { came_back, of: SENDERS * EACH }
}
