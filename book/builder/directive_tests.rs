//! Lines that hold a directive, and those that do not.

use super::*;

fn refused(line: &str) -> String {
    match read_line(line) {
        Line::Refused(why) => why,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn code_takes_several_parts_of_one_file() {
    let line = read_line("{{#code solutions/retries.rs:Policy, impl Policy, a::b}}");

    let Line::Directive(Directive::Code { file, parts }) = line else {
        panic!("{line:?}")
    };
    assert_eq!(file, "solutions/retries.rs");
    assert_eq!(parts, ["Policy", "impl Policy", "a::b"]);
}

#[test]
fn a_timeline_may_have_a_mistake_below() {
    let line = read_line("{{#timeline retries step_2_x::a::b waits}}");

    let expected = Directive::Picture {
        chapter: "retries".into(),
        test: "step_2_x::a::b".into(),
        mistake: Some("waits".into()),
        shows: Shows::Lanes,
        arrows: vec![],
    };
    assert_eq!(line, Line::Directive(expected));
}

#[test]
fn arrows_stand_behind_all_else() {
    let line = read_line(
        "{{#steps a step_2_x::a::b w: n (how many) = + c begins; arrow c: x -> d: y (z)}}",
    );

    let Line::Directive(Directive::Picture { mistake, arrows, .. }) = line else {
        panic!("{line:?}")
    };
    assert_eq!(mistake.as_deref(), Some("w"));
    assert_eq!(arrows, ["c: x -> d: y (z)".parse().unwrap()]);
}

#[test]
fn what_a_picture_shows_stands_behind_a_colon() {
    let line = read_line("{{#columns a step_2_x::a::b: in time, late}}");

    let expected = Directive::Picture {
        chapter: "a".into(),
        test: "step_2_x::a::b".into(),
        mistake: None,
        shows: Shows::Columns(vec!["in time".into(), "late".into()]),
        arrows: vec![],
    };
    assert_eq!(line, Line::Directive(expected));
    assert!(refused("{{#columns a b}}").contains("[MISTAKE]: WHAT, WHAT"));
    let form = "WHAT (WORDS) = + LANE begins, - LANE ends";
    assert!(refused("{{#steps a b}}").contains(form));
    assert!(refused("{{#steps a b: alive = + c ends}}").contains(form));
}

#[test]
fn an_unknown_directive_is_an_error() {
    assert_eq!(refused("{{#codes x}}"), "there is no directive `codes`");
}

#[test]
fn too_few_words_are_an_error() {
    assert_eq!(
        refused("{{#report retries}}"),
        "write it as `{{#report NAME MISTAKE}}`"
    );
    assert_eq!(refused("{{#code}}"), "write it as `{{#code FILE:NAME}}`");
}

#[test]
fn the_include_of_mdbook_is_refused() {
    assert!(refused("{{#include ../x.rs}}").contains("use `{{#code FILE:NAME}}`"));
}

#[test]
fn a_directive_inside_a_sentence_is_an_error() {
    assert!(refused("See {{#code a.rs:b}} here").contains("alone"));
    assert!(refused("  {{#code a.rs:b}}").contains("unindented"));
}

#[test]
fn a_directive_in_a_code_span_is_text() {
    assert_eq!(read_line("Write `{{#code a.rs:b}}` for it."), Line::Plain);
}
