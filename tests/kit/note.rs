//! The learner's own words on the timeline.

use std::fmt::Display;

use record::NOTES;

use crate::World;

/// Columns of a note; the rest is cut.
const WIDTH: usize = 40;

/// Writes `what` on the timeline, in a column of its own: `kit::note(format!("{n} left"))` shows in the report of
/// a failing test when your code was there, and in which order. It takes no time and changes no verdict. Outside
/// of a test, in a program made of an exercise, it goes to standard error.
///
/// # Panics
///
/// Ends the test as a spin when one instant has too many notes.
pub fn note(what: impl Display) {
    let what = what.to_string();
    let Some(world) = World::current() else {
        eprintln!("note: {what}");
        return;
    };
    let mut line: String = what.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > WIDTH {
        line = line.chars().take(WIDTH - 1).collect::<String>() + "…";
    }
    let lane = world.lane(NOTES);
    lane.log_in_drop(line);
    // Why not then: another panic would end the process.
    if !std::thread::panicking() {
        lane.touch();
    }
}
