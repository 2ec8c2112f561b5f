//! What may be typed behind `cargo run --example shop --`.

use clap::Parser;

use crate::names::Part;

/// A small service made of your solved exercises, with orders that do not wait.
///
/// Where one is not solved yet, the form that people ship stands in.
#[derive(Parser, Debug, Clone)]
#[command(
    name = "shop",
    override_usage = "cargo run --example shop -- [OPTIONS]",
    after_help = "The parts: timeouts, retries, backpressure, joinset, shutdown, worker_pool"
)]
pub struct Args {
    /// Put the naive form of these parts back, a comma between two
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub without: Vec<Part>,
    /// Show a minute's load with this part beside one with its naive form
    #[arg(long, value_name = "NAME")]
    pub compare: Option<Part>,
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
        match args.compare {
            Some(part) if args.without.contains(&part) => Err((
                format!(
                    "`--compare {part}` runs without {part} anyway: leave one out"
                ),
                2,
            )),
            _ => Ok(args),
        }
    }
}

/// The first sentence of clap's, and where the rest is.
fn one_line(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    match first.split_once(": the shop has no part") {
        Some((_, tail)) => format!("the shop has no part{tail}"),
        None => format!("{first}; try -- --help"),
    }
}
