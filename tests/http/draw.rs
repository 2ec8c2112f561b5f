//! The scenes of `http`, drawn.

use std::time::Duration;

use kit::{
    ms,
    scenes::{Draw, Setting},
};

use super::story::{Act, Ask, Body, Is, Key, Limits, Reply, Scene, WRONG, What};

/// What ends in a scene ends within so long.
const SOON: Duration = ms(100_000);

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
        let acts = from.list(|from| known.acts(from)).concat();
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
            kinds.push("overtakes");
        }
        if step >= 6 {
            kinds.extend(["signals", "signals", "drops the server"]);
        }
        let kind = from.one_of(&kinds);
        if kind == "overtakes" {
            return self.overtakes(from);
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
        let at_once = |what| Act { after: ms(0), what };
        let takes = |time: Duration| What::Database(Reply::Takes(time.min(SOON)));
        let ask = |method| Ask {
            method,
            path: format!("/users/{}", from.one_of(&[1, 2])),
            key: Key::Admin,
            body: Body::none(),
        };
        let mut acts = vec![at_once(takes(from.time()))];
        self.requests += 1;
        acts.push(Act::when(from, What::Asks(ask("GET"))));
        acts.push(at_once(takes(from.one_of(&[ms(0), from.time()]))));
        if from.step() >= 5 {
            acts.push(at_once(What::Connects));
            acts.push(Act::when(from, What::Sends(self.clients, ask("DELETE"))));
            self.clients += 1;
        } else {
            self.requests += 1;
            acts.push(Act::when(from, What::Asks(ask("DELETE"))));
        }
        acts
    }
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

impl Ask {
    fn draw(from: &Draw, is_beside_a_server: bool) -> Self {
        let ids = ["1", "1", "1", "2", "3", "4"];
        let user = format!("/users/{}", from.one_of(&ids));
        let users = "/users".to_owned();
        let mut kinds = vec!["show", "list", "create", "delete", "create", "odd"];
        if from.step() >= 4 {
            kinds.extend(["show", "delete", "create", "show"]);
        }
        let (method, path) = match from.one_of(&kinds) {
            // What goes on without its client would be a matter of the server.
            "delete" if !is_beside_a_server => ("DELETE", user),
            "list" => ("GET", users),
            "create" => ("POST", users),
            "odd" => Ask::odd(from, user),
            _ => ("GET", user),
        };
        let is_post = method == "POST" && path.starts_with("/users");
        let body =
            if is_post { Body::draw(from, from.once_in(4)) } else { Body::none() };
        Ask { method, path, key: from.since(2, Key::draw), body }
    }

    /// One that is sent whole, but for its first bytes.
    fn sent(from: &Draw) -> Self {
        let mut ask = Ask::draw(from, false);
        ask.body.slow = None;
        ask
    }

    fn odd(from: &Draw, user: String) -> (&'static str, String) {
        let paths = ["/ready", "/live", "/users/x", "/users/-1", "/"];
        let more = [
            "/users/1/name",
            "/user",
            "/users/18446744073709551616",
            "/users/18446744073709551615",
            "/users?key=secret",
            "/users/1?key=secret",
        ];
        match from.below(4) {
            0 => ("GET", from.one_of(&paths).to_owned()),
            1 => ("GET", from.one_of(&more).to_owned()),
            2 => ("HEAD", from.one_of(&[&user[..], "/users", "/live"]).to_owned()),
            _ => {
                let methods = ["PUT", "POST", "DELETE", "OPTIONS"];
                let path = match from.one_of(&methods) {
                    "DELETE" => return ("DELETE", "/users".to_owned()),
                    "POST" => return ("POST", from.one_of(&[user, "/live".into()])),
                    "OPTIONS" => return ("OPTIONS", user),
                    _ => from.one_of(&["/users", "/users/1", "/ready", "/x"]),
                };
                ("PUT", path.to_owned())
            }
        }
    }
}

impl Key {
    fn draw(from: &Draw) -> Self {
        match from.below(8) {
            0..=3 => Key::Admin,
            4 | 5 => Key::Reader,
            6 => Key::None,
            _ => Key::Wrong(from.below(WRONG.len() as u64) as usize),
        }
    }
}

impl Body {
    pub fn none() -> Self {
        let text = String::new();
        Body { text, is: Is::NoJson, is_said_to_be_json: false, slow: None }
    }

    fn draw(from: &Draw, is_slow: bool) -> Self {
        let name = from.one_of(&["eve", "ada", "bob", "", "a rather long name"]);
        let is = Is::Name(name.to_owned());
        let no_json = ["{", "", "{\"name\":\"eve\"", "name=eve"];
        let no_name = ["{}", "[]", "{\"name\":1}", "{\"names\":\"eve\"}"];
        let (text, is) = match from.below(6) {
            0..=3 => (format!("{{\"name\":\"{name}\"}}"), is),
            4 => (from.one_of(&no_json).to_owned(), Is::NoJson),
            _ => (from.one_of(&no_name).to_owned(), Is::NoName),
        };
        let slow = is_slow.then(|| from.time().min(SOON).max(ms(1)));
        Body { text, is, is_said_to_be_json: !from.once_in(8), slow }
    }
}
