//! Checks the finished pages: every link leads somewhere, nothing is fetched from elsewhere, none is heavy.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::resume_unwind,
    path::{Component, Path, PathBuf},
    thread::{self, ScopedJoinHandle},
};

use percent_encoding::percent_decode_str;

use crate::{
    files::{below, read},
    html::{Tag, attribute, tags},
    problem::{BookError, Problem},
};

/// The most bytes of a page, and the page that is all of them together.
const HEAVY: usize = 200_000;
const ALL: &str = "print.html";

/// What one page offers and asks for.
struct Page {
    ids: BTreeSet<String>,
    links: Vec<String>,
    base: Option<String>,
}

/// Everything wrong with the pages in `out`.
///
/// # Errors
///
/// When a page cannot be read.
pub fn check(out: &Path) -> Result<Vec<Problem>, BookError> {
    let mut problems = vec![];
    let mut pages = BTreeMap::new();
    let (names, others): (Vec<String>, Vec<String>) =
        below(out).into_iter().partition(|name| name.ends_with(".html"));
    for (name, read) in names.iter().zip(read_all(out, &names)) {
        let (page, wrong) = read?;
        pages.insert(PathBuf::from(name), page);
        problems.extend(wrong);
    }
    for name in others.iter().filter(|name| name.ends_with(".css")) {
        problems.extend(style(&read(&out.join(name))?, name));
    }
    for (file, page) in &pages {
        for link in &page.links {
            if let Some(why) = broken(out, &pages, file, page, link) {
                let name = file.to_string_lossy();
                problems.push(Problem::at(name, 0, format!("`{link}` {why}")));
            }
        }
    }
    Ok(problems)
}

/// The pages and what is wrong with them, one thread a page: whoever saves a page waits for this.
fn read_all<'a>(
    out: &Path,
    names: &'a [String],
) -> Vec<Result<(Page, Vec<Problem>), BookError>> {
    thread::scope(|scope| {
        let start = |name: &'a String| {
            scope.spawn(move || Ok(page(&read(&out.join(name))?, name)))
        };
        let readers: Vec<_> = names.iter().map(start).collect();
        let join = |reader: ScopedJoinHandle<'_, _>| {
            reader.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        readers.into_iter().map(join).collect()
    })
}

fn page(html: &str, name: &str) -> (Page, Vec<Problem>) {
    let mut problems = vec![];
    let mut page = Page { ids: BTreeSet::new(), links: vec![], base: None };
    let mut wrong = |text: String| problems.push(Problem::at(name, 0, text));
    if html.len() > HEAVY && name != ALL {
        let bytes = html.len();
        wrong(format!("has {bytes} bytes; {HEAVY} are the limit, for slow lines"));
    }
    for tag in tags(html) {
        if let Some(id) = attribute(&tag, "id")
            && !page.ids.insert(id.to_owned())
        {
            wrong(format!("two elements have the id `{id}`"));
        }
        if &*tag.name == "base" {
            page.base = attribute(&tag, "href").map(str::to_owned);
            continue;
        }
        if &*tag.name == "img" && attribute(&tag, "alt").is_none() {
            wrong("an image has no `alt` text".to_owned());
        }
        let links = ["href", "src", "xlink:href"];
        for link in links.iter().filter_map(|key| attribute(&tag, key)) {
            if !is_elsewhere(link) {
                page.links.push(link.to_owned());
            } else if fetches(&tag) {
                wrong(format!("`{link}` would be fetched from another machine"));
            }
        }
    }
    (page, problems)
}

/// Whether opening the page is enough to follow the link.
fn fetches(tag: &Tag) -> bool {
    &*tag.name != "a"
}

fn is_elsewhere(link: &str) -> bool {
    let scheme = link.split_once(':').map_or("", |(scheme, _)| scheme);
    let named = !scheme.is_empty()
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    (named && scheme != "data") || link.starts_with("//")
}

fn style(css: &str, name: &str) -> Vec<Problem> {
    let far = ["url(http", "url(\"http", "url('http", "url(//", "@import \"http"];
    let found = far.iter().filter(|start| css.contains(**start));
    found
        .map(|start| {
            Problem::at(name, 0, format!("`{start}…` is on another machine"))
        })
        .collect()
}

