//! The scenes of `worker_pool` with an answer in them.

use super::super::{Handle, Pool, Report};

mod items;

use std::{
    future::{Future, poll_fn},
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{Arc, Mutex, atomic::Ordering::SeqCst},
    task::Poll,
};

use kit::{World, ms, scenes::Stage, spawn, stays};
use models::worker_pool::{
    End, Happens, Life, OVER, Scene, Sender, Sending, Shutdown, Told, Way, Work,
    WorkerPool,
};
use tokio::time::{sleep, timeout};

use items::{Item, Place, handler};

pub async fn act(stage: Stage<WorkerPool>, scene: &Scene) {
    let place = Place::new(stage, scene);
    let pool = open(scene);
    let Ok(pool) = catch_unwind(AssertUnwindSafe(pool)) else {
        place.stage.world().expect_panics(1);
        return place.tell(Happens::NewPanics);
    };
    let shared = Arc::new(pool.handle());
    let door = Arc::new(Mutex::new((Some(pool), None)));
    let mut senders = vec![];
    for sender in &scene.senders {
        let handle = match sender.way {
            Way::Late => None,
            Way::Shared => Some(shared.clone()),
            Way::Own => Some(Arc::new(ask(&door))),
            Way::Clone => Some(Arc::new(ask(&door).clone())),
        };
        let sends = send_all(place.clone(), door.clone(), handle, sender.clone());
        senders.push(spawn(sends));
    }
    drop(shared);
    let to_late = scene.senders.iter().any(|it| it.way == Way::Late);
    let end = scene.end.clone().map(|end| {
        let senders =
            if end.is_last { std::mem::take(&mut senders) } else { vec![] };
        let place = place.clone();
        let door = door.clone();
        let left = Left { items: scene.items(), to_late };
        spawn(async move {
            for sender in senders {
                _ = sender.await;
            }
            ends(place, door, end, left).await;
        })
    });
    place.stage.world().at(OVER.as_millis() as u64).await;
    let is_done = senders.iter().all(|it| it.is_finished());
    if end.is_some_and(|end| end.is_finished()) && is_done {
        drop(door);
        place.tell_tasks_left().await;
    }
}

type Door = Arc<Mutex<(Option<Pool<Item>>, Option<Handle<Item>>)>>;

/// A handle of the pool, or one that was left when it ended.
fn ask(door: &Door) -> Handle<Item> {
    let door = door.lock().unwrap();
    match &*door {
        (Some(pool), _) => pool.handle(),
        (None, left) => left.clone().expect("who ends the pool leaves one"),
    }
}

async fn send_all(
    place: Place,
    door: Door,
    mut handle: Option<Arc<Handle<Item>>>,
    sender: Sender,
) {
    for sending in sender.sendings {
        sleep(sending.after).await;
        let handle = handle.get_or_insert_with(|| Arc::new(ask(&door)));
        place.turn().await;
        let item = Item::new(&place, sending);
        let answer =
            live(place.stage.world(), sending.life, Box::pin(handle.send(item)))
                .await;
        place.tell(match answer {
            Some(Ok(())) => Happens::Accepted(sending.number),
            Some(Err(item)) => Happens::Refused(item.safe().number),
            None => Happens::Leaves(sending.number),
        });
    }
}

/// What its caller does with a future.
async fn live<F: Future>(
    world: &World,
    life: Life,
    mut future: Pin<Box<F>>,
) -> Option<F::Output> {
    match life {
        Life::Unpolled => return None,
        Life::Leaves(after) => return stays(world, after, future).await,
        Life::Stays => {}
        Life::Nudged(every) => {
            for _ in 0..5 {
                if let Ok(answer) = timeout(every, &mut future).await {
                    return Some(answer);
                }
            }
        }
        Life::Sleeps { after, nap, leaves } => {
            if let Ok(answer) = timeout(after, &mut future).await {
                return Some(answer);
            }
            sleep(nap).await;
            if leaves {
                return None;
            }
        }
    }
    Some(future.await)
}

/// What is there when a pool ends.
struct Left {
    items: usize,
    /// Whether somebody may still ask for a handle. If not, the last one may end before the last item.
    to_late: bool,
}

#[allow(clippy::drop_non_drop)] // on the stub nothing has a destructor yet
async fn ends(place: Place, door: Door, end: End, left: Left) {
    sleep(end.at).await;
    let pool = {
        let mut door = door.lock().unwrap();
        let pool = door.0.take().expect("it ends once");
        door.1 = left.to_late.then(|| pool.handle());
        pool
    };
    drop(door);
    let Some(Shutdown { drain, unpolled, life, sends }) = end.shutdown else {
        place.tell(Happens::Gone);
        return drop(pool);
    };
    let (handle, number) = (pool.handle(), left.items);
    let mut ending = Box::pin(pool.shutdown(drain));
    if life == Life::Unpolled {
        place.tell(Happens::Gone);
        return drop(ending);
    }
    sleep(unpolled).await;
    place.turn().await;
    let limit = ms(place.stage.world().now_ms()).saturating_add(drain);
    let report = poll_fn(|cx| Poll::Ready(ending.as_mut().poll(cx))).await;
    place.tell(Happens::Polled);
    if sends {
        let work = Work::Ends(ms(0), 0);
        let sending = Sending { number, after: ms(0), work, life };
        let item = Item::new(&place, sending);
        // Why by a clone: most handles are older than the signal.
        place.tell(match handle.clone().send(item).await {
            Ok(()) => Happens::Accepted(number),
            Err(item) => Happens::Refused(item.safe().number),
        });
    }
    drop(handle);
    let report = match report {
        Poll::Ready(report) => Some(report),
        Poll::Pending => live(place.stage.world(), life, ending).await,
    };
    if report.is_none() {
        place.silent.fetch_min(limit.as_millis() as u64, SeqCst);
    }
    place.tell(
        report.map_or(Happens::Quits, |report| Happens::Returns(told(report))),
    );
}

fn told(report: Report<Item>) -> Told {
    let Report { done, panicked, aborted, unstarted } = report;
    let unstarted = unstarted.into_iter().map(|item| item.safe().number).collect();
    Told { done, panicked, aborted, unstarted }
}

fn open(scene: &Scene) -> impl FnOnce() -> Pool<Item> {
    let workers = NonZeroUsize::new(scene.workers).unwrap();
    let capacity = NonZeroUsize::new(scene.capacity).unwrap();
    move || Pool::new(workers, capacity, handler)
}
