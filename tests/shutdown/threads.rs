//! Servers on real threads, where a connection can close between two lines of `serve`.

use super::super::{Outcome, serve};

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread::park_timeout,
    time::Duration,
};

use fakes::requests::{Client, Deed, network_telling};
use kit::Wrong;
use tokio::{
    spawn,
    sync::watch,
    task::{JoinHandle, yield_now},
};

/// Servers of one round.
const SERVERS: usize = 40;

/// Connections of each. They ask nothing, so all of them close at the signal, while `serve` begins to wait for them.
const CONNECTIONS: usize = 2;

struct Serving {
    signal: watch::Sender<bool>,
    accepted: Arc<AtomicUsize>,
    closed: Arc<AtomicUsize>,
    returns: JoinHandle<Outcome>,
    /// Who drops a client hangs up.
    _clients: Vec<Client>,
}

impl Serving {
    fn start() -> Self {
        let [accepted, closed] = [(); 2].map(|()| Arc::<AtomicUsize>::default());
        let (accepts, closes) = (accepted.clone(), closed.clone());
        let counts = move |deed| {
            _ = match deed {
                Deed::Accepted(_) => accepts.fetch_add(1, SeqCst),
                Deed::Closed { .. } => closes.fetch_add(1, SeqCst),
                _ => 0,
            };
        };
        let (clients, listener) = network_telling(&kit::still(), counts);
        let (signal, receiver) = watch::channel(false);
        let returns = spawn(serve(listener, receiver, Duration::MAX));
        let connect = |_| clients.connect("client");
        let _clients = (0..CONNECTIONS).map(connect).collect();
        Serving { signal, accepted, closed, returns, _clients }
    }
}

/// One round of the race.
pub async fn round() -> Result<(), Wrong> {
    let servers: Vec<_> = (0..SERVERS).map(|_| Serving::start()).collect();
    for server in &servers {
        while server.accepted.load(SeqCst) < CONNECTIONS {
            yield_now().await;
        }
        // Why a nap: whoever wakes takes a processor away from somebody in the midst of a line. How long it takes
        // does not matter.
        park_timeout(Duration::from_micros(50));
        server.signal.send_replace(true);
    }
    for server in servers {
        let outcome = server.returns.await.map_err(|error| error.to_string())?;
        let open = CONNECTIONS - server.closed.load(SeqCst);
        if open > 0 {
            return Err(format!("{open} of {CONNECTIONS} were open").into());
        }
        if outcome != Outcome::Drained {
            let rule = "where every connection closes `serve` returns `Drained`";
            return Err(Wrong::of(
                "shutdown.3",
                rule,
                format!("it returned {outcome:?}"),
            ));
        }
    }
    Ok(())
}
