//! Chooses whose pool `cargo run --example worker_pool` runs: the learner's when it is solved and has not
//! been touched since, because only then is it known to compile. Otherwise the reference.

#[path = "../runner/src/layout.rs"]
#[allow(dead_code)] // the runner uses the rest
mod layout;
#[path = "../runner/src/progress.rs"]
#[allow(dead_code)]
mod progress;

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

const NAME: &str = "worker_pool";

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let exercise = layout::exercise(NAME);
    let progress = progress::file(&root);
    let watched =
        if progress.is_file() { progress } else { empty(&root.join(".workbook")) };
    println!("cargo::rerun-if-changed={}", watched.display());
    println!("cargo::rerun-if-changed={}", root.join(&exercise).display());

    let (file, whose) = if solved(&root) {
        (
            exercise,
            "your pool; for the reference: cargo run --example worker_pool_reference",
        )
    } else {
        let whose = "the reference's pool; yours runs here as soon as `cargo run -- check \
                     worker_pool` says that it is solved";
        (format!("solutions/{NAME}.rs"), whose)
    };
    let file = root.join(file);
    let text = format!(
        "#[path = {file:?}]\n#[allow(dead_code, unused_imports)]\npub mod pool;\n\
         const WHOSE: &str = \"this is {whose}\";\n"
    );
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("worker_pool.rs"), text)
}

/// A folder that will change when the first check is kept. Cargo takes a path that is not there for one that
/// changes all the time, and one that is younger than this run for one that has changed since.
fn empty(folder: &Path) -> PathBuf {
    if !folder.is_dir() {
        // Why the results are dropped: at worst this runs once more.
        _ = fs::create_dir_all(folder);
        _ = fs::File::open(folder)
            .and_then(|folder| folder.set_modified(UNIX_EPOCH));
    }
    folder.to_owned()
}

/// Whether the exercise, as it is now, was solved at its last check.
fn solved(root: &Path) -> bool {
    let progress = progress::Progress::peek(root);
    let now = layout::fingerprint_alone(root, NAME).ok();
    let line = progress.get(NAME).filter(|line| line.solved);
    line.is_some_and(|line| now.is_some() && line.exercise == now)
}
