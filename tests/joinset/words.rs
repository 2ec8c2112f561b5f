//! The scenes of `joinset` in words.

use std::time::Duration;

use kit::{
    ordinal,
    scenes::{counted, told, told_after},
};

use super::{Call, End, HOUR, Hint, Item, Scene};

pub(super) fn of(scene: &Scene) -> Vec<String> {
    let calls = scene.calls.iter().enumerate();
    let mut lines: Vec<_> = calls.map(|(nth, call)| call.words(nth)).collect();
    let words = |it: &Option<Item>| it.map_or("`None`".into(), |it| it.words());
    let mut answers: Vec<_> = scene.answers.iter().take(20).map(words).collect();
    if scene.is_endless || scene.answers.len() > 20 {
        let end = if scene.is_endless { " without end" } else { "" };
        answers.push(format!("and more{end}"));
    }
    let whose = if scene.step < 5 { "of the calls" } else { "of the one iterator" };
    lines.push(format!("items {whose}: {}", answers.join("; ")));
    let more = [
        (scene.step == 1, "answers are looked at after an hour"),
        (scene.hint == Hint::AtMost, "the iterator says how long it is at most"),
        (scene.hint == Hint::None, "the iterator does not say how long it is"),
        (scene.is_moved, "the first poll of a call has its own waker"),
    ];
    lines.extend(more.iter().filter(|it| it.0).map(|it| it.1.to_owned()));
    let wrong = "with an error or a panic";
    if scene.polls > 1 {
        lines.push(format!("{wrong} {} polls in a row", scene.polls));
    }
    if scene.neighbours > 0 {
        let tasks = counted(scene.neighbours, "task");
        lines.push(format!("{wrong} {tasks} at work"));
    }
    lines
}

impl Call {
    fn words(&self, nth: usize) -> String {
        let mut words = format!("limit {}", self.limit);
        if nth > 0 {
            let (nth, after) = (ordinal(nth + 1), told(self.after));
            words = format!("{nth} call, {after} later: {words}");
        }
        if self.patience < HOUR {
            let last = if self.is_abrupt { " without a last poll" } else { "" };
            words += &format!(", dropped {}{last}", told_after(self.patience));
        }
        words
    }
}

impl Item {
    fn words(&self) -> String {
        let Item { n, turns, .. } = *self;
        let after = told_after(self.takes);
        let when = match turns {
            0 => after,
            usize::MAX => after + ", once it gave way until another task ran",
            _ => format!("{after}, once it gave way {}", counted(turns, "time")),
        };
        match self.end {
            End::IteratorPanics(with) => {
                format!("the iterator panics with {with:?}")
            }
            End::CallPanics(with) => {
                format!("the call for item {n} panics with {with:?}")
            }
            _ if self.takes == Duration::MAX => format!("item {n} never ends"),
            End::Value(value) => format!("item {n}: Ok({value}) {when}"),
            End::Error => format!("item {n}: Err(E({n})) {when}"),
            End::Panic(with) => format!("item {n}: panics with {with:?} {when}"),
        }
    }
}
