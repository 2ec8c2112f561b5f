//! The service itself: a queue, clerks who ask the suppliers, and receipts for the post.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    sync::{Semaphore, oneshot, watch},
    task::JoinHandle,
    time::{Instant, timeout},
};

use crate::{
    dice::Dice,
    numbers::Numbers,
    part::{Answer, Boxed, Entrance, Exit, Hand, Part, Parts, Plan, Post},
    requests::{Reply, Street, network},
    suppliers::{Supplier, Suppliers},
};

/// An answer is of use for so long.
pub const PATIENCE: Duration = Duration::from_secs(1);

/// How long the shop may take to close.
pub const GRACE: Duration = Duration::from_secs(5);

/// What a part is given beyond its own limit before the shop goes on without it.
pub const SPARE: Duration = Duration::from_secs(1);

/// How many orders are worked on at once.
const CLERKS: u32 = 8;

/// How many orders wait for a clerk.
const PLACES: NonZeroUsize = NonZeroUsize::new(32).unwrap();

/// How long an order waits for a place.
const WAIT: Duration = Duration::from_millis(50);

/// What a clerk needs for an order, as far as one can say before.
const TAKES: Duration = Duration::from_millis(100);

/// How long a supplier may take for one answer.
const LIMIT: Duration = Duration::from_millis(150);

/// How a supplier is asked again.
const PLAN: Plan = Plan {
    attempts: NonZeroU32::new(5).unwrap(),
    base: Duration::from_millis(100),
    cap: Duration::from_millis(400),
};

/// How many suppliers of an order are asked at once.
const AT_ONCE: NonZeroUsize = NonZeroUsize::new(3).unwrap();

/// How many receipts are on their way to the post at once, and how many wait.
const POSTERS: NonZeroUsize = NonZeroUsize::new(30).unwrap();
const TRAY: NonZeroUsize = NonZeroUsize::new(400).unwrap();

/// An order on its way to a clerk.
pub struct Order {
    /// Its number.
    pub number: u64,
    /// When its answer is of no more use.
    pub due: Instant,
    reply: oneshot::Sender<Reply>,
}

/// A receipt on its way to the post.
pub struct Receipt;

/// The shop, open.
pub struct Floor {
    parts: Parts,
    suppliers: Suppliers,
    numbers: Numbers,
    entrance: Box<dyn Entrance>,
    tray: Box<dyn Hand>,
    clerks: Arc<Semaphore>,
}

/// What closes it.
pub struct Closing {
    door: Boxed<'static, usize>,
    over: watch::Sender<bool>,
    queue: JoinHandle<()>,
    /// Whether somebody waits for an order at the end of the queue.
    waits: Arc<AtomicBool>,
    post: Box<dyn Post>,
    clerks: Arc<Semaphore>,
}

/// Opens a shop of these parts. The street is where orders come from; `signal` closes the door.
pub fn open(
    parts: Parts,
    numbers: Numbers,
    signal: watch::Receiver<bool>,
) -> (Arc<Floor>, Street, Closing) {
    let suppliers = Suppliers::new(numbers.clone());
    let (entrance, exit) = (parts.backpressure.queue)(PLACES, u32::MAX >> 8);
    let office = suppliers.clone();
    let posting = Arc::new(move |Receipt| office.post());
    let post = (parts.worker_pool.open)(POSTERS, TRAY, posting);
    let clerks = Arc::new(Semaphore::new(CLERKS as usize));
    let (street, listener) = network();
    let door = (parts.shutdown.serve)(listener, signal, GRACE);
    let tray = post.handle();
    let floor =
        Floor { parts, suppliers, numbers, entrance, tray, clerks: clerks.clone() };
    let floor = Arc::new(floor);
    let (over, is_over) = watch::channel(false);
    let waits = Arc::new(AtomicBool::new(false));
    let queue = tokio::spawn(floor.clone().hands_out(exit, waits.clone(), is_over));
    (floor, street, Closing { door, over, queue, waits, post, clerks })
}

