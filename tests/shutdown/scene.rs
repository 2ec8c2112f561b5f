//! What the scenarios of `tests/shutdown.rs` have in common: a server between its signal and its clients,
//! one alone or a crowd of them.

use std::{array, time::Duration};

use super::super::{Outcome, serve};

use fakes::requests::{Client, Clients, Rules, Running, Signal, network};
use kit::{World, leave, scenes::counted};

pub const LIMIT: Duration = kit::ms(30_000);

pub const NEVER: Duration = Duration::MAX;

/// A choice that is fair by chance is made by so many at once.
pub const CROWD: usize = 20;

/// The signal, the clients, and the server between them.
pub type Served = (Signal, Clients, Running<Outcome>);

pub fn start(world: &World, limit: Duration) -> Served {
    let signal = Signal::new(world);
    let (clients, listener) = network(world);
    let server = clients.run(serve(listener, signal.receiver(), limit));
    (signal, clients, server)
}

/// The signal comes at once, and the server is started at `at_ms`; its receiver counts the signal
/// as seen.
pub async fn start_late(world: &World, at_ms: u64) -> Served {
    let signal = Signal::new(world);
    let (clients, listener) = network(world);
    signal.send(true, 0).await;
    let late = signal.receiver();
    world.at(at_ms).await;
    let server = clients.run(serve(listener, late, LIMIT));
    (signal, clients, server)
}

/// One request of `takes_ms`, sent at once, and the signal at 100 ms.
pub async fn drain_one(
    world: &World,
    takes_ms: u64,
    limit: Duration,
) -> (Signal, Client, Running<Outcome>) {
    let (signal, clients, server) = start(world, limit);
    let client = clients.ask("ada", takes_ms);
    signal.send(true, 100).await;
    (signal, client, server)
}

/// More connections than a runtime polls at a stretch are open at the limit of a server that is in no task of its own:
/// how many still are when it returns.
pub async fn cut_a_crowd(world: &World) -> String {
    let signal = Signal::new(world);
    let (clients, listener) = network(world);
    let _crowd: Vec<_> = (0..150).map(|_| clients.ask("crowd", 60_000)).collect();
    let serving = async {
        serve(listener, signal.receiver(), kit::ms(300)).await;
        counted(clients.open(), "open connection")
    };
    tokio::join!(serving, signal.send(true, world.now_ms() + 100)).0
}

/// All hang up in the instant of the signal and of a limit of zero, and the server is polled with little budget left: it
/// may not hear of all in one poll, nor see that the limit has passed.
pub async fn all_hang_up_with_the_signal(world: &World) {
    let (signal, (clients, listener)) = (Signal::new(world), network(world));
    let serving = serve(listener, signal.receiver(), kit::ms(0));
    let weary = world.clone();
    let server = clients.run(async move { weary.wearily(serving).await });
    let mut crowd = crowd_of(&clients);
    let signal_ms = world.now_ms() + 100;

    world.at(signal_ms).await;
    crowd.iter_mut().for_each(Client::hang_up);
    signal.send(true, signal_ms).await;

    let either: [_; CROWD + 1] = array::from_fn(|open| match open {
        0 => Outcome::Drained,
        open => Outcome::Aborted(open),
    });
    let rules = Rules {
        when: "with a limit of zero `serve` returns at the signal, whoever hangs up",
        what: "`serve` returns the number of those still open, or `Drained`",
    };
    server.expect_returned(signal_ms, either, rules).await;
}

/// A request of Eve's panics before the signal at 100 ms, one of Dan's after it, at 200, and one of Ada's ends at 350.
pub async fn two_panic(world: &World) -> (Client, Client, Running<Outcome>) {
    world.expect_panics(2);
    let (signal, clients, server) = start(world, LIMIT);
    clients.connect("eve").ask_and_panic(20);
    world.at(50).await;
    let dan = clients.connect("dan");
    dan.ask_and_panic(150);
    let ada = clients.ask("ada", 300);
    signal.send(true, 100).await;
    world.at(351).await;
    (dan, ada, server)
}

/// One request of 500 ms, sent at once, and its server is dropped in the middle of it. Ends when the
/// request would have ended.
pub async fn drop_the_server_at(world: &World, at_ms: u64) -> Client {
    let signal = Signal::new(world);
    let (clients, listener) = network(world);
    let client = clients.ask("ada", 500);
    let server = serve(listener, signal.receiver(), LIMIT);
    leave(world, at_ms, server).await;
    world.at(600).await;
    client
}

/// It returns at `at_ms`, by this rule; what it returns is a rule of its own.
#[track_caller]
pub fn returns<'a>(
    server: &'a Running<Outcome>,
    at_ms: u64,
    outcome: Outcome,
    when: &'a str,
) -> impl Future<Output = ()> + 'a {
    let what = match outcome {
        Outcome::Drained => "`serve` returns `Drained` when all have closed",
        Outcome::Aborted(_) => {
            "`serve` returns `Aborted` with the number of those still open"
        }
    };
    server.expect_returned(at_ms, [outcome], Rules { when, what })
}

/// Servers that have nothing in common but the instants.
pub fn start_crowd(world: &World, limit: Duration) -> [Served; CROWD] {
    [(); CROWD].map(|()| start(world, limit))
}

pub async fn signal_all(servers: &[Served], at_ms: u64) {
    for (signal, ..) in servers {
        signal.send(true, at_ms).await;
    }
}

/// So many clients of one server.
pub fn crowd_of(clients: &Clients) -> [Client; CROWD] {
    [(); CROWD].map(|()| clients.connect("crowd"))
}

/// Each of them returns one of `values`.
#[track_caller]
pub fn all_return<'a, const N: usize>(
    servers: &'a [Served],
    at_ms: u64,
    values: [Outcome; N],
    rules: Rules<'a>,
) -> impl Future<Output = ()> + 'a {
    let mut all = vec![];
    for (.., server) in servers {
        all.push(server.expect_returned(at_ms, values, rules));
    }
    async move {
        for returns in all {
            returns.await;
        }
    }
}
