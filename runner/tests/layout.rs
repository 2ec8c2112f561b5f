//! Which files the verdict on an exercise depends on, in this workbook: exactly those.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use runner::{Workbook, hash, layout};

fn this_workbook() -> Workbook {
    Workbook::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The chapters that are to be checked again when a file changes.
fn judged_by(workbook: &Workbook, file: &str) -> BTreeSet<String> {
    let names = workbook.names().map(str::to_owned);
    names
        .filter(|name| layout::judged(&workbook.root, name).unwrap().contains(file))
        .collect()
}

/// Which chapters a changed file sends back.
enum Sends {
    All,
    None,
    Only(&'static [&'static str]),
}

/// A sample: one file or two of each kind.
#[test]
fn a_changed_file_sends_exactly_those_back_whose_verdict_depends_on_it() {
    let workbook = this_workbook();
    let all: BTreeSet<_> = workbook.names().map(str::to_owned).collect();
    for (file, sends) in [
        ("exercises/retries.rs", Sends::Only(&["retries"])),
        ("tests/retries.rs", Sends::Only(&["retries"])),
        ("tests/backpressure/scene.rs", Sends::Only(&["backpressure"])),
        ("tests/backpressure/runs.rs", Sends::Only(&["backpressure"])),
        ("tests/retries/act.rs", Sends::Only(&["retries"])),
        ("tests/retries/model.rs", Sends::Only(&["retries"])),
        ("tests/retries/story.rs", Sends::Only(&["retries"])),
        ("tests/models/lib.rs", Sends::None),
        ("tests/models/tests.rs", Sends::None),
        ("tests/fakes/requests.rs", Sends::Only(&["shutdown"])),
        ("tests/fakes/requests/client.rs", Sends::Only(&["shutdown"])),
        ("tests/fakes/load.rs", Sends::Only(&["backpressure"])),
        ("tests/fakes/script.rs", Sends::Only(&["retries"])),
        ("tests/fakes/tokens.rs", Sends::Only(&["retries"])),
        ("tests/fakes/door.rs", Sends::Only(&["tower"])),
        ("tests/fakes/lib.rs", Sends::None),
        ("tests/fakes/tests/requests.rs", Sends::None),
        ("tests/kit/check.rs", Sends::All),
        ("tests/kit/lib.rs", Sends::All),
        ("tests/kit/scenes/draw.rs", Sends::All),
        ("tests/kit/tests/hangs.rs", Sends::None),
        ("tests/kit/watchdogs.rs", Sends::None),
        ("tests/worker_pool/scene.rs", Sends::Only(&["worker_pool"])),
        ("record/src/lib.rs", Sends::All),
        ("mistakes/retries/stub.rs", Sends::None),
        ("mistakes/retries/signatures.json", Sends::None),
        ("solutions/retries.rs", Sends::None),
        ("runner/src/judge.rs", Sends::None),
        ("book/src/retries.md", Sends::None),
        ("workbook.toml", Sends::None),
    ] {
        assert!(workbook.root.join(file).is_file(), "{file} is not there any more");
        let expected = match sends {
            Sends::All => all.clone(),
            Sends::None => BTreeSet::new(),
            Sends::Only(names) => names.iter().map(|n| (*n).to_owned()).collect(),
        };
        assert_eq!(judged_by(&workbook, file), expected, "sent back by {file}");
    }
}

/// Below `tests`, whatever is no verdict's business is a test of the instruments or a program of its own. A
/// fake that no suite names shows up here.
#[test]
fn no_file_of_a_suite_is_forgotten() {
    let workbook = this_workbook();
    let judged: BTreeSet<_> = workbook
        .names()
        .flat_map(|name| layout::judged(&workbook.root, name).unwrap())
        .collect();

    let left: Vec<_> = rust_files(&workbook.root, Path::new("tests"))
        .into_iter()
        .filter(|file| !judged.contains(file))
        .filter(|file| !file.contains("/tests/"))
        .collect();

    let known = [
        "tests/backpressure/answers.rs",
        "tests/fakes/lib.rs",
        "tests/fakes/net.rs",
        "tests/fakes_net/lib.rs",
        "tests/kit/watchdogs.rs",
        "tests/models/lib.rs",
        "tests/models/tests.rs",
        "tests/task_tracker/outside.rs",
        "tests/worker_pool/process.rs",
    ];
    assert_eq!(left, known, "files that no verdict depends on");
}

