//! Visits that are to expose a wrong service, acted and judged.

use super::super::{App, exposes, router};

use axum::Router;
use fakes_net::{
    ADMIN, Asks, Database, Keys, Limits, Log, READER, Visit, Wrong, wrong_service,
};
use kit::{
    Failure, World, ms, require,
    scenes::{Stage, Verdict},
};
use models::http::{Act, Ask, Body, Http, Is, Key, Reply, Scene, What};

use super::{act::act_with, scene::LIMITS};

/// At most so many visits.
const VISITS: usize = 6;

/// The learner's visits, with the learner's service.
pub async fn is_right(world: &World, wrong: Wrong) {
    let service =
        |database, keys, log, limits| router(App::new(database, keys, log, limits));
    let verdict = judged(world, wrong, &service).await;
    let rule = "with these visits a right service does what rules 1 to 4 say";
    if let Verdict::Forbidden(difference) = verdict {
        world.fail(Failure::rule(rule).difference(difference));
    }
}

/// The learner's visits, with the wrong service.
pub async fn is_exposed(world: &World, wrong: Wrong) {
    let service = move |database, keys, log, limits| {
        wrong_service(wrong, database, keys, log, limits)
    };
    let verdict = judged(world, wrong, &service).await;
    let difference = match verdict {
        Verdict::Forbidden(_) => return,
        Verdict::Due | Verdict::Open => {
            "a right service may do all of this: nothing shows here"
        }
        Verdict::Unjudged => "too much is open here to say what is right",
    };
    let rule = format!("your visits expose `{wrong:?}`, whose run this is");
    world.fail(Failure::rule(&rule).difference(difference.to_owned()));
}

async fn judged(
    world: &World,
    wrong: Wrong,
    service: &dyn Fn(Database, Keys, Log, Limits) -> Router,
) -> Verdict {
    let mut visits = exposes(wrong);
    // Why here: requests are numbered as they come.
    visits.sort_by_key(|visit| visit.at_ms);
    require(visits.len() <= VISITS, "at most six visits expose a wrong service");
    let scene = scene(&visits);
    let stage = Stage::<Http>::new(world.clone());
    act_with(&stage, &scene, service).await;
    stage.verdict(&scene)
}

fn scene(visits: &[Visit]) -> Scene {
    let mut acts = vec![];
    for (n, visit) in visits.iter().enumerate() {
        let takes = Reply::Takes(ms(visit.takes_ms));
        acts.push((visit.at_ms, What::Database(takes)));
        acts.push((visit.at_ms, What::Asks(ask(visit))));
        let leaves_ms =
            visit.stays_ms.map(|stays_ms| visit.at_ms.saturating_add(stays_ms));
        acts.extend(leaves_ms.map(|at_ms| (at_ms, What::Leaves(n))));
    }
    // Why a stable sort: what is done at one instant is done in this order.
    acts.sort_by_key(|(at_ms, _)| *at_ms);
    let Limits { body, handler, header, drain } = LIMITS;
    let limits = models::http::Limits { body, handler, header, drain };
    let mut now = 0;
    let acts = acts.into_iter().map(|(at_ms, what)| {
        let after = ms(at_ms - std::mem::replace(&mut now, at_ms));
        Act { after, what }
    });
    Scene { step: 4, limits, acts: acts.collect() }
}

fn ask(visit: &Visit) -> Ask {
    let none = Body::none();
    let (method, path, body) = match visit.asks {
        Asks::Get(path) => ("GET", path, none),
        Asks::Delete(path) => ("DELETE", path, none),
        Asks::Create(name) => {
            let text = serde_json::json!({ "name": name }).to_string();
            let is = Is::Name(name.to_owned());
            let said_to_be = Some("application/json");
            let body = Body { text, is, said_to_be, slow: None };
            ("POST", "/users", body)
        }
    };
    let key = match visit.key {
        None => Key::None,
        Some(ADMIN) => Key::Admin,
        Some(READER) => Key::Reader,
        Some(_) => Key::Wrong(0),
    };
    Ask { method, path: path.to_owned(), key, body }
}
