//! What is kept of a solved exercise. A part of `reads`.

use std::{fs, path::Path};

use runner::{
    attached::without_the_suite,
    kept, layout,
    progress::{self, Line, Progress},
};

const ANSWER: &str = "//! A lamp.\n\npub fn signal() {}\n";
const SUITE: &str =
    "\n#[cfg(test)]\n#[path = \"../tests/lamp.rs\"]\nmod tests;\n// the end\n";

fn desk(text: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("exercises")).unwrap();
    write(root.path(), text);
    root
}

fn write(root: &Path, text: &str) {
    fs::write(root.join("exercises/lamp.rs"), text).unwrap();
}

/// What a check says of the exercise as it is now.
fn line(root: &Path, solved: bool) -> Line {
    let exercise = layout::fingerprint_alone(root, "lamp").ok();
    Line {
        name: "lamp".into(),
        solved,
        steps: vec![],
        here: None,
        hash: 0,
        exercise,
    }
}

fn kept_text(root: &Path) -> Option<String> {
    fs::read_to_string(kept::file(root, "lamp")).ok()
}

#[test]
fn the_lines_that_attach_the_suite_are_left_out() {
    let suites = [
        SUITE,
        "#[path = \"../tests/lamp.rs\"]\n#[cfg(test)]\nmod tests;",
        "\n\n\n#[cfg(test)] #[path = \"../tests/lamp.rs\"] mod tests;\n",
    ];
    for suite in suites {
        let kept = without_the_suite("lamp", &format!("{ANSWER}{suite}"));

        assert_eq!(kept.as_deref(), Some(ANSWER), "{suite:?}");
    }
    assert_eq!(without_the_suite("lamp", ANSWER), None);
}

#[test]
fn only_what_was_checked_and_solved_is_kept() {
    let desk = desk(&format!("{ANSWER}{SUITE}"));
    let root = desk.path();

    kept::keep(root, &line(root, false)).unwrap();
    assert_eq!(kept_text(root), None, "it is not solved");

    let checked = line(root, true);
    write(root, &format!("fn another() {{}}\n{SUITE}"));
    kept::keep(root, &checked).unwrap();
    assert_eq!(kept_text(root), None, "it was saved meanwhile");

    kept::keep(root, &line(root, true)).unwrap();
    assert_eq!(kept_text(root).as_deref(), Some("fn another() {}\n"));

    write(root, "fn begun_again() {}\n");
    kept::keep(root, &line(root, false)).unwrap();
    assert_eq!(kept_text(root).as_deref(), Some("fn another() {}\n"), "it stays");
}

#[test]
fn what_an_older_runner_called_solved_is_kept_when_it_is_asked_for() {
    let desk = desk(&format!("{ANSWER}{SUITE}"));
    let root = desk.path();
    let mut progress = Progress::default();
    progress.set(line(root, true));
    fs::create_dir_all(root.join(".workbook")).unwrap();
    fs::write(progress::file(root), progress.to_string()).unwrap();

    kept::catch_up(root, "lamp").unwrap();

    assert_eq!(kept_text(root).as_deref(), Some(ANSWER));
}
