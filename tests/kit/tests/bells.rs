//! A small contract as a calculation, for the tests of scenes.

use std::time::Duration;

use crate::{
    ms,
    scenes::{
        Agenda, Contract, Draw, Event, Judge, Open, Setting, Story, judge, told,
    },
};

/// A bell rings after each of some pauses. Rule 2: at `until`, counted from the beginning, it is taken
/// away. What happens when both meet is open.
pub(super) struct Bells;

/// A pause of which the contract does not speak.
pub(super) const NOBODY_KNOWS: Duration = ms(1);

pub(super) struct Scene {
    pub(super) pauses: Vec<Duration>,
    pub(super) until: Option<Duration>,
}

#[derive(Clone, PartialEq)]
pub(super) enum Happens {
    Rings(usize),
    Leaves,
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        match self {
            Happens::Rings(n) => ("bell", format!("rings: {n}")),
            Happens::Leaves => ("porter", "takes it away".to_owned()),
        }
    }
}

impl Setting for Scene {
    fn draw(from: &Draw) -> Self {
        let soon = |from: &Draw| from.time().min(ms(1_000_000));
        let until = from.since(2, |from| from.maybe(soon));
        Scene { pauses: from.list(soon), until }
    }

    fn words(&self) -> Vec<String> {
        let pauses: Vec<_> = self.pauses.iter().copied().map(told).collect();
        let mut lines = vec![format!("pauses of {}", pauses.join(", "))];
        lines.extend(self.until.map(|until| format!("until {}", told(until))));
        lines
    }
}

impl Contract for Bells {
    type Scene = Scene;
    type Event = Happens;

    fn judge() -> &'static dyn Judge {
        judge::<Self>()
    }

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let (mut due, mut story, mut at) =
            (Agenda::default(), Story::default(), Duration::ZERO);
        for (n, pause) in scene.pauses.iter().enumerate() {
            at += *pause;
            due.add(at, Happens::Rings(n));
        }
        due.add(scene.until.unwrap_or(Duration::MAX), Happens::Leaves);
        while let Some((at, event)) = due.next(open) {
            story.tell(at, event.clone());
            if event == Happens::Leaves {
                open.sometimes(2, "it is taken away before it has rung");
                break;
            }
        }
        (!scene.pauses.contains(&NOBODY_KNOWS)).then_some(story)
    }

    fn law(_: &Scene, came: &Story<Happens>) -> Result<(), String> {
        let mut after = came.whats().skip_while(|event| **event != Happens::Leaves);
        match after.nth(1) {
            Some(_) => Err("it rings after it was taken away".to_owned()),
            None => Ok(()),
        }
    }
}
