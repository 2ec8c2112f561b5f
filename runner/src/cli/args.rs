//! The arguments.

use std::ffi::OsString;

use clap::{Parser, Subcommand};

/// The workbook: watch, check and compare your exercises. Without a command it watches; the name of an
/// exercise alone watches that one.
#[derive(Debug, Parser)]
#[command(name = "workbook", bin_name = "cargo run --", version)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// One command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check again at every save: one exercise, or from the first that is not solved.
    Watch {
        /// The exercise.
        name: Option<String>,
    },
    /// Show all exercises and how far you are.
    List,
    /// Check one exercise, or the first that is not solved.
    Check {
        /// The exercise.
        name: Option<String>,
    },
    /// Show a hint for the step you are at. Changes nothing.
    Hint {
        /// The exercise, or the first that is not solved; `retries.3` for its step 3.
        name: Option<String>,
        /// 1: what to look at, 2: which tool, 3: the shape of the code.
        #[arg(default_value_t = 1)]
        level: usize,
    },
    /// Explain a rule, such as `retries.2`: its text, its section, its tests. Or list the rules of an
    /// exercise, such as `retries`.
    Explain {
        /// The code of the rule, or the exercise.
        code: String,
        /// Show the wrong answers that break this rule instead.
        #[arg(long)]
        mistakes: bool,
        /// Do not ask first, although the exercise is not solved yet.
        #[arg(long, requires = "mistakes")]
        yes: bool,
    },
    /// Show what others got wrong: all mistakes of an exercise by rule, or one as a difference.
    Mistakes {
        /// The exercise.
        name: String,
        /// The mistake.
        mistake: Option<String>,
        /// Lay it on your desk, to run it or to show it. Yours is kept in a backup.
        #[arg(long, requires = "mistake")]
        put: bool,
        /// Do not ask first, although the exercise is not solved yet.
        #[arg(long, requires = "mistake")]
        yes: bool,
    },
    /// Show the reference solution.
    Solution {
        /// The exercise.
        name: String,
        /// Do not ask first.
        #[arg(long)]
        yes: bool,
    },
    /// Compare your answer with the reference solution, once it is solved.
    Diff {
        /// The exercise.
        name: String,
        /// Do not ask first, although steps beyond the core are still open.
        #[arg(long)]
        yes: bool,
    },
    /// Put the untouched exercise back. Yours is kept in a backup.
    Reset {
        /// The exercise.
        name: String,
    },
    /// For authors: the gate. Are chapters, suites and wrong answers as they must be?
    #[command(disable_help_flag = true)]
    Verify {
        /// What the gate itself understands: `verify --help` tells.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<OsString>,
    },
    /// For authors: try a mistake, write one from the desk, carry them over to a changed solution.
    #[command(disable_help_flag = true)]
    Mistake {
        /// What the gate itself understands: `mistake --help` tells.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<OsString>,
    },
    /// For authors: does the suite notice every change to the solution?
    #[command(disable_help_flag = true)]
    Mutants {
        /// What the gate itself understands: `mutants --help` tells.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<OsString>,
    },
    /// For authors: lay out a chapter that compiles, and say what it still needs.
    #[command(disable_help_flag = true)]
    New {
        /// What the gate itself understands: `new --help` tells.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<OsString>,
    },
    /// The name of an exercise, to watch it.
    #[command(external_subcommand)]
    Name(Vec<String>),
}
