//! What the gate reads: suites, and Rust in general.

use gate::{chance, rust, suite};
use runner::signatures::{Signature, Signatures};

#[test]
fn strings_and_comments_are_not_code() {
    let source = r##"
        /* fn a() {} /* } */ */ const X: &'static str = "fn b() { \" {"; // fn c() {}
        const Y: &[u8] = br#"fn d() { " "#;
        fn e() {} trait T { fn f(); fn g() {} }"##;

    let words = rust::words(rust::tokens("x.rs", source).unwrap());
    let file = rust::parse("x.rs", source).unwrap();

    let words: Vec<_> = words.into_iter().collect();
    assert_eq!(
        words.join(" "),
        "T X Y const e f fn g static str trait u8",
        "no others"
    );
    assert_eq!(rust::functions(&file), 2, "two functions have a body");
}

#[test]
fn a_suite_has_steps_tests_codes_and_silent_assertions() {
    let source = r#"
        fn helper(rule: &str) { expect(1, 1, rule); expect(1, 1); }
        mod step_1_first { use super::*;
            #[test] fn says() { check("c.1", || expect(f("503"), Err("503"), "a b")); }
            #[tokio::test(start_paused = true)] async fn silent() {
                check("c.2", || { expect(a, b, ""); lane.expect_at([0, 1], "too short" ); }) }
        }"#;

    let suite = suite::read([("c.rs", source)], "c").unwrap();

    let tests = ["step_1_first::says", "step_1_first::silent"];
    assert_eq!(suite.paths(), tests, "two tests in a step");
    assert_eq!(suite.tests[1].codes, ["c.2"], "the second checks another rule");
    let silent: Vec<_> = suite.silent.iter().map(|silent| silent.line).collect();
    assert_eq!(silent, [2, 6], "one in the helper, one in a test");
}

#[test]
fn a_sentence_may_have_a_name_and_a_declaration_needs_none() {
    let source = r#"
        mod step_1_first {
            #[test] fn says() { check("c.1", || {
                world.expect_panics(2);
                let rule = "a rule"; expect(a, b, rule);
                let word = "rule"; expect(a, b, word);
                expect(a, b, other); }) }
        }"#;

    let suite = suite::read([("c.rs", source)], "c").unwrap();

    let silent: Vec<_> = suite.silent.iter().map(|silent| silent.line).collect();
    assert_eq!(silent, [6, 7], "one word is no sentence, nor is a stranger");
}

#[test]
fn which_sentence_of_a_race_is_untrue_first_is_luck() {
    let of = |test: &str, rule: &str, message: &str| {
        let signature = Signature {
            fails: vec![test.to_owned()],
            rule: rule.to_owned(),
            message: message.to_owned(),
            difference: None,
            story: String::new(),
        };
        let mistakes = [("counts_late".to_owned(), signature)].into();
        Signatures { tests: vec![], mistakes }
    };
    for (test, stays) in [("step_7_x::threads_y", true), ("step_7_x::y", false)] {
        let (recorded, fresh) =
            (of(test, "pulse.7", "one"), of(test, "pulse.2", "two"));
        let settled = chance::settled(fresh, Some(&recorded));
        assert_eq!(settled.mistakes == recorded.mistakes, stays, "{test}");
    }
}

#[test]
fn chance_has_a_say_where_lots_are_drawn() {
    let fair = "tokio::select! {\n    a = one => a,\n    b = other => b,\n}";
    let biased = "select! {\n    biased;\n    a = one => a,\n}";
    assert!(chance::has_a_say(fair), "a branch is drawn");
    assert!(!chance::has_a_say(biased), "in order");
    assert!(chance::has_a_say("use std::collections::HashMap;"), "of a map");
    assert!(!chance::has_a_say("loop { work().await }"), "nothing is drawn");
}
