//! Where the sources can be read and changed, when `Cargo.toml` says so: the form is that of GitHub.

use std::path::Path;

use toml::{Table, Value};

use crate::{files::read, problem::BookError};

/// What pages link to.
const BRANCH: &str = "main";

/// The address of the repository, if it has one.
#[derive(Debug)]
pub struct Repository(Option<String>);

impl Repository {
    /// What `repository` says in the `[workspace.package]` or the `[package]` of the manifest under `root`.
    ///
    /// # Errors
    ///
    /// When the manifest is missing or cannot be understood.
    pub fn load(root: &Path) -> Result<Self, BookError> {
        let path = root.join("Cargo.toml");
        let manifest: Table = read(&path)?
            .parse()
            .map_err(|error| BookError::malformed(&path, error))?;
        let workspace = manifest.get("workspace").and_then(|it| it.get("package"));
        let packages = [workspace, manifest.get("package")].into_iter().flatten();
        let said = packages.filter_map(|it| it.get("repository"));
        let address = said.filter_map(Value::as_str).next();
        Ok(Self(address.map(|it| it.trim_end_matches('/').to_owned())))
    }

    /// The address of a line of a file.
    pub fn line(&self, file: &str, line: usize) -> Option<String> {
        let address = self.0.as_ref()?;
        Some(format!("{address}/blob/{BRANCH}/{file}#L{line}"))
    }

    /// What mdBook makes the link of, with which a reader changes a page.
    pub fn edit(&self) -> Option<String> {
        let address = self.0.as_ref()?;
        Some(format!("{address}/edit/{BRANCH}/book/{{path}}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(manifest: &str) -> Repository {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("Cargo.toml"), manifest).unwrap();
        Repository::load(root.path()).unwrap()
    }

    #[test]
    fn the_workspace_or_the_package_says_where_it_is() {
        let line =
            Some("https://example.org/a/b/blob/main/tests/x.rs#L7".to_owned());
        for manifest in [
            "[workspace.package]\nrepository = \"https://example.org/a/b\"\n",
            "[package]\nrepository = \"https://example.org/a/b/\"\n",
            "[workspace.package]\nrepository = \"https://example.org/a/b\"\n\
             [package]\nrepository.workspace = true\n",
        ] {
            assert_eq!(repository(manifest).line("tests/x.rs", 7), line);
        }
    }

    #[test]
    fn without_an_address_there_is_no_link() {
        let nowhere = repository("[workspace.package]\nedition = \"2024\"\n");

        assert_eq!(nowhere.line("tests/x.rs", 7), None);
        assert_eq!(nowhere.edit(), None);
    }
}
