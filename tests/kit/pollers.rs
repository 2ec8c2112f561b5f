//! Who waits in a world. See `wakers.rs`.

use std::task::Waker;

/// The tasks of the suite that wait, in the order in which they were made, each by its number.
#[derive(Default)]
pub(crate) struct Pollers(Vec<(u64, Waker)>);

impl Pollers {
    fn place(&self, number: u64) -> Result<usize, usize> {
        self.0.binary_search_by_key(&number, |(other, _)| *other)
    }

    pub(crate) fn waits(&mut self, number: u64, waker: &Waker) {
        match self.place(number) {
            Ok(place) => self.0[place].1.clone_from(waker),
            Err(place) => self.0.insert(place, (number, waker.clone())),
        }
    }

    pub(crate) fn forget(&mut self, number: u64) -> Option<Waker> {
        self.place(number).ok().map(|place| self.0.remove(place).1)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Wakes the one in this place.
    pub(crate) fn wake(&self, place: usize) {
        self.0[place].1.wake_by_ref();
    }

    pub(crate) fn forget_all(&mut self) {
        self.0.clear();
    }
}
