//! Drawing scenes, acting them, judging what came.

use std::{
    any::type_name,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    sync::{Arc, Mutex},
};

use record::Kind;
#[cfg(test)]
use {record::Record, std::ops::Range};

use super::{
    compare::compare,
    contract::Contract,
    draw::{Draw, SCENES},
    shrink::{self, Found},
    stage::Stage,
    story::Setting,
};
use crate::{
    board,
    check::{judge, name_of},
    failure::Failure,
    run::Scenario,
    world::World,
};
#[cfg(test)]
use crate::{check::watched, watchdog::Limits};

/// Draws scenes of the features that the rules up to `rule` speak of (a code such as `"retries.2"`),
/// 16 under each of the 64 seeds, simple ones first. `act` acts each in a world of its own with the
/// learner's code in it. Fails at the first in which something else happens than its contract allows.
///
/// # Panics
///
/// Ends the test when a scene fails. The panic hook stays silent.
pub fn check<C, A>(rule: &'static str, act: A)
where
    C: Contract,
    A: AsyncFn(Stage<C>, &C::Scene) + Send + Sync + 'static,
{
    let act: Box<dyn Act<C>> = Box::new(act);
    let test = name_of(type_name::<A>());
    judge(rule, &test, play(rule, &test, act));
}

/// What [`check`] would write of these seeds.
#[cfg(test)]
pub(crate) fn explore<C, A>(rule: &'static str, seeds: Range<u64>, act: A) -> Record
where
    C: Contract,
    A: AsyncFn(Stage<C>, &C::Scene) + Send + Sync + 'static,
{
    let act: Box<dyn Act<C>> = Box::new(act);
    let test = name_of(type_name::<A>());
    let scenario = play(rule, &test, act);
    watched(rule, &test, scenario, seeds, Limits::default()).0
}

fn play<C: Contract>(
    rule: &str,
    test: &str,
    act: Box<dyn Act<C>>,
) -> Arc<dyn Scenario> {
    let number = rule.rsplit('.').next().and_then(|number| number.parse().ok());
    let step = number.expect("a rule has a number, as in `retries.2`");
    let (test, next) = (test.to_owned(), Mutex::default());
    Arc::new(Play::<C> { step, test, act, next, contract: PhantomData })
}

/// What drives an answer, without its type.
trait Act<C: Contract>: Send + Sync {
    fn act<'a>(
        &'a self,
        stage: Stage<C>,
        scene: &'a C::Scene,
    ) -> Pin<Box<dyn Future<Output = ()> + 'a>>;
}

impl<C, A> Act<C> for A
where
    C: Contract,
    A: AsyncFn(Stage<C>, &C::Scene) + Send + Sync,
{
    fn act<'a>(
        &'a self,
        stage: Stage<C>,
        scene: &'a C::Scene,
    ) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(self(stage, scene))
    }
}

/// The scenes of one test.
struct Play<C: Contract> {
    /// The number of the last rule they speak of.
    step: usize,
    /// The test's full name.
    test: String,
    act: Box<dyn Act<C>>,
    /// The scene that is acted next: its choices.
    next: Mutex<Vec<u64>>,
    contract: PhantomData<fn() -> C>,
}

impl<C: Contract> Scenario for Play<C> {
    fn begin(&self, world: World) -> Pin<Box<dyn Future<Output = ()> + '_>> {
        Box::pin(async move {
            let choices = self.next.lock().unwrap().clone();
            let scene = C::Scene::draw(&Draw::again(self.step, &choices));
            _ = world.0.scene.set((scene.words(), choices));
            let stage = Stage::new(world.clone());
            self.act.act(stage.clone(), &scene).await;
            if let Some(difference) = compare::<C>(&scene, &stage.came()) {
                let mut failure = Failure::new(Kind::Rule, sentence(self.step));
                failure.difference = Some(difference.words);
                failure.due = difference.due;
                world.fail(failure);
            }
        })
    }

    fn runs(
        &self,
        seed: u64,
        one: &mut dyn FnMut(&World) -> Option<Failure>,
    ) -> (World, Option<Failure>) {
        let mut act = |choices: &[u64], seed: u64| {
            *self.next.lock().unwrap() = choices.to_vec();
            let world = World::new(seed);
            let failure = one(&world);
            (world, failure)
        };
        if let Some(choices) = shrink::replayed() {
            return act(&choices, seed);
        }
        let used = |draw: Draw| {
            C::Scene::draw(&draw);
            draw.choices()
        };
        let mut first = None;
        for n in 0..SCENES {
            let choices = used(Draw::new(self.step, seed, n));
            let (world, failure) = act(&choices, seed);
            let Some(failure) = failure else {
                first.get_or_insert(world);
                continue;
            };
            // Why not always: it takes longer than all else, and only the first that fails is read.
            if board::has_spoken_before(&self.test) {
                return (world, Some(failure));
            }
            let found = Found { choices, world, failure };
            let again = |choices: &[u64]| used(Draw::again(self.step, choices));
            let found = shrink::smallest(found, &again, &mut act);
            return (found.world, Some(found.failure));
        }
        (first.expect("there is a scene"), None)
    }
}

/// The headline of a scene that fails.
fn sentence(step: usize) -> String {
    match step {
        1 => "here something else happens than rule 1 says".to_owned(),
        2 => "here something else happens than rules 1 and 2 say".to_owned(),
        _ => format!("here something else happens than rules 1 to {step} say"),
    }
}
