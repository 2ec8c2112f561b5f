//! What the scenarios of `tests/task_tracker.rs` have in common: a gate, its tasks, and those who
//! wait for it.

use super::super::{Gate, Outcome};

use std::{
    future::{Future, Ready, ready},
    panic::{AssertUnwindSafe, catch_unwind, panic_any},
    pin::Pin,
    time::Duration,
};

use kit::{
    Gauge, Lane, World, caught, elsewhere, expect, leave, ms, require, spawn,
};
use tokio::{
    runtime::Builder,
    task::yield_now,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Longer than anything else in these scenarios.
pub const AN_HOUR: u64 = 3_600_000;

const OPEN: &str = "an open gate lets every task in";

type Boxed = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A gate, its tasks on a lane, and how many of their futures are alive.
#[derive(Clone)]
pub struct Service {
    pub world: World,
    pub gate: Gate,
    pub tasks: Lane,
    pub alive: Gauge,
}

impl Service {
    pub fn new(world: &World) -> Self {
        let (world, alive) = (world.clone(), world.gauge());
        let (gate, tasks) = (Gate::new(), world.lane("tasks"));
        Service { world, gate, tasks, alive }
    }

    /// Hands over a task that takes so long and does not listen, while the gate is open.
    pub fn takes(&self, name: &str, takes_ms: u64) {
        require(self.tries(name, takes_ms), OPEN);
    }

    /// Hands over such a task, open or not; says what came of it.
    pub fn comes(&self, name: &str, takes_ms: u64) -> String {
        let is_in = self.tries(name, takes_ms);
        format!("{name} {}", if is_in { "is let in" } else { "is refused" })
    }

    fn tries(&self, name: &str, takes_ms: u64) -> bool {
        let tasks = self.tasks.clone();
        let (live, what) = (self.alive.enter(), name.to_owned());
        let task = move |_| async move {
            let _live = live;
            tasks.takes(what, takes_ms).await;
        };
        self.is_in(name, self.gate.spawn(task).is_ok())
    }

    /// Draws who is refused.
    fn is_in(&self, name: &str, is_in: bool) -> bool {
        if !is_in {
            self.world.lane("gate").log(format!("refuses {name}"));
        }
        is_in
    }

    /// A task that waits until it is told, and then needs so long.
    pub fn listener(
        &self,
        name: &'static str,
        needs_ms: u64,
    ) -> impl FnOnce(CancellationToken) -> Boxed + use<> {
        let (tasks, told) = (self.tasks.clone(), self.world.lane("told"));
        move |token| {
            Box::pin(async move {
                let span = tasks.span(name);
                token.cancelled().await;
                told.log(name);
                sleep(ms(needs_ms)).await;
                span.end();
            })
        }
    }

    /// Hands over such a task.
    pub fn listens(&self, name: &'static str, needs_ms: u64) {
        let let_in = self.gate.spawn(self.listener(name, needs_ms)).is_ok();
        require(self.is_in(name, let_in), OPEN);
    }

    /// Hands over a task that cancels its own token, and ends.
    pub fn cancels_its_own(&self, name: &'static str) {
        let tasks = self.tasks.clone();
        let selfish = async move |token: CancellationToken| {
            tasks.log(format!("{name} cancels its token"));
            token.cancel();
        };
        let let_in = self.gate.spawn(selfish).is_ok();
        require(self.is_in(name, let_in), OPEN);
    }

    /// Hands over a task that panics after so long.
    pub fn panics(&self, name: &'static str, after_ms: u64) {
        let tasks = self.tasks.clone();
        self.world.expect_panics(1);
        let panics = async move |_| {
            let span = tasks.span(name);
            sleep(ms(after_ms)).await;
            span.end_with(format!("{name} panics"));
            panic_any(42_u8);
        };
        let let_in = self.gate.spawn(panics).is_ok();
        require(self.is_in(name, let_in), OPEN);
    }

    /// Hands over a task that panics while it is made; says what arrives.
    pub async fn fails_to_make_one(&self) -> &'static str {
        let gate = self.gate.clone();
        self.world.lane("gate").log("a task panics while it is made");
        self.world.expect_panics(1);
        let cannot_be_made = |_| -> Ready<()> { panic_any("no key") };
        let call = caught(async move { _ = gate.spawn(cannot_be_made) }).await;
        match call.map_err(|payload| payload.downcast_ref().copied()) {
            Ok(()) => "no panic",
            Err(Some("no key")) => "its own panic",
            Err(_) => "a panic with something else in it",
        }
    }

    /// Hands over a task on a thread that has no runtime, where spawning may panic; says what came of it.
    pub fn comes_without_a_runtime(&self) -> &'static str {
        let gate = self.gate.clone();
        self.world.lane("gate").log("a task comes on a thread without a runtime");
        let call = move || gate.spawn(|_| ready(())).is_ok();
        let call = move || catch_unwind(AssertUnwindSafe(call)).ok();
        let said = match elsewhere(call).expect("every panic is caught") {
            Some(true) => "let in",
            Some(false) => "refused",
            None => "a panic",
        };
        self.world.lane("gate").log(format!("there it meets: {said}"));
        said
    }

    /// Hands over a task in a runtime of another thread, which then ends.
    pub fn comes_in_another_runtime(&self) {
        let gate = self.gate.clone();
        self.world.lane("gate").log("a task comes in a runtime that then ends");
        let comes = async move {
            let let_in = gate.spawn(|_| ready(())).is_ok();
            yield_now().await;
            let_in
        };
        let runtime = Builder::new_current_thread().build();
        let runtime = runtime.expect("a runtime without I/O needs no resources");
        let ended = elsewhere(move || runtime.block_on(comes));
        let let_in = ended.is_ok_and(|let_in| let_in);
        require(let_in, "a task is let in on whichever thread it comes");
    }

    /// Six tasks come in this instant, in the order the seed says; those let in are marked on the
    /// lane that is returned.
    pub fn six_come(&self, takes_ms: u64) -> Lane {
        let lane = self.world.lane("door");
        for name in ["a", "b", "c", "d", "e", "f"] {
            let (service, mark) = (self.clone(), lane.clone());
            spawn(async move {
                service.world.turn().await;
                if service.tries(name, takes_ms) {
                    mark.mark();
                }
            });
        }
        lane
    }

    /// Somebody else waits, from now on: marked on the lane that is returned.
    pub fn waiter(&self) -> Lane {
        let (lane, gate) = (self.world.lane("waiter"), self.gate.clone());
        let mark = lane.clone();
        spawn(async move {
            gate.wait().await;
            mark.log("goes on");
        });
        lane
    }

    /// How many waits were over before `at_ms`.
    pub fn over_before(&self, at_ms: u64) -> String {
        let over = self.world.lane("waiter").marks();
        let early = over.into_iter().filter(|(over_ms, _)| *over_ms < at_ms);
        format!("{} over", early.count())
    }

    /// Somebody shuts the gate down, from now on: marked on the lane `shutdown`.
    pub fn shuts_down(&self, grace_ms: u64) {
        let (lane, gate) = (self.world.lane("shutdown"), self.gate.clone());
        spawn(async move {
            gate.shutdown(ms(grace_ms)).await;
            lane.log("is over");
        });
    }

    /// Shuts the gate down, drawn with the end of its grace.
    pub async fn shuts(&self, grace: Duration) -> Outcome {
        let over = u128::from(self.world.now_ms()) + grace.as_millis();
        let what = match grace {
            Duration::MAX => "grace for ever".to_owned(),
            _ => format!("grace to {over}"),
        };
        self.world.lane("caller").watch(what, self.gate.shutdown(grace)).await
    }

    /// Waits, drawn.
    pub async fn waits(&self) -> Outcome {
        self.world.lane("caller").watch("wait", self.gate.wait()).await
    }

    /// Shuts the gate down, and drops the call after so long.
    pub async fn gives_up(&self, after_ms: u64, grace_ms: u64) {
        leave(&self.world, after_ms, self.shuts(ms(grace_ms))).await;
    }

    /// Closes the gate, and gives what a wait hears within an hour.
    pub async fn ends(&self) -> Option<Outcome> {
        self.closes();
        let ended = timeout(ms(AN_HOUR), self.gate.wait()).await;
        self.world.settle().await;
        ended.ok()
    }

    pub fn closes(&self) {
        self.world.lane("gate").log("closes");
        self.gate.close();
    }
}

pub fn finished(finished: usize) -> Outcome {
    Outcome { finished, ..Outcome::default() }
}

/// Fails unless `ended` says that one was stopped, beside so many who finished.
#[track_caller]
pub fn one_was_stopped(ended: Outcome, beside: usize) {
    let due = Outcome { stopped: 1, ..finished(beside) };
    expect(ended, due, "who runs after the grace counts as stopped");
}
