//! Where an answer acts a scene.

use std::sync::{Arc, Mutex};

use super::{Event, Story};
use crate::{World, ms};

/// Writes down what happens, and draws it. Cheap to clone, usable in every task.
pub struct Stage<E> {
    world: World,
    came: Arc<Mutex<Story<E>>>,
}

impl<E> Clone for Stage<E> {
    fn clone(&self) -> Self {
        Stage { world: self.world.clone(), came: self.came.clone() }
    }
}

impl<E: Event> Stage<E> {
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
    pub fn tell(&self, event: E) {
        let (who, _) = event.words();
        self.tell_in_drop(event);
        self.world.lane(who).touch();
    }

    /// It happens now, for a destructor. See [`crate::Lane::log_in_drop`].
    pub fn tell_in_drop(&self, event: E) {
        let (who, what) = event.words();
        self.world.lane(who).log_in_drop(what);
        self.came.lock().unwrap().tell(ms(self.world.now_ms()), event);
    }

    pub(super) fn came(&self) -> Story<E> {
        self.came.lock().unwrap().clone()
    }
}
