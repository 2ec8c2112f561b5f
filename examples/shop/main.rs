//! The shop: a small service made of the learner's solved exercises. `examples/shop.rs` builds it and starts it;
//! the parts come from the file that `PARTS` names.
//!
//! | File | What it is |
//! |---|---|
//! | `args.rs`, `names.rs` | what may be typed; `../shop.rs` reads it as well |
//! | `minute.rs`, `dice.rs` | what happens in which second, and luck that is the same in every run |
//! | `load.rs`, `requests.rs` | who orders, and the network they come on, in memory |
//! | `floor.rs`, `suppliers.rs` | the service, and whom it depends on |
//! | `part.rs`, `parts/` | what each part is asked for; its naive form, and the glue for both |
//! | `blame.rs`, `local.rs` | whose code is at work or panicked; what stays on its thread |
//! | `numbers.rs`, `table.rs`, `words.rs` | what is counted, and what is said |
//! | `live.rs`, `screen.rs`, `signals.rs`, `compare.rs` | the two ways to run it |
//! | `port.rs`, `lines.rs`, `beats.rs`, `files.rs` | with `--port`: who listens, what of its log is shown, whether a thread gives way, how many files there are |
//! | `customers/` | what the port works with, to `http` under the name `fakes_net`; the feature `port` has it |
#![allow(missing_docs)]
#![allow(clippy::duplicate_mod)] // glue is compiled with two forms

// The exercise `shutdown` takes its network from `fakes::requests`: here that is ours.
extern crate self as fakes;
// And `http` takes its world from `fakes_net`.
#[cfg(feature = "port")]
extern crate self as fakes_net;

mod args;
mod beats;
mod blame;
mod compare;
#[cfg(feature = "port")]
mod customers;
mod dice;
mod files;
mod floor;
mod lines;
mod live;
mod load;
mod local;
mod minute;
mod names;
mod numbers;
mod part;
mod parts;
mod port;
pub mod requests;
mod screen;
mod signals;
mod suppliers;
mod table;
mod words;

use std::process::ExitCode;

use args::Args;
use blame::Panic;
use compare::{Broken, Minute};
#[cfg(feature = "port")]
pub use customers::*;
use part::{Given, Part};

// The kept parts, and `GIVEN`.
include!(env!("PARTS"));

fn main() -> ExitCode {
    let args = match Args::read() {
        Ok(args) => args,
        Err((text, code)) => {
            eprintln!("{}", text.trim_end());
            return ExitCode::from(code);
        }
    };
    blame::listen();
    if args.every_way {
        return every_way(&GIVEN);
    }
    match args.compare {
        Some(part) => compared(&GIVEN, part, &args.without),
        None => open(&GIVEN, &args),
    }
}

/// On the real clock.
fn open(given: &Given, args: &Args) -> ExitCode {
    let limited = args.files.map_or(Ok(()), files::limit);
    let bound = limited.and_then(|()| args.port.map(port::bind).transpose());
    let bound = match bound {
        Ok(bound) => bound,
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::from(2);
        }
    };
    let parts = given.parts(&args.without);
    if parts.http.is_none() && bound.is_some() {
        eprintln!("this was built without a port; try cargo run --example shop");
        return ExitCode::from(2);
    }
    println!("The shop is open. Ctrl-C closes it; a second one means now.");
    print!("{}", words::heads(given, &args.without));
    if let Some(line) = words::how_to_replace(given, Part::all(bound.is_some())) {
        println!("{line}");
    }
    let whose = words::whose_port(given, &args.without);
    if let (Some(http), Some(bound)) = (parts.http, &bound) {
        println!("{}", words::how_to_ask(&http, &whose, bound.number));
    }
    live::run(given, &whose, parts, bound)
}

