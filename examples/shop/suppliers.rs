//! Who the shop depends on: three suppliers, which are slow, fail and hang, and the post. What they do in which
//! second of the minute is [`crate::minute`]'s.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep};

use crate::{
    dice::Dice,
    minute,
    numbers::Numbers,
    part::{Answer, Boxed},
};

/// Somebody who is asked for a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supplier {
    /// It restarts now and then.
    Bakery,
    /// It hangs now and then.
    Dairy,
    /// Only slow.
    Garden,
}

/// Why there is no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It said so at once.
    #[error("the supplier is down")]
    Down,
    /// It said nothing for as long as we waited.
    #[error("the supplier is silent")]
    Silent,
}

/// How long a connection on which nothing happens lives: then the network says so.
const DEAD: Duration = Duration::from_secs(10);

/// How long the post needs for a receipt.
const POSTING: Duration = Duration::from_millis(400);

/// How many receipts the post takes at once; it refuses more.
const AT_THE_POST: usize = 30;

/// The world around the shop.
#[derive(Clone)]
pub struct Suppliers {
    opened: Instant,
    numbers: Numbers,
    at_the_post: Arc<AtomicUsize>,
}

impl Suppliers {
    /// All of them, from now on.
    pub fn new(numbers: Numbers) -> Self {
        Self { opened: Instant::now(), numbers, at_the_post: Arc::default() }
    }

    /// Asks one supplier for its part of an order.
    pub fn ask(
        &self,
        supplier: Supplier,
        order: u64,
        attempt: u32,
    ) -> Boxed<'static, Answer> {
        let (opened, numbers) = (self.opened, self.numbers.clone());
        Box::pin(async move {
            numbers.change(|counts| counts.calls += 1);
            let mut dice = Dice::of(order, supplier as u64, u64::from(attempt));
            let at = opened.elapsed();
            if supplier == Supplier::Bakery && minute::bakery_is_down(at) {
                sleep(Duration::from_millis(2)).await;
                return Err(Fault::Down);
            }
            if supplier == Supplier::Dairy
                && minute::dairy_hangs(at)
                && dice.between(0, 4) == 0
            {
                sleep(DEAD).await;
                return Err(Fault::Down);
            }
            sleep(Duration::from_millis(dice.between(20, 60))).await;
            Ok(100)
        })
    }

    /// Brings one receipt to the post. It is lost when the post refuses it, or when this is dropped.
    pub fn post(&self) -> Boxed<'static, ()> {
        let (numbers, here) = (self.numbers.clone(), self.at_the_post.clone());
        Box::pin(async move {
            let _place = Place::take(here.clone());
            if here.load(Relaxed) > AT_THE_POST {
                numbers.change(|counts| counts.turned_away += 1);
                return;
            }
            sleep(POSTING).await;
            numbers.change(|counts| counts.posted += 1);
        })
    }
}

/// Somebody at the post.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(here: Arc<AtomicUsize>) -> Self {
        here.fetch_add(1, Relaxed);
        Self(here)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}
