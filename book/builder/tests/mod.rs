//! A small workbook with everything in it, and what is refused when one thing is wrong.

use std::path::Path;

use tempfile::TempDir;

use crate::{problem::none_of, render::render, sources::Sources};

mod pictures;
mod refused;
mod shown;

const STUB: &str = "//! Sample.\n//!\n//! # The contract\n//!\n//! 1. It is `prompt`.\n\
                    //! 2. It ends.\n\npub fn go() {}\n";

const SOLUTION: &str = "//! Sample.\n\npub fn go() {\n    // ANCHOR: body\n    now();\n    \
                        // ANCHOR_END: body\n}\n";

const MISTAKE: &str = "Mistake: is late.\nSource: <https://example.org/1>\nBreaks: sample.1\n\
                       Caught by: step_1_a::b\nHint: look.\n\n--- a/solutions/sample.rs\n\
                       +++ b/exercises/sample.rs\n@@ -4,3 +4,2 @@\n     // ANCHOR: body\n\
                       -    now();\n     // ANCHOR_END: body\n";

const SIGNATURES: &str = r#"{"tests": ["step_1_a::b"], "mistakes": {"is_late": {
    "fails": ["step_1_a::b"], "rule": "sample.1", "message": "a <call> is prompt",
    "difference": null, "story": ""}}}"#;

const GLOSSARY: &str = "# Glossary\n\n## Words of the workbook\n\nin flight\n: Begun.\n\ntie\n: Two.\n\n\
                        ## Words of every day\n\nstep\n: One.\n";

const LIST: &str = "[[chapter]]\nname = \"sample\"\ntitle = \"Sample\"\npart = \"One\"\nneeds = []\n\
                    packages = [\"tokio\"]\ntalk = [1, 2]\nwork = [3, 3]\nreview = [1, 2]\n\
                    core = [1]\nbeyond = [2]\n";

const LOCK: &str = "[[package]]\nname = \"workbook\"\nversion = \"0.1.0\"\n\
                    dependencies = [\"tokio\"]\n\n[[package]]\nname = \"tokio\"\n\
                    version = \"1.54.1\"\n";

fn put(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn workbook() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let manifest = "[workspace.package]\nrust-version = \"1.95\"\n";
    for (file, text) in [
        ("Cargo.toml", manifest),
        ("Cargo.lock", LOCK),
        ("workbook.toml", LIST),
        ("mistakes/sample/stub.rs", STUB),
        ("mistakes/sample/is_late.diff", MISTAKE),
        ("mistakes/sample/signatures.json", SIGNATURES),
        ("mistakes/sample/lazy/returns.rs", "//! Lazy: returns.\n"),
        ("solutions/sample.rs", SOLUTION),
        ("book/runs/sample/solution.json", &runs("step_1_a::b", "passed")),
        ("book/runs/sample/is_late.json", &runs("step_1_a::b", "failed")),
        ("book/book.toml", "[book]\ntitle = \"Sample\"\n"),
        ("book/src/SUMMARY.md", "[Sample](sample.md)\n"),
    ] {
        put(root.path(), file, text);
    }
    root
}

fn runs(test: &str, outcome: &str) -> String {
    let report = match outcome {
        "passed" => "null",
        _ => r#""sample.1: be prompt\n  first difference: late""#,
    };
    format!(
        r#"{{"first_failure": "{test}", "records": [{{"test": "{test}", "rule": "sample.1",
        "outcome": "{outcome}", "kind": null, "message": "be prompt", "difference": null,
        "seed": 0, "weather": "calm", "ended_ms": 5, "lanes": ["calls"],
        "events": [{{"at_ms": 0, "seq": 0, "lane": 0, "kind": "mark", "what": "go",
        "span": null}}], "expected": null, "report": {report}}}]}}"#
    )
}

/// Renders `text` as the page of the chapter in this workbook.
fn rendered(root: &TempDir, text: &str) -> Result<String, String> {
    let sources = Sources::load(root.path()).unwrap();
    let chapter = sources.chapter("sample").ok();
    let (page, problems) = render(text, "book/src/sample.md", chapter, &sources);
    none_of(problems).map(|()| page).map_err(|error| error.to_string())
}

fn refused(text: &str) -> String {
    rendered(&workbook(), text).unwrap_err()
}

fn shown(text: &str) -> String {
    rendered(&workbook(), text).unwrap()
}
