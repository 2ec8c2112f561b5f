//! What is code in an exercise, and whether its suite is all that judges it. A part of `reads`.

use std::path::Path;

use runner::{
    Workbook,
    attached::{Objection, objection},
    layout,
    tokens::{Kind, tokens},
};

fn this_workbook() -> Workbook {
    Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn code_is_told_from_comments_and_strings() {
    for (text, words) in [
        ("a // b\nc", "a c"),
        ("a /* b /* c */ d */ e", "a e"),
        ("a /* b /* c */ d", "a"),
        (r#"a "b \" c" d"#, "a d"),
        (r#"a "b \\" c "d""#, "a c"),
        (r##"a r#"b " c"# d"##, "a d"),
        (r##"br#"b"# cr"c" b"b" c"c" d"##, "d"),
        (r#""a"r"\" b" c"#, "c"),
        ("'\"' a '\\'' b '\\u{41}' c b'\"' d", "a b c d"),
        ("a<'b> 'c: loop 'd' '\u{e9}'e", "a loop"),
        ("1.5e-3 0x1f_u8 a0 0..b", "a0 b"),
        ("r#mod r#x r\"y\"", "mod x"),
        ("\u{feff}a\u{200e}b", "a b"),
        ("#!/usr/bin/env x y\na", "a"),
        ("#![allow(a)]", "allow a"),
        ("gr\u{fc}n", "gr\u{fc}n"),
    ] {
        let found = tokens(text);
        let found = found.iter().filter(|token| token.kind == Kind::Word);
        let found: Vec<_> = found.map(|token| token.text).collect();
        assert_eq!(found.join(" "), words, "the words of {text:?}");
    }
    let lines: Vec<_> =
        tokens("a\r\n\"\n\"/*\n*/b\nc").iter().map(|token| token.line).collect();
    assert_eq!(lines, [1, 2, 4, 5], "the lines they begin in");
}

#[test]
fn no_right_answer_and_no_stub_of_this_workbook_is_refused() {
    let workbook = this_workbook();
    for chapter in &workbook.chapters {
        let name = &chapter.name;
        let suite = layout::suite(&workbook.root, name).unwrap();
        let suite: Vec<_> =
            suite.iter().map(|file| workbook.read(file).unwrap()).collect();
        let mut files = workbook.other_answers(chapter);
        files.extend([chapter.solution(), chapter.stub()]);
        for file in files {
            let text = workbook.read(&file).unwrap();
            let text = text.replace("\"../../tests/", "\"../tests/");
            assert_eq!(objection(name, &text, &suite), None, "{file} is refused");
        }
    }
}

#[test]
fn a_note_is_the_one_thing_an_answer_may_ask_of_the_kit() {
    let end = "#[cfg(test)]\n#[path = \"../tests/x.rs\"]\nmod tests;\n";
    let ask = |code: &str| objection("x", &format!("\n{code}\n{end}"), &[]);

    assert_eq!(ask("fn f() { kit::note(\"here\"); }"), None);
    for code in ["use kit::check;", "use kit as k;", "use kit::{note, check};"] {
        let refused = ask(code);
        let bends = matches!(&refused, Some(Objection::Bends { line: 2, code, .. }) if code == "kit");
        assert!(bends, "{code}: {refused:?}");
    }
}
