//! Drawing scenes, acting them, judging what came.

use std::{
    any::type_name, future::Future, marker::PhantomData, pin::Pin, sync::Arc,
};

use record::Kind;
#[cfg(test)]
use {record::Record, std::ops::Range};

use super::{
    contract::Contract,
    draw::Draw,
    judge::{AnyScene, Judge},
    shrink::{self, Found},
    stage::Stage,
    verdict::Difference,
};
use crate::{
    board,
    check::{SEEDS, judge, name_of},
    failure::Failure,
    run::Scenario,
    world::World,
};
#[cfg(test)]
use crate::{watchdog::Limits, workers::watched};

/// Draws scenes of the features that the rules up to `rule` speak of (a code such as `"retries.2"`),
/// [`Contract::scenes`] under each of the 64 seeds, simple ones first. `act` acts each in a world of its own with the
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
    let test = name_of(type_name::<A>());
    judge(rule, &test, play(rule, &test, act), SEEDS);
}

/// What [`check`] would write of these seeds.
#[cfg(test)]
pub(crate) fn explore<C, A>(rule: &'static str, seeds: Range<u64>, act: A) -> Record
where
    C: Contract,
    A: AsyncFn(Stage<C>, &C::Scene) + Send + Sync + 'static,
{
    let test = name_of(type_name::<A>());
    let scenario = play(rule, &test, act);
    watched(rule, &test, scenario, seeds, Limits::default()).0
}

fn play<C, A>(rule: &str, test: &str, act: A) -> Arc<dyn Scenario>
where
    C: Contract,
    A: AsyncFn(Stage<C>, &C::Scene) + Send + Sync + 'static,
{
    let act = Box::new(Acting { act, contract: PhantomData });
    Play::of(C::judge(), rule, test, act)
}

/// What drives an answer, without its type. Whatever is generic here is compiled with each answer.
trait Act: Send + Sync {
    /// Acts a scene, and compares.
    fn act<'a>(
        &'a self,
        world: World,
        scene: &'a AnyScene,
    ) -> Pin<Box<dyn Future<Output = Option<Difference>> + 'a>>;
}

struct Acting<C, A> {
    act: A,
    contract: PhantomData<fn() -> C>,
}

impl<C, A> Act for Acting<C, A>
where
    C: Contract,
    A: AsyncFn(Stage<C>, &C::Scene) + Send + Sync,
{
    fn act<'a>(
        &'a self,
        world: World,
        scene: &'a AnyScene,
    ) -> Pin<Box<dyn Future<Output = Option<Difference>> + 'a>> {
        Box::pin(async move {
            let stage = Stage::new(world);
            let known = scene.downcast_ref().expect("it was drawn for this act");
            (self.act)(stage.clone(), known).await;
            stage.difference(known)
        })
    }
}

/// The scenes of one test.
struct Play {
    judge: &'static dyn Judge,
    /// The number of the last rule they speak of.
    step: usize,
    /// The test's full name.
    test: String,
    act: Box<dyn Act>,
}

impl Play {
    fn of(
        judge: &'static dyn Judge,
        rule: &str,
        test: &str,
        act: Box<dyn Act>,
    ) -> Arc<dyn Scenario> {
        let number = rule.rsplit('.').next().and_then(|number| number.parse().ok());
        let step = number.expect("a rule has a number, as in `retries.2`");
        Arc::new(Play { judge, step, test: test.to_owned(), act })
    }

    /// The scene of these choices.
    fn scene(&self, choices: &[u64]) -> AnyScene {
        self.judge.draw(&Draw::again(self.step, choices))
    }

    /// A scene, and the choices that it makes use of.
    fn drawn(&self, draw: Draw) -> (AnyScene, Vec<u64>) {
        let scene = self.judge.draw(&draw);
        (scene, draw.choices())
    }
}

/// Acts the scene of these choices, which may be drawn already.
fn acts(
    choices: Vec<u64>,
    scene: Option<AnyScene>,
    seed: u64,
    one: &mut dyn FnMut(&World) -> Option<Failure>,
) -> (World, Option<Failure>) {
    let world = World::new(seed);
    _ = world.0.choices.set(choices);
    if let Some(scene) = scene {
        _ = world.0.scene.set(scene);
    }
    let failure = one(&world);
    (world, failure)
}

impl Scenario for Play {
    fn begin(&self, world: World) -> Pin<Box<dyn Future<Output = ()> + '_>> {
        Box::pin(async move {
            let choices = world.0.choices.get().expect("a scene has choices");
            let scene = world.0.scene.get_or_init(|| self.scene(choices));
            let difference = self.act.act(world.clone(), scene).await;
            if let Some(difference) = difference {
                let mut failure = Failure::new(Kind::Rule, sentence(self.step));
                let missing = difference.missing_at.iter();
                let woken = missing.filter_map(|at_ms| world.old_waker(*at_ms));
                failure.notes.extend(woken);
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
        if let Some(choices) = shrink::replayed() {
            return acts(choices, None, seed, one);
        }
        let mut first = None;
        let all = self.judge.scenes(self.step);
        for n in 0..all {
            let draw = Draw::new(self.step, seed, n, all);
            let (scene, choices) = self.drawn(draw);
            let (world, failure) = acts(choices, Some(scene), seed, one);
            if failure.is_some() {
                return (world, failure);
            }
            first.get_or_insert(world);
        }
        (first.expect("there is a scene"), None)
    }

    fn smaller(
        &self,
        world: World,
        failure: Failure,
        one: &mut dyn FnMut(&World) -> Option<Failure>,
    ) -> (World, Failure) {
        let choices = world.0.choices.get().cloned();
        // Why not always: it takes longer than all else, and only the first that fails is read.
        let is_read =
            !board::has_spoken_before(&self.test) && shrink::replayed().is_none();
        let Some(choices) = choices.filter(|_| is_read) else {
            return (world, failure);
        };
        let found = Found { choices, world, failure };
        let again = |choices: &[u64]| self.drawn(Draw::again(self.step, choices)).1;
        let mut act =
            |choices: &[u64], seed| acts(choices.to_vec(), None, seed, one);
        let found = shrink::smallest(found, &again, &mut act);
        (found.world, found.failure)
    }

    fn tells(&self, world: &World) {
        if let Some(choices) = world.0.choices.get() {
            let scene = self.scene(choices);
            _ = world.0.told.set(self.judge.words(&scene));
        }
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
