//! All clients together, and the server they have.

use std::{
    collections::VecDeque,
    fmt::Debug,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, Location, catch_unwind},
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use kit::{Failure, World, ms, spawn};
use tokio::{
    sync::{Notify, mpsc},
    task::AbortHandle,
    time::timeout,
};

use super::{
    client::{Client, apart, fail},
    server::Connection,
    wire::{Net, Wire},
};

/// How often a server may be polled at one instant.
const POLLS_PER_INSTANT: u32 = 1_000;

/// Opens connections to its [`Listener`](super::Listener), and runs the server.
pub struct Clients {
    net: Net,
    connects: mpsc::UnboundedSender<Connection>,
    connected: AtomicUsize,
}

impl Clients {
    pub(super) fn new(
        net: Net,
        connects: mpsc::UnboundedSender<Connection>,
    ) -> Self {
        Clients { net, connects, connected: AtomicUsize::new(0) }
    }

    /// Connects now, drawn on the lane `name`; clients of one name share it. The connection waits
    /// in the listener until it is accepted, and is refused when the listener is gone.
    pub fn connect(&self, name: &str) -> Client {
        let lane = match self.net.tell {
            None => self.net.world.lane(name),
            // What is told is not drawn.
            Some(_) => self.net.server.clone(),
        };
        self.net.log(&lane, || "connects".into());
        let (asks, pipe) = mpsc::unbounded_channel();
        let wire = Arc::new(Wire {
            net: self.net.clone(),
            lane,
            name: name.to_owned(),
            client: self.connected.fetch_add(1, SeqCst),
            seen: Mutex::default(),
        });
        let connection = Connection {
            wire: wire.clone(),
            pipe,
            buffer: VecDeque::new(),
            sending: None,
            open: None,
        };
        if self.connects.send(connection).is_err() {
            self.net.log(&self.net.server, || format!("refuses {name}"));
        }
        Client { wire, asks }
    }

    /// Connects as `name` and sends one request that needs `takes_ms` to process.
    pub fn ask(&self, name: &str, takes_ms: u64) -> Client {
        let client = self.connect(name);
        client.ask(takes_ms);
        client
    }

    /// Whether the listener is gone.
    pub fn is_refused(&self) -> bool {
        self.connects.is_closed()
    }

    /// Accepted connections that are still open.
    pub fn open(&self) -> usize {
        self.net.open.now()
    }

    /// Runs `server` in a task of its own. A `server` that is polled a thousand times at one instant
    /// is a spin, and one that panics fails the scenario.
    pub fn run<F>(&self, server: F) -> Running<F::Output>
    where
        F: Future<Output: Debug + Send + 'static> + Send + 'static,
    {
        let net = self.net.clone();
        // At the very beginning everything starts; later it is worth a row.
        if net.world.now_ms() > 0 {
            net.log(&net.server, || "starts".into());
        }
        let returned = Arc::new(Mutex::new(None));
        let done = Arc::new(Notify::new());
        let (slot, end) = (returned.clone(), done.clone());
        let task = spawn(async move {
            let mut server = pin!(server);
            let mut polls = Polls::default();
            let value = poll_fn(|cx| {
                polls.count(&net.world);
                let poll = || server.as_mut().poll(cx);
                match catch_unwind(AssertUnwindSafe(poll)) {
                    Ok(answer) => answer,
                    Err(_) => net.world.fail_with_caught_panic(),
                }
            })
            .await;
            net.log(&net.server, || format!("returns {value:?}"));
            let (open, working) = (net.open.now(), net.working.now());
            let at_ms = net.world.now_ms();
            slot.lock().unwrap().replace(Returned { at_ms, value, open, working });
            end.notify_one();
        });
        let world = self.net.world.clone();
        Running { world, returned, done, task: task.abort_handle() }
    }
}

/// Counts the polls of a server at one instant. Far fewer than a world allows its instruments: a
/// loop over ready futures yields only when its budget is spent, after some hundred turns.
#[derive(Default)]
struct Polls {
    at_ms: u64,
    count: u32,
}

impl Polls {
    fn count(&mut self, world: &World) {
        let now = world.now_ms();
        if self.at_ms != now {
            (self.at_ms, self.count) = (now, 0);
        }
        self.count += 1;
        if self.count > POLLS_PER_INSTANT {
            let text = format!(
                "the server was woken {} times at {now} ms, by itself: \
                 something it waits for is always ready",
                self.count
            );
            world.fail(Failure::spin(text));
        }
    }
}

/// A server that runs in a task of its own. See [`Clients::run`].
pub struct Running<T> {
    world: World,
    returned: Arc<Mutex<Option<Returned<T>>>>,
    done: Arc<Notify>,
    task: AbortHandle,
}

impl<T> Running<T> {
    /// Drops the server before it is polled again, if it has not returned.
    pub fn drop_server(&self) {
        self.task.abort();
    }
}

/// Two rules, because a server that returns in time may return something else.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// When it returns.
    pub when: &'a str,
    /// What it returns.
    pub what: &'a str,
}

/// How a server returned, and what was left in that instant.
struct Returned<T> {
    at_ms: u64,
    value: T,
    open: usize,
    working: usize,
}

impl<T: PartialEq + Debug> Running<T> {
    /// Waits until one millisecond after `at_ms` and fails with the rule `when` unless the server
    /// returned at exactly `at_ms`, and with the rule `what` unless it returned one of `values`; at a
    /// tie more than one is right. Before it fails it waits one more minute, to say how late.
    ///
    /// # Panics
    ///
    /// Ends the test.
    #[track_caller]
    pub fn expect_returned<'a, const N: usize>(
        &'a self,
        at_ms: u64,
        values: [T; N],
        Rules { when, what }: Rules<'a>,
    ) -> impl Future<Output = ()> + 'a
    where
        T: 'a,
    {
        let location = Location::caller();
        async move {
            self.world.at(at_ms + 1).await;
            if self.returned.lock().unwrap().is_none() {
                _ = timeout(ms(60_000), self.done.notified()).await;
            }
            let (rule, difference) = match &*self.returned.lock().unwrap() {
                None => {
                    (when, format!("a minute after {at_ms} ms it has not returned"))
                }
                Some(returned) if returned.at_ms != at_ms => {
                    let apart = apart(returned.at_ms, at_ms);
                    (when, format!("it returned at {apart}"))
                }
                Some(returned) if !values.contains(&returned.value) => {
                    let observed = &returned.value;
                    let right = values.each_ref().map(|value| format!("{value:?}"));
                    let right = right.join(" or ");
                    (what, format!("it returned {observed:?} instead of {right}"))
                }
                Some(_) => return,
            };
            fail(&self.world, rule, difference, location);
        }
    }

    /// Fails with `rule` if a connection was open or a request in work when the server returned.
    ///
    /// # Panics
    ///
    /// Ends the test; also when the server has not returned.
    #[track_caller]
    pub fn expect_nothing_left(&self, rule: &str) {
        let difference = match &*self.returned.lock().unwrap() {
            None => "it has not returned".to_owned(),
            Some(Returned { open: 0, working: 0, .. }) => return,
            Some(Returned { open, working, .. }) => {
                format!(
                    "at its return {open} open, {working} in the middle of a request"
                )
            }
        };
        fail(&self.world, rule, difference, Location::caller());
    }
}
