//! A new chapter: every file it needs, laid out so that it compiles.

use runner::{
    Error, Workbook, text,
    workbook::{NETWORK, WORKBOOK},
};

use crate::{lists, pages::PAGE, text::of_chapter};

/// The files of a new chapter, by the path they get, with the text they start from. `NAME`, `PART` and
/// `TITLE` are filled in.
const FILES: [(&str, &str); 8] = [
    ("mistakes/NAME/stub.rs", include_str!("new/stub.rs.in")),
    ("solutions/NAME.rs", include_str!("new/solution.rs.in")),
    ("solutions/NAME/built_otherwise.rs", include_str!("new/otherwise.rs.in")),
    ("tests/NAME.rs", include_str!("new/suite.rs.in")),
    ("mistakes/NAME/adds_one.diff", include_str!("new/mistake.diff.in")),
    ("mistakes/NAME/lazy/returns_the_default.rs", include_str!("new/default.rs.in")),
    ("mistakes/NAME/lazy/waits_for_ever.rs", include_str!("new/waits.rs.in")),
    ("book/src/NAME.md", PAGE),
];

/// The entry in `workbook.toml`.
const ENTRY: &str = include_str!("new/entry.toml.in");

/// Which chapter is wished for.
#[derive(Debug, clap::Args)]
pub struct Wish {
    /// Its name: a Rust module name that says the pattern.
    pub name: String,
    /// Its heading; without it the name, in words.
    #[arg(long)]
    pub title: Option<String>,
    /// It is about the network, and may use the packages that `network/Cargo.toml` names.
    #[arg(long)]
    pub network: bool,
}

/// Lays out a chapter at the end of the list, in the part of the last one, and says what it still needs.
///
/// # Errors
///
/// The name is none for a module or is taken, the title cannot stand in a list, or a file cannot be written.
pub fn lay_out(workbook: &Workbook, wish: &Wish) -> Result<String, Error> {
    let name = wish.name.as_str();
    is_free(workbook, name)?;
    let title = wish.title.clone().unwrap_or_else(|| heading(name));
    if title.contains(['"', '\\', '[', ']', '\n']) || title.trim().is_empty() {
        return Err(Error::Broken(format!(
            "`{title}` is no heading: leave out quotes, brackets and backslashes"
        )));
    }
    let part = workbook.chapters.last().map_or("", |last| &last.part);
    let network = if wish.network { "network = true\n" } else { "" };
    let fill = |text: &str| {
        // Why the title last: what stands in it is not filled in.
        text.replace("NAME", name)
            .replace("PART", part)
            .replace("NETWORK\n", network)
            .replace("TITLE", &title)
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
    for finding in of_chapter(&workbook, chapter) {
        said.push_str(&format!("{finding}\n"));
    }
    said.push_str(&format!("To see all it needs: cargo run -- verify {name}\n"));
    Ok(said)
}

/// Whether a chapter may have this name.
fn is_free(workbook: &Workbook, name: &str) -> Result<(), Error> {
    // Why `gen`: a keyword of the edition that syn does not know yet.
    let module = syn::parse_str::<syn::Ident>(name).is_ok()
        && name != "gen"
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !module {
        return Err(Error::Broken(format!(
            "`{name}` is no name for a module: use small letters, digits and _, as in `rate_limit`"
        )));
    }
    let files = FILES.map(|(file, _)| file).into_iter().chain(["exercises/NAME.rs"]);
    let mut files = files.map(|file| file.replace("NAME", name));
    let taken = files.find(|file| workbook.root.join(file).exists());
    let listed = workbook.position(name).is_ok().then(|| "workbook.toml".to_owned());
    match listed.or_else(|| target(workbook, name)).or(taken) {
        None => Ok(()),
        Some(file) => {
            Err(Error::Broken(format!("there is a `{name}` already, in {file}")))
        }
    }
}

/// The manifest of an exercise package or of the runner that has a test target of this name already.
fn target(workbook: &Workbook, name: &str) -> Option<String> {
    let manifests = [WORKBOOK.manifest, NETWORK.manifest, "runner/Cargo.toml"];
    let line = format!("name = \"{name}\"");
    let has = |file: &&str| {
        workbook.read(file).is_ok_and(|text| text.lines().any(|l| l == line))
    };
    manifests.into_iter().find(has).map(str::to_owned)
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
