//! What the scenes see of a mistake before an example does.

use runner::libtest;

use crate::{Finding, material::Source};

/// Up to the rule that it breaks a mistake is a right answer, and often the only one that does not know the rules
/// behind it: a model that asks for those too early is noticed by nobody else. `failing` has the scenes, too.
pub fn right_until_then(mistake: &Source, failing: &[String]) -> Option<Finding> {
    let (examples, scenes): (Vec<_>, Vec<_>) =
        failing.iter().partition(|test| libtest::is_example(test));
    let first =
        |tests: &[&String]| tests.iter().filter_map(|it| libtest::step(it)).min();
    let (example, scene) = (first(&examples)?, first(&scenes)?);
    let sentence = match (scene < example, mistake.headers.has("Early")) {
        (true, false) => format!(
            "fails the scenes of step {scene}, and no example before step {example}: the model asks for what a \
             later rule says; if it does not, say behind `Early:` what the scenes see"
        ),
        (false, true) => format!(
            "says what scenes see before an example does, and they see nothing before step {example}"
        ),
        _ => return None,
    };
    Some(Finding::new(&mistake.file, sentence))
}
