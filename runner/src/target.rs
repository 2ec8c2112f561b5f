//! What cargo builds for us, and with which packages selected.

use std::path::Path;

use toml::{Table, Value};

use crate::{Chapter, Error, text};

/// What to build.
///
/// Each has the packages of the learner's own command among those it selects: the same selection means the
/// same features, and nothing is compiled twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A test target of a default member: an exercise, or an answer key.
    Test(String),
    /// The wrong answers of a chapter: the test target of the package of the same name.
    WrongAnswers {
        /// The name of both.
        package: String,
        /// Those that are left out.
        without: Vec<String>,
    },
    /// The program of the package of the same name.
    Program(String),
}

impl Target {
    /// The exercise of a chapter.
    pub fn exercise(chapter: &Chapter) -> Self {
        Self::Test(chapter.name.clone())
    }

    /// The answer key of a chapter.
    pub fn answer_key(chapter: &Chapter) -> Self {
        Self::Test(chapter.answer_key())
    }

    /// The wrong answers of a chapter.
    pub fn wrong_answers(chapter: &Chapter) -> Self {
        Self::wrong_answers_without(chapter, vec![])
    }

    /// The wrong answers of a chapter, but for some.
    pub fn wrong_answers_without(chapter: &Chapter, without: Vec<String>) -> Self {
        Self::WrongAnswers { package: chapter.mistakes_package(), without }
    }

    /// The program of the package called `name`.
    pub fn program(name: &str) -> Self {
        Self::Program(name.to_owned())
    }

    /// The name that cargo knows it by.
    pub fn name(&self) -> &str {
        match self {
            Self::Test(name) | Self::Program(name) => name,
            Self::WrongAnswers { package, .. } => package,
        }
    }

    /// How cargo's messages call its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Test(_) | Self::WrongAnswers { .. } => "test",
            Self::Program(_) => "bin",
        }
    }

    /// The arguments of the cargo call that builds it in `root`.
    ///
    /// # Errors
    ///
    /// A manifest cannot be read.
    pub fn arguments(&self, root: &Path) -> Result<Vec<String>, Error> {
        let mut arguments: Vec<String> = match self {
            Self::Test(_) | Self::WrongAnswers { .. } => {
                vec!["test".into(), "--no-run".into()]
            }
            Self::Program(_) => vec!["build".into()],
        };
        if !matches!(self, Self::Test(_)) {
            let mut packages = default_packages(root)?;
            packages.push(self.name().to_owned());
            arguments.extend(packages.into_iter().flat_map(|p| ["-p".into(), p]));
        }
        arguments.extend([format!("--{}", self.kind()), self.name().to_owned()]);
        Ok(arguments)
    }
}

/// The names of the packages that cargo selects when none is named.
fn default_packages(root: &Path) -> Result<Vec<String>, Error> {
    let read = |folder: &str| -> Result<Table, Error> {
        let file = match folder {
            "." => "Cargo.toml".to_owned(),
            _ => format!("{folder}/Cargo.toml"),
        };
        let table = text::read(root, &file)?.parse();
        table.map_err(|source: toml::de::Error| Error::Unreadable {
            file,
            source: source.into(),
        })
    };
    let workspace = read(".")?;
    let members = workspace.get("workspace").and_then(|w| w.get("default-members"));
    let folders = members.and_then(Value::as_array).into_iter().flatten();
    let mut names = Vec::new();
    for folder in folders.filter_map(Value::as_str) {
        let member = read(folder)?;
        let name = member.get("package").and_then(|p| p.get("name"));
        names.extend(name.and_then(Value::as_str).map(str::to_owned));
    }
    Ok(names)
}
