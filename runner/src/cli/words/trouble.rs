//! What went wrong with a run as a whole, for a learner.

use crate::{Chapter, judge::Trouble, libtest::step};

/// For the headline.
pub fn in_short(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::NoTests => "the file has lost its suite",
        Trouble::OtherTests { .. } => "these are not the tests of the suite",
        Trouble::Hangs(_) => "it hangs",
        Trouble::Signal(..) => "it brings the whole process down",
        Trouble::LeftEarly(..) => "it leaves the whole process",
        Trouble::Disagreement { .. } => "the kit and libtest disagree",
        Trouble::Miscounted => "it prints over the test results",
        Trouble::Foreign(_) => "it writes test results itself",
    }
}

/// In whole sentences: what is wrong, where, and what to do.
pub fn explained(chapter: &Chapter, trouble: &Trouble) -> String {
    let name = &chapter.name;
    match trouble {
        Trouble::NoTests => format!(
            "The suite is not in this file as it was. It must end with {}",
            last_lines(name)
        ),
        Trouble::OtherTests { expected, found } => format!(
            "The suite has {expected} tests on record, and this file has {found} or others. It \
             must end with {}\n\
             If it was the suite that you changed: cargo run -- verify {name} --bless\n\
             records its tests.",
            last_lines(name)
        ),
        Trouble::Hangs(test) => format!(
            "{}: it did not end and was stopped, {}: something runs or waits without an end, or \
             blocks the thread (std::thread::sleep?).",
            rule(name, test.as_deref()),
            within(test.as_deref())
        ),
        Trouble::Signal(signal, test) => format!(
            "{}: the process died of signal {signal}{}, {}. What is unseen above did not come to its end.",
            rule(name, test.as_deref()),
            named(*signal),
            within(test.as_deref())
        ),
        Trouble::LeftEarly(code, test) => format!(
            "{}: the process left with code {code}, {}, before the tests were counted. \
             Nothing counts as passed: does the code call `exit`?",
            rule(name, test.as_deref()),
            within(test.as_deref())
        ),
        Trouble::Disagreement { test, kit, libtest } => {
            disagreement(name, test, *kit, *libtest)
        }
        Trouble::Miscounted => {
            "The program printed over the test results. Nothing counts as passed."
                .to_owned()
        }
        Trouble::Foreign(test) => format!(
            "There is a record of {test} that the kit did not write. Nothing counts as passed: does \
             the code write into the folder that KIT_RECORD names?"
        ),
    }
}

/// The end of every exercise, after "must end with".
pub fn last_lines(name: &str) -> String {
    format!(
        "these three lines:\n\n  \
         #[cfg(test)]\n  #[path = \"../tests/{name}.rs\"]\n  mod tests;\n\n\
         Nothing counts as passed until it does."
    )
}

/// The rule that this test is about, as a report begins with it, or else the chapter.
fn rule(name: &str, test: Option<&str>) -> String {
    match test.and_then(step) {
        Some(step) => format!("{name}.{step}"),
        None => name.to_owned(),
    }
}

fn within(test: Option<&str>) -> String {
    match test {
        Some(test) => format!("in {test}"),
        None => "after its last test".to_owned(),
    }
}

fn disagreement(name: &str, test: &str, kit: Option<bool>, libtest: bool) -> String {
    let passed = |passed| if passed { "passed" } else { "failed" };
    let kit = match kit {
        Some(kit) => format!("recorded that it {}", passed(kit)),
        None => "has no record of it".to_owned(),
    };
    format!(
        "The kit and libtest disagree about {test}:\n\
         the kit {kit}, libtest says that it {}.\n\
         Nothing counts as solved until they agree. Is the suite as it was (tests/{name}.rs)?\n\
         To run that test alone:\n  cargo test --test {name} {test}",
        passed(libtest)
    )
}

fn named(signal: i32) -> &'static str {
    match signal {
        4 => " (illegal instruction)",
        6 => " (abort)",
        9 => " (killed, perhaps for want of memory)",
        11 => {
            " (segmentation fault; a recursion without an end looks like this too)"
        }
        _ => "",
    }
}
