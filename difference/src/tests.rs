//! Differences over texts of a few lines.

use super::*;

const BASE: &str = "solutions/lamp.rs";
const DESK: &str = "exercises/lamp.rs";

const RIGHT: &str = "\
fn one() {
    wait();
    flash();
}

fn two() {
    wait();
    flash();
}

#[cfg(test)]
#[path = \"../tests/lamp.rs\"]
mod tests;
";

fn made(wrong: &str) -> String {
    let diff = between(BASE, RIGHT, DESK, wrong).expect("they differ");
    format!("Mistake: flashes twice.\n\n{diff}")
}

fn sentences(problems: Vec<Problem>) -> Vec<String> {
    problems.iter().map(Problem::to_string).collect()
}

#[test]
fn what_is_written_makes_the_same_answer_again() {
    let wrong = RIGHT.replace("two() {\n    wait();", "two() {\n    flash();");
    let text = made(&wrong);
    let difference = Difference::read(&text).unwrap();
    assert_eq!(difference.base, BASE);
    assert_eq!(difference.header, "Mistake: flashes twice.\n\n");
    assert_eq!(difference.changed(), 2);
    assert_eq!(difference.apply(RIGHT).unwrap(), wrong);
}

#[test]
fn an_answer_one_folder_deeper_and_windows_lines_make_no_difference() {
    let deeper = RIGHT.replace("../tests", "../../tests").replace('\n', "\r\n");
    assert_eq!(between(BASE, RIGHT, DESK, &deeper), None);
    let wrong = RIGHT.replace("    wait();\n", "");
    let text = made(&wrong);
    assert_eq!(Difference::read(&text).unwrap().apply(&deeper).unwrap(), wrong);
}

#[test]
fn every_hunk_that_does_not_fit_is_named_with_what_stands_there() {
    let wrong = RIGHT.replace("    wait();\n", "");
    let text = made(&wrong);
    let newer = RIGHT.replace("    wait();", "    sleep();");
    let problems = Difference::read(&text).unwrap().apply(&newer).unwrap_err();
    let expected = "does not apply to solutions/lamp.rs: expected `wait();`, found `sleep();` in line";
    let told = sentences(problems);
    assert_eq!(
        told,
        [format!("line 5: {expected} 2"), format!("line 10: {expected} 7")]
    );
}

#[test]
fn a_hunk_that_fits_twice_needs_more_context() {
    let text = "Mistake: x\n\n--- a/solutions/lamp.rs\n+++ b/exercises/lamp.rs\n@@ -40,2 +40,1 @@\n-    wait();\n     flash();\n";
    let problems = Difference::read(text).unwrap().apply(RIGHT).unwrap_err();
    assert!(sentences(problems)[0].contains("fits at the lines [2, 7]"));
}

#[test]
fn what_is_no_difference_is_refused_with_its_line() {
    let none = Difference::read("Mistake: x\n").unwrap_err();
    assert!(none.to_string().starts_with("line 1: no line begins with `--- `"));
    let other = made(&RIGHT.replace("flash", "blink")).replace(BASE, "src/lamp.rs");
    let other = Difference::read(&other).unwrap_err();
    assert_eq!(
        other.to_string(),
        "line 3: `src/lamp.rs` is no right answer: they lie in solutions/"
    );
    let torn =
        Difference::read("--- a/solutions/lamp.rs\n+++ b/exercises/lamp.rs\n@@ x\n")
            .unwrap_err();
    assert!(torn.to_string().starts_with("line 1: not a unified diff"));
}

#[test]
fn a_line_of_the_answer_is_found_where_it_stands() {
    let wrong =
        RIGHT.replace("one() {\n    wait();", "one() {\n    flash();\n    flash();");
    let text = made(&wrong);
    let difference = Difference::read(&text).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let right: Vec<&str> = RIGHT.lines().collect();
    for (at, line) in wrong.lines().enumerate() {
        let (origin, number) = difference.place(at + 1);
        let there = match origin {
            Origin::Difference => lines[number - 1].get(1..).unwrap_or_default(),
            Origin::RightAnswer => right[number - 1],
        };
        assert_eq!(there, line, "line {} of the answer", at + 1);
    }
}

#[test]
fn a_fault_is_carried_over_to_a_newer_right_answer() {
    let wrong = RIGHT.replace("two() {\n    wait();", "two() {\n    flash();");
    let newer = RIGHT.replace("fn one", "pub fn one");
    let carried = carry(RIGHT, &newer, &wrong).unwrap();
    assert_eq!(carried, wrong.replace("fn one", "pub fn one"));
    let clash = RIGHT.replace("two() {\n    wait();", "two() {\n    sleep();");
    assert!(carry(RIGHT, &clash, &wrong).unwrap_err().contains("<<<<<<<"));
}
