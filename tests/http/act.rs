//! The scenes of `http` with an answer in them.

use super::super::{App, router, serve};

use std::{
    cell::LazyCell,
    io::{self, ErrorKind},
    sync::atomic::Ordering::SeqCst,
    time::Duration,
};

use axum::Router;
use fakes_net::{
    ADMIN, Ask, Clients, Database, DbError, Keys, Limits, Log, READER, Reply, Talk,
    Tell, network_telling,
};
use kit::{World, scenes::Stage, spawn};
use models::http::{
    self as model, Happens, Http, Key, Scene, USERS, WRONG, What, Who, name,
};
use tokio::{sync::oneshot, task::JoinHandle};

use super::teller::Teller;

/// Acts `scene` with the learner's service.
pub async fn act(stage: Stage<Http>, scene: &Scene) {
    let teller = Teller::new(&stage, scene);
    let (database, log) = told(&stage, &teller.listens());
    let (keys, limits) = (Keys::new(stage.world()), limits(scene));
    let app = App::new(database.clone(), keys, log, limits);
    let alone = app.clone();
    let mut act = Act::new(teller, database, Box::new(|| router(alone)));
    if scene.has_server() {
        act.starts(app);
    }
    act.acts(scene).await;
}

/// Acts `scene`, which has no network, with any service.
pub async fn act_with(
    stage: &Stage<Http>,
    scene: &Scene,
    service: &dyn Fn(Database, Keys, Log, Limits) -> Router,
) {
    let teller = Teller::new(stage, scene);
    let (database, log) = told(stage, &teller.listens());
    let (keys, limits) = (Keys::new(stage.world()), limits(scene));
    let router = service(database.clone(), keys, log, limits);
    Act::new(teller, database, Box::new(|| router)).acts(scene).await;
}

fn told(stage: &Stage<Http>, tell: &Tell) -> (Database, Log) {
    let world = stage.world();
    let database = Database::new(world).with(&USERS).telling(tell.clone());
    (database, Log::new(world).telling(tell.clone()))
}

fn limits(scene: &Scene) -> Limits {
    let model::Limits { body, handler, header, drain } = scene.limits;
    Limits { body, handler, header, drain }
}

fn millis(time: Duration) -> u64 {
    time.as_millis().try_into().unwrap_or(u64::MAX)
}

/// A service, and who makes use of it.
struct Act {
    teller: Teller,
    database: Database,
    /// Made when it is first asked: that takes a good part of a scene's time.
    router: LazyCell<Router, Box<dyn FnOnce() -> Router>>,
    requests: Vec<Option<JoinHandle<()>>>,
    clients: Option<Clients>,
    talks: Vec<Talk>,
    signal: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
    /// How often `accept` has failed.
    failures: usize,
}

impl Act {
    fn new(
        teller: Teller,
        database: Database,
        router: Box<dyn FnOnce() -> Router>,
    ) -> Self {
        Act {
            teller,
            database,
            router: LazyCell::new(router),
            requests: vec![],
            clients: None,
            talks: vec![],
            signal: None,
            server: None,
            failures: 0,
        }
    }

    fn starts(&mut self, app: App) {
        let (world, tell) = (self.teller.stage.world(), self.teller.listens());
        let (clients, listener) = network_telling(world, tell);
        let (signal, told) = oneshot::channel();
        let teller = self.teller.clone();
        self.server = Some(spawn(async move {
            let shutdown = async move { _ = told.await };
            let is_drained = serve(listener, app, shutdown).await.is_ok();
            teller.is_gone.store(true, SeqCst);
            teller.tell(Happens::Returns(is_drained));
        }));
        (self.clients, self.signal) = (Some(clients), Some(signal));
    }

    async fn acts(mut self, scene: &Scene) {
        let world = self.teller.stage.world().clone();
        let mut at = Duration::ZERO;
        for next in &scene.acts {
            at = at.saturating_add(next.after);
            world.at(millis(at)).await;
            world.settle().await;
            self.does(&next.what).await;
            world.settle().await;
        }
        world.at(millis(model::END)).await;
    }

