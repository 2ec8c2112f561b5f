//! What the scenarios of `tests/http.rs` have in common: a service, alone or on a network.

use std::{
    future::Future,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::Router;
use fakes_net::{
    ADMIN, Answer, Ask, Clients, Database, Keys, Limits, Log, READER, network,
};
use kit::{Lane, World, expect, leave, ms, scenes::counted, spawn};
use tokio::{sync::oneshot, task::JoinHandle};

use super::super::{App, router, serve};

/// A limit that never comes.
pub const NEVER: Duration = Duration::MAX;

pub const LIMITS: Limits =
    Limits { body: 1_000, handler: ms(300), header: ms(5_000), drain: ms(10_000) };

/// The service and what it works with. Ada has the id 1, and Bob 2.
pub struct Service {
    pub database: Database,
    pub keys: Keys,
    pub log: Log,
    pub app: App,
    pub router: Router,
}

pub fn service(world: &World, limits: Limits) -> Service {
    let database = Database::new(world).with(&["ada", "bob"]);
    let (keys, log) = (Keys::new(world), Log::new(world));
    let app = App::new(database.clone(), keys.clone(), log.clone(), limits);
    let router = router(app.clone());
    Service { database, keys, log, app, router }
}

/// `GET /users/1`, as a reader.
pub fn show() -> Ask {
    Ask::get("/users/1").key(READER)
}

/// `DELETE /users/1`, as an admin.
pub fn delete() -> Ask {
    Ask::delete("/users/1").key(ADMIN)
}

/// `POST /users` with this body, as an admin.
pub fn create(body: &str) -> Ask {
    Ask::post("/users", body.to_owned()).key(ADMIN)
}

/// Too many open files.
pub fn no_room() -> io::Error {
    io::Error::other("too many open files")
}

impl Service {
    /// Asks the router; the client stays.
    pub async fn ask(&self, ask: Ask) -> Answer {
        ask.of(&self.router).await
    }

    /// Asks the router, and says the status.
    pub async fn status(&self, ask: Ask) -> u16 {
        self.ask(ask).await.status
    }

    /// Asks the router, and leaves after so many milliseconds.
    pub async fn leaves(&self, world: &World, after_ms: u64, ask: Ask) {
        leave(world, after_ms, ask.of(&self.router)).await;
        world.settle().await;
    }

    /// Fails with `rule` unless the log has these lines.
    #[track_caller]
    pub fn expect_log<const N: usize>(&self, lines: [&str; N], rule: &str) {
        let written = self.log.lines();
        let all = written.len();
        for (n, (is, due)) in (1..).zip(written.iter().zip(&lines)) {
            let said = |line: &str, all| format!("line {n} of {all}: {line}");
            if is != due {
                expect(said(is, all), said(due, N), rule);
            }
        }
        let said = |n| format!("{} in the log", counted(n, "line"));
        expect(said(all), said(N), rule);
    }

    /// Asks the router in a task of its own. Aborted, it is a client that leaves.
    pub fn asks(&self, ask: Ask) -> JoinHandle<Answer> {
        let router = self.router.clone();
        spawn(async move { ask.of(&router).await })
    }
}

/// A server that runs in a task of its own, and what may end it.
pub struct Server {
    pub clients: Clients,
    signal: Option<oneshot::Sender<()>>,
    main: Lane,
    returned: Arc<Mutex<Option<(u64, bool)>>>,
    task: JoinHandle<()>,
}

pub fn start(world: &World, service: &Service) -> Server {
    let (clients, listener) = network(world);
    let (signal, told) = oneshot::channel();
    let shutdown = async move { _ = told.await };
    let returned = Arc::new(Mutex::new(None));
    let main = world.lane("server");
    let served = serve(listener, service.app.clone(), shutdown);
    let returns = returns(world.clone(), main.clone(), returned.clone(), served);
    let (signal, task) = (Some(signal), spawn(returns));
    Server { clients, signal, main, returned, task }
}

async fn returns<E>(
    world: World,
    lane: Lane,
    slot: Arc<Mutex<Option<(u64, bool)>>>,
    served: impl Future<Output = Result<(), E>>,
) {
    let drained = served.await.is_ok();
    lane.log(if drained { "returns Ok" } else { "returns Err" });
    slot.lock().unwrap().replace((world.now_ms(), drained));
}

impl Server {
    /// Tells the server to shut down at `at_ms`, and waits until nothing is left to do then.
    pub async fn shut_down(&mut self, world: &World, at_ms: u64) {
        world.at(at_ms).await;
        self.main.log("is told to shut down");
        self.signal.take();
        world.settle().await;
    }

    /// Drops the future of `serve`, and waits until nothing is left to do then.
    pub async fn is_dropped(&self, world: &World) {
        self.main.log("is dropped");
        self.task.abort();
        world.settle().await;
    }

    /// Fails with the rule `when` unless `serve` returned at `at_ms`, which is over, and with the rule `what` unless
    /// it returned `Ok`, or not.
    #[track_caller]
    pub fn expect_returned(&self, at_ms: u64, is_ok: bool, [when, what]: [&str; 2]) {
        let returned = *self.returned.lock().unwrap();
        let returns = |at: Option<u64>| match at {
            Some(at_ms) => format!("returns at {at_ms} ms"),
            None => "has not returned yet".to_owned(),
        };
        let came = returned.map(|(at_ms, _)| at_ms);
        expect(returns(came), returns(Some(at_ms)), when);
        let said = |is_ok| if is_ok { "Ok" } else { "Err" };
        expect(returned.map(|it| said(it.1)), Some(said(is_ok)), what);
    }

    /// Somebody called `name` asks on a connection of its own. Says the status, if there is an answer, and when the
    /// server has closed the connection.
    pub fn asks(&self, name: &str, ask: Ask) -> JoinHandle<(Option<u16>, u64)> {
        let client = self.clients.connect(name);
        spawn(async move {
            let mut http = client.http().await;
            let answer = http.ask(&ask).await;
            (answer.map(|answer| answer.status), http.until_closed().await)
        })
    }
}
