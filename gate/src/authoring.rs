//! The mistakes as their author works on them: one tried, one written from the desk, all carried over to a right
//! answer that changed.

use std::process::Command;

use runner::{
    Chapter, Error, Workbook,
    judge::{self, Question},
    mistake,
    process::{Limits, Stop},
    races, text,
    text::count,
};

use crate::{
    Material, answers::sentence, chance, format, lists, made,
    material::right_answers, wrong::CHANGED,
};

/// Changed lines from which on there is often a smaller way to be wrong.
const LONG: usize = 20;

/// The header of a mistake that is new.
const HEADER: &str = "\
Mistake:
Source:
Breaks: NAME.1
Caught by:
Hint:
";

/// What a learner who made this mistake reads first, and the tests that fail.
///
/// # Errors
///
/// The chapter has no such mistake, it does not compile, or it cannot be run.
pub fn attempt(
    workbook: &Workbook,
    name: &str,
    mistake: &str,
    stop: &Stop,
) -> Result<String, Error> {
    let chapter = workbook.chapter(name)?;
    let mistake = mistake::find(workbook, chapter, mistake)?;
    let file = &mistake.file;
    mistake.whole()?;
    lists::write(workbook)?;
    let material = Material::read(workbook, chapter)?;
    let made = made::make(&material, stop)?;
    let refused = made.findings.iter().find(|finding| finding.file == *file);
    let executable = match (refused.or(made.findings.first()), made.executable) {
        (_, Some(executable)) if refused.is_none() => executable,
        (Some(finding), _) => return Err(Error::Broken(finding.to_string())),
        (None, _) => return Err(Error::Broken(format!("{file}: was not compiled"))),
    };
    let question = Question {
        executable: &executable,
        root: &workbook.root,
        prefix: &format!("{}::tests::", mistake.name),
        suite: None,
        seeds: None,
        limits: Limits::TEST,
    };
    let named = mistake.headers.get("Caught by");
    let run = chance::raced(named, judge::ask(&question, stop)?, &mut || {
        races::races(&question, |_| true, stop, &mut |_| ())
    });
    let run = mistake.retold(run?);
    let failing = run.failing();
    let report =
        run.first_to_show().and_then(|test| test.record.as_ref()?.report.as_deref());
    let mut said = report.map(|report| format!("{report}\n\n")).unwrap_or_default();
    if let Some(trouble) = &run.trouble {
        said.push_str(&format!("{file}: {}\n", sentence(trouble)));
    }
    let tests = count(run.tests.len(), "test");
    said.push_str(&format!("{} of {tests} fail:\n", failing.len()));
    failing.iter().for_each(|test| said.push_str(&format!("  {test}\n")));
    Ok(said)
}

/// Writes what lies on the desk as a mistake: the difference to the right answer that is nearest. The header
/// of a mistake that is there already stays.
///
/// # Errors
///
/// The name is none for a module, the desk holds a right answer or no Rust, or a file cannot be written.
pub fn write(
    workbook: &Workbook,
    name: &str,
    mistake: &str,
) -> Result<String, Error> {
    let chapter = workbook.chapter(name)?;
    let module = syn::parse_str::<syn::Ident>(mistake).is_ok()
        && !mistake.contains(char::is_uppercase);
    if !module {
        return Err(Error::Broken(format!(
            "`{mistake}` is no name for a module: say in small letters, digits and _ what the code does, as \
             in `waits_after_the_last_failure`"
        )));
    }
    let desk = chapter.exercise();
    let wrong = workbook.read(&desk)?;
    // A difference in format is no fault.
    if !format::unformatted(&workbook.root, &[&wrong])?.is_empty() {
        let sentence =
            format!("{desk} is not in order: run `cargo fmt --all` and try again");
        return Err(Error::Broken(sentence));
    }
    let (base, diff, changed) = nearest(workbook, chapter, &wrong)?;
    let file = format!("{}/{mistake}.diff", chapter.mistakes());
    let header = match workbook.read(&file) {
        Ok(old) => match old.find("\n--- ") {
            Some(at) => old[..=at].to_owned(),
            None => old,
        },
        Err(_) => format!("{}\n", HEADER.replace("NAME", name)),
    };
    text::write(&workbook.root.join(&file), &format!("{header}{diff}"))?;
    let changed_lines = count(changed, "line");
    let mut said = format!("{file}: {changed_lines} of {base} changed.\n");
    if changed > LONG {
        said.push_str(&format!(
            "That is more than {LONG}, and {CHANGED} are the limit: is there a smaller way to be wrong?\n"
        ));
    }
    said.push_str(&format!(
        "Its header is complete when the gate is content. What a learner reads, and which tests fail: \
         cargo run -- mistake try {name} {mistake}\n\
         The untouched exercise again, with a backup of yours: cargo run -- reset {name}\n"
    ));
    Ok(said)
}

