//! The scenes of `http` with an answer in them.

use super::super::{App, router, serve};

use std::{
    io::{self, ErrorKind},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::Router;
use fakes_net::{
    ADMIN, Answer, Ask, Clients, Database, DbError, Deed, Keys, Limits, Log, READER,
    Reply, Statement as Asked, Talk, Tell, network_telling,
};
use kit::{World, scenes::Stage, spawn};
use models::http::{
    self as model, Happens, Http, Key, Scene, Statement, USERS, WRONG, What, Who,
    name,
};
use tokio::{sync::oneshot, task::JoinHandle};

pub async fn act(stage: Stage<Http>, scene: &Scene) {
    let world = stage.world().clone();
    let mut act = Act::new(&stage, scene);
    let mut at = Duration::ZERO;
    for next in &scene.acts {
        at = at.saturating_add(next.after);
        world.at(millis(at)).await;
        world.settle().await;
        act.does(&next.what).await;
        world.settle().await;
    }
    world.at(millis(model::END)).await;
}

fn millis(time: Duration) -> u64 {
    time.as_millis().try_into().unwrap_or(u64::MAX)
}

/// A service, and who makes use of it.
struct Act {
    teller: Teller,
    database: Database,
    router: Router,
    requests: Vec<Option<JoinHandle<()>>>,
    clients: Option<Clients>,
    talks: Vec<Talk>,
    signal: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
}

impl Act {
    fn new(stage: &Stage<Http>, scene: &Scene) -> Self {
        let world = stage.world().clone();
        let teller = Teller::new(stage, scene);
        let tell = teller.listens();
        let database = Database::new(&world).with(&USERS).telling(tell.clone());
        let log = Log::new(&world).telling(tell.clone());
        let model::Limits { body, handler, header, drain } = scene.limits;
        let limits = Limits { body, handler, header, drain };
        let app = App::new(database.clone(), Keys::new(&world), log, limits);
        let mut act = Act {
            teller,
            database,
            router: router(app.clone()),
            requests: vec![],
            clients: None,
            talks: vec![],
            signal: None,
            server: None,
        };
        if scene.has_server() {
            let (clients, listener) = network_telling(&world, tell);
            let (signal, told) = oneshot::channel();
            let teller = act.teller.clone();
            act.server = Some(spawn(async move {
                let shutdown = async move { _ = told.await };
                let is_drained = serve(listener, app, shutdown).await.is_ok();
                teller.is_gone.store(true, SeqCst);
                teller.tell(Happens::Returns(is_drained));
            }));
            (act.clients, act.signal) = (Some(clients), Some(signal));
        }
        act
    }

    async fn does(&mut self, what: &What) {
        match what {
            What::Database(reply) => self.database.replies(replied(*reply)),
            What::Asks(ask) => self.asks(ask),
            What::Leaves(n) => {
                self.requests[*n].iter().for_each(JoinHandle::abort);
            }
            What::Connects => self.connects(),
            What::Begins(client, ask) if self.talks[*client].may_send() => {
                self.talks[*client].begins(&plain(ask)).await;
                self.teller.waits_for(*client, ask);
            }
            What::Finishes(client) => self.talks[*client].finishes().await,
            What::Sends(client, ask) if self.talks[*client].may_send() => {
                self.teller.waits_for(*client, ask);
                self.talks[*client].sends(&plain(ask)).await;
            }
            What::HangsUp(client) => {
                if self.teller.is_accepted(*client) {
                    self.talks[*client].hangs_up();
                }
            }
            What::FailsAccept { of_one } => {
                let Some(clients) = &self.clients else { return };
                clients.fail_accept(if *of_one {
                    ErrorKind::ConnectionReset.into()
                } else {
                    // Too many open files.
                    io::Error::from_raw_os_error(24)
                });
            }
            What::Signals => self.signal = None,
            What::DropsServer => {
                self.teller.is_gone.store(true, SeqCst);
                self.server.iter().for_each(JoinHandle::abort);
            }
            What::Begins(..) | What::Sends(..) => {}
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
            (self.router.clone(), self.teller.clone(), ask.clone());
        self.requests.push(Some(spawn(async move {
            let answer = request.of(&router).await;
            teller.answered(who, &ask, &answer);
        })));
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

/// Tells what the rules so far speak of.
#[derive(Clone)]
struct Teller {
    stage: Stage<Http>,
    scene: Arc<Scene>,
    panics: Arc<AtomicUsize>,
    accepted: Arc<Mutex<Vec<usize>>>,
    /// What each client waits for.
    asks: Arc<Mutex<Vec<Option<model::Ask>>>>,
    /// `serve` has returned, or was dropped.
    is_gone: Arc<AtomicBool>,
}

impl Teller {
    fn new(stage: &Stage<Http>, scene: &Scene) -> Self {
        let (panics, accepted, asks, is_gone) = Default::default();
        let (stage, scene) = (stage.clone(), Arc::new(scene.clone()));
        Teller { stage, scene, panics, accepted, asks, is_gone }
    }

    fn tell(&self, event: Happens) {
        if self.scene.counts(&event) {
            self.stage.tell(event);
        }
    }

    /// For a destructor.
    fn tell_in_drop(&self, event: Happens) {
        if self.scene.counts(&event) {
            self.stage.tell_in_drop(event);
        }
    }

    fn is_accepted(&self, client: usize) -> bool {
        self.accepted.lock().unwrap().contains(&client)
    }

    fn waits_for(&self, client: usize, ask: &model::Ask) {
        self.asks.lock().unwrap()[client] = Some(ask.clone());
    }

    fn answered(&self, who: Who, ask: &model::Ask, answer: &Answer) {
        let status = answer.status;
        let mut rest = String::new();
        if status == 201 {
            rest += " at ";
            rest += answer.header("location").unwrap_or("no location");
        } else if ask.says_body(status) {
            rest += &format!(" {}", answer.json());
        }
        if answer.header("www-authenticate") == Some("Bearer") {
            rest += ", asks for a key";
        }
        self.tell(Happens::Answered(who, status, rest));
    }

    /// What database, log and network tell.
    fn listens(&self) -> Tell {
        let teller = self.clone();
        Arc::new(move |deed| match deed {
            Deed::Begins(it) => teller.tell(Happens::Begins(asked(it))),
            Deed::Ends(it) => teller.tell(Happens::Ends(asked(it))),
            Deed::Panics(it) => {
                let panics = teller.panics.fetch_add(1, SeqCst) + 1;
                teller.stage.world().expect_panics(panics);
                teller.tell(Happens::Panics(asked(it)));
            }
            Deed::Dropped(it) => teller.tell_in_drop(Happens::Dropped(asked(it))),
            Deed::Logs(line) => {
                teller.tell_in_drop(Happens::Logged(line.to_string()));
            }
            Deed::Accepts(client) => {
                teller.accepted.lock().unwrap().push(client);
                teller.tell(Happens::Accepted(client));
            }
            Deed::FailsToAccept => teller.tell(Happens::FailsToAccept),
            Deed::StopsListening => teller.tell_in_drop(Happens::StopsListening),
            Deed::Refuses(client) => teller.tell_in_drop(Happens::Refused(client)),
            Deed::Closes(client) => teller.tell_in_drop(Happens::Closes(client)),
        })
    }
}

fn asked(statement: Asked) -> Statement {
    match statement {
        Asked::List => Statement::List,
        Asked::Find(id) => Statement::Find(id),
        Asked::Insert(name) => Statement::Insert(name),
        Asked::Delete(id) => Statement::Delete(id),
    }
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
    let is_json = ask.body.is_said_to_be_json;
    let request = request.content_type(is_json.then_some("application/json"));
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
