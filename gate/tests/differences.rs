//! What the gate says about a mistake that is no good difference.

use gate::{early, material::Source};
use runner::{header::Headers, libtest::SCENES};

use super::{FIRST, HEADER, LATE, bites, record};
use crate::reduced::{SOLUTION, mistake};

#[test]
fn it_applies_to_a_right_answer_of_its_chapter() {
    bites(LATE, "does not apply to solutions/first_light.rs: expected", |copy| {
        copy.replace(SOLUTION, "if flash > 0", "if flash >= 1");
    });
    bites(LATE, "line 1: no line begins with `--- `", |copy| {
        copy.replace(LATE, "\n--- ", "\n");
    });
    bites(LATE, "line 8: solutions/gone.rs is missing", |copy| {
        copy.replace(LATE, SOLUTION, "solutions/gone.rs");
    });
    bites(LATE, "is no right answer of this chapter", |copy| {
        copy.write("solutions/other.rs", &copy.read(SOLUTION));
        copy.replace(LATE, SOLUTION, "solutions/other.rs");
    });
}

#[test]
fn it_holds_one_fault() {
    bites(LATE, "where 40 are the limit: is it one fault?", |copy| {
        let two = format!("lamp();{}", "\n        lamp();".repeat(45));
        mistake(copy, "waits_after_the_last_flash", HEADER, &two);
    });
    let whole = "mistakes/first_light/is_whole.rs";
    bites(whole, "unless `Whole:` says why none can show it", |copy| {
        let header = HEADER.lines().map(|line| format!("//! {line}\n"));
        let header: String = header.collect();
        copy.write(whole, &format!("{header}\n{}", copy.read(SOLUTION)));
    });
}

#[test]
fn it_says_which_rule_it_breaks_and_that_one_fails_first() {
    for said in ["first_light.9", "retries.1", "step 1"] {
        bites(LATE, "`Breaks:` names no rule: say `first_light.1`", |copy| {
            copy.replace(LATE, "Breaks: first_light.2", &format!("Breaks: {said}"));
        });
    }
    bites(LATE, "names a test of another step than `Breaks:`", |copy| {
        copy.replace(LATE, "Breaks: first_light.2", "Breaks: first_light.1");
    });
    bites(LATE, "`Breaks:` names step 1, which it passes", |copy| {
        copy.replace(LATE, "Breaks: first_light.2", "Breaks: first_light.1");
    });
    bites(LATE, "says why another step fails first, and step 2 does", |copy| {
        copy.replace(LATE, "Breaks: first_light.2", "Breaks: first_light.2; so");
    });
    bites(LATE, "fails step 1 before step 2, which `Breaks:` names", |copy| {
        record(copy, |mistakes| {
            let late = &mut mistakes["waits_after_the_last_flash"]["fails"];
            late.as_array_mut().unwrap().insert(0, FIRST.into());
        });
    });
}

#[test]
fn it_is_right_up_to_the_rule_it_breaks() {
    let said = |scenes: usize, early: &str| {
        let scenes = format!("step_{scenes}_x::{SCENES}");
        let failing = [scenes, "step_3_x::an_example".to_owned()];
        let headers = Headers::read(&format!("{HEADER}{early}"));
        let [file, name, text, module] = [LATE, "", "", ""].map(str::to_owned);
        let mistake = Source { file, name, text, headers, module };
        early::right_until_then(&mistake, &failing).map(|finding| finding.sentence)
    };
    let early = said(2, "").expect("rule 2 is not the one it breaks");
    let words = "fails the scenes of step 2, and no example before step 3";
    assert!(early.contains(words), "{early}");
    let idle = said(3, "Early: so\n").expect("they see nothing");
    assert!(idle.contains("they see nothing before step 3"), "{idle}");
    assert_eq!(
        [said(2, "Early: so\n"), said(3, ""), said(4, "")],
        [None, None, None]
    );
}
