//! What cargo's messages say: the executable, or which part is to blame for what.

use std::path::PathBuf;

use serde_json::Value;

/// The first error of a part.
pub struct Trouble {
    /// The exercise.
    pub part: String,
    /// What rustc says, in its first line.
    pub message: String,
    /// The file and the line.
    pub place: String,
}

/// All messages of one build.
#[derive(Default)]
pub struct Messages {
    /// Where the program is.
    pub executable: Option<PathBuf>,
    /// One for each part that has an error.
    pub troubles: Vec<Trouble>,
    /// Errors in no part, as rustc prints them.
    pub others: String,
}

/// Reads the output of a cargo that was asked for JSON and for the example `name`, which may be made of `parts`.
pub fn read(output: &str, name: &str, parts: &[&str]) -> Messages {
    let mut messages = Messages::default();
    let lines = output.lines();
    for message in lines.filter_map(|line| serde_json::from_str::<Value>(line).ok())
    {
        match message["reason"].as_str() {
            Some("compiler-artifact") if message["target"]["name"] == name => {
                messages.executable =
                    message["executable"].as_str().map(PathBuf::from);
            }
            Some("compiler-message") if message["message"]["level"] == "error" => {
                messages.hear(&message["message"], parts);
            }
            _ => {}
        }
    }
    messages
}

impl Messages {
    fn hear(&mut self, message: &Value, parts: &[&str]) {
        let spans = message["spans"].as_array().map_or(&[][..], Vec::as_slice);
        let primary = spans.iter().filter(|span| span["is_primary"] == true);
        let part_of = |span| Some((part_of(span, parts)?, span));
        let Some((part, span)) = primary.chain(spans).find_map(part_of) else {
            // The last one only counts the others.
            if !spans.is_empty() {
                self.others += message["rendered"].as_str().unwrap_or_default();
            }
            return;
        };
        if self.troubles.iter().any(|trouble| trouble.part == part) {
            return;
        }
        let file = span["file_name"].as_str().unwrap_or_default();
        let message = message["message"].as_str().unwrap_or_default();
        self.troubles.push(Trouble {
            part,
            message: message.lines().next().unwrap_or_default().to_owned(),
            place: format!("{}:{}", short(file), span["line_start"]),
        });
    }
}

/// The part whose file or glue this span is in. Glue compiles with the naive form, so an error in it is the
/// other form's.
fn part_of(span: &Value, parts: &[&str]) -> Option<String> {
    let file = span["file_name"].as_str()?.replace('\\', "/");
    let (folder, name) = file.rsplit_once('/')?;
    let part = match name {
        "glue.rs" => folder.rsplit('/').next()?,
        _ => name.strip_suffix(".rs")?,
    };
    parts.contains(&part).then(|| part.to_owned())
}

/// The end of a long path.
fn short(file: &str) -> &str {
    let at = [".workbook/", "examples/shop/", "solutions/"];
    at.iter().find_map(|folder| Some(&file[file.find(folder)?..])).unwrap_or(file)
}
