//! What can happen in the scenes of `task_tracker`.

use kit::scenes::Event;

use Happens::*;

#[derive(Clone, Copy, PartialEq)]
pub enum Happens {
    Makes(u32),
    /// The panic reaches who hands the task over: its own, or another.
    CannotBeMade(u32, bool),
    Refuses(u32),
    Begins(u32),
    IsTold(u32),
    Asked(u32, bool),
    Finishes(u32),
    Panics(u32),
    Stopped(u32),
    /// So many were stopped, and their tokens say nothing of it.
    NeverTold(usize),
    FindsItOver(u32),
    IsClosed,
    ShutsDown(u32),
    /// A call returns: how many finished, panicked, were stopped. That counts from rule 5 on.
    Hears(u32, Option<[usize; 3]>),
    Leaves(u32),
}

impl Event for Happens {
    fn words(&self) -> (&'static str, String) {
        match self {
            Makes(n) => ("task", format!("{n} is made")),
            CannotBeMade(n, true) => ("gate", format!("passes on the panic of {n}")),
            CannotBeMade(n, false) => ("gate", format!("panics, but not as {n}")),
            Refuses(n) => ("gate", format!("refuses {n}")),
            Begins(n) => ("task", format!("{n} begins")),
            IsTold(n) => ("task", format!("{n} is told")),
            Asked(n, true) => ("task", format!("{n} asks, and is told")),
            Asked(n, false) => ("task", format!("{n} asks, and is not told")),
            Finishes(n) => ("task", format!("{n} finishes")),
            Panics(n) => ("task", format!("{n} panics")),
            Stopped(n) => ("task", format!("{n} is stopped")),
            NeverTold(n) => ("gate", format!("has never told {n} that it stopped")),
            FindsItOver(n) => ("task", format!("{n} is there, and a wait is over")),
            IsClosed => ("gate", "is closed".to_owned()),
            ShutsDown(n) => ("caller", format!("{n} begins to shut down")),
            Hears(n, None) => ("caller", format!("{n} goes on")),
            Hears(n, Some([finished, panicked, stopped])) => {
                let ends = format!("{finished} finished, {panicked} panicked");
                ("caller", format!("{n} hears: {ends}, {stopped} stopped"))
            }
            Leaves(n) => ("caller", format!("{n} leaves")),
        }
    }
}
