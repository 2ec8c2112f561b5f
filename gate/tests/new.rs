//! A new chapter, as an author gets it: it compiles, passes everything but what it says is missing, and an
//! editor sees what is wrong with its exercise.

#[path = "../../runner/tests/common/mod.rs"]
mod common;
mod reduced;

use std::process::Output;

use common::Copy;
use gate::{
    lists,
    new::{self, Wish},
    verify::{self, Options},
};
use reduced::reduced;
use runner::{cargo, process::Stop};
use toml::{Table, Value};

/// One chapter for each package of exercises.
const NEW: [(&str, bool); 2] = [("sample", false), ("sample_net", true)];

fn wish(name: &str, network: bool) -> Wish {
    Wish { name: name.to_owned(), title: None, network }
}

/// One test, because the builds of several copies would wait for one another.
#[test]
fn a_new_chapter_says_what_it_still_needs() {
    let copy = reduced();
    for (name, network) in NEW {
        let said = new::lay_out(&copy.workbook(), &wish(name, network)).unwrap();
        let stub = format!("mistakes/{name}/stub.rs");
        assert!(said.contains(&stub), "it says where to begin: {said}");
    }

    nothing_else_is_missing(&copy);
    a_name_is_taken_once(&copy);
    an_editor_sees_both(&copy);
}

fn nothing_else_is_missing(copy: &Copy) {
    let workbook = copy.workbook();
    let chapters: Vec<_> = workbook.chapters.iter().collect();
    let options = Options { pristine: true, ..Options::default() };
    let verdict =
        verify::verify(&workbook, &chapters, options, &Stop::default(), &mut |_| {});

    let said: Vec<_> =
        verdict.unwrap().findings.iter().map(ToString::to_string).collect();
    let expected: Vec<_> = NEW.iter().flat_map(|(name, _)| missing(name)).collect();
    assert_eq!(said, expected, "what an author still has to write");
}

/// What a laid out chapter does not have yet.
fn missing(name: &str) -> [String; 4] {
    [
        format!("mistakes/{name}: 1 mistake where at least 10 are asked for"),
        format!(
            "book/src/{name}.md: still says what `new` laid out, in 19 lines; the first is line 5"
        ),
        format!(
            "mistakes/{name}/adds_one.diff: fails every step; a mistake passes at least one whole step"
        ),
        format!(
            "mistakes/{name}/signatures.json: nothing is recorded for `{name}`; `cargo run -- verify \
             {name} --bless` records it, once nothing else is to mend"
        ),
    ]
}

fn a_name_is_taken_once(copy: &Copy) {
    let refused = |name: &str| {
        let error = new::lay_out(&copy.workbook(), &wish(name, false)).unwrap_err();
        error.to_string()
    };

    assert_eq!(refused("sample"), "there is a `sample` already, in workbook.toml");
    assert!(refused("Rate limit").contains("small letters"), "no module name");
    for keyword in ["async", "gen"] {
        assert!(refused(keyword).contains("is no name for a module"), "{keyword}");
    }
    assert_eq!(refused("status"), "there is a `status` already, in Cargo.toml");
    let wish =
        Wish { title: Some("The \"other\" one".into()), ..wish("other", false) };
    let error = new::lay_out(&copy.workbook(), &wish).unwrap_err();
    assert!(error.to_string().contains("leave out quotes"), "{error}");
    copy.write("tests/half.rs", "");
    assert_eq!(refused("half"), "there is a `half` already, in tests/half.rs");
}

/// The command that the settings for rust-analyzer name reports a type error in an exercise of each package.
fn an_editor_sees_both(copy: &Copy) {
    for (name, _) in NEW {
        let desk = format!("exercises/{name}.rs");
        copy.replace(&desk, "todo!(\"step 1: answer what was asked\")", "\"text\"");
    }

    let output = checked_by_the_editor(copy);

    let said = String::from_utf8_lossy(&output.stderr);
    for (name, _) in NEW {
        let place = format!("exercises/{name}.rs:");
        let heard = said
            .lines()
            .any(|line| line.contains(&place) && line.contains("mismatched types"));
        assert!(heard, "{place} is not reported:\n{said}");
    }
}

fn checked_by_the_editor(copy: &Copy) -> Output {
    let settings =
        include_str!("../../rust-analyzer.toml").parse::<Table>().unwrap();
    let check = settings["check"].as_table().unwrap();
    for (off, why) in
        [("allTargets", "it hides the exercises"), ("workspace", "too much")]
    {
        assert_eq!(check[off].as_bool(), Some(false), "{why}");
    }
    let extra = check["extraArgs"].as_array().unwrap();
    let extra = extra.iter().filter_map(Value::as_str);
    let mut command = cargo::command(&copy.root);
    command.args(["check", "--keep-going", "--message-format=short"]).args(extra);
    command.output().unwrap()
}

#[test]
fn a_new_part_comes_in_front_of_what_stands_behind_all_parts() {
    let copy = reduced();
    let one = "[Words](words.md)\n\n# One\n\n- [First light](first_light.md)\n";
    copy.write("book/src/SUMMARY.md", &format!("{one}\n---\n\n[End](end.md)\n"));
    copy.replace(
        "workbook.toml",
        "part = \"Keep one service alive\"",
        "part = \"Two\"",
    );

    lists::write(&copy.workbook()).unwrap();

    assert_eq!(
        copy.read("book/src/SUMMARY.md"),
        "[Words](words.md)\n\n# One\n\n\n# Two\n\n- [First light](first_light.md)\n\n---\n\n[End](end.md)\n"
    );
}
