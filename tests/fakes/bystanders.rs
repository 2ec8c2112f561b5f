//! A process that has other things to do.

use kit::{World, spawn};

/// Spawns `n` tasks that sleep until `at_ms` and then, except in calm weather, take turns for a
/// while (see [`World::turn`]).
///
/// Code that gives way once and hopes that another task has run meanwhile is right when nobody
/// else is there, and only then.
pub fn bystanders(world: &World, n: usize, at_ms: u64) {
    for _ in 0..n {
        let world = world.clone();
        spawn(async move {
            world.at(at_ms).await;
            world.turn().await;
        });
    }
}
