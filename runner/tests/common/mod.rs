//! Scratch workbooks: one of this workbook reduced to `first_light`, one without dependencies.

#![allow(dead_code)] // Why: each test target uses its part.

pub mod mini;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use runner::{Workbook, scratch};
use toml::{Table, Value};

/// A folder below the target folder that is emptied when it is made.
pub fn folder(name: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);

    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("{name}-{}-{number}", std::process::id());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if path.exists() {
        fs::remove_dir_all(&path).unwrap();
    }
    fs::create_dir_all(&path).unwrap();
    path
}

/// A copy of a workbook that goes away with its owner.
pub struct Copy {
    /// Where it is.
    pub root: PathBuf,
}

impl Drop for Copy {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.root);
    }
}

impl Copy {
    /// The workbook of one chapter that needs no dependencies.
    pub fn mini() -> Self {
        let root = folder("mini");
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mini");
        scratch::copy(&from, &root).unwrap();
        fs::rename(root.join("Cargo.toml.in"), root.join("Cargo.toml")).unwrap();
        let copy = Self { root };
        let stub = copy.read("mistakes/pulse/stub.rs");
        let desk = stub.replace("\"../../tests/", "\"../tests/");
        copy.write("exercises/pulse.rs", &desk);
        copy
    }

    /// This workbook, reduced to `first_light`.
    pub fn reduced() -> Self {
        let root = folder("reduced");
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let folders = [
            "tests/kit",
            "runner/src",
            "mistakes/first_light",
            "solutions/first_light",
        ];
        for folder in folders {
            scratch::copy(&here.join(folder), &root.join(folder)).unwrap();
        }
        let copy = Self { root };
        let files = [
            "Cargo.lock",
            "exercises/first_light.rs",
            "solutions/first_light.rs",
            "solutions/main.rs",
            "tests/first_light.rs",
            "book/src/first_light.md",
            "runner/Cargo.toml",
            "runner/tests/status.rs",
            "mistakes/lib.rs",
        ];
        for file in files {
            copy.write(file, &fs::read_to_string(here.join(file)).unwrap());
        }
        let key = "mod first_light;\n#[path = \"first_light/with_an_interval.rs\"]\n\
                   mod first_light_with_an_interval;\n";
        copy.write("solutions/answer_key.rs", key);
        copy.reduce_lists(&here);
        copy
    }

    fn reduce_lists(&self, here: &Path) {
        let table = |file: &str| -> Table {
            fs::read_to_string(here.join(file)).unwrap().parse().unwrap()
        };
        let mut list = table("workbook.toml");
        retain(&mut list, "chapter", &["first_light"]);
        self.write("workbook.toml", &list.to_string());
        let mut root = table("Cargo.toml");
        retain(&mut root, "test", &["first_light", "solutions", "status"]);
        let members = ["mistakes", "runner"].map(|m| Value::String(m.to_owned()));
        root["workspace"]["members"] = Value::Array(members.to_vec());
        // Cargo warns of a profile for a package that the copy does not have.
        let profiles = root["profile"]["dev"]["package"].as_table_mut().unwrap();
        let built = ["*", "mistakes", "tokio", "workbook"];
        profiles.retain(|package, _| built.contains(&package));
        self.write("Cargo.toml", &root.to_string());
        let mut mistakes = table("mistakes/Cargo.toml");
        retain(&mut mistakes, "test", &["first_light"]);
        self.write("mistakes/Cargo.toml", &mistakes.to_string());
        let mut runner = table("runner/Cargo.toml");
        runner.remove("test");
        self.write("runner/Cargo.toml", &runner.to_string());
        let recorded = fs::read(here.join("mistakes/signatures.json")).unwrap();
        let mut recorded: serde_json::Value =
            serde_json::from_slice(&recorded).unwrap();
        let recorded = recorded.as_object_mut().unwrap();
        recorded.retain(|chapter, _| chapter == "first_light");
        let text = serde_json::to_string_pretty(recorded).unwrap();
        self.write("mistakes/signatures.json", &text);
    }

    /// Reads a file of the copy.
    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).unwrap()
    }

    /// Writes a file of the copy.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces a text that must be there.
    pub fn replace(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert!(text.contains(old), "{file} holds no {old:?}");
        self.write(file, &text.replacen(old, new, 1));
    }

    /// The workbook in the copy.
    pub fn workbook(&self) -> Workbook {
        Workbook::open(&self.root).unwrap()
    }
}

fn retain(table: &mut Table, list: &str, names: &[&str]) {
    let Some(Value::Array(entries)) = table.get_mut(list) else {
        panic!("no list called {list}");
    };
    entries.retain(|entry| {
        entry["name"].as_str().is_some_and(|name| names.contains(&name))
    });
}

/// The target folder that this test was built in: nested builds find their dependencies there.
pub fn target() -> PathBuf {
    let command = Path::new(env!("CARGO_BIN_EXE_workbook"));
    command.ancestors().nth(2).unwrap().to_owned()
}
