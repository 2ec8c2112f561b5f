//! Makes the wrong answers of a chapter: every `x.diff` applied to the right answer it names, and the list of
//! modules that the test target includes. The same script for every chapter.
//!
//! `MISTAKES_WITHOUT` names wrong answers to leave out, with commas between: the gate judges the others when
//! one does not apply or does not compile.

use std::{
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use difference::Difference;

fn main() -> Result<(), Box<dyn Error>> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let chapter = name(&here);
    let root = here.ancestors().nth(2).ok_or("no folder above the chapter")?;
    let made = PathBuf::from(env::var("OUT_DIR")?).join("mistakes").join(&chapter);
    fs::create_dir_all(&made)?;
    println!("cargo::rerun-if-changed={}", here.display());
    println!("cargo::rerun-if-env-changed=MISTAKES_WITHOUT");
    let without = env::var("MISTAKES_WITHOUT").unwrap_or_default();

    let mut modules = String::new();
    for file in files(&here)? {
        if without.split(',').any(|left_out| left_out == name(&file)) {
            continue;
        }
        if file.extension().is_some_and(|found| found == "diff") {
            let suite = root.join("tests").join(&chapter).with_extension("rs");
            match make(root, &file, &suite) {
                Ok(answer) => {
                    // Why that name: it is what a panic and the compiler say of the file.
                    let made = made.join(name(&file)).with_extension("diff");
                    write(&made, &answer)?;
                    modules.push_str(&module(&made)?);
                }
                Err(problems) => {
                    for problem in problems {
                        let file = file.strip_prefix(root)?.display();
                        println!("cargo::error={file}: {problem}");
                    }
                }
            }
        } else if file.extension().is_some_and(|found| found == "rs") {
            modules.push_str(&module(&file)?);
        }
    }
    let lazy = files(&here.join("lazy"))?;
    let lazy: Result<String, _> = lazy.iter().map(|file| module(file)).collect();
    writeln!(modules, "mod lazy {{\n{}}}", lazy?)?;
    write(&made.join("../modules.rs"), &modules)?;
    Ok(())
}

/// The wrong answer of a file, or the problems with it.
fn make(root: &Path, file: &Path, suite: &Path) -> Result<String, Vec<String>> {
    let read = |file: &Path| {
        let text = fs::read_to_string(file).map_err(|why| why.to_string())?;
        Ok(text.replace("\r\n", "\n"))
    };
    let one = |why: String| vec![why];
    let text = read(file).map_err(one)?;
    let difference = Difference::read(&text).map_err(|why| one(why.to_string()))?;
    let base = root.join(difference.base);
    println!("cargo::rerun-if-changed={}", base.display());
    let right =
        read(&base).map_err(|why| one(format!("{}: {why}", difference.base)))?;
    let answer = difference.apply(&right).map_err(|problems| {
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    })?;
    let desk =
        format!("\"../tests/{}\"", suite.file_name().unwrap_or_default().display());
    Ok(answer.replace(&desk, &format!("{:?}", suite.display().to_string())))
}

/// `mod x;` with the way to its file.
fn module(file: &Path) -> Result<String, std::fmt::Error> {
    let mut line = String::new();
    let path = file.display().to_string();
    writeln!(line, "#[path = {path:?}]\nmod {};", name(file))?;
    Ok(line)
}

/// The files right in a folder, sorted; none when there is no such folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    if !folder.is_dir() {
        return Ok(vec![]);
    }
    let mut paths = vec![];
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.is_file());
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().display().to_string()
}

/// Leaves a file alone that is right already, so that what is compiled from it stays fresh.
fn write(path: &Path, text: &str) -> Result<(), std::io::Error> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text)
}
