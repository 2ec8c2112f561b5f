//! The requests of a scene of `http`, drawn.

use kit::{ms, scenes::Draw};

use super::{
    draw::SOON,
    story::{Ask, Body, Is, Key, WRONG},
};

const JSON: Option<&str> = Some("application/json");

/// Paths that few think of.
const ODD: [&str; 12] = [
    "/users/x",
    "/users/-1",
    "/",
    "/Users",
    "/user",
    "/x",
    "/users/1/",
    "/users/1/name",
    "/users/18446744073709551616",
    "/users/18446744073709551615",
    "/users?key=secret",
    "/users/1?key=secret",
];

impl Ask {
    pub(super) fn draw(from: &Draw, is_beside_a_server: bool) -> Self {
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
            "odd" => Ask::odd(from, user, is_beside_a_server),
            _ => ("GET", user),
        };
        let is_post = method == "POST" && path.starts_with("/users");
        let body =
            if is_post { Body::draw(from, from.once_in(4)) } else { Body::none() };
        Ask { method, path, key: from.since(2, Key::draw), body }
    }

    /// GET and DELETE of one of these users.
    pub(super) fn of_one(from: &Draw, ids: &[u64]) -> (Self, Self) {
        let path = format!("/users/{}", from.one_of(ids));
        let ask = |method| Ask {
            method,
            path: path.clone(),
            key: Key::Admin,
            body: Body::none(),
        };
        (ask("GET"), ask("DELETE"))
    }

    /// POST of a name that no other request has.
    pub(super) fn zoe() -> Self {
        let (method, path, name) = ("POST", "/users".to_owned(), "zoe");
        let (text, is) =
            (format!("{{\"name\":\"{name}\"}}"), Is::Name(name.to_owned()));
        let body = Body { text, is, said_to_be: JSON, slow: None };
        Ask { method, path, key: Key::Admin, body }
    }

    /// One that is sent whole, but for its first bytes.
    pub(super) fn sent(from: &Draw) -> Self {
        let mut ask = Ask::draw(from, false);
        ask.body.slow = None;
        ask
    }

    /// Any method with any path.
    fn odd(
        from: &Draw,
        user: String,
        is_beside_a_server: bool,
    ) -> (&'static str, String) {
        let methods =
            ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE"];
        let method = from.one_of(&methods);
        let path = match from.below(5) {
            0 => user,
            1 => from.one_of(&["/users", "/ready", "/live"]).to_owned(),
            _ => from.one_of(&ODD).to_owned(),
        };
        match path.strip_prefix("/users/").map(str::parse::<u64>) {
            Some(Ok(_)) if method == "DELETE" && is_beside_a_server => {
                (method, "/users/x".to_owned())
            }
            _ => (method, path),
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
        Body { text, is: Is::NoJson, said_to_be: None, slow: None }
    }

    fn draw(from: &Draw, is_slow: bool) -> Self {
        let name = from.one_of(&[
            "eve",
            "ada",
            "bob",
            "",
            "a rather long name",
            "ada",
            "bob",
        ]);
        let is = Is::Name(name.to_owned());
        let no_json = ["{", "", "{\"name\":\"eve\"", "{\"name\":\"eve\"} x"];
        let no_name = ["{}", "[]", "{\"name\":1}", "{\"names\":\"eve\"}", "null"];
        let (text, is) = match from.below(6) {
            0..=2 => (format!("{{\"name\":\"{name}\"}}"), is),
            3 => (format!(" {{\"age\": 7, \"name\": \"{name}\"}}"), is),
            4 => (from.one_of(&no_json).to_owned(), Is::NoJson),
            _ => (from.one_of(&no_name).to_owned(), Is::NoName),
        };
        let slow = is_slow.then(|| from.time().min(SOON).max(ms(1)));
        let mut kinds = vec![JSON; 6];
        kinds.extend([Some("application/json; charset=utf-8"), None]);
        kinds
            .extend([Some("text/plain"), Some("application/x-www-form-urlencoded")]);
        Body { text, is, said_to_be: from.one_of(&kinds), slow }
    }
}
