//! `verify` and `mutants`: what an author types.

use crate::{
    Chapter, Error,
    cli::{
        args::Verify,
        context::{Context, code},
        term::screen,
    },
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
pub fn verify(context: &Context, args: &Verify) -> Result<u8, Error> {
    let workbook = &context.workbook;
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
            soak::soak(workbook, &chapters, amount, &context.stop, &mut say)?;
        return report(&findings, "No test failed under any seed.\n");
    }
    let options = Options {
        bless: args.bless,
        pristine: args.pristine,
        without_clippy: false,
    };
    let verdict =
        verify::verify(workbook, &chapters, options, &context.stop, &mut say)?;
    report(&verdict.findings, &table::print(&verdict.rows))
}

/// Mutates the solution of a chapter.
///
/// # Errors
///
/// The name is unknown, or cargo-mutants cannot run.
pub fn mutants(context: &Context, name: &str) -> Result<u8, Error> {
    let chapter = context.workbook.chapter(name)?;
    let mutation =
        mutants::mutate(&context.workbook, chapter, &context.stop, &mut say)?;
    let words = format!(
        "{name}: {}, {} caught, {} do not compile, {} excused\n",
        count(mutation.listed, "mutant"),
        mutation.caught,
        mutation.unviable,
        mutation.excused
    );
    report(&mutation.findings, &words)
}

fn say(words: &str) {
    eprintln!("{words}");
}

fn report(findings: &[Finding], content: &str) -> Result<u8, Error> {
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