/// The right answer that differs least from `wrong`: its file, the diff, and how many lines change.
fn nearest(
    workbook: &Workbook,
    chapter: &Chapter,
    wrong: &str,
) -> Result<(String, String, usize), Error> {
    let mut found: Option<(String, String, usize)> = None;
    for (base, _) in right_answers(workbook, chapter) {
        let right = workbook.read(&base)?;
        let desk = chapter.exercise();
        let Some(diff) = difference::between(&base, &right, &desk, wrong) else {
            return Err(Error::Broken(format!(
                "{desk} is {base}: put the fault in, and write it then"
            )));
        };
        let changed = changed(&diff);
        if found.as_ref().is_none_or(|best| changed < best.2) {
            found = Some((base, diff, changed));
        }
    }
    found.ok_or_else(|| {
        Error::Broken(format!("{} has no right answer yet", chapter.name))
    })
}

fn changed(diff: &str) -> usize {
    difference::Difference::read(diff).map_or(0, |difference| difference.changed())
}

/// Carries the mistakes of a chapter that no longer fit over from the right answers at `revision` to those that
/// lie here now, and names those that clash.
///
/// # Errors
///
/// Git cannot be asked, or a file cannot be read or written.
pub fn carry(
    workbook: &Workbook,
    name: &str,
    revision: &str,
) -> Result<String, Error> {
    let chapter = workbook.chapter(name)?;
    let (mut carried, mut left) = (vec![], vec![]);
    for mistake in mistake::all(workbook, chapter)? {
        let Some(made) = &mistake.made else { continue };
        if mistake.answer.is_ok() {
            continue;
        }
        let newer = workbook.read(&made.base)?;
        let older = at_revision(workbook, revision, &made.base)?;
        let file = &mistake.file;
        let read = difference::Difference::read(&mistake.text);
        let Some(wrong) = read.ok().and_then(|one| one.apply(&older).ok()) else {
            left.push(format!(
                "{file}: fits {} neither as it is nor as it was at {revision}; `--from` takes an older \
                 revision",
                made.base
            ));
            continue;
        };
        match difference::carry(&older, &newer, &wrong) {
            Ok(wrong) => {
                let desk = chapter.exercise();
                let diff = difference::between(&made.base, &newer, &desk, &wrong);
                let Some(diff) = diff else {
                    left.push(format!(
                        "{file}: {} makes this mistake itself now",
                        made.base
                    ));
                    continue;
                };
                let header = mistake.text.len() - made.diff.len();
                let text = format!("{}{diff}", &mistake.text[..header]);
                text::write(&workbook.root.join(file), &text)?;
                carried.push(file.clone());
            }
            Err(clash) => {
                let places = clash.matches("<<<<<<<").count();
                left.push(format!(
                    "{file}: clashes with {} in {}; lay the new right answer on your desk, put the fault \
                     in, and write it anew",
                    made.base,
                    count(places, "place")
                ));
            }
        }
    }
    let mut said = format!("{} carried over.\n", count(carried.len(), "mistake"));
    left.iter().for_each(|line| said.push_str(&format!("{line}\n")));
    Ok(said)
}

/// A file as it was at a revision.
fn at_revision(
    workbook: &Workbook,
    revision: &str,
    file: &str,
) -> Result<String, Error> {
    let asked = Command::new("git")
        .args(["show", &format!("{revision}:{file}")])
        .current_dir(&workbook.root)
        .output()
        .map_err(Error::io("cannot start git"))?;
    if !asked.status.success() {
        let words = String::from_utf8_lossy(&asked.stderr);
        return Err(Error::Broken(format!("git: {}", words.trim())));
    }
    Ok(String::from_utf8_lossy(&asked.stdout).into_owned())
}
