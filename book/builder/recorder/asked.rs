//! Which runs the pages ask for.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use runner::page;

use crate::{
    directive::{Directive, Line, read_line},
    files::{below, read},
    problem::BookError,
    runs::SOLUTION,
};

/// What pages want to know about one answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Tests whose runs are drawn.
    pub tests: BTreeSet<String>,
    /// Whether the report of its first failing test is shown.
    pub report: bool,
}

/// Everything that pages want to know, by chapter and answer.
pub type Asked = BTreeMap<(String, String), Wanted>;

/// The chapters whose minute at the shop a page shows.
///
/// # Errors
///
/// When a page cannot be read.
pub fn shops(root: &Path) -> Result<BTreeSet<String>, BookError> {
    let shop = |directive| match directive {
        Directive::Shop(chapter) => Some(chapter),
        _ => None,
    };
    Ok(directives(root)?.into_iter().filter_map(shop).collect())
}

/// What the pages of the book ask for.
///
/// # Errors
///
/// When a page cannot be read.
pub fn asked(root: &Path) -> Result<Asked, BookError> {
    let mut asked = Asked::new();
    directives(root)?.into_iter().for_each(|directive| ask(&mut asked, directive));
    Ok(asked)
}

fn directives(root: &Path) -> Result<Vec<Directive>, BookError> {
    let mut found = vec![];
    let folder = root.join("book/src");
    for name in below(&folder).iter().filter(|name| name.ends_with(".md")) {
        let page = page::read(&read(&folder.join(name))?);
        for line in page.lines.iter().filter(|line| !line.is_fenced()) {
            // A prediction's answer is a quote, and may hold pictures.
            let text = line.text.strip_prefix("> ").unwrap_or(&line.text);
            if let Line::Directive(directive) = read_line(text) {
                found.push(directive);
            }
        }
    }
    Ok(found)
}

fn ask(asked: &mut Asked, directive: Directive) {
    match directive {
        Directive::Report { chapter, mistake } => {
            asked.entry((chapter, mistake)).or_default().report = true;
        }
        Directive::Picture { chapter, test, mistake, .. } => {
            for answer in std::iter::once(SOLUTION.to_owned()).chain(mistake) {
                let wanted = asked.entry((chapter.clone(), answer)).or_default();
                wanted.tests.insert(test.clone());
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_a_mistake_asks_for_the_solution_too() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("book/src")).unwrap();
        let page = "> {{#timeline a step_1_b::c wrong}}\n{{#report a wrong}}\n\
                    ```text\n{{#report a not_this_one}}\n```\n";
        std::fs::write(root.path().join("book/src/a.md"), page).unwrap();

        let asked = asked(root.path()).unwrap();

        let tests = BTreeSet::from(["step_1_b::c".to_owned()]);
        let key = |answer: &str| ("a".to_owned(), answer.to_owned());
        assert_eq!(asked.len(), 2);
        assert_eq!(
            asked[&key(SOLUTION)],
            Wanted { tests: tests.clone(), report: false }
        );
        assert_eq!(asked[&key("wrong")], Wanted { tests, report: true });
    }
}
