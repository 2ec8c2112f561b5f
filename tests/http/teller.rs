//! What happens to a service in a scene, told in the words of its contract.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
};

use fakes_net::{Answer, Deed, Statement as Asked, Tell};
use kit::scenes::Stage;
use models::http::{self as model, Happens, Http, Scene, Statement, Who};

/// Tells what the rules so far speak of.
#[derive(Clone)]
pub struct Teller {
    pub stage: Stage<Http>,
    scene: Arc<Scene>,
    panics: Arc<AtomicUsize>,
    accepted: Arc<Mutex<Vec<usize>>>,
    /// What each client waits for.
    pub asks: Arc<Mutex<Vec<Option<model::Ask>>>>,
    /// `serve` has returned, or was dropped.
    pub is_gone: Arc<AtomicBool>,
}

impl Teller {
    pub fn new(stage: &Stage<Http>, scene: &Scene) -> Self {
        let (panics, accepted, asks, is_gone) = Default::default();
        let (stage, scene) = (stage.clone(), Arc::new(scene.clone()));
        Teller { stage, scene, panics, accepted, asks, is_gone }
    }

    pub fn tell(&self, event: Happens) {
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

    pub fn is_accepted(&self, client: usize) -> bool {
        self.accepted.lock().unwrap().contains(&client)
    }

    pub fn waits_for(&self, client: usize, ask: &model::Ask) {
        self.asks.lock().unwrap()[client] = Some(ask.clone());
    }

    pub fn answered(&self, who: Who, ask: &model::Ask, answer: &Answer) {
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
    pub fn listens(&self) -> Tell {
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
