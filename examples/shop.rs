//! A small service made of your solved exercises: orders come in, suppliers are slow, fail and hang.
//!
//!     cargo run --example shop
//!     cargo run --example shop -- --without retries
//!     cargo run --example shop -- --compare retries
//!
//! This is the launcher. The map of the program is in `shop/main.rs`.
#![allow(missing_docs)]

#[path = "shop/args.rs"]
mod args;
mod launcher;
#[path = "shop/names.rs"]
mod names;

use std::{fmt::Write, path::Path, process::ExitCode};

use args::Args;
use launcher::{Kept, Program};
use names::Part;

fn main() -> ExitCode {
    let args = match Args::read() {
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
    let solutions =
        Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("solutions");
    let (whose, kept) = if args.reference {
        ("reference", Some(solutions.as_path()))
    } else {
        ("yours", args.kept.as_deref())
    };
    // One for each, so that the reference's shop does not make yours compile again.
    let file = format!(".workbook/programs/shop_{whose}.rs").into();
    let file = args.kept.as_ref().map_or(file, |kept| kept.join("programs/shop.rs"));
    launcher::run(&Program {
        name: "shop_program",
        parts: &Part::ALL.map(Part::name),
        kept,
        file,
        code: &|parts| code(whose, parts),
        instead: "the naive form",
    })
}

/// A module for each part that is in, and the value that has them all.
fn code(whose: &str, parts: &[Kept<'_>]) -> String {
    let glue = Path::new(env!("CARGO_MANIFEST_DIR")).join("shop/parts");
    let mut text = String::new();
    for (name, file) in parts {
        let glue = glue.join(name).join("glue.rs");
        _ = write!(
            text,
            "mod given_{name} {{\n    #[allow(warnings, clippy::all)]\n    #[path = {file:?}]\n    \
             pub mod form;\n    #[path = {glue:?}]\n    pub mod glue;\n}}\n"
        );
    }
    _ = writeln!(text, "pub const GIVEN: Given = Given {{\n    whose: {whose:?},");
    for part in Part::ALL.map(Part::name) {
        let value = if parts.iter().any(|(name, _)| *name == part) {
            format!("Some(given_{part}::glue::PART)")
        } else {
            "None".to_owned()
        };
        _ = writeln!(text, "    {part}: {value},");
    }
    text + "};\n"
}