    async fn does(&mut self, what: &What) {
        match what {
            What::Database(reply) => self.database.replies(replied(*reply)),
            What::Asks(ask) => self.asks(ask),
            What::Leaves(n) => {
                self.requests[*n].iter().for_each(JoinHandle::abort);
            }
            What::Crowd(n, ask) => self.crowd(*n, ask).await,
            What::Connects => self.connects(),
            What::Begins(client, ask) if self.talks[*client].may_send() => {
                self.talks[*client].begins(&plain(ask)).await;
                self.teller.waits_for(*client, ask);
            }
            What::Finishes(client) => self.talks[*client].finishes().await,
            What::Sends(client, ask) => self.sends(*client, ask).await,
            What::HangsUp(client) => {
                if self.teller.is_accepted(*client) {
                    self.talks[*client].hangs_up();
                }
            }
            What::FailsAccept { of_one } => {
                let Some(clients) = &self.clients else { return };
                clients.fail_accept(failed(*of_one, self.failures));
                self.failures += 1;
            }
            What::Signals => self.signal = None,
            What::DropsServer => {
                self.teller.is_gone.store(true, SeqCst);
                self.server.iter().for_each(JoinHandle::abort);
            }
            What::Begins(..) => {}
        }
    }

    /// Straight to the router.
    fn asks(&mut self, ask: &model::Ask) {
        if self.teller.is_gone.load(SeqCst) {
            return self.requests.push(None);
        }
        let who = Who::Request(self.requests.len());
        let request = slow(self.teller.stage.world(), ask);
        let (router, teller, ask) =
            (Router::clone(&self.router), self.teller.clone(), ask.clone());
        self.requests.push(Some(spawn(async move {
            let answer = request.of(&router).await;
            teller.answered(who, &ask, &answer);
        })));
    }

    async fn crowd(&mut self, n: usize, ask: &model::Ask) {
        let world = self.teller.stage.world().clone();
        for _ in 0..n {
            if self.clients.is_none() {
                self.asks(ask);
            } else {
                self.connects();
                world.settle().await;
                self.sends(self.talks.len() - 1, ask).await;
            }
            world.settle().await;
        }
    }

    async fn sends(&mut self, client: usize, ask: &model::Ask) {
        if self.talks[client].may_send() {
            self.teller.waits_for(client, ask);
            self.talks[client].sends(&plain(ask)).await;
        }
    }

    fn connects(&mut self) {
        let Some(clients) = &self.clients else { return };
        let client = self.talks.len();
        let teller = self.teller.clone();
        teller.asks.lock().unwrap().push(None);
        let talk = clients.connect(name(client)).talks(move |answer| {
            let ask = teller.asks.lock().unwrap()[client].take();
            if let Some(ask) = ask {
                teller.answered(Who::Client(client), &ask, &answer);
            }
        });
        self.talks.push(talk);
    }
}

/// The errors of one connection that the contract names, or some of all others, in turn.
fn failed(of_one: bool, nth: usize) -> io::Error {
    use ErrorKind::*;
    let of_a_connection = [ConnectionReset, ConnectionAborted, ConnectionRefused];
    let others = [Other, OutOfMemory, PermissionDenied, TimedOut];
    let kinds: &[ErrorKind] = if of_one { &of_a_connection } else { &others };
    kinds[nth % kinds.len()].into()
}

fn replied(reply: model::Reply) -> Reply {
    let after = millis(reply.after());
    match reply {
        model::Reply::Takes(_) => Reply::Takes(after),
        model::Reply::Unavailable(_) => Reply::Fails(after, DbError::unavailable()),
        model::Reply::Fails(_) => Reply::Fails(after, DbError::failed()),
        model::Reply::Panics(_) => Reply::Panics(after),
        model::Reply::Hangs => Reply::Hangs,
    }
}

/// A request whose body comes whole.
fn plain(ask: &model::Ask) -> Ask {
    let request = Ask::post(&ask.path, ask.body.text.clone());
    let request = request.content_type(ask.body.said_to_be);
    let method = ask.method.parse().expect("it is a method");
    let request = request.method(method);
    match ask.key {
        Key::Admin => request.key(ADMIN),
        Key::Reader => request.key(READER),
        Key::None => request,
        Key::Wrong(n) => request.authorization(WRONG[n]),
    }
}

/// One whose second half may come later.
fn slow(world: &World, ask: &model::Ask) -> Ask {
    let Some(slow) = ask.body.slow else { return plain(ask) };
    let (first, second) = ask.body.text.split_at(ask.body.text.len() / 2);
    plain(ask).chunks(world, &[(0, first), (millis(slow), second)])
}
