//! What a chapter says.

use super::{
    draw::Draw,
    open::Open,
    story::{Event, Story},
};

/// A chapter's contract as a calculation.
pub trait Contract: Send + Sync + 'static {
    /// What is given.
    type Scene: Send + Sync + 'static;
    /// What can happen.
    type Event: Event;

    /// A scene that holds what the rules up to [`Draw::step`] speak of, and nothing else.
    fn draw(from: &Draw) -> Self::Scene;

    /// What is given in `scene`, in lines.
    fn words(scene: &Self::Scene) -> Vec<String>;

    /// What is due in `scene`. Where the contract leaves something open it asks `open`, and is called
    /// again for every answer that `open` can give. `None` says that the contract does not speak of
    /// such a scene.
    fn model(scene: &Self::Scene, open: &Open) -> Option<Story<Self::Event>>;

    /// What must be true of every story, in the order it came, also of one that has no model.
    ///
    /// # Errors
    ///
    /// The sentence that is not true.
    fn law(_scene: &Self::Scene, _came: &Story<Self::Event>) -> Result<(), String> {
        Ok(())
    }
}
