//! What may be typed behind `cargo run --example shop --`.

use clap::Parser;

use crate::names::{OURS, Part};

/// The fewest files with which the shop itself can work.
const LEAST: u64 = 32;

/// A small service made of your solved exercises, with orders that do not wait.
///
/// Where one is not solved yet, the form that people ship stands in.
#[derive(Parser, Debug, Clone)]
#[command(
    name = "shop",
    override_usage = "cargo run --example shop -- [OPTIONS]",
    after_help = "The parts: timeouts, retries, backpressure, joinset, shutdown, worker_pool,\n\
                  and with a port: http"
)]
pub struct Args {
    /// Put the naive form of these parts back: NAME,NAME
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub without: Vec<Part>,
    /// A minute's load with this part, and with its naive form
    #[arg(long, value_name = "NAME")]
    pub compare: Option<Part>,
    /// Open this port, served by `http`; 0: any that is free
    #[arg(long, value_name = "NUMBER", value_parser = port)]
    pub port: Option<u16>,
    /// With a port: the most open files, one a connection
    #[arg(long, value_name = "NUMBER", value_parser = files)]
    pub files: Option<u64>,
    /// Take the reference's parts in place of yours
    #[arg(long)]
    pub reference: bool,
    /// Where kept parts lie, in place of `.workbook/solved`
    #[arg(long, value_name = "FOLDER", hide = true)]
    pub kept: Option<std::path::PathBuf>,
    /// Say of each part, with each set of naive ones beside it, which numbers it changes
    #[arg(long, hide = true)]
    pub every_way: bool,
}

impl Args {
    /// What was typed, or what to print instead, and the exit code for it.
    ///
    /// # Errors
    ///
    /// Help was asked for, or what was typed makes no sense.
    pub fn read() -> Result<Self, (String, u8)> {
        let args = Self::try_parse().map_err(|error| {
            let text = error.render().to_string();
            if error.use_stderr() { (one_line(&text), 2) } else { (text, 0) }
        })?;
        match args.senseless() {
            Some(sentence) => Err((sentence, 2)),
            None => Ok(args),
        }
    }

    /// What does not go together.
    fn senseless(&self) -> Option<String> {
        let Self { compare, without, port, files, .. } = self;
        match compare {
            Some(Part::Http) => Some(
                "http has no minute on the paused clock: ask it, or load it.\n\
                 cargo run --example shop -- --port 3000\n\
                 cargo run --example crowd -- --port 3000"
                    .into(),
            ),
            Some(part) if without.contains(part) => Some(format!(
                "`--compare {part}` runs without {part} anyway: leave one out"
            )),
            Some(_) if port.is_some() => {
                Some("`--compare` runs without a port: leave one out".into())
            }
            _ if port.is_some() => None,
            _ if files.is_some() => {
                Some("`--files` goes with a port: try --port 3000".into())
            }
            _ if without.contains(&Part::Http) => {
                Some("`--without http` goes with a port: try --port 3000".into())
            }
            _ => None,
        }
    }
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| said(&format!("`{text}` is no port; try --port 3000")))
}

fn files(text: &str) -> Result<u64, String> {
    let files = text.parse().ok().filter(|files| *files >= LEAST);
    files.ok_or_else(|| {
        said(&format!("`{text}` is no number of files; the least is {LEAST}"))
    })
}

/// Ours, not clap's: see [`one_line`].
fn said(sentence: &str) -> String {
    format!("{OURS}{sentence}")
}

/// The first sentence of clap's, and where the rest is.
fn one_line(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    match first.split_once(OURS) {
        Some((_, sentence)) => sentence.to_owned(),
        None => format!("{first}; try -- --help"),
    }
}