/// Both ways, side by side.
fn compared(given: &Given, part: Part, without: &[Part]) -> ExitCode {
    if !given.has(part) {
        eprintln!(
            "{part} is not solved yet, so there is only its naive form. The reference's:\n\
             cargo run --example shop -- --reference --compare {part}"
        );
        return ExitCode::from(2);
    }
    println!(
        "A minute at the shop, twice, with the same orders. Only {part} differs."
    );
    println!("{}", words::heads(given, without));
    let mut naive = without.to_vec();
    naive.push(part);
    let both = compare::minute(given.parts(without)).and_then(|is| {
        let naive = compare::minute(given.parts(&naive))?;
        Ok((is, naive))
    });
    let (is, naive) = match both {
        Ok(both) => both,
        Err(broken) => {
            says_why(given, &broken);
            // Why not by return: a thread that loops is still at it.
            std::process::exit(1);
        }
    };
    print!("{}", table::side_by_side(part, given.whose, &is.counts, &naive.counts));
    let both_lose = is.counts.lost > 0 && naive.counts.lost > 0;
    if both_lose && (!given.has(Part::Shutdown) || without.contains(&Part::Shutdown))
    {
        println!("\n{}", words::BOTH_LOSE);
    }
    let went_well = says_what_went_wrong(given, &is);
    if went_well {
        println!("\n{}", words::look(part));
    }
    ExitCode::from(u8::from(!went_well))
}

/// Why there is nothing to compare.
fn says_why(given: &Given, broken: &Broken) {
    match broken {
        Broken::Stands { at, part } => {
            let (who, at) = (words::whose(given, *part), at.as_millis());
            println!(
                "The clock stands still at {at} ms: {who} loops and never waits."
            );
        }
        Broken::Fell(panics) => {
            says_panics(given, panics);
            println!("There is no shop without it.");
        }
    }
}

/// Panics, and parts that did not come back. Whether there was nothing to say.
fn says_what_went_wrong(given: &Given, minute: &Minute) -> bool {
    let panics = &minute.panics;
    says_panics(given, panics);
    for part in &minute.closed.stuck {
        let who = words::whose(given, Some(*part));
        println!("\nThe shop went on without {who}: it was not there at the end.");
    }
    panics.is_empty() && minute.closed.stuck.is_empty()
}

/// Each panic once, with how often it came.
fn says_panics(given: &Given, panics: &[Panic]) {
    for (at, panic) in panics.iter().enumerate() {
        let same = |one: &&Panic| one.place == panic.place;
        if !panics[..at].iter().any(|one| same(&one)) {
            let times = panics.iter().filter(same).count();
            println!("\n{}", words::panicked(given, panic));
            println!("So many times: {times}");
        }
    }
}

/// Each part against its naive form, with each set of naive forms beside it. For the tests.
fn every_way(given: &Given) -> ExitCode {
    let subset = |bits: usize| -> Vec<Part> {
        let chosen = |(place, part)| (bits >> place & 1 == 1).then_some(part);
        Part::FLOOR.into_iter().enumerate().filter_map(chosen).collect()
    };
    let minutes = (0..1 << Part::FLOOR.len())
        .map(|bits| compare::minute(given.parts(&subset(bits))));
    let minutes: Vec<_> = match minutes.collect() {
        Ok(minutes) => minutes,
        Err(broken) => {
            says_why(given, &broken);
            return ExitCode::FAILURE;
        }
    };
    let mut all = true;
    for (place, part) in Part::FLOOR.into_iter().enumerate() {
        for bits in (0..minutes.len()).filter(|bits| bits >> place & 1 == 0) {
            let (is, naive) = (&minutes[bits], &minutes[bits | 1 << place]);
            let (rows, own) = table::differ(part, &is.counts, &naive.counts);
            if !own {
                all = false;
                let without = subset(bits);
                println!("{part} without {without:?}: only {}", rows.join(", "));
            }
        }
    }
    println!(
        "{}",
        if all { "each part differs in its own row" } else { "not in each" }
    );
    ExitCode::from(u8::from(!all))
}
