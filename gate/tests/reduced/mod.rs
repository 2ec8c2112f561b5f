//! This workbook, reduced to `first_light`.

#![allow(dead_code)] // Why: each test target uses its part.

use std::{fs, path::Path};

use gate::{copy, lists};
use toml::Table;

use crate::common::Copy;

/// The suite of the one chapter.
pub const SUITE: &str = "tests/first_light.rs";
/// Its reference solution.
pub const SOLUTION: &str = "solutions/first_light.rs";
/// The learner's desk.
pub const DESK: &str = "exercises/first_light.rs";
/// The folder of its wrong answers.
pub const FOLDER: &str = "mistakes/first_light";
/// How they are recorded to fail.
pub const RECORDED: &str = "mistakes/first_light/signatures.json";

/// What the copy is made of, besides the chapter: the packages that a first verdict compiles.
const FOLDERS: [&str; 10] = [
    "difference",
    "mistakes/first_light",
    "network",
    "record",
    "runner/src",
    "solutions/first_light",
    "tests/fakes",
    "tests/fakes_net",
    "tests/kit",
    "tests/models",
];

const FILES: [&str; 11] = [
    ".rustfmt.toml",
    "Cargo.lock",
    "book/src/first_light.md",
    "exercises/first_light.rs",
    "mistakes/build.rs",
    "mistakes/lib.rs",
    "mistakes/main.rs",
    "runner/Cargo.toml",
    "runner/tests/status.rs",
    "solutions/first_light.rs",
    "tests/first_light.rs",
];

/// The copy. Its lists are those of the one chapter.
pub fn reduced() -> Copy {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let copy = Copy::empty("reduced");
    for folder in FOLDERS.iter().filter(|folder| here.join(folder).is_dir()) {
        copy::copy(&here.join(folder), &copy.root.join(folder)).unwrap();
    }
    let text = |file: &str| fs::read_to_string(here.join(file)).unwrap();
    for file in FILES {
        copy.write(file, &text(file));
    }
    // The one chapter needs no network, and cargo refuses a package without a target.
    let target = "[lib]\npath = \"nothing.rs\"\n\n[dependencies]";
    let network = text("network/Cargo.toml").replace("[dependencies]", target);
    copy.write("network/Cargo.toml", &network);
    copy.write("network/nothing.rs", "//! Nothing yet.\n");
    // The one chapter has no model.
    let list = "//! Nothing yet.\n\n// models: computed\n// end of models\n";
    copy.write("tests/models/lib.rs", list);
    copy.write("tests/models/tests.rs", list);
    let contents = text("book/src/SUMMARY.md");
    let pages =
        |line: &&str| !line.contains('(') || line.contains("(first_light.md)");
    let contents: Vec<_> = contents.lines().filter(pages).collect();
    copy.write("book/src/SUMMARY.md", &(contents.join("\n") + "\n"));
    let mut list: Table = text("workbook.toml").parse().unwrap();
    let chapters = list["chapter"].as_array_mut().unwrap();
    chapters.retain(|chapter| chapter["name"].as_str() == Some("first_light"));
    copy.write("workbook.toml", &list.to_string());
    copy.write("Cargo.toml", &manifest(&text("Cargo.toml")));
    copy.write(
        "runner/Cargo.toml",
        &without(&text("runner/Cargo.toml"), |b| b.contains("[[test]]")),
    );
    // What the outer build has compiled already need not be compiled again.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let shared =
        format!("[build]\ntarget-dir = {:?}\n", target.display().to_string());
    copy.write(".cargo/config.toml", &shared);
    lists::write(&copy.workbook()).unwrap();
    copy
}

/// The root manifest without the packages that the copy leaves out, and without what is said about them. As
/// text, because the computed lists lie between comments.
fn manifest(text: &str) -> String {
    let mut text = text.to_owned();
    for folder in ["book", "examples", "gate", "tests/processes"] {
        text = text.replace(&format!("\"{folder}\", "), "");
        text = text.replace(&format!(", \"{folder}\"]"), "]");
    }
    let here =
        ["fakes", "fakes_net", "kit", "models", "network", "tokio", "workbook"];
    let here = here.map(|name| format!("[profile.dev.package.{name}]"));
    without(&text, |block| {
        let profile =
            block.lines().find(|line| line.starts_with("[profile.dev.package."));
        profile.is_some_and(|line| here.iter().all(|package| line != package))
    })
}

/// A text without some of its blocks, which blank lines part.
fn without(text: &str, left_out: impl Fn(&str) -> bool) -> String {
    let blocks = text.split("\n\n").filter(|block| !left_out(block));
    blocks.collect::<Vec<_>>().join("\n\n")
}

/// Writes a mistake: the solution with `instead` in the place of its `lamp();`.
pub fn mistake(copy: &Copy, name: &str, header: &str, instead: &str) {
    let solution = copy.read(SOLUTION);
    let wrong = solution.replacen("lamp();", instead, 1);
    let diff = difference::between(SOLUTION, &solution, DESK, &wrong);
    let diff = diff.expect("there is a fault");
    copy.write(&format!("{FOLDER}/{name}.diff"), &format!("{header}\n{diff}"));
}
