//! The contract of `exercises/http.rs` as a calculation. It is a solution without its futures: read it when you
//! have yours. What becomes of one request is in
//! `request.rs`, of connections in `server.rs`, and the end of `serve` in `drain.rs`.

mod drain;
mod draw;
mod draw_ask;
mod request;
mod server;
mod statement;
mod story;
mod words;

use std::{collections::BTreeMap, time::Duration};

use kit::scenes::{Contract, Judge, Open, Story, judge};

pub use story::{
    Act, Ask, Body, END, Happens, Is, Key, Limits, Reply, Route, Scene, Statement,
    USERS, WRONG, What, Who,
};
pub use words::name;

use Happens::*;
use request::Asked;
use server::Server;
use statement::Cached;

/// The contract of `http`.
pub struct Http;

impl Contract for Http {
    type Scene = Scene;
    type Event = Happens;

    fn judge() -> &'static dyn Judge {
        judge::<Self>()
    }

    fn scenes(step: usize) -> u64 {
        if step < 4 { 2 } else { 4 }
    }

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let mut model = Model::new(scene, open);
        let mut at = Duration::ZERO;
        for act in &scene.acts {
            at = at.saturating_add(act.after);
            model.until(at);
            model.now = at;
            model.acts(&act.what);
            model.until(at);
        }
        model.until(END);
        (!model.is_unclear).then_some(model.story)
    }

    /// Rule 6, within the instant of the return.
    fn law(_: &Scene, came: &Story<Happens>) -> Result<(), String> {
        let is_before = |event: &&Happens| !matches!(event, Returns(_));
        let mut after = came.whats().skip_while(is_before).skip(1);
        let is_of_serve = |event: &Happens| {
            matches!(
                event,
                Accepted(_)
                    | Closes(_)
                    | StopsListening
                    | Ends(Statement::Delete(_))
                    | Dropped(Statement::Delete(_))
            )
        };
        let rule = "`serve` returns before all that it began is over";
        if after.any(is_of_serve) { Err(rule.to_owned()) } else { Ok(()) }
    }
}

/// What will happen by itself. The numbers are a request, or a connection.
#[derive(Clone, Copy, PartialEq)]
enum Due {
    /// The rest of its body comes.
    Body(usize),
    /// The database answers.
    Answer(usize),
    /// The limit of rule 4.
    Limit(usize),
    /// The limit of rule 5.
    Header(usize),
    /// A pause of `accept` ends.
    Accept,
    /// The limit of rule 6.
    Drain,
}

struct Model<'a> {
    scene: &'a Scene,
    open: &'a Open,
    story: Story<Happens>,
    now: Duration,
    due: Vec<(Duration, Due)>,
    /// What the database holds.
    table: BTreeMap<u64, String>,
    last_id: u64,
    /// Of all users that there ever were.
    names: BTreeMap<u64, String>,
    reply: Reply,
    cache: BTreeMap<u64, Cached>,
    asked: Vec<Asked>,
    /// How many requests came without a network.
    requests: usize,
    server: Server,
    /// Two requests come in one instant, and no rule says which comes first.
    is_unclear: bool,
}

impl<'a> Model<'a> {
    fn new(scene: &'a Scene, open: &'a Open) -> Self {
        let users = USERS.iter().map(|name| (*name).to_owned());
        let table: BTreeMap<u64, String> = (1..).zip(users).collect();
        Model {
            scene,
            open,
            story: Story::default(),
            now: Duration::ZERO,
            due: vec![],
            names: table.clone(),
            table,
            last_id: USERS.len() as u64,
            reply: Reply::Takes(Duration::ZERO),
            cache: BTreeMap::new(),
            asked: vec![],
            requests: 0,
            server: Server::default(),
            is_unclear: false,
        }
    }

    fn tell(&mut self, event: Happens) {
        if self.scene.counts(&event) {
            self.story.tell(self.now, event);
        }
    }

    /// `what` happens after so long; the largest value means never.
    fn later(&mut self, after: Duration, what: Due) {
        let at = self.now.saturating_add(after);
        if at < END {
            self.due.push((at, what));
        }
    }

    fn forget(&mut self, what: Due) {
        self.due.retain(|(_, other)| *other != what);
    }

    fn acts(&mut self, what: &What) {
        match what {
            What::Database(reply) => self.reply = *reply,
            What::Asks(ask) if !self.server.is_gone => {
                let who = Who::Request(self.requests);
                self.comes(who, ask);
            }
            What::Leaves(n) => {
                let is_it = |asked: &Asked| asked.who == Who::Request(*n);
                if let Some(n) = self.asked.iter().position(is_it) {
                    self.open.sometimes(3, "a client leaves");
                    self.leaves(n);
                }
            }
            What::Crowd(n, ask) if self.scene.has_server() => {
                (0..*n).for_each(|_| self.sends_alone(ask));
            }
            What::Crowd(n, ask) => {
                (0..*n).for_each(|_| self.acts(&What::Asks(ask.clone())));
            }
            What::Asks(_) => {}
            other => self.acts_on_the_network(other),
        }
        self.requests += usize::from(matches!(what, What::Asks(_)));
    }

    /// All that is due up to `by`.
    fn until(&mut self, by: Duration) {
        while let Some(next) = self.next(by) {
            match next {
                Due::Body(n) => self.has_body(n),
                Due::Answer(n) => self.is_answered(n),
                Due::Limit(n) => {
                    self.open.sometimes(4, "a request has no answer in time");
                    self.answer(n, 504, None);
                }
                Due::Header(client) => {
                    self.open.sometimes(5, "no whole head comes in time");
                    self.closes(client);
                }
                Due::Accept => {
                    self.server.is_paused = false;
                    self.accept();
                }
                Due::Drain => self.drain_is_over(),
            }
        }
    }

    /// What is due first. At a tie the events of one request come in any order, and so does the limit of the drain;
    /// other events of one instant do not meet.
    fn next(&mut self, by: Duration) -> Option<Due> {
        let at = self.due.iter().map(|(at, _)| *at).min()?;
        if at > by {
            return None;
        }
        let mut now: Vec<Due> =
            self.due.iter().filter(|due| due.0 == at).map(|due| due.1).collect();
        if now.contains(&Due::Accept) && now.len() + self.server.at_the_door() > 2 {
            self.is_unclear |= self.server.at_the_door() > 0;
        }
        let drain = now.iter().position(|due| *due == Due::Drain);
        let drain = drain.map(|place| now.remove(place));
        let next = match (drain, now.first()) {
            (Some(drain), None) => drain,
            (Some(drain), Some(_)) if self.open.either() => drain,
            (_, Some(first)) => {
                let first = *first;
                now.retain(|due| due.meets(first));
                now[self.open.one_of(now.len())]
            }
            (None, None) => return None,
        };
        self.now = self.now.max(at);
        self.forget(next);
        Some(next)
    }
}

impl Due {
    /// Whether their order makes a difference.
    fn meets(self, other: Due) -> bool {
        use Due::{Answer, Body, Limit};
        match (self, other) {
            // They begin a statement: who does so first has the lower id.
            (Body(_), Body(_)) => true,
            (Body(n) | Answer(n) | Limit(n), Body(m) | Answer(m) | Limit(m)) => {
                n == m
            }
            _ => self == other,
        }
    }
}
