//! What is refused, and in which words.

use super::{GLOSSARY, MISTAKE, put, refused, rendered, shown, workbook};
use crate::{
    build::{build, build_to_read},
    problem::none_of,
    sources::Sources,
    summary::{Entry, check},
};

#[test]
fn a_missing_file_is_refused_with_its_place() {
    assert_eq!(
        refused("\n{{#code solutions/none.rs:x}}\n"),
        "book/src/sample.md:2: there is no file `solutions/none.rs`"
    );
}

#[test]
fn a_missing_anchor_is_refused() {
    let why = refused("{{#code solutions/sample.rs:nobody}}\n");

    assert!(why.contains("there is no anchor and no item `nobody`"), "{why}");
}

#[test]
fn the_desk_of_the_learner_and_other_folders_are_refused() {
    assert!(refused("{{#code exercises/a.rs:b}}\n").contains("the learner's desk"));
    assert!(refused("{{#code runner/src/a.rs:b}}\n").contains("compiled folders"));
    assert!(refused("{{#code solutions/../a.rs:b}}\n").contains("compiled folders"));
}

#[test]
fn code_that_is_too_long_is_refused() {
    let root = workbook();
    let text = format!("fn long() {{\n{}}}\n", "    go();\n".repeat(59));
    put(root.path(), "solutions/long.rs", &text);

    let why = rendered(&root, "{{#code solutions/long.rs:long}}\n").unwrap_err();

    assert!(why.contains("would show 61 lines; show 1 to 60"), "{why}");
}

#[test]
fn code_that_is_too_wide_is_refused_at_its_own_line() {
    let root = workbook();
    let text =
        format!("fn f() {{}}\n\nfn wide() {{\n    // {}\n}}\n", "x".repeat(90));
    put(root.path(), "solutions/wide.rs", &text);

    let why = rendered(&root, "{{#code solutions/wide.rs:wide}}\n").unwrap_err();

    assert_eq!(why, "solutions/wide.rs:4: 97 columns; a page holds 90");
}

#[test]
fn an_anchor_that_no_page_shows_is_refused() {
    let root = workbook();
    let sources = Sources::load(root.path()).unwrap();

    let unused = sources.unused_anchors();

    let text = none_of(unused).unwrap_err().to_string();
    assert_eq!(text, "solutions/sample.rs:4: no page shows the anchor `body`");
}

#[test]
fn a_run_that_was_not_made_is_refused_with_the_command_that_makes_it() {
    let why = refused("{{#timeline sample step_9_z::y}}\n");

    assert!(why.contains("does not hold `step_9_z::y`"), "{why}");
    assert!(why.contains("cargo run -p book -- record sample"), "{why}");
    assert!(
        refused("{{#report sample is_early}}\n").contains("no mistake `is_early`")
    );
    let why = refused("{{#shop sample}}\n");
    assert!(why.contains("cargo run -p book -- record sample"), "{why}");
    let why = refused("{{#crowd sample}}\n");
    assert!(why.contains("what `cargo run --example crowd` says"), "{why}");
}

#[test]
fn a_chapter_that_does_not_exist_is_refused() {
    assert!(refused("{{#minutes nobody}}\n").contains("no chapter `nobody`"));
}

#[test]
fn a_mistake_without_a_source_is_refused() {
    let root = workbook();
    let bare = MISTAKE.replace("Source: <https://example.org/1>\n", "");
    put(root.path(), "mistakes/sample/is_late.diff", &bare);

    let why = rendered(&root, "{{#mistakes sample}}\n").unwrap_err();

    assert!(
        why.contains("is_late.diff: the header `Source:` is missing or empty"),
        "{why}"
    );
}

#[test]
fn a_mistake_without_a_rule_or_a_record_of_how_it_fails_is_refused() {
    let root = workbook();
    put(
        root.path(),
        "mistakes/sample/signatures.json",
        r#"{"tests": [], "mistakes": {}}"#,
    );
    let why = rendered(&root, "{{#mistakes sample}}\n").unwrap_err();
    assert!(why.contains("does not say how `is_late` fails; `cargo run"), "{why}");

    put(root.path(), "mistakes/sample/is_bare.rs", "//! Mistake: is bare.\n");
    let why = rendered(&root, "{{#mistakes sample}}\n").unwrap_err();
    assert!(why.contains("is_bare.rs: `Breaks:` names no rule"), "{why}");
}

#[test]
fn a_fence_of_rust_is_refused_and_what_is_inside_a_fence_is_text() {
    assert!(
        refused("```rust\nfn f() {}\n```\n")
            .starts_with("book/src/sample.md:1: Rust")
    );
    let hints = "## Hints\n### Step 1\n1. a\n   ```rust\n   x\n   ```\n2. b\n3. c\n";
    assert!(refused(hints).starts_with("book/src/sample.md:4: Rust"));
    assert!(refused("```text\n").contains("never closed"));
    assert!(shown("```text\n{{#code x}}\n## Hints\n```\n").contains("{{#code x}}"));
}

