//! Hints: three levels for every step, and no answer before the third.

use std::collections::BTreeSet;

use crate::{Finding, Material};

/// Three hints for every step, and none for a step that does not exist.
pub fn three_for_every_step(material: &Material<'_>) -> Vec<Finding> {
    let file = material.chapter.page();
    let mut findings = Vec::new();
    for step in 1..=material.rules.len() {
        let hints = material.page.hints.get(&step);
        let levels = hints.map_or(0, |hints| {
            hints.iter().filter(|hint| !hint.trim().is_empty()).count()
        });
        if levels != 3 {
            let sentence = format!(
                "step {step} has {levels} of 3 hints (`### Step {step}` under `## Hints`)"
            );
            findings.push(Finding::new(file.clone(), sentence));
        }
    }
    for step in material.page.hints.keys() {
        if *step == 0 || *step > material.rules.len() {
            let sentence =
                format!("there are hints for step {step}, which no rule has");
            findings.push(Finding::new(file.clone(), sentence));
        }
    }
    findings
}

/// No name that only the solution has stands in a hint of level 1 or 2. A tool that the page has
/// introduced outside its hints may be named; that is what level 2 is for.
pub fn no_answers(material: &Material<'_>) -> Vec<Finding> {
    let secrets = secrets(material);
    let mut findings = Vec::new();
    for (step, hints) in &material.page.hints {
        for (level, hint) in hints.iter().take(2).enumerate() {
            for word in leaked(hint, &secrets) {
                let sentence = format!(
                    "hint {} of step {step} says `{word}`, which only the solution says",
                    level + 1
                );
                findings.push(Finding::new(material.chapter.page(), sentence));
            }
        }
    }
    findings
}

/// The names that occur in the right answers' code and nowhere a learner has read: not in the stub, the
/// suite, the contract or the page outside its hints. Keywords and the prelude are nobody's secret.
pub fn secrets(material: &Material<'_>) -> BTreeSet<String> {
    let mut secrets = material.words_of_answers();
    let suite = material.suite_files.iter().map(|(_, text)| text.as_str());
    let prose = material.page.prose();
    let open = [material.stub.text.as_str(), &prose];
    for word in suite.chain(open).flat_map(words) {
        secrets.remove(word);
    }
    for word in KNOWN.split_whitespace() {
        secrets.remove(word);
    }
    secrets
}

/// The secrets that a text gives away. Plain English words are also names (`wait`, `first`), so a word
/// counts only where it can be nothing but a name: between backticks, with an underscore, in CamelCase.
pub fn leaked<'a>(text: &'a str, secrets: &BTreeSet<String>) -> BTreeSet<&'a str> {
    let is_name = |word: &&str| {
        let inner = word.trim_matches('_');
        inner.contains('_')
            || inner
                .char_indices()
                .any(|(at, c)| at > 0 && c.is_uppercase() && camel(inner))
    };
    let quoted = text.split('`').skip(1).step_by(2).flat_map(words);
    words(text)
        .filter(is_name)
        .chain(quoted)
        .filter(|word| secrets.contains(*word))
        .collect()
}

fn camel(word: &str) -> bool {
    word.chars().any(char::is_lowercase)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

const KNOWN: &str = "as async await break const continue dyn else enum extern false fn for if impl \
    in let loop match mod move mut pub ref return self Self static struct super trait true type \
    unsafe use where while cfg test path derive allow Option Some None Result Ok Err Vec String Box \
    Clone Copy Debug Default Drop Eq Fn FnMut FnOnce AsyncFn AsyncFnMut AsyncFnOnce Future Send Sync \
    Sized Into From Iterator PartialEq str bool char u8 u16 u32 u64 u128 usize i32 i64 f64 \
    tests std core tokio";
