//! `verify` and `mutants`: what an author types.

use super::{Desk, args::Verify, code, screen};
use crate::{
    Chapter, Error,
    gate::{
        Finding, mutants,
        soak::{self, Amount},
        table,
        verify::{self, Options},
    },
    text::count,
};

/// Runs the gate, or a soak.
///
/// # Errors
///
/// A name is unknown, or the workbook itself cannot go on.
pub fn verify(desk: &Desk, args: &Verify) -> Result<u8, Error> {
    let workbook = &desk.workbook;
    let chapters: Vec<&Chapter> = match args.names.is_empty() {
        true => workbook.chapters.iter().collect(),
        false => args
            .names
            .iter()
            .map(|name| workbook.chapter(name))
            .collect::<Result<_, _>>()?,
    };
    if let Some(seeds) = args.soak {
        let load = args.load;
        let amount = Amount { seeds, load };
        let findings =
            soak::soak(workbook, &chapters, amount, &desk.stop, &mut say)?;
        return told(&findings, "No test failed under any seed.\n");
    }
    let options = Options {
        bless: args.bless,
        pristine: args.pristine,
        without_clippy: false,
    };
    let verdict =
        verify::verify(workbook, &chapters, options, &desk.stop, &mut say)?;
    told(&verdict.findings, &table::print(&verdict.rows))
}

/// Mutates the solution of a chapter.
///
/// # Errors
///
/// The name is unknown, or cargo-mutants cannot run.
pub fn mutants(desk: &Desk, name: &str) -> Result<u8, Error> {
    let chapter = desk.workbook.chapter(name)?;
    let mutation = mutants::mutate(&desk.workbook, chapter, &desk.stop, &mut say)?;
    let words = format!(
        "{name}: {}, {} caught, {} do not compile, {} excused\n",
        count(mutation.listed, "mutant"),
        mutation.caught,
        mutation.unviable,
        mutation.excused
    );
    told(&mutation.findings, &words)
}

fn say(words: &str) {
    eprintln!("{words}");
}

fn told(findings: &[Finding], content: &str) -> Result<u8, Error> {
    if findings.is_empty() {
        screen::print(content)?;
        return Ok(code::DONE);
    }
    let mut text = String::new();
    for finding in findings {
        text.push_str(&format!("{finding}\n"));
    }
    text.push_str(&format!("\n{} to mend.\n", count(findings.len(), "thing")));
    screen::print(&text)?;
    Ok(code::NOT_YET)
}
