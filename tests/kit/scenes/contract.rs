//! What a chapter says.

use super::{
    judge::Judge,
    open::Open,
    story::{Event, Setting, Story},
};

/// A chapter's contract as a calculation.
pub trait Contract: Send + Sync + 'static {
    /// What is given.
    type Scene: Setting;
    /// What can happen.
    type Event: Event;

    /// Draws and compares: [`super::judge`]. Why each contract says so itself: it is compiled where it is said.
    fn judge() -> &'static dyn Judge;

    /// How many scenes of this step are acted under one seed. The more rules there are, the more can come together; fewer
    /// where each is the work of a whole service.
    fn scenes(step: usize) -> u64 {
        5 + step as u64
    }

    /// What is due in `scene`. Where the contract leaves something open it asks `open`, and is called
    /// again for every answer that `open` can give. `None` says that the contract does not speak of
    /// such a scene.
    fn model(scene: &Self::Scene, open: &Open) -> Option<Story<Self::Event>>;

    /// The same where every rule of the chapter holds, also those of later steps. Of several stories that are due, and
    /// equally near to what came, a report shows one of these: what a later rule forbids would mislead.
    fn by_all_rules(scene: &Self::Scene, open: &Open) -> Option<Story<Self::Event>> {
        Self::model(scene, open)
    }

    /// What must be true of every story, in the order it came, also of one that has no model.
    ///
    /// # Errors
    ///
    /// The sentence that is not true.
    fn law(_scene: &Self::Scene, _came: &Story<Self::Event>) -> Result<(), String> {
        Ok(())
    }
}
