//! The parts of the shop: what each is asked for, whatever it is made of.

use std::{num::NonZeroU32, num::NonZeroUsize, pin::Pin, sync::Arc, time::Duration};

use crate::{
    blame,
    floor::{Order, Receipt},
    lines::Lines,
    requests::Listener,
    suppliers::{Fault, Supplier},
};
use tokio::{net::TcpListener, sync::watch};

pub use crate::names::Part;

/// A future that may go to another thread.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A price, or why there is none.
pub type Answer = Result<u32, Fault>;

impl Part {
    /// A future of this part: while it is polled, what goes wrong is the part's.
    pub fn runs<'a, T: 'a>(
        self,
        future: impl Future<Output = T> + Send + 'a,
    ) -> Boxed<'a, T> {
        Box::pin(self.stays(future))
    }

    /// The same for a future that stays on its thread.
    pub fn stays<F: Future>(self, future: F) -> blame::Blamed<F> {
        blame::Blamed::new(self, future)
    }

    /// A call of this part, which is not async.
    pub fn calls<T>(self, call: impl FnOnce() -> T) -> T {
        let _at_work = blame::at_work(self);
        call()
    }
}

/// `timeouts`: a limit for one piece of work.
#[derive(Clone, Copy)]
pub struct Timeouts {
    /// Does the work within the limit.
    pub within: fn(Duration, Boxed<'static, Answer>) -> Boxed<'static, Answer>,
}

/// How often and how soon `retries` tries again.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Attempts in all.
    pub attempts: NonZeroU32,
    /// The first wait.
    pub base: Duration,
    /// The longest wait.
    pub cap: Duration,
}

/// The next number in `0.0..1.0`.
pub type Random = Box<dyn FnMut() -> f64 + Send>;

/// One attempt, by its number.
pub type Attempt = Box<dyn FnMut(u32) -> Boxed<'static, Answer> + Send>;

/// `retries`: a call, and once more when it fails.
#[derive(Clone, Copy)]
pub struct Retries {
    /// Attempts until one succeeds or the plan says stop.
    pub retry: fn(Plan, Random, Attempt) -> Boxed<'static, Answer>,
}

/// `backpressure`: the queue between the door and the clerks.
#[derive(Clone, Copy)]
pub struct Backpressure {
    /// A queue of so many places and bytes.
    pub queue: fn(NonZeroUsize, u32) -> Queue,
}

/// Both ends of a queue.
pub type Queue = (Box<dyn Entrance>, Box<dyn Exit>);

/// Where orders go in.
pub trait Entrance: Send + Sync {
    /// Whether the order got a place within `wait`.
    fn send(&self, order: Order, wait: Duration) -> Boxed<'_, bool>;
}

/// Where they come out.
pub trait Exit: Send {
    /// The next one: `Ok` if work that lasts `takes` is done in time. `None` when it is over.
    fn next(&mut self, takes: Duration) -> Boxed<'_, Option<Result<Order, Order>>>;
    /// Lets no more in.
    fn close(&mut self);
}

/// Asks one supplier.
pub type Ask = Box<dyn FnMut(Supplier) -> Boxed<'static, Answer> + Send>;

/// The prices of all suppliers, or the first fault.
pub type Prices = Result<Vec<u32>, Fault>;

/// `joinset`: all suppliers of an order.
#[derive(Clone, Copy)]
pub struct Joinset {
    /// The answers of all of them, or the first fault.
    pub map_bounded: fn(NonZeroUsize, Vec<Supplier>, Ask) -> Boxed<'static, Prices>,
}

/// `shutdown`: the door.
#[derive(Clone, Copy)]
pub struct Shutdown {
    /// Serves until the signal, then drains; how many connections were dropped.
    pub serve:
        fn(Listener, watch::Receiver<bool>, Duration) -> Boxed<'static, usize>,
}

/// `worker_pool`: who posts the receipts.
#[derive(Clone, Copy)]
pub struct WorkerPool {
    /// A pool of so many workers, and so many receipts that wait.
    pub open: fn(NonZeroUsize, NonZeroUsize, Posting) -> Box<dyn Post>,
}

