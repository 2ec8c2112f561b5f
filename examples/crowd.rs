//! A crowd at the port of the shop: honest clients, and beside them some that hold on to what they get.
//!
//!     cargo run --example shop -- --port 3000 --files 128
//!     cargo run --example crowd -- --port 3000
//!
//! It takes twelve seconds. For two the honest clients are alone, then the others come for eight and leave, and for
//! two more the honest ones are alone again. Everything has a bound: 40 honest requests a second, each for two
//! seconds at most, 150 half heads, 16 bodies of 256 KiB, and five that are slow. It talks to this machine and to
//! no other.
//!
//! | File | What it is |
//! |---|---|
//! | `args.rs` | what may be typed |
//! | `client.rs` | one connection, one request |
//! | `honest.rs` | who wants an answer |
//! | `hostile.rs` | who does not |
//! | `table.rs` | what is said at the end |
#![allow(missing_docs)]

#[path = "crowd/args.rs"]
mod args;
#[path = "crowd/client.rs"]
mod client;
#[path = "crowd/honest.rs"]
mod honest;
#[path = "crowd/hostile.rs"]
mod hostile;
#[path = "crowd/table.rs"]
mod table;

use std::{process::ExitCode, time::Duration};

use tokio::time::{Instant, sleep_until};

/// When the half heads come, and when all that are hostile leave.
const COME: Duration = Duration::from_secs(2);
const LEAVE: Duration = Duration::from_secs(10);

/// When no honest request is sent any more.
const END: Duration = Duration::from_secs(12);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = match args::Args::read() {
        Ok(args) => args,
        Err((text, 0)) => {
            print!("{text}");
            return ExitCode::SUCCESS;
        }
        Err((text, code)) => {
            eprintln!("{text}");
            return ExitCode::from(code);
        }
    };
    if let Err(sentence) = client::is_the_shop(args.port).await {
        eprintln!("{sentence}");
        return ExitCode::from(2);
    }
    let start = Instant::now();
    println!(
        "40 honest requests a second to port {}, each on a connection of its own.",
        args.port
    );
    let honest = tokio::spawn(honest::ask(args.port, start));
    let bodies = tokio::spawn(hostile::bodies(args.port, start));
    let slow = tokio::spawn(hostile::slow(args.port, start));
    sleep_until(start + COME).await;
    println!("  2s  {} clients send half a head and stay", args.half_heads);
    let heads = hostile::half_heads(args.port, args.half_heads, start + LEAVE);
    let heads = tokio::spawn(heads);
    sleep_until(start + LEAVE).await;
    println!(" 10s  whoever still stays leaves");
    let all = tokio::try_join!(honest, heads, bodies, slow);
    let (honest, heads, bodies, slow) = all.expect("no client panics");
    print!("\n{}", table::table(&honest, &heads, &bodies, &slow));
    ExitCode::SUCCESS
}
