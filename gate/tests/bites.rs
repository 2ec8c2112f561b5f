//! The gate can fail: the conditions that need builds and runs, broken on a copy of `first_light`.
//!
//! It calls cargo in turn. The nested builds share the target folder of the outer one, so that only the
//! copy itself is compiled. Several conditions are broken at once, for one build: findings name files.

#[path = "../../runner/tests/common/mod.rs"]
mod common;
mod reduced;

use common::Copy;
use gate::{
    Finding,
    verify::{self, Options},
};
use reduced::{FOLDER, RECORDED, SOLUTION, SUITE, mistake, reduced};
use runner::process::Stop;

const STUB: &str = "mistakes/first_light/stub.rs";
const PAGE: &str = "book/src/first_light.md";

const HEADER: &str = "Mistake: m.\nSource: https://x.y\nBreaks: first_light.1\nCaught by: x\nHint: h.\n";

fn verified(copy: &Copy, options: Options) -> Vec<Finding> {
    let workbook = copy.workbook();
    let chapters: Vec<_> = workbook.chapters.iter().collect();
    let stop = Stop::default();
    let verdict = verify::verify(&workbook, &chapters, options, &stop, &mut |_| {});
    verdict.unwrap().findings
}

fn heard(findings: &[Finding], file: &str, words: &str) {
    let heard = findings
        .iter()
        .any(|finding| finding.file == file && finding.sentence.contains(words));
    let said: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert!(heard, "{file} … {words}: not among\n{}", said.join("\n"));
}

fn wrong(copy: &Copy, name: &str, instead: &str) {
    mistake(copy, name, HEADER, instead);
}

/// One test, because the builds of two copies would wait for one another.
#[test]
fn each_condition_is_heard() {
    let options = Options { without_clippy: true, pristine: true, bless: false };
    let blessed = Options { bless: true, ..options };
    let copy = reduced();
    std::fs::remove_file(copy.root.join(RECORDED)).unwrap();
    for options in [blessed, options] {
        let said = verified(&copy, options);
        let said: Vec<_> = said.iter().map(ToString::to_string).collect();
        assert!(said.is_empty(), "whole, but:\n{}", said.join("\n"));
    }
    let recorded = copy.read(RECORDED);

    break_everything(&copy);
    hear_everything(&verified(&copy, options));

    let answers = [STUB, SOLUTION];
    answers.iter().for_each(|f| copy.replace(f, "pub async fn", "pub asinc fn"));
    let findings = verified(&copy, options);
    for folder in [FOLDER, "solutions/first_light"] {
        heard(&findings, folder, "does not compile");
    }
    answers.iter().for_each(|f| copy.replace(f, "pub asinc fn", "pub async fn"));
    let findings = verified(&copy, blessed);
    heard(&findings, RECORDED, "once nothing else is to mend");
    let same = copy.read(RECORDED) == recorded;
    assert!(same, "what is broken is not recorded");
}

fn hear_everything(findings: &[Finding]) {
    let hear = |file: &str, words| heard(findings, file, words);
    let wrong = |name, words| hear(&format!("{FOLDER}/{name}.diff"), words);
    hear(STUB, "does not fail by itself on the stub, but by STALL");
    wrong("is_right", "passes every test: nobody catches it");
    wrong("is_right", "is not as rustfmt has it");
    wrong("leaves", "leaves the process with code 0");
    wrong("aborts", "ends the process by signal 6");
    wrong("is_slow", "s of real time, where 2 s are the limit");
    wrong("is_no_rust", "does not compile:");
    wrong("is_no_rust", "mistakes/first_light/is_no_rust.diff:");
    wrong("is_torn", "does not apply to solutions/first_light.rs");
    hear(&format!("{FOLDER}/lazy/waits_for_ever.rs"), "where its header admits [1]");
    hear(SUITE, "no mistake fails step_2_stops");
    hear(SUITE, "passes on the untouched stub");
    hear(SUITE, "says `spare_wait`, which only the solution");
    let other = "solutions/first_light/with_an_interval.rs";
    hear(other, "a test that rejects a right answer is wrong");
    hear(FOLDER, "the ladder breaks at step 2");
    hear(RECORDED, "`is_slow` is new");
    hear(PAGE, "promises `17`, and the report of `blocks_the_thread` does not say");
    hear(PAGE, "promises `5th`, and the report of `blocks_the_thread` does not say");
    hear("exercises/first_light.rs", "differs from");
}

fn break_everything(copy: &Copy) {
    wrong(copy, "is_right", "lamp(); ;");
    wrong(copy, "is_no_rust", "lump();");
    wrong(copy, "is_torn", "lamp(); lamp();");
    let torn = format!("{FOLDER}/is_torn.diff");
    copy.replace(&torn, "-        lamp();", "-        limp();");
    wrong(copy, "leaves", "lamp(); std::process::exit(0);");
    wrong(copy, "aborts", "lamp(); std::process::abort();");
    // Why no sleep: a thread that sleeps for two seconds is a BLOCK, and that is caught.
    let works = "if flashes > 2 { let begun = std::time::Instant::now(); \
                 while begun.elapsed().as_millis() < 2_300 {} panic!(\"late\") } lamp();";
    wrong(copy, "is_slow", works);
    // Why in two parts: a name that stands in the wrong answer itself is no leak.
    let spare =
        "if flashes > 2 { panic!(\"{}\", concat!(\"spare\", \"_wait\")) } lamp();";
    wrong(copy, "waits_after_the_last_flash", spare);

    copy.replace(
        PAGE,
        "the `1st` to the `4th` flash come at 0 ms",
        "the `5th` at 17 ms",
    );

    let stub = format!("{FOLDER}/stub.rs");
    let text = copy.read(&stub);
    let start = text.find("todo!").unwrap();
    let end = start + text[start..].find('\n').unwrap();
    let hangs = "if flashes > 0 { std::future::pending::<()>().await }";
    copy.write(&stub, &format!("{}{hangs}{}", &text[..start], &text[end..]));
    let lazy = format!("{FOLDER}/lazy/waits_for_ever.rs");
    copy.replace(&lazy, "Passes: nothing", "Passes: step 1");
    let other = "solutions/first_light/with_an_interval.rs";
    copy.replace(other, "flashes {", "flashes.min(3) {");
    copy.replace(other, "#[cfg(test)]", "fn spare_wait() {}\n\n#[cfg(test)]");
}
