//! What judges by a contract.

use std::{any::Any, marker::PhantomData};

use super::{
    compare::{compare, verdict},
    contract::Contract,
    draw::Draw,
    judge::{AnyScene, Judge},
    story::{Setting, Story},
    verdict::{Difference, Verdict},
};

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
