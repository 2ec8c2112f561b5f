//! What the scenarios of `tests/http.rs` have in common: a service, alone or on a network.

use std::{
    future::Future,
    sync::{Arc, Mutex},
};

use axum::Router;
use fakes_net::{Answer, Ask, Clients, Database, Keys, Limits, Log, network};
use kit::{Lane, World, ms, spawn};
use tokio::{sync::oneshot, task::JoinHandle};

use super::super::{App, router, serve};

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

impl Service {
    /// Asks the router; the client stays.
    pub async fn ask(&self, ask: Ask) -> Answer {
        ask.of(&self.router).await
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
    pub signal: Option<oneshot::Sender<()>>,
    main: Lane,
    returned: Arc<Mutex<Option<(u64, bool)>>>,
}

pub fn start(world: &World, service: &Service) -> Server {
    let (clients, listener) = network(world);
    let (signal, told) = oneshot::channel();
    let shutdown = async move { _ = told.await };
    let returned = Arc::new(Mutex::new(None));
    let main = world.lane("server");
    let served = serve(listener, service.app.clone(), shutdown);
    spawn(returns(world.clone(), main.clone(), returned.clone(), served));
    Server { clients, signal: Some(signal), main, returned }
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
    /// Tells the server to shut down.
    pub fn shut_down(&mut self) {
        self.main.log("is told to shut down");
        self.signal.take();
    }

    /// When it returned, in milliseconds, and whether it was drained.
    pub fn returned(&self) -> Option<(u64, bool)> {
        *self.returned.lock().unwrap()
    }
}
