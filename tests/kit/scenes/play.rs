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

    /// The scene that is acted in this world.
    fn scene(&self, world: &World) -> AnyScene {
        let choices = world.0.choices.get().expect("a scene has choices");
        self.judge.draw(&Draw::again(step(world), choices))
    }

    /// A scene, and the choices that it makes use of.
    fn drawn(&self, draw: Draw) -> (AnyScene, Vec<u64>) {
        let scene = self.judge.draw(&draw);
        (scene, draw.choices())
    }

    /// The same without what later rules brought, where it fails like this with fewer rules: then it is those that are
    /// broken, and the reader looks there.
    fn earliest(
        &self,
        found: Found,
        one: &mut dyn FnMut(&World) -> Option<Failure>,
    ) -> (World, Failure) {
        let whole = Draw::again(self.step, &found.choices);
        _ = self.judge.draw(&whole);
        // Why not one that never ends: to see it again takes long.
        let ends = [Kind::Rule, Kind::Panic].contains(&found.failure.kind);
        for step in (1..self.step).filter(|_| ends) {
            let draw = Draw::again(step, &whole.choices_of(step));
            let (scene, choices) = self.drawn(draw);
            let seed = found.world.seed();
            let (world, failure) =
                acts(step, choices.clone(), Some(scene), seed, one);
            let fails = failure.filter(|it| it.kind == found.failure.kind);
            if let Some(failure) = fails {
                let earlier = Found { choices, world, failure };
                if earlier.is_plain() || !found.is_plain() {
                    return (earlier.world, earlier.failure);
                }
            }
        }
        (found.world, found.failure)
    }
}

/// The number of the last rule that the scene in this world speaks of.
fn step(world: &World) -> usize {
    *world.0.step.get().expect("a scene is of a step")
}

/// Acts the scene of these choices, which may be drawn already.
fn acts(
    step: usize,
    choices: Vec<u64>,
    scene: Option<AnyScene>,
    seed: u64,
    one: &mut dyn FnMut(&World) -> Option<Failure>,
) -> (World, Option<Failure>) {
    let world = World::new(seed);
    _ = world.0.step.set(step);
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
            let scene = world.0.scene.get_or_init(|| self.scene(&world));
            let difference = self.act.act(world.clone(), scene).await;
            if let Some(difference) = difference {
                let mut failure = Failure::new(Kind::Rule, sentence(step(&world)));
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
            return acts(self.step, choices, None, seed, one);
        }
        let mut first = None;
        let all = self.judge.scenes(self.step);
        for n in 0..all {
            let draw = Draw::new(self.step, seed, n, all);
            let (scene, choices) = self.drawn(draw);
            let (world, failure) = acts(self.step, choices, Some(scene), seed, one);
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
        let mut act = |choices: &[u64], seed| {
            acts(self.step, choices.to_vec(), None, seed, one)
        };
        let found = shrink::smallest(found, &again, &mut act);
        self.earliest(found, one)
    }

    fn tells(&self, world: &World) {
        if world.0.choices.get().is_some() {
            _ = world.0.told.set(self.judge.words(&self.scene(world)));
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
