//! What is left to chance: the races, and the answers that draw lots.

use runner::{
    Error,
    judge::Run,
    libtest,
    signatures::{Signature, Signatures},
};

/// What draws lots, besides a `select!` without `biased`.
const LOTS: [&str; 3] = ["HashMap", "HashSet", "rand::"];

/// Whether an answer draws lots: which branch a `select!` polls first, in which order a map is read. All that
/// happens in its runs is no evidence then.
pub fn has_a_say(answer: &str) -> bool {
    let mut branches = answer.split("select!").skip(1);
    let is_fair = |rest: &str| {
        let inside = rest.trim_start().trim_start_matches(['{', '(', '[']);
        !inside.trim_start().starts_with("biased")
    };
    branches.any(is_fair) || LOTS.iter().any(|lot| answer.contains(lot))
}

/// The signatures, with what a race said when they were recorded: which of its sentences it finds untrue first is luck,
/// and with it the rule.
pub fn settled(mut fresh: Signatures, recorded: Option<&Signatures>) -> Signatures {
    for (mistake, new) in &mut fresh.mistakes {
        let old = recorded.and_then(|recorded| recorded.mistakes.get(mistake));
        let is_luck = |old: &&Signature| {
            old.fails == new.fails
                && new.fails.iter().all(|test| libtest::is_race(test))
        };
        if let Some(old) = old.filter(is_luck) {
            *new = old.clone();
        }
    }
    fresh
}

/// How often a race may miss a wrong answer that it has to find.
const TRIES: usize = 5;

/// The run with the races in it: for a wrong answer that is caught by one, until it is.
///
/// # Errors
///
/// The binary cannot be started or was stopped.
pub fn raced(
    named: Option<&str>,
    run: Run,
    race: &mut dyn FnMut() -> Result<Option<Run>, Error>,
) -> Result<Run, Error> {
    let tries = match named {
        Some(test) if libtest::is_race(test) => TRIES,
        _ if run.failing().is_empty() && run.trouble.is_none() => 1,
        _ => 0,
    };
    for left in (0..tries).rev() {
        let Some(races) = race()? else { return Ok(run) };
        if left == 0 || !races.failing().is_empty() {
            return Ok(run.with(races));
        }
    }
    Ok(run)
}
