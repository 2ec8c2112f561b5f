//! What an author does with a mistake: written from the desk, put back by git, carried over to a right answer
//! that changed.

#[path = "../../runner/tests/common/mod.rs"]
mod common;
mod reduced;

use std::process::Command;

use common::Copy;
use gate::authoring;
use reduced::{DESK, FOLDER, SOLUTION, reduced};
use runner::mistake;

const NAME: &str = "first_light";

/// A copy whose desk holds the solution with a fault in it.
fn with_a_fault() -> Copy {
    let copy = reduced();
    let solution = copy.read(SOLUTION);
    copy.write(DESK, &solution.replace("if flash > 0", "if flash > 1"));
    copy
}

fn git(copy: &Copy, arguments: &[&str]) {
    let who = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
    let mut command = Command::new("git");
    let done = command.args(who).args(arguments).current_dir(&copy.root).output();
    let done = done.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_desk_becomes_a_difference_to_the_nearest_right_answer() {
    let copy = with_a_fault();
    let said = authoring::write(&copy.workbook(), NAME, "skips_a_wait").unwrap();

    let file = format!("{FOLDER}/skips_a_wait.diff");
    assert!(
        said.starts_with(&format!("{file}: 2 lines of {SOLUTION} changed.")),
        "{said}"
    );
    let text = copy.read(&file);
    assert!(text.starts_with("Mistake:\nSource:\n"), "{text}");
    assert!(text.contains("\nBreaks: first_light.1\n"), "{text}");

    let complete = text.replacen("Mistake:", "Mistake: skips a wait.", 1);
    copy.write(&file, &complete);
    authoring::write(&copy.workbook(), NAME, "skips_a_wait").unwrap();
    assert_eq!(copy.read(&file), complete, "a header that is there stays");
}

#[test]
fn git_puts_a_mistake_onto_a_desk_that_holds_its_right_answer() {
    let copy = with_a_fault();
    let wrong = copy.read(DESK);
    authoring::write(&copy.workbook(), NAME, "skips_a_wait").unwrap();
    copy.write(DESK, &copy.read(SOLUTION));
    git(&copy, &["init", "--quiet"]);
    git(&copy, &["apply", &format!("{FOLDER}/skips_a_wait.diff")]);
    assert_eq!(copy.read(DESK), wrong);
}

#[test]
fn what_is_no_mistake_is_not_written() {
    let copy = reduced();
    let refused = |name: &str| {
        let error = authoring::write(&copy.workbook(), NAME, name).unwrap_err();
        error.to_string()
    };
    copy.write(DESK, &copy.read(SOLUTION));
    let same =
        "exercises/first_light.rs is solutions/first_light.rs: put the fault in";
    assert!(refused("is_right").starts_with(same), "{}", refused("is_right"));
    assert!(refused("Is-Right").contains("is no name for a module"));
    copy.replace(DESK, "    for", "  for");
    assert!(refused("is_right").contains("run `cargo fmt --all`"));
}

#[test]
fn mistakes_follow_a_right_answer_that_changed_or_are_named() {
    let copy = reduced();
    git(&copy, &["init", "--quiet"]);
    git(&copy, &["add", SOLUTION]);
    git(&copy, &["commit", "--quiet", "--message", "as it was"]);
    copy.replace(SOLUTION, "//! First light:", "//!\n//! First light:");
    copy.replace(
        SOLUTION,
        "use tokio::time::sleep;",
        "use tokio::time::{self, sleep};",
    );

    let said = authoring::carry(&copy.workbook(), NAME, "HEAD").unwrap();

    let clash = format!(
        "{FOLDER}/blocks_the_thread.diff: clashes with {SOLUTION} in 1 place"
    );
    assert!(said.contains(&clash), "{said}");
    let workbook = copy.workbook();
    let all = mistake::all(&workbook, &workbook.chapters[0]).unwrap();
    let fits =
        |name: &str| all.iter().any(|one| one.name == name && one.answer.is_ok());
    assert!(fits("waits_after_the_last_flash"), "{said}");
    assert!(!fits("blocks_the_thread"), "{said}");
}
