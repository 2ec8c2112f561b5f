//! Items that tell what becomes of them, and their handler.

use std::{
    future::pending,
    panic::panic_any,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use kit::{ms, scenes::Stage};
use models::worker_pool::{Happens, OVER, Scene, Sending, Work, WorkerPool};
use tokio::{task::yield_now, time::sleep};

pub fn handler(item: Item) -> impl Future<Output = ()> + Send + 'static {
    let place = item.place.clone();
    let Sending { number, work, .. } = item.safe();
    place.tell(Happens::Begins(number));
    place.in_work.fetch_add(1, SeqCst);
    let running = Running { place, number, has_ended: false };
    if work == Work::PanicsAtOnce {
        running.panics();
    }
    async move {
        match work {
            Work::Ends(after, gives_way) => {
                for _ in 0..gives_way {
                    yield_now().await;
                }
                until(after).await;
                running.ends(Happens::Ends(number));
            }
            Work::Panics(after) => {
                until(after).await;
                running.panics();
            }
            Work::PanicsAtOnce => pending().await,
        }
    }
}

async fn until(after: Duration) {
    if after > ms(0) {
        sleep(after).await;
    }
}

/// What everybody in a scene needs.
#[derive(Clone)]
pub struct Place {
    pub stage: Stage<WorkerPool>,
    takes_turns: bool,
    /// From then on nobody says what becomes of the items.
    pub silent: Arc<AtomicU64>,
    in_work: Arc<AtomicUsize>,
    panics: Arc<AtomicUsize>,
}

impl Place {
    pub fn new(stage: Stage<WorkerPool>, scene: &Scene) -> Self {
        let takes_turns = scene.takes_turns;
        let silent = Arc::new(AtomicU64::new(OVER.as_millis() as u64));
        let (in_work, panics) = Default::default();
        Place { stage, takes_turns, silent, in_work, panics }
    }

    pub async fn turn(&self) {
        if self.takes_turns {
            self.stage.world().turn().await;
        }
    }

    fn is_silent(&self, event: &Happens) -> bool {
        let now = self.stage.world().now_ms();
        let from = if event.is_of_an_item() {
            self.silent.load(SeqCst)
        } else {
            OVER.as_millis() as u64
        };
        now >= from
    }

    pub fn tell(&self, event: Happens) {
        if !self.is_silent(&event) {
            self.stage.tell(event);
        }
    }

    fn tell_in_drop(&self, event: Happens) {
        if !self.is_silent(&event) {
            self.stage.tell_in_drop(event);
        }
    }

    /// With the last handle the workers go too.
    pub async fn tell_tasks_left(&self) {
        let world = self.stage.world();
        world.settle().await;
        let tasks = world.alive_tasks();
        if self.in_work.load(SeqCst) == 0 && tasks > 0 {
            self.stage.tell(Happens::Remain(tasks));
        }
    }
}

/// An item, told when it is dropped and no handler was called for it.
pub struct Item {
    place: Place,
    sending: Sending,
    is_safe: bool,
}

impl Item {
    pub fn new(place: &Place, sending: Sending) -> Self {
        Item { place: place.clone(), sending, is_safe: false }
    }

    /// It has arrived somewhere.
    pub fn safe(mut self) -> Sending {
        self.is_safe = true;
        self.sending
    }
}

impl Drop for Item {
    fn drop(&mut self) {
        if !self.is_safe {
            self.place.tell_in_drop(Happens::Lost(self.sending.number));
        }
    }
}

/// An item in work.
struct Running {
    place: Place,
    number: usize,
    has_ended: bool,
}

impl Running {
    fn ends(mut self, event: Happens) {
        self.has_ended = true;
        self.place.tell(event);
    }

    fn panics(self) -> ! {
        let (place, number) = (self.place.clone(), self.number);
        self.ends(Happens::Panics(number));
        let before = place.panics.fetch_add(1, SeqCst);
        place.stage.world().expect_panics(before + 1);
        match number % 3 {
            0 => panic!("item {number} is bad"),
            1 => panic!("an item is bad"),
            _ => panic_any(number),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.place.in_work.fetch_sub(1, SeqCst);
        if !self.has_ended {
            self.place.tell_in_drop(Happens::Aborted(self.number));
        }
    }
}
