//! A contract without its types.

use std::{any::Any, marker::PhantomData};

use super::{
    compare::{Difference, Verdict, compare, verdict},
    contract::Contract,
    draw::Draw,
    story::{Setting, Story},
};

/// A scene of some contract.
pub type AnyScene = Box<dyn Any + Send + Sync>;

/// Draws the scenes of a contract and compares, without the contract's types: whoever asks it compiles none of that.
pub trait Judge: Send + Sync {
    /// [`Contract::scenes`].
    fn scenes(&self, step: usize) -> u64;

    /// A scene of these choices.
    fn draw(&self, from: &Draw) -> AnyScene;

    /// The scene in lines.
    fn words(&self, scene: &AnyScene) -> Vec<String>;

    /// Where what came in `scene`, a [`Story`], parts from what its contract allows.
    #[doc(hidden)]
    fn compare(&self, scene: &dyn Any, came: &dyn Any) -> Option<Difference>;

    /// What the contract says of what came in `scene`, a [`Story`].
    fn verdict(&self, scene: &dyn Any, came: &dyn Any) -> Verdict;
}

/// What draws and compares for this contract. The model calls it, so it is compiled with the model, once, and not with
/// each answer.
pub fn judge<C: Contract>() -> &'static dyn Judge {
    &Typed::<C>(PhantomData)
}

struct Typed<C>(PhantomData<fn() -> C>);

fn typed<T: 'static>(it: &dyn Any) -> &T {
    it.downcast_ref().expect("a contract judges its own scenes")
}

impl<C: Contract> Judge for Typed<C> {
    fn scenes(&self, step: usize) -> u64 {
        C::scenes(step)
    }

    fn draw(&self, from: &Draw) -> AnyScene {
        Box::new(C::Scene::draw(from))
    }

    fn words(&self, scene: &AnyScene) -> Vec<String> {
        typed::<C::Scene>(&**scene).words()
    }

    fn compare(&self, scene: &dyn Any, came: &dyn Any) -> Option<Difference> {
        compare::<C>(typed(scene), typed::<Story<C::Event>>(came))
    }

    fn verdict(&self, scene: &dyn Any, came: &dyn Any) -> Verdict {
        verdict::<C>(typed(scene), typed::<Story<C::Event>>(came))
    }
}
