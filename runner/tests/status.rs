//! The last words of `cargo test`: how far the learner is, and what to type.
//!
//! Cargo runs test targets sorted by package and then by name. This one belongs to the root package,
//! which sorts behind all others, and is called `status`, which sorts behind the others: so it is the
//! last. It holds no test and has no harness: its list is empty, which is what `cargo nextest` and
//! editors ask for, and it also speaks when `cargo test retries` filters every test away. Only the
//! standard library is used: nothing is compiled for it.

#[path = "../src/hash.rs"]
#[allow(dead_code)] // Why: the runner uses the rest.
mod hash;
#[path = "../src/layout.rs"]
#[allow(dead_code)] // Why: the runner uses the rest.
mod layout;
#[path = "../src/progress.rs"]
#[allow(dead_code)] // Why: the runner writes the file, this target only reads it.
mod progress;

use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list =
        std::fs::read_to_string(root.join("workbook.toml")).unwrap_or_default();
    let names: Vec<&str> = list.lines().filter_map(name).collect();
    let progress = progress::Progress::peek(root);
    // Why the hash: what was solved and is another file now is not solved, as the list has it.
    let solved = |name: &&&str| {
        let line = progress.get(name).filter(|line| line.solved);
        line.is_some_and(|line| {
            let alone = layout::fingerprint_alone(root, name).ok();
            line.exercise == alone && alone.is_some()
                || layout::fingerprint(root, name).ok() == Some(line.hash)
        })
    };
    let count = names.iter().filter(solved).count();
    let asked = names.iter().find(|name| arguments.iter().any(|a| a == *name));
    let next = asked.or_else(|| names.iter().find(|name| !solved(name)));

    println!(
        "\nThis was the workbook testing itself: its answer keys, not your exercises."
    );
    println!(
        "Your exercises: {count} of {} solved, as of the last check of each.",
        names.len()
    );
    match next {
        Some(name) => println!(
            "To go on: `cargo run`, or `cargo test --test {name}` for {name} alone.\n"
        ),
        None => println!("To check them again: `cargo run -- check NAME`.\n"),
    }
}

/// `name = "retries"`
fn name(line: &str) -> Option<&str> {
    let value = line.strip_prefix("name")?.trim_start().strip_prefix('=')?;
    value.trim().strip_prefix('"')?.strip_suffix('"')
}
