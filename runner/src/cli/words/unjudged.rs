//! Why nothing counts although it compiles: the exercise stands in the way of its suite, or the suite is another.

use super::{RUN, trouble};
use crate::{Chapter, attached::Objection, originals};

/// For the headline.
pub fn in_short(objection: &Objection) -> &'static str {
    match objection {
        Objection::NotAttached => "the suite is not attached",
        Objection::Bends { .. } => "the suite cannot judge this file",
    }
}

/// In whole sentences: what is wrong, where, and what to do.
pub fn explained(chapter: &Chapter, objection: &Objection) -> String {
    let (file, name) = (chapter.exercise(), &chapter.name);
    match objection {
        Objection::NotAttached => format!(
            "{file} must end with {} \
             `{RUN} reset {name}`\nshows them in the untouched file, and keeps yours in a backup.",
            trouble::last_lines(name)
        ),
        Objection::Bends { line, code, why } => format!(
            "{file}, line {line}: `{code}` {why}.\nNothing counts as passed until then."
        ),
    }
}

/// The files that are not as this workbook came.
pub fn edited(files: &[String]) -> String {
    let mut text = String::new();
    for file in files.iter().take(3) {
        let is = if file == originals::FILE {
            "is missing"
        } else {
            "is not the one this workbook came with"
        };
        text.push_str(&format!(
            "{file} {is}; `git checkout {file}` brings it back.\n"
        ));
    }
    if files.len() > 3 {
        text.push_str(&format!("So it is with {} more.\n", files.len() - 3));
    }
    text + &format!(
        "Until then the tests run, and nothing counts as solved. If you write the workbook itself: \
         `{RUN} verify --bless` makes it the original."
    )
}
