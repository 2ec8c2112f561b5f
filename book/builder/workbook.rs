//! The list of chapters, and the versions they were built with.

use std::path::{Path, PathBuf};

use runner::Chapter;
use serde::Deserialize;

use crate::problem::{BookError, read};

/// What `workbook.toml`, `Cargo.toml` and `Cargo.lock` say.
#[derive(Debug)]
pub struct Workbook {
    /// The root of the workspace.
    pub root: PathBuf,
    /// The chapters in reading order.
    pub chapters: Vec<Chapter>,
    rust: String,
    lock: Vec<Package>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Debug, Clone, Deserialize)]
struct Package {
    name: String,
    version: String,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Workbook {
    /// Reads the list of chapters under `root`.
    ///
    /// # Errors
    ///
    /// When one of the three files is missing or cannot be understood.
    pub fn load(root: &Path) -> Result<Self, BookError> {
        let runner::Workbook { chapters, .. } = runner::Workbook::open(root)?;
        let lock: Lock = parse(&root.join("Cargo.lock"))?;
        let manifest: toml::Table = parse(&root.join("Cargo.toml"))?;
        let rust = manifest["workspace"]
            .get("package")
            .and_then(|package| package.get("rust-version"))
            .and_then(toml::Value::as_str)
            .unwrap_or_default();
        Ok(Self {
            root: root.to_path_buf(),
            chapters,
            rust: rust.to_owned(),
            lock: lock.package,
        })
    }

    /// The chapter of that name.
    pub fn chapter(&self, name: &str) -> Option<&Chapter> {
        self.chapters.iter().find(|chapter| chapter.name == name)
    }

    /// The oldest Rust that the workspace promises to build with.
    pub fn rust(&self) -> &str {
        &self.rust
    }

    /// The version of `package` that the exercises are built with.
    ///
    /// Several versions of one package can be in the lock file; the one that counts is
    /// the one the workbook itself depends on.
    pub fn version(&self, package: &str) -> Option<&str> {
        let own = self.lock.iter().find(|entry| entry.name == "workbook")?;
        let wanted = own.dependencies.iter().find_map(|dependency| {
            let mut words = dependency.split(' ');
            (words.next() == Some(package)).then(|| words.next())
        })?;
        self.lock
            .iter()
            .find(|entry| {
                entry.name == package && wanted.is_none_or(|v| v == entry.version)
            })
            .map(|entry| entry.version.as_str())
    }
}

fn parse<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, BookError> {
    toml::from_str(&read(path)?).map_err(|error| BookError::Malformed {
        path: path.display().to_string(),
        why: error.message().to_owned(),
    })
}

/// The root of the workspace: the nearest folder upwards that holds `workbook.toml`.
///
/// # Errors
///
/// When neither the current directory nor the manifest's has one above it.
pub fn find_root() -> Result<PathBuf, BookError> {
    let here = std::env::current_dir().map_err(|source| BookError::File {
        what: "see",
        path: "the current directory".to_owned(),
        source,
    })?;
    let found = runner::Workbook::find(&here).or_else(|outside| {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        manifest.map_or(Err(outside), |folder| runner::Workbook::find(&folder))
    });
    Ok(found?.root)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> Workbook {
        Workbook::load(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap())
            .unwrap()
    }

    #[test]
    fn the_chapters_of_this_workbook_are_read() {
        assert_eq!(book().chapters[0].name, "first_light");
    }

    #[test]
    fn every_package_a_chapter_names_has_one_version() {
        let book = book();
        for chapter in &book.chapters {
            for package in &chapter.packages {
                assert!(
                    book.version(package).is_some(),
                    "{}: `{package}` is not a dependency of the workbook",
                    chapter.name,
                );
            }
        }
    }

    #[test]
    fn a_package_in_two_versions_is_the_one_the_workbook_uses() {
        let version = book().version("tower-http").map(str::to_owned);

        assert!(version.unwrap().starts_with("0.7"), "reqwest brings 0.6 along");
    }
}
