//! Which exercises were saved, by their content.

use std::fs;

use crate::Workbook;

/// The content of every exercise when it was last looked at.
#[derive(Debug)]
pub struct Saves(Vec<Option<Vec<u8>>>);

impl Saves {
    /// The exercises as they are now.
    pub fn new(workbook: &Workbook) -> Self {
        let mut saves = Self(vec![None; workbook.chapters.len()]);
        saves.look(workbook);
        saves
    }

    /// The places of the exercises whose content is another than at the last look, in reading order.
    pub fn look(&mut self, workbook: &Workbook) -> Vec<usize> {
        let mut saved = Vec::new();
        let exercises = workbook.chapters.iter().zip(&mut self.0);
        for (at, (chapter, seen)) in exercises.enumerate() {
            let now = fs::read(workbook.root.join(chapter.exercise())).ok();
            // Why a file that is gone changes nothing: some editors save by putting a new file in place.
            if now.is_some() && now != *seen {
                *seen = now;
                saved.push(at);
            }
        }
        saved
    }
}