impl Floor {
    /// One order, from the door to its answer.
    pub fn order(self: &Arc<Self>, number: u64) -> Boxed<'static, Reply> {
        let (floor, due) = (self.clone(), Instant::now() + PATIENCE);
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            let order = Order { number, due, reply };
            if !floor.entrance.send(order, WAIT).await {
                return Reply::Refused;
            }
            // An order whose clerk panicked has no answer.
            answer.await.unwrap_or(Reply::Failed)
        })
    }

    /// Gives each order that comes out of the queue to a free clerk.
    async fn hands_out(
        self: Arc<Self>,
        mut exit: Box<dyn Exit>,
        waits: Arc<AtomicBool>,
        mut is_over: watch::Receiver<bool>,
    ) {
        let mut open = true;
        loop {
            let clerk = self.clerks.clone().acquire_owned().await;
            waits.store(true, Relaxed);
            let next = tokio::select! {
                biased;
                _ = is_over.wait_for(|over| *over), if open => {
                    open = false;
                    exit.close();
                    continue;
                }
                next = exit.next(TAKES) => next,
            };
            waits.store(false, Relaxed);
            match next {
                None => return,
                Some(Err(order)) => _ = order.reply.send(Reply::Refused),
                Some(Ok(order)) => {
                    let floor = self.clone();
                    tokio::spawn(async move {
                        floor.works_on(order).await;
                        drop(clerk);
                    });
                }
            }
        }
    }

    /// A clerk asks the suppliers, answers, and hands the receipt on.
    async fn works_on(self: Arc<Self>, order: Order) {
        let Order { number, reply, .. } = order;
        let Ok(price) = self.clone().asks_all(number).await else {
            _ = reply.send(Reply::Failed);
            return;
        };
        // Who has left gets no receipt.
        if reply.send(Reply::Yes(price)).is_ok() {
            self.numbers.change(|counts| counts.receipts += 1);
            self.tray.send(Receipt).await;
        }
    }

    async fn asks_all(self: Arc<Self>, order: u64) -> Answer {
        let all = vec![Supplier::Bakery, Supplier::Dairy, Supplier::Garden];
        let map_bounded = self.parts.joinset.map_bounded;
        let ask = Box::new(move |supplier| self.asks(supplier, order));
        let prices = map_bounded(AT_ONCE, all, ask).await?;
        Ok(prices.iter().sum())
    }

    /// One supplier: each attempt has its limit, and there are several.
    fn asks(&self, supplier: Supplier, order: u64) -> Boxed<'static, Answer> {
        let (within, suppliers) =
            (self.parts.timeouts.within, self.suppliers.clone());
        let attempt = Box::new(move |attempt| {
            within(LIMIT, suppliers.ask(supplier, order, attempt))
        });
        let mut dice = Dice::of(order, supplier as u64, u64::MAX);
        let random = Box::new(move || dice.fraction());
        (self.parts.retries.retry)(PLAN, random, attempt)
    }
}

/// What the closing had to say.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Closed {
    /// Parts that did not come back in time, or whose task panicked.
    pub stuck: Vec<Part>,
}

impl Closing {
    /// Serves until the signal, then closes: the door, the queue, the clerks, the post.
    pub async fn run(self, mut signal: watch::Receiver<bool>) -> Closed {
        let Self { door, over, queue, waits, post, clerks } = self;
        let mut closed = Closed::default();
        // Why a task: a panic in the part must not end the shop's own.
        let mut door = tokio::spawn(door);
        let early = tokio::select! {
            biased;
            _ = signal.wait_for(|now| *now) => false,
            _ = &mut door => true,
        };
        if early {
            closed.stuck.push(Part::Shutdown);
            return closed;
        }
        match timeout(GRACE + SPARE, &mut door).await {
            Ok(Ok(_open)) => {}
            Ok(Err(_)) | Err(_) => {
                closed.stuck.push(Part::Shutdown);
                door.abort();
            }
        }
        over.send_replace(true);
        if timeout(SPARE, queue).await.is_err() && waits.load(Relaxed) {
            closed.stuck.push(Part::Backpressure);
        }
        // Why the result is dropped: who is not done by then loses the order, and that is counted.
        _ = timeout(SPARE, clerks.acquire_many(CLERKS)).await;
        let mut posted = tokio::spawn(post.shutdown(GRACE));
        match timeout(GRACE + SPARE, &mut posted).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => {
                closed.stuck.push(Part::WorkerPool);
                posted.abort();
            }
        }
        closed
    }
}
