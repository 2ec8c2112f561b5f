//! How many come together: a histogram on virtual time.

use std::{
    cmp::Reverse,
    panic::Location,
    sync::{Arc, Mutex},
    time::Duration,
};

use kit::{Failure, Lane, World};

/// How many one `#` of a bar stands for.
const UNIT: usize = 20;

/// Counts arrivals in slots of equal length. Cheap to clone, usable in every task.
#[derive(Clone)]
pub struct Crowd {
    world: World,
    lane: Lane,
    slot_ms: u64,
    arrivals: Arc<Mutex<Vec<u64>>>,
}

impl Crowd {
    /// A crowd that is drawn on the lane called `lane`, one row for each slot of `slot_ms`
    /// in which somebody came.
    ///
    /// # Panics
    ///
    /// If `slot_ms` is zero.
    pub fn new(world: &World, lane: &str, slot_ms: u64) -> Self {
        assert!(slot_ms > 0, "a slot has a length");
        Crowd {
            world: world.clone(),
            lane: world.lane(lane),
            slot_ms,
            arrivals: Arc::default(),
        }
    }

    /// One more comes, now.
    pub fn arrive(&self) {
        self.arrive_after(Duration::ZERO);
    }

    /// One more comes after `wait`, in the whole millisecond in which a sleep would end.
    pub fn arrive_after(&self, wait: Duration) {
        self.lane.touch();
        let wait_ms = wait.as_nanos().div_ceil(1_000_000) as u64;
        let at_ms = self.world.now_ms().saturating_add(wait_ms);
        self.arrivals.lock().unwrap().push(at_ms);
    }

    /// Waits until `until_ms`, and draws each slot when it is over.
    pub async fn draw(&self, until_ms: u64) {
        for slot in 1..=until_ms.div_ceil(self.slot_ms) {
            self.world.at(slot * self.slot_ms).await;
            self.world.settle().await;
            let came = self.slots().get(slot as usize - 1).copied().unwrap_or(0);
            if came > 0 {
                let bar = "#".repeat(came.div_ceil(UNIT));
                self.lane.log(format!("{bar} {came}"));
            }
        }
    }

    /// How many came in each slot. The first one is the instants `0..=slot_ms`, the next one
    /// begins 1 ms later.
    pub fn slots(&self) -> Vec<usize> {
        let mut slots = vec![];
        for at_ms in self.arrivals.lock().unwrap().iter() {
            let slot = at_ms.saturating_sub(1) / self.slot_ms;
            let slot = slot as usize;
            if slots.len() <= slot {
                slots.resize(slot + 1, 0);
            }
            slots[slot] += 1;
        }
        slots
    }

    /// Fails with `rule` if more than `most` came in one slot.
    ///
    /// # Panics
    ///
    /// Ends the test, and says in which slot most came.
    #[track_caller]
    pub fn expect_at_most(&self, most: usize, rule: &str) {
        let slots = self.slots();
        let (slot, came) = (slots.iter().enumerate())
            .max_by_key(|(slot, came)| (**came, Reverse(*slot)))
            .map_or((0, 0), |(slot, came)| (slot as u64, *came));
        if came <= most {
            return;
        }
        let (from, to) = (slot * self.slot_ms + 1, (slot + 1) * self.slot_ms);
        let difference = format!(
            "at most {most} may come together, and {came} came from {from} to {to} ms"
        );
        let failure = Failure::rule(rule).difference(difference);
        self.world.fail(failure.at(Location::caller()));
    }
}
