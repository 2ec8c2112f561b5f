//! What an author types: `verify`, `mistake`, `mutants`, `new`.

use clap::{Parser, Subcommand};
use runner::{
    Chapter, Error, Workbook,
    cli::{context::code, term::screen},
    process::Stop,
    text::count,
};

use crate::{
    Finding, authoring, mutants,
    new::{self, Wish},
    soak::{self, Amount},
    table,
    verify::{self, Options},
};

/// For authors of chapters.
#[derive(Debug, Parser)]
#[command(name = "gate", bin_name = "cargo run --", version)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// One command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The gate: are chapters, suites and wrong answers as they must be?
    Verify(Verify),
    /// Does the suite notice every change to the solution?
    Mutants {
        /// The chapter.
        name: String,
    },
    /// Work on a mistake: try it, write it from the desk, carry all of them over.
    #[command(subcommand)]
    Mistake(OnMistake),
    /// Lay out a chapter that compiles, and say what it still needs.
    New(Wish),
}

/// What to do with a mistake.
#[derive(Debug, Subcommand)]
pub enum OnMistake {
    /// What a learner who made this mistake reads first, and the tests that fail.
    Try {
        /// The chapter.
        chapter: String,
        /// The mistake: the name of its file.
        mistake: String,
    },
    /// Write what lies on the desk as a mistake: the difference to the nearest right answer.
    Write {
        /// The chapter.
        chapter: String,
        /// What to call it: a module name that says in the third person what the code does.
        mistake: String,
    },
    /// After a change of a right answer: carry its mistakes over, and name those that clash.
    Carry {
        /// The chapter.
        chapter: String,
        /// The revision the mistakes were written for.
        #[arg(long, default_value = "HEAD")]
        from: String,
    },
}

/// The arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The chapters; all of them when none is named.
    pub names: Vec<String>,
    /// Write the computed lists, and record anew how each mistake fails.
    #[arg(long)]
    pub bless: bool,
    /// Ask that every exercise is untouched, as a fresh clone has it.
    #[arg(long)]
    pub pristine: bool,
    /// Only run the right answers, under this many seeds per test.
    #[arg(long, value_name = "SEEDS", conflicts_with_all = ["bless", "pristine"])]
    pub soak: Option<u64>,
    /// Keep every core busy during the soak.
    #[arg(long, requires = "soak")]
    pub load: bool,
}

/// Runs one command and returns the exit code.
///
/// # Errors
///
/// A name is unknown, or the workbook itself cannot go on.
pub fn run(args: Args) -> Result<u8, Error> {
    let here =
        std::env::current_dir().map_err(Error::io("cannot see where I am"))?;
    let workbook = Workbook::find(&here)?;
    let stop = Stop::on_interrupt()?;
    match args.command {
        Command::Verify(args) => verify(&workbook, &args, &stop),
        Command::Mutants { name } => mutants(&workbook, &name, &stop),
        Command::Mistake(what) => {
            let said = match what {
                OnMistake::Try { chapter, mistake } => {
                    authoring::attempt(&workbook, &chapter, &mistake, &stop)
                }
                OnMistake::Write { chapter, mistake } => {
                    authoring::write(&workbook, &chapter, &mistake)
                }
                OnMistake::Carry { chapter, from } => {
                    authoring::carry(&workbook, &chapter, &from)
                }
            };
            screen::print(&said?)?;
            Ok(code::DONE)
        }
        Command::New(wish) => {
            screen::print(&new::lay_out(&workbook, &wish)?)?;
            Ok(code::DONE)
        }
    }
}

/// Runs the gate, or a soak.
fn verify(workbook: &Workbook, args: &Verify, stop: &Stop) -> Result<u8, Error> {
    let chapters: Vec<&Chapter> = if args.names.is_empty() {
        workbook.chapters.iter().collect()
    } else {
        args.names
            .iter()
            .map(|name| workbook.chapter(name))
            .collect::<Result<_, _>>()?
    };
    if let Some(seeds) = args.soak {
        let amount = Amount { seeds, load: args.load };
        let findings = soak::soak(workbook, &chapters, amount, stop, &mut say)?;
        return told(&findings, "No test failed under any seed.\n");
    }
    let options = Options {
        bless: args.bless,
        pristine: args.pristine,
        without_clippy: false,
    };
    let verdict = verify::verify(workbook, &chapters, options, stop, &mut say)?;
    told(&verdict.findings, &table::print(&verdict.rows))
}

/// Mutates the solution of a chapter.
fn mutants(workbook: &Workbook, name: &str, stop: &Stop) -> Result<u8, Error> {
    let chapter = workbook.chapter(name)?;
    let mutation = mutants::mutate(workbook, chapter, stop, &mut say)?;
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
