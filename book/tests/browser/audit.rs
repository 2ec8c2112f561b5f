//! What is checked on every page.

use std::path::PathBuf;

use serde_json::Value;

use super::chromium::Chromium;

/// One light and one dark theme on every page.
const THEMES: [&str; 2] = ["light", "navy"];
/// The other themes, on one page.
const OTHER_THEMES: [&str; 3] = ["rust", "coal", "ayu"];
/// A phone.
const PHONE: u32 = 375;
/// A desk.
const DESK: u32 = 1280;
/// What is printed on a page: A4, with the browser's margins.
const PAPER: (u32, u32) = (717, 1045);
/// Finds what is wider than its place.
const WIDE: &str = include_str!("wide.js");
/// Finds what paper would lose.
const PRINT: &str = include_str!("print.js");

/// Opens pages and collects what is wrong with them.
pub struct Audit {
    tab: Chromium,
    axe: Option<String>,
    problems: Vec<String>,
    shots: Option<PathBuf>,
}

impl Audit {
    /// An audit in this tab; without axe it checks everything else.
    pub fn new(tab: Chromium, axe: Option<String>) -> Self {
        let shots = std::env::var_os("BOOK_SHOTS").map(PathBuf::from);
        Self { tab, axe, problems: vec![], shots }
    }

    /// A page opened from disk: it loads whole, and asks nobody for anything.
    pub fn on_disk(&mut self, url: &str, page: &str) {
        self.tab.size(DESK, 800);
        self.load(url, page);
    }

    /// A page from the server, in every theme and width.
    pub fn on_server(&mut self, url: &str, page: &str) {
        let more: &[&str] =
            if page == "first_light.html" { &OTHER_THEMES } else { &[] };
        for theme in THEMES.iter().chain(more) {
            for width in [PHONE, DESK] {
                self.tab.size(width, 800);
                self.theme(url, theme);
                self.load(url, page);
                self.overflow(page, width);
                self.wide(page, width);
                self.picture(page, theme, width);
            }
            self.accessible(page, theme);
        }
    }

    /// A page on paper, without a script that unfolds it.
    pub fn in_print(&mut self, url: &str, page: &str) {
        self.tab.size(PAPER.0, PAPER.1);
        self.theme(url, THEMES[0]);
        self.load(url, page);
        let found = lost_in_print(&mut self.tab);
        let problems = found.iter().map(|it| format!("{page} in print: {it}"));
        self.problems.extend(problems);
    }

    /// Everything that was found.
    pub fn finish(self) -> Vec<String> {
        self.problems
    }

    /// Chooses a theme the way a reader does: it is remembered for the next page.
    fn theme(&mut self, url: &str, theme: &str) {
        let script = format!("localStorage.setItem('mdbook-theme', '{theme}')");
        if self.tab.eval("location.protocol") != "http:" {
            self.tab.open(url);
        }
        self.tab.eval(&script);
    }

    fn load(&mut self, url: &str, page: &str) {
        self.tab.open(url);
        for event in &self.tab.events {
            let params = &event["params"];
            let problem = match event["method"].as_str() {
                Some("Network.requestWillBeSent") => {
                    let asked =
                        params["request"]["url"].as_str().unwrap_or_default();
                    if is_here(asked) {
                        continue;
                    }
                    format!("asks {asked}")
                }
                Some("Network.loadingFailed") => {
                    format!("cannot load something: {}", params["errorText"])
                }
                Some("Runtime.exceptionThrown") => {
                    format!(
                        "a script fails: {}",
                        params["exceptionDetails"]["exception"]
                    )
                }
                Some("Log.entryAdded") if params["entry"]["level"] == "error" => {
                    format!("logs an error: {}", params["entry"]["text"])
                }
                _ => continue,
            };
            self.problems.push(format!("{page} ({url}): {problem}"));
        }
    }

    fn overflow(&mut self, page: &str, width: u32) {
        let script = "[...document.querySelectorAll('main, main > *, main section > *')]\
                      .filter(e => e.getBoundingClientRect().right > innerWidth + 1)\
                      .map(e => e.tagName + '.' + e.className).concat(\
                      document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])";
        let wide = self.tab.eval(script);
        if wide.as_array().is_none_or(|found| !found.is_empty()) {
            self.problems.push(format!("{page} at {width} px is too wide: {wide}"));
        }
    }

    fn wide(&mut self, page: &str, width: u32) {
        let found = wide(&mut self.tab, width);
        let problems = found.iter().map(|it| format!("{page} at {width} px: {it}"));
        self.problems.extend(problems);
    }

    fn accessible(&mut self, page: &str, theme: &str) {
        let Some(axe) = &self.axe else { return };
        self.tab.eval(axe);
        // What is folded away is read too.
        self.tab.eval(
            "document.querySelectorAll('details').forEach(d => d.open = true)",
        );
        let found = self.tab.eval(
            "axe.run().then(r => r.violations.map(v => \
             `${v.id} (${v.impact}) at ${v.nodes.map(n => n.target.join(' ')).slice(0, 3)}: \
             ${v.nodes[0].any.concat(v.nodes[0].all).map(c => c.message)}`))",
        );
        for violation in found.as_array().into_iter().flatten() {
            let violation = violation.as_str().unwrap_or_default();
            self.problems.push(format!("{page} in {theme}: {violation}"));
        }
        assert!(found.is_array(), "axe did not answer: {found}");
    }

    fn picture(&mut self, page: &str, theme: &str, width: u32) {
        let Some(folder) = &self.shots else { return };
        std::fs::create_dir_all(folder).expect("a folder for the pictures");
        let name = format!("{}-{theme}-{width}.png", page.replace(['/', '.'], "_"));
        let file = folder.join(name);
        // The page scrolls inside its own box on some widths; give it all the height it has.
        let height = self.tab.eval("document.documentElement.scrollHeight");
        let height = Value::as_u64(&height).unwrap_or(800).clamp(800, 12_000);
        self.tab.size(width, u32::try_from(height).unwrap_or(800));
        std::fs::write(&file, self.tab.picture()).expect("the picture is written");
        self.tab.size(width, 800);
    }
}

/// Tables, listings and pictures of the open page that are wider than their place, folded ones too.
pub fn wide(tab: &mut Chromium, width: u32) -> Vec<String> {
    let found = tab.eval(&format!("({WIDE})({})", width == DESK));
    let found = found.as_array().expect("a list of what is too wide");
    found.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What the open page would lose on paper.
pub fn lost_in_print(tab: &mut Chromium) -> Vec<String> {
    tab.medium("print");
    let found = tab.eval(&format!("({PRINT})()"));
    tab.medium("");
    let found = found.as_array().expect("a list of what is lost");
    found.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether an address is on this machine.
fn is_here(url: &str) -> bool {
    ["file:", "data:", "blob:", "http://127.0.0.1:"]
        .iter()
        .any(|start| url.starts_with(start))
}
