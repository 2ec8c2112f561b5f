//! The wrong answers of a chapter: `mistakes/NAME/x.diff`, the lines in which one differs from a right answer,
//! or `mistakes/NAME/x.rs`, where no right answer can show the fault.

use difference::{Difference, Origin, Problem};

use crate::{
    Chapter, Error, Workbook, header::Headers, judge::Run, nearest::nearest,
    workbook::stem,
};

/// One wrong answer.
#[derive(Debug, Clone)]
pub struct Mistake {
    /// The file, from the root.
    pub file: String,
    /// Its stem, which says in the third person what the code does.
    pub name: String,
    /// Its header.
    pub headers: Headers,
    /// The text of the file.
    pub text: String,
    /// What it is made from; none for a whole file.
    pub made: Option<Made>,
    /// The whole answer, as it would lie on the desk, or why it cannot be made.
    pub answer: Result<String, Vec<Problem>>,
}

/// What a difference says of itself.
#[derive(Debug, Clone)]
pub struct Made {
    /// The file of the right answer.
    pub base: String,
    /// Lines that are removed plus lines that are added.
    pub changed: usize,
    /// The unified diff.
    pub diff: String,
}

/// The wrong answers of a chapter, sorted by name.
///
/// # Errors
///
/// One of them cannot be read.
pub fn all(workbook: &Workbook, chapter: &Chapter) -> Result<Vec<Mistake>, Error> {
    let files = workbook.wrong_answers(chapter).into_iter();
    files.map(|file| read(workbook, file)).collect()
}

/// The wrong answer called `name`, which may be given as the name of its file.
///
/// # Errors
///
/// The chapter has no such mistake; the error lists the nearest ones. Or it cannot be read.
pub fn find(
    workbook: &Workbook,
    chapter: &Chapter,
    name: &str,
) -> Result<Mistake, Error> {
    let files = workbook.wrong_answers(chapter);
    let wanted = stem(name);
    let Some(file) = files.iter().find(|file| stem(file) == wanted) else {
        let near = nearest(wanted, files.iter().map(|file| stem(file)));
        let folder = chapter.mistakes();
        return Err(Error::NoMistake {
            name: wanted.to_owned(),
            folder,
            nearest: near,
        });
    };
    read(workbook, file.clone())
}

/// Reads one file.
fn read(workbook: &Workbook, file: String) -> Result<Mistake, Error> {
    let text = workbook.read(&file)?.replace("\r\n", "\n");
    let mut made = None;
    let answer = if file.ends_with(".diff") {
        match Difference::read(&text) {
            Err(problem) => Err(vec![problem]),
            Ok(difference) => {
                made = Some(Made {
                    base: difference.base.to_owned(),
                    changed: difference.changed(),
                    diff: difference.diff.to_owned(),
                });
                let right = workbook.read(difference.base);
                let right = right.map_err(|why| difference.lost(&why.to_string()));
                right.and_then(|right| difference.apply(&right))
            }
        }
    } else {
        Ok(difference::on_the_desk(&text))
    };
    let (name, headers) = (stem(&file).to_owned(), Headers::read(&text));
    Ok(Mistake { file, name, headers, text, made, answer })
}

impl Mistake {
    /// What there is to see of it: the difference, or the code of a whole file, each without its header.
    pub fn shown(&self) -> &str {
        if let Some(made) = &self.made {
            return &made.diff;
        }
        let lines = self.text.split_inclusive('\n');
        let header = lines.take_while(|line| line.starts_with("//!"));
        self.text[header.map(str::len).sum()..].trim_start()
    }

    /// The whole answer.
    ///
    /// # Errors
    ///
    /// It cannot be made; the sentence names each line that does not fit.
    pub fn whole(&self) -> Result<&str, Error> {
        self.answer.as_deref().map_err(|problems| {
            let named = |problem| format!("{}: {problem}", self.file);
            let told: Vec<_> = problems.iter().map(named).collect();
            Error::Broken(told.join("\n"))
        })
    }

    /// The step whose rule it breaks, as `Breaks: retries.4` says, followed by nothing or by `;` and why
    /// another step fails first.
    pub fn breaks(&self) -> Option<usize> {
        let said = self.headers.get("Breaks")?;
        let code = said.split(';').next().unwrap_or(said);
        code.rsplit_once('.')?.1.trim().parse().ok()
    }

    /// The same run, with every line of the answer named where it stands in the repository: a report of the
    /// kit knows only the file that was made for the compiler.
    pub fn retold(&self, mut run: Run) -> Run {
        for test in &mut run.tests {
            if let Some(record) = &mut test.record {
                record.report = record.report.take().map(|text| self.places(&text));
            }
        }
        run
    }

    /// A text with the lines of the answer named where they stand in the repository.
    pub fn places(&self, text: &str) -> String {
        let Ok(difference) = Difference::read(&self.text) else {
            return text.to_owned();
        };
        let start = format!("{}:", self.file);
        let mut parts = text.split(&start);
        let mut told = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let digits = part.chars().take_while(char::is_ascii_digit).count();
            let Ok(line) = part[..digits].parse() else {
                told = told + &start + part;
                continue;
            };
            let (origin, line) = difference.place(line);
            let file = match origin {
                Origin::Difference => &self.file,
                Origin::RightAnswer => difference.base,
            };
            told.push_str(&format!("{file}:{line}{}", &part[digits..]));
        }
        told
    }
}