/// A manifest says what is compiled and how, so it belongs to what came with the workbook.
#[test]
fn the_manifests_of_what_a_suite_is_compiled_with_are_compared() {
    let workbook = this_workbook();
    let root = &workbook.root;
    let workspace = &table(root, "Cargo.toml")["workspace"]["dependencies"];
    let folder_of = |name: &String| workspace.get(name)?.get("path")?.as_str();
    let mut wanted = BTreeSet::new();
    let mut folders = vec!["", "network"];
    while let Some(folder) = folders.pop() {
        let manifest = format!("{folder}/Cargo.toml");
        let manifest = manifest.trim_start_matches('/').to_owned();
        let package = table(root, &manifest);
        if !wanted.insert(manifest) {
            continue;
        }
        for kind in ["dependencies", "dev-dependencies"] {
            // What only the tests of an instrument need judges nobody.
            let is_own = kind == "dev-dependencies" && folder.contains('/');
            if let Some(needs) = package.get(kind).filter(|_| !is_own) {
                let names = needs.as_table().unwrap().keys();
                folders.extend(names.filter_map(folder_of));
            }
        }
    }
    assert!(
        wanted.contains("record/Cargo.toml"),
        "found by way of the kit: {wanted:?}"
    );

    for name in workbook.names() {
        let judging = layout::judging(root, name).unwrap();
        let missing: Vec<_> = wanted.difference(&judging).collect();
        assert!(missing.is_empty(), "{name} does not compare {missing:?}");
    }
}

fn table(root: &Path, manifest: &str) -> toml::Table {
    fs::read_to_string(root.join(manifest)).unwrap().parse().unwrap()
}

fn rust_files(root: &Path, folder: &Path) -> Vec<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(root.join(folder))
        .unwrap()
        .map(|entry| folder.join(entry.unwrap().file_name()))
        .collect();
    files.sort();
    files
        .iter()
        .flat_map(|file| {
            if root.join(file).is_dir() {
                rust_files(root, file)
            } else {
                vec![file.to_string_lossy().replace('\\', "/")]
            }
        })
        .filter(|file| file.ends_with(".rs"))
        .collect()
}

#[test]
fn a_verdict_does_not_depend_on_line_endings() {
    let folder = std::env::temp_dir().join(format!("layout-{}", std::process::id()));
    let write = |file: &str, text: &str| {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let suite =
        "use fakes::{door::{Door}, Tokens};\n#[cfg(test)]\nmod never;\nmod scene;\n";
    write("exercises/pulse.rs", "fn pulse() {}\n");
    write("tests/pulse.rs", suite);
    write("tests/scene.rs", "");
    write("tests/kit/lib.rs", "pub mod world;\n");
    write("tests/kit/world.rs", "// one\n");
    write("tests/fakes/lib.rs", "pub use tokens::{Bucket, Tokens};\n");
    write("tests/fakes/tokens.rs", "use crate::bucket::Bucket;\n");
    write("tests/fakes/bucket.rs", "");
    write("tests/fakes/door.rs", "");
    write("tests/fakes/unused.rs", "");
    let fingerprint = || layout::fingerprint(&folder, "pulse").unwrap();

    let before = fingerprint();
    write("tests/pulse.rs", &suite.replace('\n', "\r\n"));
    write("tests/fakes/unused.rs", "// changed\n");
    let same = fingerprint();
    write("tests/fakes/bucket.rs", "// changed\n");
    let other = fingerprint();

    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(before, same, "line endings and an unused fake change nothing");
    assert_ne!(before, other, "a fake that a used one uses does");
}

#[test]
fn a_fingerprint_sees_every_byte_and_the_file_it_lies_in() {
    let folder = tempfile::tempdir().unwrap();
    let of = |one: &str, two: &str| {
        fs::write(folder.path().join("one"), one).unwrap();
        fs::write(folder.path().join("two"), two).unwrap();
        let files = ["one", "two"].map(str::to_owned);
        hash::files(folder.path(), "", files).unwrap()
    };
    let text = "seventeen letters";
    let changed = (0..text.len()).map(|at| {
        let (before, after) = (&text[..at], &text[at + 1..]);
        of(&format!("{before}X{after}"), "")
    });
    let moved = (1..=text.len()).map(|at| of(&text[..at], &text[at..]));
    let longer = [of("letter\0", ""), of("letter", "")];
    // The last letters of two words of eight, where a hash by the word mixes least.
    let letters = || 'a'..='p';
    let twice = letters().flat_map(|one| letters().map(move |two| (one, two)));
    let twice = twice.map(|(one, two)| of(&format!("sevente{one}n lette{two}"), ""));

    let all: Vec<_> = changed.chain(moved).chain(longer).chain(twice).collect();

    let different: BTreeSet<_> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "one fingerprint for two states");
    let alone = |name: &str| hash::files(folder.path(), "", [name.to_owned()]);
    of(text, text);
    let [one, two] = ["one", "two"].map(|name| alone(name).unwrap());
    assert_ne!(one, two, "two files with one text are two");
}
