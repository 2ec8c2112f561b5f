//! The scenes of `http`, drawn. What is asked is in `draw_ask.rs`.

use std::time::Duration;

use kit::{
    ms,
    scenes::{Draw, Setting},
};

use super::story::{Act, Ask, Body, Key, Limits, Reply, Scene, What};

/// What ends in a scene ends within so long.
pub(super) const SOON: Duration = ms(100_000);

/// More than fit behind any bound that somebody may have forgotten to mention.
const CROWD: usize = 150;

/// The limits of those steps that have none, beyond all that happens.
const NO_LIMIT: Duration = ms(20_000_000);
const NO_BODY: usize = 1_000_000;

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let step = from.step();
        let limit =
            |rule, from: &Draw| from.since(rule, |from| from.mostly(Draw::limit));
        let body = |from: &Draw| {
            from.mostly(|from| from.one_of(&[14, 0, 13, 40, usize::MAX]))
        };
        let limits = Limits {
            body: from.since(4, body).unwrap_or(NO_BODY),
            handler: limit(4, from).unwrap_or(NO_LIMIT),
            header: limit(5, from).unwrap_or(NO_LIMIT),
            drain: limit(6, from).unwrap_or(NO_LIMIT),
        };
        let mut known = Known::default();
        let mut acts = from.list(|from| known.acts(from)).concat();
        if from.since(4, |from| from.once_in(64)) {
            acts.extend(Known::crowd(from));
        }
        let mut scene = Scene { step, limits, acts };
        if from.since(6, |from| from.below(4) > 0) {
            let after = from.time().min(SOON);
            scene.acts.push(Act { after, what: What::Signals });
        }
        scene
    }

    fn words(&self) -> Vec<String> {
        self.lines()
    }
}

/// Who is there so far.
#[derive(Default)]
struct Known {
    requests: usize,
    clients: usize,
}

impl Known {
    /// An act, perhaps with one that it needs.
    fn acts(&mut self, from: &Draw) -> Vec<Act> {
        let step = from.step();
        let mut kinds = vec!["asks", "asks", "asks"];
        if step >= 3 && self.requests > 0 {
            kinds.push("leaves");
        }
        if step >= 5 {
            kinds = vec!["sends", "sends", "sends", "begins", "finishes"];
            kinds.extend(["connects", "hangs up", "fails accept", "asks"]);
            kinds.extend((self.requests > 0).then_some("leaves"));
        }
        if step >= 4 {
            kinds.extend(["overtakes", "looks twice", "asks too early"]);
        }
        if step >= 6 {
            kinds.extend(["signals", "signals", "drops the server"]);
            kinds.extend(["brings a DELETE late", "leaves a DELETE behind"]);
        }
        let kind = from.one_of(&kinds);
        match kind {
            "overtakes" => return self.overtakes(from),
            "looks twice" => return self.looks_twice(from),
            "asks too early" => return self.asks_too_early(from),
            "brings a DELETE late" => return self.brings_a_delete_late(from),
            "leaves a DELETE behind" => return self.leaves_a_delete_behind(from),
            _ => {}
        }
        let mut acts = vec![];
        let is_about_a_client =
            ["sends", "begins", "finishes", "hangs up"].contains(&kind);
        if kind == "connects" || (is_about_a_client && self.clients == 0) {
            self.clients += 1;
            acts.push(Act::when(from, What::Connects));
        }
        if ["asks", "sends", "finishes"].contains(&kind) && from.once_in(2) {
            acts.push(Act { after: ms(0), what: What::Database(Reply::draw(from)) });
        }
        let client = |from: &Draw, clients: usize| {
            clients - 1 - from.below(clients.min(3) as u64) as usize
        };
        let what = match kind {
            "asks" => {
                self.requests += 1;
                What::Asks(Ask::draw(from, step >= 5))
            }
            "leaves" => What::Leaves(
                self.requests - 1 - from.below(self.requests.min(3) as u64) as usize,
            ),
            "sends" => What::Sends(client(from, self.clients), Ask::sent(from)),
            "begins" => What::Begins(client(from, self.clients), Ask::sent(from)),
            "finishes" => What::Finishes(client(from, self.clients)),
            "hangs up" => What::HangsUp(client(from, self.clients)),
            "fails accept" => return Known::fails_accept(from),
            "signals" => What::Signals,
            "drops the server" => What::DropsServer,
            _ => return acts,
        };
        acts.push(Act::when(from, what));
        if kind == "signals" {
            let (method, path) = ("GET", "/ready".to_owned());
            let ask = Ask { method, path, key: Key::None, body: Body::none() };
            self.requests += 1;
            acts.push(Act::when(from, What::Asks(ask)));
        }
        acts
    }

    /// Very many at once, who all look.
    fn crowd(from: &Draw) -> Vec<Act> {
        let path = from.one_of(&["/users", "/users/1", "/live"]).to_owned();
        let ask = Ask { method: "GET", path, key: Key::Admin, body: Body::none() };
        let crowd = What::Crowd(from.one_of(&[20, CROWD, CROWD]), ask);
        vec![takes(from.time()), Act::when(from, crowd)]
    }

