//! A file that is too long is two ideas.

use runner::Workbook;

use crate::{Finding, Material, material::Source, tree};

/// The line budgets of a chapter's files.
pub fn lines(material: &Material<'_>) -> Vec<Finding> {
    let chapter = material.chapter;
    let mut findings = vec![
        over(&chapter.suite(), &material.suite_files[0].1, 520),
        // The page of a server shows what real connections do to it as well.
        over(
            &chapter.page(),
            &material.page_text,
            if chapter.network { 370 } else { 350 },
        ),
        over(&material.stub.file, &material.stub.text, 120),
    ];
    let all = |sources: &[Source], budget: usize| -> Vec<_> {
        let over = |source: &Source| over(&source.file, &source.text, budget);
        sources.iter().map(over).collect()
    };
    // An answer on the network names what it takes from a dozen crates first.
    let answer = if chapter.network { 340 } else { 250 };
    findings.extend(all(&material.answers, answer));
    // Its difference has a budget of its own; the answer it makes is as long as a right one.
    findings.extend(all(&material.mistakes, answer + 50));
    findings.extend(all(&material.lazy, 100));
    findings.into_iter().flatten().collect()
}

fn over(file: &str, text: &str, budget: usize) -> Option<Finding> {
    let lines = text.lines().count();
    let sentence = format!("{lines} lines, where the budget is {budget}");
    (lines > budget).then(|| Finding::new(file, sentence))
}

/// The budget of every file that belongs to no chapter, and of what lies beside a suite.
pub fn everywhere(workbook: &Workbook) -> Vec<Finding> {
    let of_a_chapter = |file: &String| {
        let mut parts = file.split('/');
        match parts.next() {
            Some("exercises" | "mistakes" | "solutions") => true,
            Some("tests") => parts.count() == 1,
            _ => false,
        }
    };
    let files = tree::rust_files(&workbook.root).into_iter();
    files
        .filter(|file| !of_a_chapter(file))
        .filter_map(|file| over(&file, &workbook.read(&file).ok()?, 300))
        .collect()
}
