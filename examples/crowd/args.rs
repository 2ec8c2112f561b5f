//! What may be typed behind `cargo run --example crowd --`.

use clap::Parser;

/// The most half heads: each is a file here, and many systems give a program 256.
const MOST: u16 = 150;

/// A load of twelve seconds for the port of the shop, on this machine.
#[derive(Parser, Debug)]
#[command(
    name = "crowd",
    override_usage = "cargo run --example crowd -- --port NUMBER"
)]
pub struct Args {
    /// The port of the shop
    #[arg(long, value_name = "NUMBER", value_parser = port)]
    pub port: u16,
    /// How many clients send half a head and stay, 150 at most
    #[arg(long, value_name = "NUMBER", default_value_t = MOST, value_parser = heads)]
    pub half_heads: u16,
}

impl Args {
    /// What was typed, or what to print instead, and the exit code for it.
    ///
    /// # Errors
    ///
    /// Help was asked for, or what was typed makes no sense.
    pub fn read() -> Result<Self, (String, u8)> {
        Self::try_parse().map_err(|error| {
            let text = error.render().to_string();
            if error.use_stderr() { (one_line(&text), 2) } else { (text, 0) }
        })
    }
}

/// Where a sentence of ours begins among clap's.
const OURS: &str = "crowd: ";

fn port(text: &str) -> Result<u16, String> {
    let port = text.parse().ok().filter(|port| *port > 0);
    port.ok_or_else(|| {
        format!("{OURS}`{text}` is no port of this machine; try --port 3000")
    })
}

fn heads(text: &str) -> Result<u16, String> {
    let heads = text.parse().ok().filter(|heads| *heads <= MOST);
    heads.ok_or_else(|| format!("{OURS}`{text}` is no number from 0 to {MOST}"))
}

/// Ours, or the first sentence of clap's, and where the rest is.
fn one_line(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    if let Some((_, sentence)) = first.split_once(OURS) {
        return sentence.to_owned();
    }
    if text.contains("--port") && first.contains("were not provided") {
        return "the port of the shop is missing; try --port 3000".into();
    }
    let first = first.strip_prefix("error: ").unwrap_or(first);
    format!("{first}; try -- --help")
}
