//! Where an answer acts a scene.

use std::sync::{Arc, Mutex};

use super::{
    contract::Contract,
    story::{Event, Story},
};
use crate::{Lane, World, ms};

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
    pub(super) fn new(world: World) -> Self {
        Stage { world, came: Arc::default() }
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
        self.put(event).touch();
    }

    /// It happens now, for a destructor. See [`crate::Lane::log_in_drop`].
    pub fn tell_in_drop(&self, event: C::Event) {
        self.put(event);
    }

    /// Writes it down, and gives the lane that it is drawn on.
    fn put(&self, event: C::Event) -> Lane {
        let (who, what) = event.words();
        let lane = self.world.lane(who);
        lane.log_in_drop(what);
        self.came.lock().unwrap().tell(ms(self.world.now_ms()), event);
        lane
    }

    /// Something goes on now. Unless it ends, `event` happens when it is dropped.
    pub fn begins(&self, event: C::Event) -> Begun<C> {
        Begun { stage: self.clone(), event: Some(event) }
    }

    pub(super) fn came(&self) -> Story<C::Event> {
        self.came.lock().unwrap().clone()
    }
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
