//! Every page of the book in a real browser: nothing is fetched from elsewhere, no script
//! fails, axe-core finds nothing, nothing is cut off or lost in print, and a keyboard is enough.
//!
//! Needs Chromium (`chromium-headless-shell` is the small one) and, for axe-core,
//! `npm ci` in `book/tests`. Without them the test says what it skipped; with `CI` set it fails.
//! `BOOK_SHOTS=dir` keeps a picture of every page.

mod browser {
    pub mod audit;
    pub mod chromium;
    pub mod site;
}

use std::path::PathBuf;

use browser::{
    audit::{self, Audit},
    chromium::Chromium,
    site::Site,
};

/// Says what cannot be checked here, where libtest does not swallow it.
fn skip(what: &str) {
    assert!(std::env::var_os("CI").is_none(), "{what}, and this is CI");
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "skipped: {what}");
}

fn axe() -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(path).ok()
}

#[test]
fn every_page_holds_in_a_browser() {
    let Some(program) = browser::chromium::find() else {
        return skip("no Chromium found");
    };
    let axe = axe();
    if axe.is_none() {
        skip("axe-core is not installed (npm ci in book/tests)");
    }
    let site = Site::build();
    let mut audit = Audit::new(Chromium::launch(&program), axe);

    for page in site.pages() {
        audit.on_disk(&site.file(&page), &page);
        audit.on_server(&site.url(&page), &page);
        audit.in_print(&site.url(&page), &page);
    }

    let problems = audit.finish();
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn a_keyboard_reaches_the_sidebar_and_the_hints() {
    let Some(program) = browser::chromium::find() else {
        return skip("no Chromium found");
    };
    let site = Site::build();
    let mut tab = Chromium::launch(&program);
    tab.size(1280, 800);
    tab.open(&site.url("first_light.html"));

    tab.press("Tab");
    assert_eq!(tab.eval("document.activeElement.className"), "skip-link");
    tab.press_until("Tab", 60, "document.activeElement.id === 'sidebar-button'");
    let expanded = "document.activeElement.getAttribute('aria-expanded')";
    let before = tab.eval(expanded);
    tab.press("Enter");
    assert_ne!(tab.eval(expanded), before, "Enter must switch the sidebar");

    tab.press_until(
        "Tab",
        200,
        "document.activeElement.matches('details.hint > summary')",
    );
    let open = "document.activeElement.parentElement.open";
    assert_eq!(tab.eval(open), false, "a hint is closed until it is asked for");
    tab.press("Enter");
    assert_eq!(tab.eval(open), true, "Enter must open the hint");
}

#[test]
fn what_is_cut_off_is_told() {
    let Some(program) = browser::chromium::find() else {
        return skip("no Chromium found");
    };
    let mut tab = Chromium::launch(&program);
    let (wide, fades) =
        ("width:2000px;height:9px", "mask-image:linear-gradient(red,red)");
    let scrolls = |more: &str, style: &str| {
        format!(
            "<div {more} style='overflow-x:auto;{style}'><svg style='{wide}'></svg></div>"
        )
    };
    let mut told = |width, inside: &str| {
        tab.size(width, 800);
        tab.open(&format!("data:text/html,<main>{inside}</main>"));
        audit::wide(&mut tab, width).join(", ")
    };

    assert_eq!(told(375, "<svg style='width:50px'></svg>"), "");
    assert!(
        told(375, &format!("<svg style='{wide}'></svg>")).contains("is cut off")
    );
    assert!(told(375, &scrolls("", "")).contains("no keyboard reaches it"));
    assert!(told(375, &scrolls("tabindex=0", "")).contains("does not show it"));
    assert_eq!(told(375, &scrolls("tabindex=0", fades)), "");
    let silent = "<p class='scroll-cue' style='display:none'>more</p>";
    let figure =
        format!("<figure>{silent}{}</figure>", scrolls("tabindex=0", fades));
    assert!(told(375, &figure).contains("no words say so"));
    assert!(
        told(1280, &scrolls("tabindex=0", fades)).contains("wider than its column")
    );
    let folded = format!("<details><svg style='{wide}'></svg></details>");
    assert!(told(1280, &folded).contains("is cut off"), "what is folded counts too");
}

#[test]
fn what_paper_would_lose_is_told() {
    let Some(program) = browser::chromium::find() else {
        return skip("no Chromium found");
    };
    let mut tab = Chromium::launch(&program);
    let open = "<style>details::details-content{content-visibility:visible;height:auto;display:block}</style>";
    let fold = "<details><summary>More</summary><p>text</p></details>";
    let mut told = |inside: &str| {
        tab.size(700, 900);
        tab.open(&format!("data:text/html,<main>{inside}</main>"));
        audit::lost_in_print(&mut tab).join(", ")
    };

    assert_eq!(told(&format!("{open}{fold}")), "");
    assert!(told(fold).contains("stays folded"));
    assert!(told("<svg style='width:2000px'></svg>").contains("is cut off"));
    let scrolls = "<div style='overflow-x:auto'>wide</div>";
    assert!(told(scrolls).contains("div \"wide\" would scroll"));
    let sheet = |height| {
        format!("<div class='for-instructor' style='height:{height}px'></div>")
    };
    assert_eq!(told(&sheet(880)), "");
    assert!(told(&sheet(920)).contains("the run sheet is 920 px long, a page 900"));
}
