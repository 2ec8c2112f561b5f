//! A new chapter: every file it needs, laid out so that it compiles.

use runner::{Error, Workbook, text};

use crate::{lists, text as gate};

/// The files of a new chapter, by the path they get, with the text they start from. `NAME` and `TITLE` are
/// filled in.
const FILES: [(&str, &str); 8] = [
    ("mistakes/NAME/stub.rs", include_str!("new/stub.rs.in")),
    ("solutions/NAME.rs", include_str!("new/solution.rs.in")),
    ("solutions/NAME/built_otherwise.rs", include_str!("new/otherwise.rs.in")),
    ("tests/NAME.rs", include_str!("new/suite.rs.in")),
    ("mistakes/NAME/adds_one.rs", include_str!("new/mistake.rs.in")),
    ("mistakes/NAME/lazy/returns_the_default.rs", include_str!("new/default.rs.in")),
    ("mistakes/NAME/lazy/waits_for_ever.rs", include_str!("new/waits.rs.in")),
    ("book/src/NAME.md", include_str!("new/page.md.in")),
];

/// The entry in `workbook.toml`.
const ENTRY: &str = include_str!("new/entry.toml.in");

/// Which chapter is wished for.
#[derive(Debug, clap::Args)]
pub struct Wish {
    /// Its name: a Rust module name that says the pattern.
    pub name: String,
    /// Its name as a heading, when that is another.
    #[arg(long)]
    pub title: Option<String>,
    /// It is about the network, and may use the packages that `network/Cargo.toml` names.
    #[arg(long)]
    pub network: bool,
}

/// Lays out a chapter at the end of its part, and says what it still needs.
///
/// # Errors
///
/// The name is none for a module, is taken, or a file cannot be written.
pub fn lay_out(workbook: &Workbook, wish: &Wish) -> Result<String, Error> {
    let name = wish.name.as_str();
    is_free(workbook, name)?;
    let title = wish.title.clone().unwrap_or_else(|| heading(name));
    let part = workbook.chapters.last().map_or("", |last| &last.part);
    let network = if wish.network { "network = true\n" } else { "" };
    let fill = |text: &str| {
        text.replace("NAME", name)
            .replace("TITLE", &title)
            .replace("PART", part)
            .replace("NETWORK\n", network)
    };
    let entry = workbook.read("workbook.toml")? + "\n" + &fill(ENTRY);
    for (file, text) in FILES {
        text::write(&workbook.root.join(fill(file)), &fill(text))?;
    }
    text::write(&workbook.root.join("workbook.toml"), &entry)?;
    let workbook = Workbook::open(&workbook.root)?;
    let chapter = workbook.chapter(name)?;
    let desk = workbook.root.join(chapter.exercise());
    text::write(&desk, &chapter.pristine(&workbook)?)?;
    lists::write(&workbook)?;
    let mut said = format!(
        "{name} is laid out and compiles. Write its contract first, in {}; CONTRIBUTING.md shows the way.\n",
        chapter.stub()
    );
    for finding in gate::of_chapter(&workbook, chapter) {
        said.push_str(&format!("{finding}\n"));
    }
    said.push_str(&format!("To see all it needs: cargo run -- verify {name}\n"));
    Ok(said)
}

/// Whether a chapter may have this name.
fn is_free(workbook: &Workbook, name: &str) -> Result<(), Error> {
    let module = syn::parse_str::<syn::Ident>(name).is_ok()
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !module {
        return Err(Error::Broken(format!(
            "`{name}` is no name for a module: use small letters, digits and _, as in `rate_limit`"
        )));
    }
    let taken = FILES.map(|(file, _)| file.replace("NAME", name));
    let taken = taken.into_iter().find(|file| workbook.root.join(file).exists());
    let listed = workbook.position(name).is_ok().then(|| "workbook.toml".to_owned());
    match listed.or(taken) {
        None => Ok(()),
        Some(file) => {
            Err(Error::Broken(format!("there is a `{name}` already, in {file}")))
        }
    }
}

/// `Rate limit` for `rate_limit`.
fn heading(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}
