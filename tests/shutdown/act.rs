//! The scenes of `shutdown` with an answer in them.

use super::super::{Outcome, serve};

use std::{
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    time::Duration,
};

use fakes::requests::{Client, Deed, Running, network_telling};
use kit::{ms, scenes::Stage};
use models::shutdown::{
    Ask, Closing, Happens, Outcome as Is, Rules, Scene, Shutdown, What, name,
};
use tokio::sync::watch;

pub async fn act(stage: Stage<Shutdown>, scene: &Scene) {
    let world = stage.world().clone();
    let teller = Teller { stage, rules: scene.rules };
    let (clients, listener) = network_telling(&world, listens(teller.clone()));
    let (sender, receiver) = watch::channel(false);
    let (mut sender, mut given) = (Some(sender), Some((listener, receiver)));
    let mut connected: Vec<Client> = vec![];
    let mut running = None;
    for group in scene.groups() {
        world.at(millis(group.at)).await;
        if group.is_apart {
            world.settle().await;
        }
        for what in scene.acts_of(&group) {
            match what {
                What::Serves => {
                    let (listener, early) = given.take().unwrap();
                    let late = sender.as_ref().filter(|_| scene.is_late);
                    let receiver = late.map_or(early, watch::Sender::subscribe);
                    let serving = serve(listener, receiver, scene.limit);
                    let serving = teller.clone().awaits(serving);
                    running = Some(if scene.is_weary {
                        let world = world.clone();
                        clients.run(async move { world.wearily(serving).await })
                    } else {
                        clients.run(serving)
                    });
                }
                What::Connect(n, asks) => {
                    for _ in 0..n {
                        let client = clients.connect(&name(connected.len()));
                        reads(&client, scene.reads[connected.len()]);
                        asks.iter().for_each(|request| ask(&client, *request));
                        connected.push(client);
                    }
                }
                What::Asks(client, n, request) => {
                    (0..n).for_each(|_| ask(&connected[client], request));
                }
                What::HangsUp(client) => connected[client].hang_up(),
                What::Sends(value) => {
                    sender.as_ref().map(|sender| sender.send_replace(value));
                }
                What::DropsSender => sender = None,
                What::DropsServer => {
                    running.iter().for_each(Running::drop_server);
                    world.settle().await;
                    teller.counts_tasks(0);
                }
            }
        }
    }
    world.at(millis(scene.rules.end())).await;
}

fn millis(time: Duration) -> u64 {
    time.as_millis().try_into().unwrap_or(u64::MAX)
}

fn ask(client: &Client, request: Ask) {
    let takes_ms = millis(request.takes);
    if request.panics {
        client.ask_and_panic(takes_ms);
    } else {
        client.ask(takes_ms);
    }
}

fn reads(client: &Client, takes: Duration) {
    match takes {
        Duration::ZERO => {}
        Duration::MAX => client.stop_reading(),
        _ => client.read_slowly(millis(takes)),
    }
}

/// Tells what the rules so far speak of.
#[derive(Clone)]
struct Teller {
    stage: Stage<Shutdown>,
    rules: Rules,
}

impl Teller {
    fn tell(&self, event: Happens) {
        if self.rules.count(ms(self.stage.world().now_ms()), &event) {
            self.stage.tell(event);
        }
    }

    /// For a destructor.
    fn tell_in_drop(&self, event: Happens) {
        if self.rules.count(ms(self.stage.world().now_ms()), &event) {
            self.stage.tell_in_drop(event);
        }
    }

    async fn awaits(self, server: impl Future<Output = Outcome>) {
        let outcome = match server.await {
            Outcome::Drained => Is::Drained,
            Outcome::Aborted(n) => Is::Aborted(n),
        };
        self.tell(Happens::Returns(outcome));
        // Why before anybody else runs: what is aborted and not awaited is still there.
        self.counts_tasks(1);
    }

    /// There should be so many.
    fn counts_tasks(&self, due: usize) {
        let alive = self.stage.world().alive_tasks();
        if alive > due {
            self.tell(Happens::Leaves(alive - due));
        }
    }
}

/// What the network tells.
fn listens(teller: Teller) -> impl Fn(Deed) + Send + Sync + 'static {
    let panics = AtomicUsize::new(0);
    move |deed| match deed {
        Deed::StopsListening => teller.tell_in_drop(Happens::StopsListening),
        Deed::Accepted(client) => teller.tell(Happens::Accepted(client)),
        Deed::Refused(client) => teller.tell_in_drop(Happens::Refused(client)),
        Deed::Begins(client, n) => teller.tell(Happens::Begins(client, n)),
        Deed::Ends(client, n) => teller.tell(Happens::Ends(client, n)),
        Deed::Dropped(client, n) => teller.tell_in_drop(Happens::Dropped(client, n)),
        Deed::Panics(client, n) => {
            let world = teller.stage.world();
            world.expect_panics(panics.fetch_add(1, SeqCst) + 1);
            teller.tell(Happens::Panics(client, n));
        }
        Deed::Answered(client, n) => teller.tell(Happens::Answered(client, n)),
        Deed::Closed { client, begun, processed, answered } => {
            let how = match processed - answered {
                _ if begun > processed => Closing::Cut,
                0 => Closing::Answered(answered),
                _ => Closing::Loses,
            };
            let how = teller.rules.closing(how);
            teller.tell_in_drop(Happens::Closes(client, how));
        }
    }
}
