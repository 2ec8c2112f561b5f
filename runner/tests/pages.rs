//! How a page is read: fences, headings, hints.

use runner::page::{self, Kind, Page};

#[test]
fn fences_are_those_of_markdown() {
    // Each line of a page, and whether it stands in a fence (`|`) or is text (`.`).
    let pages = [
        ("three marks", "```text\n```\nx", "||."),
        ("a shorter fence inside", "````text\n```\nx\n```\n````\nx", "|||||."),
        ("a longer end", "```text\n````\nx", "||."),
        ("tildes", "~~~text\n```\n# x\n~~~\nx", "||||."),
        ("an end says nothing", "```text\n```json\n```\nx", "|||."),
        ("code in a line", "```x``` y\nx", ".."),
        ("two marks", "``x\ny", ".."),
        ("indented, in a list", "   ```text\n   # x\n   ```\nx", "|||."),
        ("never closed", "x\n```text\nx", ".||"),
    ];
    for (what, source, expected) in pages {
        let page = page::read(source);

        let lines = page.lines.iter();
        let found: String =
            lines.map(|line| if line.is_fenced() { '|' } else { '.' }).collect();
        assert_eq!(found, expected, "{what}: {source}");
    }
}

#[test]
fn an_opening_fence_tells_what_it_holds() {
    let page = page::read("~~~ rust,no_run \nx\n~~~");

    assert_eq!(page.lines[0].kind, Kind::Opening("rust,no_run".to_owned()));
    assert_eq!(page.lines[2].kind, Kind::Fenced, "its end tells nothing");
}

#[test]
fn a_fence_without_an_end_is_a_problem() {
    let page = page::read("x\n~~~text\n```\n");

    assert_eq!(page.problems, [(2, "this fence is never closed".to_owned())]);
}

#[test]
fn headings_are_those_of_markdown() {
    let heading =
        |level, title: &str| Kind::Heading { level, title: title.to_owned() };
    let lines = [
        ("# One", heading(1, "One")),
        ("##  Two ", heading(2, "Two")),
        ("###### Six", heading(6, "Six")),
        ("##", heading(2, "")),
        ("##Hints", Kind::Text),
        ("####### Seven", Kind::Text),
        ("#[cfg(test)]", Kind::Text),
        (" text # x", Kind::Text),
    ];
    for (line, expected) in lines {
        assert_eq!(page::read(line).lines[0].kind, expected, "{line}");
    }
}

#[test]
fn a_step_has_a_number_and_may_have_a_title() {
    let titles = [
        ("Step 2: waits", Some(2)),
        ("Step 2", Some(2)),
        ("Step 12: ends", Some(12)),
        ("Step 2 waits", None),
        ("Steps", None),
        ("The step 2", None),
    ];
    for (title, expected) in titles {
        assert_eq!(page::step(title), expected, "{title}");
    }
}

#[test]
fn a_section_ends_at_a_heading_of_its_level_or_above() {
    let page = page::read(
        "before\n## Step 1: a\none\n### more\ntwo\n# Title\nthree\n## Step 2\nfour",
    );

    let found: Vec<_> = page
        .sections()
        .map(|part| (part.level, part.title, part.line, part.lines.len()))
        .collect();
    let expected = [
        (0, "", 1, 1),
        (2, "Step 1: a", 2, 3),
        (1, "Title", 6, 1),
        (2, "Step 2", 8, 1),
    ];
    assert_eq!(found, expected, "level, title, first line, lines below");
    assert_eq!(page.step(1).map(|part| part.line), Some(2), "by the step");
    assert_eq!(
        page.section("Step 2").map(|part| part.line),
        Some(8),
        "by the title"
    );
    assert!(page.section("Title").is_none(), "the title of the page is no section");
}

fn mini() -> Page {
    page::read(&std::fs::read_to_string("tests/mini/book/src/pulse.md").unwrap())
}

#[test]
fn hints_keep_their_code_and_lose_their_indent() {
    let page = mini();

    assert!(page.problems.is_empty(), "{:?}", page.problems);
    assert_eq!(page.hint(1, 1), Some("Look at the number."), "the first level");
    let code = "Return something.\n\n```rust\n# Not a heading.\n```";
    assert_eq!(page.hint(1, 2), Some(code), "with its code, without its indent");
    assert_eq!(page.hint(1, 0), None, "there is no level 0");
}

#[test]
fn hints_are_not_prose() {
    let prose = mini().prose();

    assert!(prose.contains("## Step 3: rests\n\nRest.\n"), "{prose}");
    assert!(!prose.contains("Look again"), "{prose}");
}

#[test]
fn hints_that_are_not_in_their_form_are_problems() {
    let three = "1. a\n2. b\n3. c";
    let pages = [
        (format!("### Step 1\n{three}"), None),
        (format!("\n### Step 1\n\n{three}\n\n   more\n## After\nx"), None),
        ("\n".to_owned(), Some((1, "`## Hints` holds `### Step 1` and so on"))),
        ("Some words.".to_owned(), Some((2, "`## Hints` holds"))),
        (format!("### First\n{three}"), Some((2, "`### First` is not of the form"))),
        (format!("### Step 1: go\n{three}"), Some((2, "is not of the form"))),
        ("### Step 2\n1. a\n2. b".to_owned(), Some((2, "step 2 has 2 hints"))),
        (
            "### Step 1\n1. a\n3. c".to_owned(),
            Some((4, "hint 3 comes after hint 1")),
        ),
        (
            format!("### Step 1\n{three}\nmore"),
            Some((6, "a hint is a numbered item")),
        ),
        (format!("### Step 1\nx\n{three}"), Some((3, "a hint is a numbered item"))),
        (
            format!("### Step 1\n{three}\n```text\n1. x\n```"),
            Some((6, "a hint is a")),
        ),
    ];
    for (source, expected) in pages {
        let page = page::read(&format!("## Hints\n{source}"));

        let first = page.problems.first();
        let told = match expected {
            None => first.is_none(),
            Some((line, words)) => {
                first.is_some_and(|(at, text)| *at == line && text.contains(words))
            }
        };
        assert!(told, "{source}\nexpected {expected:?}, got {first:?}");
    }
}

#[test]
fn every_problem_of_the_hints_is_told_and_what_can_be_read_is() {
    let page = page::read(
        "## Hints\n### Step 1\n1. a\n   b\n\u{a0}c\n2. d\n### Other\nx\n### Step 2\n",
    );

    let lines: Vec<_> = page.problems.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [5, 7, 9], "{:?}", page.problems);
    assert_eq!(page.hint(1, 1), Some("a\nb\n\u{a0}c"), "with the line that is not");
    assert_eq!(page.hint(1, 2), Some("d"), "and the one after it");
}