/// Why a link leads nowhere, if it does.
fn broken(
    out: &Path,
    pages: &BTreeMap<PathBuf, Page>,
    file: &Path,
    page: &Page,
    link: &str,
) -> Option<String> {
    if link.starts_with("data:") {
        return None;
    }
    let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
    let path = decoded(path.split('?').next().unwrap_or_default());
    let folder = match page.base {
        Some(_) => Path::new(""),
        None => file.parent().unwrap_or(Path::new("")),
    };
    let target = match path.strip_prefix('/') {
        _ if path.is_empty() => file.to_path_buf(),
        Some(absolute) => normal(Path::new(absolute))?,
        None => match normal(&folder.join(&path)) {
            Some(target) => target,
            None => return Some("leads out of the book".to_owned()),
        },
    };
    let target =
        if out.join(&target).is_dir() { target.join("index.html") } else { target };
    if !out.join(&target).is_file() {
        return Some("leads to a page that does not exist".to_owned());
    }
    let known = |page: &Page| page.ids.contains(&decoded(fragment));
    let missing = !fragment.is_empty() && !pages.get(&target).is_some_and(known);
    missing
        .then(|| format!("leads to an id that `{}` does not have", target.display()))
}

/// `%20` and its like as the letters they stand for.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The path without `.` and `..`; `None` when it leads above its start.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut parts: Vec<Component> = vec![];
    for part in path.components() {
        match part {
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::Normal(_) => parts.push(part),
            _ => {}
        }
    }
    Some(parts.iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(pages: &[(&str, &str)]) -> Vec<String> {
        let out = tempfile::tempdir().unwrap();
        for (name, text) in pages {
            let path = out.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        check(out.path()).unwrap().iter().map(Problem::to_string).collect()
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        let found = problems(&[
            (
                "a.html",
                r##"<p id="x"><a href="b/c.html#y%20z">c</a> <a href="#x">x</a>"##,
            ),
            (
                "b/c.html",
                r#"<p id="y z"><a href="../a.html?q#x">a</a><a href="..">up</a>"#,
            ),
            ("index.html", r#"<a href="https://example.org/">out</a>"#),
        ]);

        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_link_to_a_missing_page_is_an_error() {
        let found = problems(&[("a.html", r#"<a href="b.html">b</a>"#)]);

        assert_eq!(found, ["a.html: `b.html` leads to a page that does not exist"]);
    }

    #[test]
    fn a_link_to_a_missing_id_is_an_error() {
        let found = problems(&[("a.html", r##"<a href="#x">x</a>"##)]);

        assert_eq!(
            found,
            ["a.html: `#x` leads to an id that `a.html` does not have"]
        );
    }

    #[test]
    fn a_link_out_of_the_book_is_an_error() {
        let found = problems(&[("a.html", r#"<a href="../secret.txt">x</a>"#)]);

        assert_eq!(found, ["a.html: `../secret.txt` leads out of the book"]);
    }

    #[test]
    fn the_same_id_twice_is_an_error() {
        let found = problems(&[("a.html", r#"<p id="x"></p><p id="x"></p>"#)]);

        assert_eq!(found, ["a.html: two elements have the id `x`"]);
    }

    #[test]
    fn an_image_needs_words() {
        let found = problems(&[("a.html", r#"<img src="data:,">"#)]);

        assert_eq!(found, ["a.html: an image has no `alt` text"]);
    }

    #[test]
    fn a_page_is_light() {
        let text = "x".repeat(HEAVY + 1);
        let found = problems(&[("a.html", &text), (ALL, &text)]);

        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("a.html: has 200001 bytes"), "{found:?}");
    }

    #[test]
    fn nothing_is_fetched_from_another_machine() {
        let found = problems(&[
            ("a.html", r#"<script src="https://cdn.example/x.js"></script>"#),
            ("b.html", r#"<img alt="" src="//cdn.example/x.png">"#),
            ("c.css", "@font-face { src: url(https://fonts.example/x) }"),
        ]);

        assert_eq!(found.len(), 3, "{found:?}");
    }
}
