//! The gate can fail: each condition on texts, broken on a copy of `first_light`, is heard.

#[path = "../../runner/tests/common/mod.rs"]
mod common;
mod differences;
mod reduced;
mod sheets;
mod shops;

use std::path::Path;

use common::Copy;
use gate::text;
use reduced::{FOLDER, RECORDED, SOLUTION, SUITE, mistake, reduced};
use runner::{Workbook, workbook::stem};

const STUB: &str = "mistakes/first_light/stub.rs";
const PAGE: &str = "book/src/first_light.md";
const LATE: &str = "mistakes/first_light/waits_after_the_last_flash.diff";

const HEADER: &str = "Mistake: m.\nSource: https://x.y\nBreaks: first_light.2\nCaught by: x\nHint: h.\n";

/// Breaks a copy and asserts that the gate names `file` and says `words`.
fn bites(file: &str, words: &str, damage: impl FnOnce(&Copy)) {
    let copy = reduced();
    damage(&copy);

    let findings = text::whole(&copy.workbook()).unwrap();

    let heard = findings
        .iter()
        .any(|finding| finding.file == file && finding.sentence.contains(words));
    let said: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert!(heard, "{file} … {words}: not among\n{}", said.join("\n"));
}

#[test]
fn this_workbook_passes_the_part_of_the_gate_that_needs_no_compiler() {
    let workbook = Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();

    let findings = text::whole(&workbook).unwrap();

    let said: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert!(said.is_empty(), "to mend:\n{}\n", said.join("\n"));
}

