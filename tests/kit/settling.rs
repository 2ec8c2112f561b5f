//! Who waits until nothing else is left to do.

use std::{
    sync::{Mutex, atomic::AtomicBool},
    task::Waker,
};

/// Somebody who waits in [`crate::World::settle`].
#[derive(Default)]
pub(crate) struct Settling {
    pub(crate) is_idle: AtomicBool,
    pub(crate) waker: Mutex<Option<Waker>>,
}