    /// Some errors at once, so that the last wait is the longest there is.
    fn fails_accept(from: &Draw) -> Vec<Act> {
        let mut acts = vec![];
        for _ in 0..from.one_of(&[1, 1, 3, 9]) {
            let of_one = from.once_in(8);
            acts.push(Act { after: ms(0), what: What::FailsAccept { of_one } });
        }
        acts[0].after = Act::when(from, What::Connects).after;
        acts
    }

    /// Somebody asks for a user whom somebody else deletes meanwhile.
    fn overtakes(&mut self, from: &Draw) -> Vec<Act> {
        let (show, delete) = Ask::of_one(from, &[1, 2]);
        let mut acts = vec![takes(from.time())];
        acts.extend(self.asks(from, show));
        acts.push(takes(from.one_of(&[ms(0), from.time()])));
        acts.extend(self.asks(from, delete));
        acts
    }

    /// Somebody asks for a user twice, perhaps after a DELETE that has failed.
    fn looks_twice(&mut self, from: &Draw) -> Vec<Act> {
        let (show, delete) = Ask::of_one(from, &[1, 2]);
        let mut acts = vec![];
        if from.once_in(2) {
            let after = from.time().min(SOON);
            let reply = from.one_of(&[
                Reply::Unavailable(after),
                Reply::Fails(after),
                Reply::Panics(after),
            ]);
            acts.push(at_once(What::Database(reply)));
            acts.extend(self.asks(from, delete));
        }
        acts.push(takes(from.time()));
        acts.extend(self.asks(from, show.clone()));
        acts.extend(self.asks(from, show));
        acts
    }

    /// Somebody asks for a user who is not there yet, or deletes it, and looks again when it is.
    fn asks_too_early(&mut self, from: &Draw) -> Vec<Act> {
        let (show, delete) = Ask::of_one(from, &[3]);
        let early = if from.once_in(2) { show.clone() } else { delete };
        let mut acts = vec![takes(from.one_of(&[ms(0), from.time()]))];
        acts.extend(self.asks(from, early));
        acts.push(takes(ms(0)));
        acts.extend(self.asks(from, Ask::zoe()));
        acts.extend(self.asks(from, show));
        acts
    }

    /// A DELETE whose head is half there when the drain begins, and whose client may not wait for it.
    fn brings_a_delete_late(&mut self, from: &Draw) -> Vec<Act> {
        let (client, (_, delete)) = (self.clients, Ask::of_one(from, &[1, 2]));
        self.clients += 1;
        let mut acts = vec![
            at_once(What::Connects),
            Act::when(from, What::Begins(client, delete)),
            Act::when(from, What::Signals),
            takes(from.time()),
            Act::when(from, What::Finishes(client)),
        ];
        if from.once_in(2) {
            acts.push(Act::when(from, What::HangsUp(client)));
        }
        acts
    }

    /// A DELETE whose client has left runs when the drain begins, and a request of somebody else.
    fn leaves_a_delete_behind(&mut self, from: &Draw) -> Vec<Act> {
        let (client, (show, delete)) = (self.clients, Ask::of_one(from, &[1, 2]));
        self.clients += 2;
        vec![
            at_once(What::Connects),
            at_once(What::Connects),
            takes(from.time()),
            at_once(What::Sends(client, delete)),
            at_once(What::HangsUp(client)),
            takes(from.time()),
            at_once(What::Sends(client + 1, show)),
            at_once(What::Signals),
        ]
    }

    /// A DELETE goes on without its client: where there is a server it is a matter of the server.
    fn asks(&mut self, from: &Draw, ask: Ask) -> Vec<Act> {
        if from.step() >= 5 && ask.method == "DELETE" {
            let client = self.clients;
            self.clients += 1;
            let sends = Act::when(from, What::Sends(client, ask));
            return vec![at_once(What::Connects), sends];
        }
        self.requests += 1;
        vec![Act::when(from, What::Asks(ask))]
    }
}

fn at_once(what: What) -> Act {
    Act { after: ms(0), what }
}

fn takes(time: Duration) -> Act {
    at_once(What::Database(Reply::Takes(time.min(SOON))))
}

impl Act {
    fn when(from: &Draw, what: What) -> Self {
        let after = match from.below(4) {
            0 | 1 => from.time().min(SOON),
            _ => ms(0),
        };
        Act { after, what }
    }
}

impl Reply {
    fn draw(from: &Draw) -> Self {
        let after = |from: &Draw| from.time().min(SOON);
        let mut kinds = vec!["takes", "takes", "takes", "unavailable", "fails"];
        if from.step() >= 4 {
            kinds.extend(["takes", "takes", "panics", "hangs"]);
        }
        match from.one_of(&kinds) {
            "unavailable" => Reply::Unavailable(after(from)),
            "fails" => Reply::Fails(after(from)),
            "panics" => Reply::Panics(after(from)),
            "hangs" => Reply::Hangs,
            _ => Reply::Takes(after(from)),
        }
    }
}
