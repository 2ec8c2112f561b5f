//! The command behind `cargo run -p book`.

use std::{
    io::{stdin, stdout},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context;
use builder::{
    build::{build, default_out},
    preprocess, recorder, serve,
    sources::find_root,
};
use clap::{Parser, Subcommand};

/// Serves the book on this machine, or builds it, or records the runs it shows.
#[derive(Parser)]
#[command(name = "book")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the book and build it again when a source changes (the default).
    Serve {
        /// The port to try first.
        #[arg(long, default_value_t = 3000)]
        port: u16,
    },
    /// Build the pages.
    Build {
        /// The folder to put them in [default: book/out].
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Run what the pages show and keep the records.
    Record {
        /// One chapter only.
        chapter: Option<String>,
        /// Change nothing; fail when a record is not what a run gives today.
        #[arg(long)]
        check: bool,
    },
    /// Speak mdBook's preprocessor protocol.
    #[command(hide = true)]
    Preprocess {
        /// `supports`, then the name of a renderer.
        words: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Option<Command>) -> anyhow::Result<ExitCode> {
    let root = find_root()?;
    match command.unwrap_or(Command::Serve { port: 3000 }) {
        Command::Serve { port } => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .context("cannot start the server")?;
            let out = default_out(&root);
            runtime.block_on(serve::serve(root, out, port))?;
        }
        Command::Build { out } => {
            let out = out.unwrap_or_else(|| default_out(&root));
            let out = std::path::absolute(&out)
                .context("cannot find the output folder")?;
            build(&root, &out)?;
            println!("Built {}", out.join("index.html").display());
        }
        Command::Record { chapter, check } => {
            let stale = recorder::record(&root, chapter.as_deref(), check)?;
            return Ok(if check && stale {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            });
        }
        Command::Preprocess { words } => return preprocess(&words),
    }
    Ok(ExitCode::SUCCESS)
}

fn preprocess(words: &[String]) -> anyhow::Result<ExitCode> {
    match words {
        [] => preprocess::answer(stdin(), stdout())?,
        [verb, renderer] if verb == "supports" => {
            let supported = renderer == "html";
            return Ok(if supported {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
        _ => anyhow::bail!("mdBook says `supports RENDERER` or nothing"),
    }
    Ok(ExitCode::SUCCESS)
}