#[test]
fn a_prediction_of_a_chapter_needs_one_answer_and_an_answer_a_prediction() {
    let contract = "{{#contract sample}}\n";
    let (asks, tells) = ("\n> **Predict.** What?\n", "\n> **Reveal.** This.\n");

    assert_eq!(
        refused(&format!("{contract}{asks}")),
        "book/src/sample.md:3: no `> **Reveal.**` follows: write one where the page has the answer"
    );
    let why = refused(&format!("{contract}{asks}{asks}{tells}"));
    assert!(why.starts_with("book/src/sample.md:3: no `> **Reveal.**`"), "{why}");
    let why = refused(&format!("{contract}{asks}{tells}{tells}"));
    assert!(why.starts_with("book/src/sample.md:7: a prediction has one"), "{why}");
    let why = refused(&format!("{tells}{asks}"));
    assert!(why.starts_with("book/src/sample.md:2: there is no `> **Pre"), "{why}");
    shown(&format!("{contract}{asks}{tells}"));
    shown(asks);
}

#[test]
fn all_problems_are_told_at_once() {
    let why = refused("{{#codes}}\n{{#minutes nobody}}\n## Hints\n\nNone.\n");

    assert!(why.ends_with("3 problems"), "{why}");
}

#[test]
fn what_mdbook_only_logs_stops_the_build() {
    let root = workbook();
    let page =
        "# Sample\n\n{{#code solutions/sample.rs:body}}\n\n<div>\n\nNever closed.\n";
    put(root.path(), "book/src/sample.md", page);

    let out = root.path().join("book/out");
    let why = build(root.path(), &out).unwrap_err().to_string();

    assert!(why.contains("unclosed HTML tag `<div>`"), "{why}");
    assert!(!out.exists(), "a wrong page is not put where readers look");
}

#[test]
fn a_broken_link_stops_the_build_and_leaves_the_last_good_one() {
    let root = workbook();
    let good = "# Sample\n\n{{#code solutions/sample.rs:body}}\n";
    put(root.path(), "book/src/sample.md", good);
    let out = root.path().join("book/out");
    build(root.path(), &out).unwrap();

    put(root.path(), "book/src/sample.md", &format!("{good}\n[x](none.md)\n"));
    let why = build(root.path(), &out).unwrap_err().to_string();

    assert!(why.contains("none.html"), "{why}");
    assert!(out.join("sample.html").is_file(), "the last good book is still there");
}

#[test]
fn a_reader_gets_the_book_and_the_problems_beside_it() {
    let root = workbook();
    let page = "# Sample\n\n{{#code solutions/none.rs:x}}\n\nThe rest. [x](none.md)\n\n<div>\n";
    put(root.path(), "book/src/sample.md", page);
    let out = root.path().join("book/out");

    let problems = build_to_read(root.path(), &out).unwrap().join("\n");

    for word in ["sample.md:3: there is no file", "none.html", "unclosed HTML tag"] {
        assert!(problems.contains(word), "{word} is not in {problems}");
    }
    let html = std::fs::read_to_string(out.join("sample.html")).unwrap();
    assert!(html.contains("The rest."), "what is right is shown");
    assert!(html.contains("This could not be shown."), "and the gap is marked");
    assert!(build(root.path(), &out).is_err(), "`build` stays strict");
}

#[test]
fn an_entry_of_the_glossary_that_no_page_uses_is_refused() {
    let root = workbook();
    put(root.path(), "book/src/glossary.md", GLOSSARY);
    let summary = "[Sample](sample.md)\n\n[Glossary](glossary.md)\n";
    put(root.path(), "book/src/SUMMARY.md", summary);
    let page =
        "# Sample\n\n{{#code solutions/sample.rs:body}}\n\nA tie in a step.\n";
    put(root.path(), "book/src/sample.md", page);

    let why = build(root.path(), &root.path().join("out")).unwrap_err();

    assert_eq!(
        why.to_string(),
        "book/src/glossary.md:5: no page says `in flight`: take the entry out\n\
         book/src/glossary.md:13: no page links to `step`: take the entry out\n2 problems"
    );
    let page = format!("{page}In flight, a [step](glossary.md#step).\n");
    put(root.path(), "book/src/sample.md", &page);
    build(root.path(), &root.path().join("out")).unwrap();
}

#[test]
fn a_page_that_the_summary_forgets_stops_the_build() {
    let root = workbook();
    let page = "# Sample\n\n{{#code solutions/sample.rs:body}}\n";
    put(root.path(), "book/src/sample.md", page);
    put(root.path(), "book/src/more/lost.md", "# Lost\n");

    let why = build(root.path(), &root.path().join("out")).unwrap_err();

    assert_eq!(why.to_string(), "book/src/SUMMARY.md: `more/lost.md` is not in it");
}

#[test]
fn the_summary_keeps_the_order_and_the_titles_of_the_workbook() {
    let root = workbook();
    let mut workbook = runner::Workbook::open(root.path()).unwrap();
    let mut second = workbook.chapters[0].clone();
    (second.name, second.title) = ("second".into(), "Second".into());
    workbook.chapters.push(second);
    let entry =
        |file: &str, title: &str| Entry { file: file.into(), title: title.into() };
    let right = [
        entry("x.md", "X"),
        entry("sample.md", "Sample"),
        entry("second.md", "Second"),
    ];
    let wrong = [entry("second.md", "2nd"), entry("sample.md", "Sample")];

    assert_eq!(check(&workbook, "src", &right), []);
    let problems = none_of(check(&workbook, "src", &wrong)).unwrap_err().to_string();

    assert!(
        problems.contains("`sample` comes earlier in workbook.toml"),
        "{problems}"
    );
    assert!(problems.contains("`second` is called \"Second\""), "{problems}");
}
