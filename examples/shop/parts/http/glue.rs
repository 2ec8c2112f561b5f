//! What the shop asks of `http`. Compiled with the learner's form and with the naive one.
// Why `allow(dead_code)`: the naive form and most others use one of the two.
#![allow(dead_code)]

use std::sync::Arc;

use tokio::sync::watch;

use super::form::{App, router, serve};
use crate::{
    customers::{ADMIN, Database, Keys, LIMITS, Log, READER},
    lines::Lines,
    part::Http,
    parts,
};

/// The part.
pub const PART: Http = Http {
    serve: |listener, lines, signal| {
        Box::pin(
            async move { serve(listener, app(lines), until(signal)).await.is_ok() },
        )
    },
    reader: READER,
    admin: ADMIN,
    router_alone: false,
};

/// The same for whoever has written no `serve`, which is beyond the core: the naive one serves this router.
pub const ROUTER: Http = Http {
    serve: |listener, lines, signal| {
        Box::pin(async move {
            let router = router(app(lines));
            parts::http::form::serves(listener, router, until(signal)).await;
            true
        })
    },
    router_alone: true,
    ..PART
};

fn app(lines: Arc<Lines>) -> App {
    App::new(Database::open(), Keys::both(), Log::shown_by(lines), LIMITS)
}

async fn until(mut signal: watch::Receiver<bool>) {
    // Why dropped: a sender that is gone is a signal, too.
    _ = signal.wait_for(|now| *now).await;
}
