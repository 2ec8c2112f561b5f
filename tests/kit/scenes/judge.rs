//! A contract without its types.

use std::any::Any;

use super::{
    draw::Draw,
    verdict::{Difference, Verdict},
};

/// A scene of some contract.
pub type AnyScene = Box<dyn Any + Send + Sync>;

/// Draws the scenes of a contract and compares, without the contract's types: whoever asks it compiles none of that.
pub trait Judge: Send + Sync {
    /// [`super::Contract::scenes`].
    fn scenes(&self, step: usize) -> u64;

    /// A scene of these choices.
    fn draw(&self, from: &Draw) -> AnyScene;

    /// The scene in lines.
    fn words(&self, scene: &AnyScene) -> Vec<String>;

    /// Where what came in `scene`, a [`super::Story`], parts from what its contract allows.
    #[doc(hidden)]
    fn compare(&self, scene: &dyn Any, came: &dyn Any) -> Option<Difference>;

    /// What the contract says of what came in `scene`, a [`super::Story`].
    fn verdict(&self, scene: &dyn Any, came: &dyn Any) -> Verdict;
}
