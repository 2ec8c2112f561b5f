//! What is printed: the sentences. Those of a refusal stand in `error.rs`.

pub mod hint;
pub mod mistakes;
pub mod next;
pub mod overview;
pub mod rule;
pub mod trouble;
pub mod unjudged;
pub mod verdict;

/// How the learner starts a command.
pub const RUN: &str = "cargo run --";

/// The columns that a line of ours may take.
const WIDTH: usize = 80;

/// The start of a text, cut between two words so that it and what stands `before` it fit on one line.
fn shortened(text: &str, before: usize) -> String {
    let room = WIDTH - before;
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room - 1).collect();
    let kept = kept.rsplit_once(' ').map_or(kept.as_str(), |(kept, _)| kept);
    format!("{kept} …")
}
