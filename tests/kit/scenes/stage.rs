//! Where an answer acts a scene.

use std::sync::{Arc, Mutex};

use super::{
    contract::Contract,
    story::{Event, Story},
    verdict::{Difference, Verdict},
};
use crate::{World, ms, timeline::ASIDE};

/// Writes down what happens, and draws it. Cheap to clone, usable in every task.
pub struct Stage<C: Contract> {
    world: World,
    came: Arc<Mutex<Story<C::Event>>>,
}

impl<C: Contract> Clone for Stage<C> {
    fn clone(&self) -> Self {
        Stage { world: self.world.clone(), came: self.came.clone() }
    }
}

impl<C: Contract> Stage<C> {
    /// A stage of its own, in a scenario that is no drawn scene.
    pub fn new(world: World) -> Self {
        let came = Arc::<Mutex<Story<C::Event>>>::default();
        let told = came.clone();
        _ = world.0.words.set(Box::new(move |n| words(&told, n)));
        Stage { world, came }
    }

    /// The world of this scene alone.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// It happens now.
    ///
    /// # Panics
    ///
    /// Ends the test when too much happens at one instant.
    pub fn tell(&self, event: C::Event) {
        let n = self.put(event);
        self.world.touch(|| words(&self.came, n).0.to_owned());
    }

    /// Draws what happens now, in brackets: no rule of this step asks for it, and it is not compared.
    pub fn aside(&self, what: impl Into<String>) {
        self.world.lane(ASIDE).log(what);
    }

    /// It happens now, for a destructor. See [`crate::Lane::log_in_drop`].
    pub fn tell_in_drop(&self, event: C::Event) {
        self.put(event);
    }

    /// Writes it down, and says which of all that came it is. Its words are asked for when somebody reads them.
    fn put(&self, event: C::Event) -> usize {
        let n = {
            let mut came = self.came.lock().unwrap();
            came.tell(ms(self.world.now_ms()), event);
            came.events().len() - 1
        };
        self.world.draws_later(n);
        n
    }

    /// Something goes on now. Unless it ends, `event` happens when it is dropped.
    pub fn begins(&self, event: C::Event) -> Begun<C> {
        Begun { stage: self.clone(), event: Some(event) }
    }

    /// Whether the contract allows what came in `scene`.
    pub fn verdict(&self, scene: &C::Scene) -> Verdict {
        C::judge().verdict(scene, &*self.came.lock().unwrap())
    }

    /// Where what came in `scene` parts from what the contract allows.
    pub(super) fn difference(&self, scene: &C::Scene) -> Option<Difference> {
        C::judge().compare(scene, &*self.came.lock().unwrap())
    }
}

fn words<E: Event>(came: &Mutex<Story<E>>, n: usize) -> (&'static str, String) {
    came.lock().unwrap().events()[n].1.words()
}

/// See [`Stage::begins`].
pub struct Begun<C: Contract> {
    stage: Stage<C>,
    event: Option<C::Event>,
}

impl<C: Contract> Begun<C> {
    /// It ends by itself.
    pub fn ends(mut self) {
        self.event = None;
    }
}

impl<C: Contract> Drop for Begun<C> {
    fn drop(&mut self) {
        if let Some(event) = self.event.take() {
            self.stage.tell_in_drop(event);
        }
    }
}
