//! Whether the scenes are good enough to judge by.

use std::{fs, path::Path};

use kit::scenes::{Contract, census};

/// Seeds of an ordinary run.
const SEEDS: u64 = 64;

// models: computed from workbook.toml and the folders, written by `cargo run -- verify --bless`
#[test]
fn timeouts() {
    good_enough::<crate::timeouts::Timeouts>("timeouts");
}

#[test]
fn retries() {
    good_enough::<crate::retries::Retries>("retries");
}

#[test]
fn backpressure() {
    good_enough::<crate::backpressure::Backpressure>("backpressure");
}

#[test]
fn joinset() {
    good_enough::<crate::joinset::Joinset>("joinset");
}

#[test]
fn task_tracker() {
    good_enough::<crate::task_tracker::TaskTracker>("task_tracker");
}

#[test]
fn shutdown() {
    good_enough::<crate::shutdown::Shutdown>("shutdown");
}

#[test]
fn errors() {
    good_enough::<crate::errors::Errors>("errors");
}

#[test]
fn tower() {
    good_enough::<crate::tower::Tower>("tower");
}

#[test]
fn worker_pool() {
    good_enough::<crate::worker_pool::WorkerPool>("worker_pool");
}

#[test]
fn http() {
    good_enough::<crate::http::Http>("http");
}
// end of models

/// In 64 seeds the scenes of every step come to each state that the model names for the rules so far,
/// there is one for each rule, and at most a quarter of the scenes is not judged.
fn good_enough<C: Contract>(chapter: &str) {
    let named = named(chapter);
    let rules = steps(chapter);
    assert!(!rules.is_empty(), "no step of its suite draws scenes");
    for &rule in &rules {
        assert!(
            named.iter().any(|(of, _)| *of == rule),
            "no state is named for rule {rule}"
        );
    }
    for &step in &rules {
        let census = census::<C>(step, SEEDS);
        let (scenes, unjudged) = (census.scenes, census.unjudged);
        println!("{chapter}.{step}: {unjudged} of {scenes} scenes are not judged");
        assert!(
            unjudged * 4 <= scenes,
            "{chapter}.{step}: more than a quarter of the scenes is not judged"
        );
        for (_, state) in named.iter().filter(|(rule, _)| *rule <= step) {
            let reached = census.reached.iter().any(|(_, what)| what == state);
            assert!(reached, "{chapter}.{step}: no scene comes to \"{state}\"");
        }
    }
}

/// The steps whose tests draw scenes.
fn steps(chapter: &str) -> Vec<usize> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = folder.with_file_name(chapter).with_extension("rs");
    let text = fs::read_to_string(file).expect("a chapter has its suite");
    let check = format!("scenes::check(\"{chapter}.");
    let calls = text.split(&check).skip(1).filter_map(|rest| rest.split('"').next());
    calls.map(|step| step.parse().expect("a rule has a number")).collect()
}

/// The states that a model and its modules name: `sometimes(5, "a wait ends at the deadline")`.
fn named(chapter: &str) -> Vec<(usize, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name(chapter);
    let files = fs::read_dir(folder).expect("a chapter has its folder");
    let files = files.map(|file| file.expect("a folder can be read").path());
    let read = |file| fs::read_to_string(file).expect("a module is a text");
    files.map(read).flat_map(|text| states(&text)).collect()
}

fn states(text: &str) -> Vec<(usize, String)> {
    let mut states = vec![];
    for call in text.split(".sometimes(").skip(1) {
        let Some((rule, rest)) = call.split_once(',') else { continue };
        // Where a helper hands both on they stand at its call.
        let Ok(rule) = rule.trim().parse() else { continue };
        let state = rest.split('"').nth(1).expect("then a state in words");
        states.push((rule, state.to_owned()));
    }
    states
}
