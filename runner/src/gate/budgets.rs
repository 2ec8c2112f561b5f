//! A file that is too long is two ideas.

use super::{Finding, Material, material::Source};

/// The line budgets of a chapter's files.
pub fn lines(material: &Material<'_>) -> Vec<Finding> {
    let chapter = material.chapter;
    let mut findings = vec![
        over(&chapter.suite(), &material.suite_text, 450),
        over(&chapter.page(), &material.page_text, 350),
        over(&material.stub.file, &material.stub.text, 120),
    ];
    let all = |sources: &[Source], budget: usize| -> Vec<_> {
        let over = |source: &Source| over(&source.file, &source.text, budget);
        sources.iter().map(over).collect()
    };
    findings.extend(all(&material.answers, 250));
    // A wrong answer stands in for the whole reference, so it may be as long as that.
    let reference = material.answers.first().map_or(0, |a| a.text.lines().count());
    findings.extend(all(&material.mistakes, reference.max(100)));
    findings.extend(all(&material.lazy, 100));
    findings.into_iter().flatten().collect()
}

fn over(file: &str, text: &str, budget: usize) -> Option<Finding> {
    let lines = text.lines().count();
    let sentence = format!("{lines} lines, where the budget is {budget}");
    (lines > budget).then(|| Finding::new(file, sentence))
}
