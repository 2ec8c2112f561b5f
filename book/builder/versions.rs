//! The versions that the pages were proven with.

use std::path::Path;

use runner::workbook::{NETWORK, WORKBOOK};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{files::read, problem::BookError};

/// What `Cargo.toml` and `Cargo.lock` say.
#[derive(Debug)]
pub struct Versions {
    rust: String,
    lock: Vec<Package>,
}

#[derive(Deserialize)]
struct Manifest {
    workspace: Workspace,
}

#[derive(Deserialize)]
struct Workspace {
    package: WorkspacePackage,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct WorkspacePackage {
    rust_version: String,
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

impl Versions {
    /// Reads both files under `root`.
    ///
    /// # Errors
    ///
    /// When one of them is missing or cannot be understood.
    pub fn load(root: &Path) -> Result<Self, BookError> {
        let lock: Lock = parse(&root.join("Cargo.lock"))?;
        let manifest: Manifest = parse(&root.join("Cargo.toml"))?;
        let rust = manifest.workspace.package.rust_version;
        Ok(Self { rust, lock: lock.package })
    }

    /// The oldest Rust that the workspace promises to build with.
    pub fn rust(&self) -> &str {
        &self.rust
    }

    /// The version of `package` that the exercises are built with.
    ///
    /// Several versions of one package can be in the lock file; the one that counts is
    /// the one that the packages of the exercises depend on.
    pub fn of(&self, package: &str) -> Option<&str> {
        let ours = [WORKBOOK.name, NETWORK.name];
        let ours = self.lock.iter().filter(|entry| ours.contains(&&*entry.name));
        let wanted =
            ours.flat_map(|own| &own.dependencies).find_map(|dependency| {
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

fn parse<T: DeserializeOwned>(path: &Path) -> Result<T, BookError> {
    toml::from_str(&read(path)?)
        .map_err(|error| BookError::malformed(path, error.message()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::find_root;

    fn versions() -> Versions {
        Versions::load(&find_root().unwrap()).unwrap()
    }

    #[test]
    fn every_package_a_chapter_names_has_one_version() {
        let workbook = runner::Workbook::open(&find_root().unwrap()).unwrap();
        let versions = versions();
        for chapter in &workbook.chapters {
            for package in &chapter.packages {
                assert!(
                    versions.of(package).is_some(),
                    "{}: `{package}` is not a dependency of the exercises",
                    chapter.name,
                );
            }
        }
    }

    #[test]
    fn a_package_in_two_versions_is_the_one_the_exercises_use() {
        let version = versions().of("tower-http").map(str::to_owned);

        assert!(version.unwrap().starts_with("0.7"), "reqwest brings 0.6 along");
    }
}