/// Posts one receipt.
pub type Posting = Arc<dyn Fn(Receipt) -> Boxed<'static, ()> + Send + Sync>;

/// A pool.
pub trait Post: Send {
    /// A way in.
    fn handle(&self) -> Box<dyn Hand>;
    /// Ends it within `drain`.
    fn shutdown(self: Box<Self>, drain: Duration) -> Boxed<'static, ()>;
}

/// A way into a pool.
pub trait Hand: Send + Sync {
    /// Whether the receipt was accepted.
    fn send(&self, receipt: Receipt) -> Boxed<'_, bool>;
}

/// `http`: the port.
#[derive(Clone, Copy)]
pub struct Http {
    /// Serves customers until the signal, then drains; whether that was done in time.
    pub serve: fn(TcpListener, Arc<Lines>, watch::Receiver<bool>) -> Here<bool>,
    /// The key of a customer who may read, and of one who may do everything.
    pub reader: &'static str,
    /// See `reader`.
    pub admin: &'static str,
    /// Whether its own `serve` is still to be written, and only its router serves.
    pub router_alone: bool,
}

/// A future that stays on its thread.
pub type Here<T> = Pin<Box<dyn Future<Output = T>>>;

/// The parts that are in one run of the shop.
#[derive(Clone, Copy)]
pub struct Parts {
    /// Limits for each call and each order.
    pub timeouts: Timeouts,
    /// How a supplier is asked again.
    pub retries: Retries,
    /// The queue.
    pub backpressure: Backpressure,
    /// How the suppliers of an order are asked.
    pub joinset: Joinset,
    /// The door.
    pub shutdown: Shutdown,
    /// The post.
    pub worker_pool: WorkerPool,
    /// The port; `None` where the program was built without one.
    pub http: Option<Http>,
}

/// The parts that are compiled from kept files; `None` where there is none.
pub struct Given {
    /// Whose they are, as the first lines say it: `yours`, or `reference`.
    pub whose: &'static str,
    /// See [`Parts::timeouts`].
    pub timeouts: Option<Timeouts>,
    /// See [`Parts::retries`].
    pub retries: Option<Retries>,
    /// See [`Parts::backpressure`].
    pub backpressure: Option<Backpressure>,
    /// See [`Parts::joinset`].
    pub joinset: Option<Joinset>,
    /// See [`Parts::shutdown`].
    pub shutdown: Option<Shutdown>,
    /// See [`Parts::worker_pool`].
    pub worker_pool: Option<WorkerPool>,
    /// See [`Parts::http`].
    pub http: Option<Http>,
}

impl Given {
    /// Whether this part is among them.
    pub fn has(&self, part: Part) -> bool {
        match part {
            Part::Timeouts => self.timeouts.is_some(),
            Part::Retries => self.retries.is_some(),
            Part::Backpressure => self.backpressure.is_some(),
            Part::Joinset => self.joinset.is_some(),
            Part::Shutdown => self.shutdown.is_some(),
            Part::WorkerPool => self.worker_pool.is_some(),
            Part::Http => self.http.is_some(),
        }
    }

    /// A shop with these parts; the naive form stands where `naive` says so or where there is none.
    pub fn parts(&self, naive: &[Part]) -> Parts {
        let forms = &crate::parts::NAIVE;
        macro_rules! part {
            ($field:ident, $part:expr) => {
                self.$field
                    .filter(|_| !naive.contains(&$part))
                    .unwrap_or(forms.$field)
            };
        }
        Parts {
            timeouts: part!(timeouts, Part::Timeouts),
            retries: part!(retries, Part::Retries),
            backpressure: part!(backpressure, Part::Backpressure),
            joinset: part!(joinset, Part::Joinset),
            shutdown: part!(shutdown, Part::Shutdown),
            worker_pool: part!(worker_pool, Part::WorkerPool),
            http: self.http.filter(|_| !naive.contains(&Part::Http)).or(forms.http),
        }
    }
}