#[test]
fn nothing_is_said_about_a_whole_chapter() {
    let copy = reduced();

    let findings = text::whole(&copy.workbook()).unwrap();

    let said: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn five_doors() {
    for file in [PAGE, SUITE, STUB, SOLUTION] {
        bites(file, "is missing", |copy| {
            std::fs::remove_file(copy.root.join(file)).unwrap();
        });
    }
    bites("mistakes/stranger", "no chapter", |copy| {
        copy.write("mistakes/stranger/stub.rs", "");
    });
    bites("solutions/stranger", "no chapter", |copy| {
        copy.write("solutions/stranger/main.rs", "");
    });
    bites("tests/stranger.rs", "no chapter", |copy| {
        copy.write("tests/stranger.rs", "");
    });
    bites("Cargo.toml", "`status` must be the last", |copy| {
        copy.replace("Cargo.toml", "name = \"status\"", "name = \"progress\"");
    });
    bites("workbook.toml", "does not come before it", |copy| {
        copy.replace("workbook.toml", "needs = []", "needs = [\"later\"]");
    });
}

#[test]
fn lists_are_computed() {
    let stale = "is not what workbook.toml and the folders say";
    for (file, line) in [
        ("Cargo.toml", "path = \"exercises/first_light.rs\""),
        ("book/src/SUMMARY.md", "- [First light](first_light.md)"),
        ("mistakes/first_light/Cargo.toml", "tower.workspace = true"),
        ("solutions/first_light/main.rs", "mod first_light;"),
        ("tests/originals.txt", "tests/first_light.rs"),
    ] {
        bites(file, stale, |copy| copy.replace(file, line, ""));
    }
    bites("Cargo.toml", "there is no line `# exercises: computed", |copy| {
        copy.replace("Cargo.toml", "# end of exercises", "");
    });
}

#[test]
fn circles_between_files() {
    let circle =
        "imports runner/src/second.rs, which imports runner/src/first.rs: a circle";
    bites("runner/src/first.rs", circle, |copy| {
        copy.replace("runner/src/lib.rs", "pub mod cargo;", "pub mod first; pub mod second;\npub mod first;\npub mod second;\npub mod cargo;");
        copy.write(
            "runner/src/first.rs",
            "use crate::second::Two;\npub struct One;\n",
        );
        let second = "pub struct Two;\nfn f() { let _ = super::first::One; }\n";
        copy.write("runner/src/second.rs", second);
    });
}

#[test]
fn one_contract() {
    bites(SOLUTION, "rule 2 of the contract", |copy| {
        copy.replace(
            SOLUTION,
            "in the instant of the last",
            "one wait after the last",
        );
    });
    bites(PAGE, "there is no {{#contract first_light}}", |copy| {
        copy.replace(PAGE, "{{#contract first_light}}", "1. It flashes.");
    });
    bites(SUITE, "each rule is one `mod step_N_…`", |copy| {
        copy.replace(STUB, "//! 2. ", "//! 2. Another rule.\n//! 3. ");
    });
    bites(PAGE, "there is no section `## Step 2", |copy| {
        copy.replace(PAGE, "## Step 2", "## Part 2");
    });
}

#[test]
fn assertions_with_rules() {
    bites(SUITE, "asserts without saying which rule", |copy| {
        copy.replace(SUITE, "\"zero flashes are no flash\"", "\"\"");
    });
    bites(SUITE, "checks \"first_light.1\" but lies in step 2", |copy| {
        copy.replace(SUITE, "first_light.2", "first_light.1");
    });
    bites(SUITE, "lies in no step", |copy| {
        copy.replace(SUITE, "mod step_2_", "mod part_2_");
    });
    bites(SUITE, "comes after that of `worlds_that_nobody_planned", |copy| {
        copy.replace(SUITE, "fn the_", "fn zebras_");
    });
}

#[test]
fn wrong_answers() {
    bites(FOLDER, "3 mistakes where at least 9", |copy| {
        let list = copy.read("workbook.toml");
        let more = list.replace("mistakes_at_least = 3", "mistakes_at_least = 9");
        copy.write("workbook.toml", &more);
        let workbook = copy.workbook();
        let files = workbook.wrong_answers(&workbook.chapters[0]);
        for file in &files[3..] {
            std::fs::remove_file(copy.root.join(file)).unwrap();
        }
    });
    for header in ["Mistake", "Source", "Breaks", "Caught by", "Hint"] {
        let line = format!("{header}:");
        bites(LATE, &format!("`{line}` is missing"), |copy| {
            copy.replace(LATE, &line, "Nothing:");
        });
    }
    bites(LATE, "names no page", |copy| {
        copy.replace(LATE, "https://", "see ");
    });
    bites(LATE, "line 2 belongs to no header", |copy| {
        copy.replace(LATE, "\n  ", "\n");
    });
    bites(LATE, "names no test", |copy| {
        copy.replace(LATE, "no_wait_follows_the_last_flash", "renamed");
    });
    bites("mistakes/first_light/lazy/waits_for_ever.rs", "Passes", |copy| {
        let file = "mistakes/first_light/lazy/waits_for_ever.rs";
        copy.replace(file, "//! Passes: nothing", "//! Passes: a lot");
    });
    bites(LATE, "says `crate::`", |copy| {
        mistake(copy, stem(LATE), HEADER, "crate::x(lamp);");
    });
}

#[test]
fn hints() {
    bites(PAGE, "step 2 has 2 of 3 hints", |copy| {
        let text = copy.read(PAGE);
        let at = text.find("### Step 2").unwrap();
        let third = at + text[at..].find("\n3. ").unwrap();
        let end =
            text[third + 1..].find("\n\n#").map_or(text.len(), |e| third + 1 + e);
        copy.write(PAGE, &format!("{}{}", &text[..third], &text[end..]));
    });
    bites(PAGE, "says `spare_wait`, which only the solution says", |copy| {
        let text = copy.read(PAGE);
        let at = text.find("### Step 1").unwrap();
        let hint = at + text[at..].find("\n1. ").unwrap() + 4;
        copy.write(
            PAGE,
            &format!("{}Use `spare_wait`: {}", &text[..hint], &text[hint..]),
        );
        copy.replace(SOLUTION, "sleep(every)", "spare_wait(every)");
    });
}

#[test]
fn all_answers_are_asked() {
    let file = "tests/first_light/outside.rs";
    bites(file, "brings other right answers, and not", |copy| {
        let one = "#[path = \"../../solutions/first_light/with_instants.rs\"]";
        copy.write(file, &format!("{one}\nmod one;\n"));
    });
}

#[test]
fn comments() {
    for codes in ["R1", "Q1, Q6", "4.3", "D3, 1.6"] {
        bites(SUITE, &format!("is nothing but `{codes}`"), |copy| {
            let marked = format!("    /// {codes}\n    #[test]");
            copy.replace(SUITE, "    #[test]", &marked);
        });
    }
    bites("tests/kit/lib.rs", "the comment in line 1 is nothing but", |copy| {
        copy.write("tests/kit/lib.rs", "//! R1\n");
    });
    let solution = "solutions/first_light.rs";
    bites(solution, "line 8, in the contract, has room for `at`", |copy| {
        copy.replace(solution, "times: at once", "times:\n//!    at once");
    });
    bites(solution, "line 8, in the contract, is too long", |copy| {
        copy.replace(solution, "1. The lamp", "1. The lamp of this exercise");
    });
}

#[test]
fn budgets() {
    for file in ["runner/src/long.rs", "tests/first_light/scene.rs"] {
        bites(file, "301 lines, where the budget is 300", |copy| {
            copy.write(file, &"\n".repeat(301));
        });
    }
    bites(STUB, "lines, where the budget is 120", |copy| {
        copy.write(STUB, &format!("{}{}", copy.read(STUB), "\n".repeat(120)));
    });
}

const FIRST: &str =
    "step_1_flashes_in_time::flashes_come_at_once_and_then_after_each_wait";

/// Changes what is recorded about the mistakes.
fn record(copy: &Copy, change: impl Fn(&mut serde_json::Value)) {
    let mut all: serde_json::Value =
        serde_json::from_str(&copy.read(RECORDED)).unwrap();
    change(&mut all["mistakes"]);
    copy.write(RECORDED, &all.to_string());
}

#[test]
fn recorded_signatures() {
    bites(RECORDED, "nothing is recorded", |copy| {
        std::fs::remove_file(copy.root.join(RECORDED)).unwrap();
    });
    bites(RECORDED, "names other tests or mistakes", |copy| {
        copy.replace(RECORDED, "waits_after_the_last_flash", "renamed");
    });
}

#[test]
fn failing_sets() {
    let only_first = |copy: &Copy| {
        record(copy, |mistakes| {
            mistakes["waits_after_the_last_flash"]["fails"] = [FIRST].into();
        });
    };
    bites(FOLDER, "the ladder breaks at step 2", only_first);
    bites(SUITE, "no mistake fails step_2_stops", only_first);
    bites(LATE, &format!("was not caught by {FIRST}"), |copy| {
        let named =
            "step_2_stops_with_the_last_flash::no_wait_follows_the_last_flash";
        copy.replace(LATE, named, FIRST);
    });
    bites(LATE, "fails every step", |copy| {
        record(copy, |mistakes| {
            let late = &mut mistakes["waits_after_the_last_flash"]["fails"];
            late.as_array_mut().unwrap().insert(0, FIRST.into());
        });
    });
    let early = "mistakes/first_light/waits_before_the_first_flash.diff";
    bites(early, "fails exactly like", |copy| {
        record(copy, |mistakes| {
            let late = mistakes["waits_after_the_last_flash"].clone();
            mistakes["waits_before_the_first_flash"] = late;
        });
    });
}
