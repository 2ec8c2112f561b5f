//! Whether the scenes of a chapter are good enough: drawn and calculated, without any answer.

use std::collections::BTreeSet;

use super::{contract::Contract, draw::Draw, open::Open, story::Setting};

/// What many scenes of one step are like.
#[derive(Debug, Default)]
pub struct Census {
    /// How many were drawn.
    pub scenes: u64,
    /// How many of them the model does not judge.
    pub unjudged: u64,
    /// The states that a model came to, with the rule each is about. See [`Open::sometimes`].
    pub reached: BTreeSet<(usize, &'static str)>,
}

/// Draws the scenes of `step` that `seeds` seeds have.
pub fn census<C: Contract>(step: usize, seeds: u64) -> Census {
    let mut census = Census::default();
    let all = C::scenes(step);
    for n in 0..seeds * all {
        let scene = C::Scene::draw(&Draw::new(step, n / all, n % all, all));
        let open = Open::default();
        let is_judged = open.each(|open| C::model(&scene, open), |_| false);
        census.scenes += 1;
        census.unjudged += u64::from(!is_judged);
        census.reached.extend(open.reached());
    }
    census
}
