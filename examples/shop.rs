//! A small service made of your solved exercises: orders come in, suppliers are slow, fail and hang.
//!
//!     cargo run --example shop
//!     cargo run --example shop -- --without retries
//!     cargo run --example shop -- --compare retries
//!     cargo run --example shop -- --port 3000
//!
//! This is the launcher. The map of the program is in `shop/main.rs`.
#![allow(missing_docs)]

#[path = "shop/args.rs"]
mod args;
mod launcher;
#[path = "shop/names.rs"]
mod names;

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

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
    // One for each, so that the reference's shop does not make yours compile again, nor the one with a port.
    let port = args.port.is_some();
    let with = if port { "_port" } else { "" };
    let file = format!(".workbook/programs/shop{with}_{whose}.rs").into();
    let of_kept = |kept: &PathBuf| kept.join(format!("programs/shop{with}.rs"));
    let file = args.kept.as_ref().map_or(file, of_kept);
    let features: &[_] = if port {
        &["examples/parts", "examples/port"]
    } else {
        &["examples/parts"]
    };
    let parts: Vec<_> = Part::all(port).iter().map(|part| part.name()).collect();
    launcher::run(&Program {
        name: "shop_program",
        features,
        parts: &parts,
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
        let value = match parts.iter().find(|(name, _)| *name == part) {
            Some((_, file)) if part == "http" && has_no_serve(file) => {
                "Some(given_http::glue::ROUTER)".to_owned()
            }
            Some(_) => format!("Some(given_{part}::glue::PART)"),
            None => "None".to_owned(),
        };
        _ = writeln!(text, "    {part}: {value},");
    }
    text + "};\n"
}

/// Whether this `http` is solved, and its `serve`, which is beyond the core, is still the stub's. One that cannot be
/// read does not compile either.
fn has_no_serve(http: &Path) -> bool {
    let text = fs::read_to_string(http).unwrap_or_default();
    text.contains("todo!(\"step 5")
}
