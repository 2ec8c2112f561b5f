//! Code fences written by hand: which are allowed.

/// The languages a hand-written fence may name: none of them is Rust that claims to run.
const PLAIN: [&str; 6] = ["text", "console", "toml", "json", "http", "sql"];

/// Follows the fences of a page, line by line.
#[derive(Debug, Default)]
pub struct Fences {
    open: Option<(char, usize, usize)>,
}

/// Where a line stands.
#[derive(Debug, PartialEq, Eq)]
pub enum Place {
    /// Ordinary text.
    Text,
    /// Inside a fence, or one of its two edges.
    Fence,
    /// The opening edge of a fence that is refused, and why.
    Refused(String),
}

impl Fences {
    /// Takes the next line, whose number is `number`.
    pub fn next(&mut self, number: usize, line: &str) -> Place {
        let trimmed = line.trim_start();
        let Some(mark) = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'))
        else {
            return self.inside();
        };
        let length = trimmed.chars().take_while(|c| *c == mark).count();
        let info = trimmed[length..].trim();
        match self.open {
            _ if length < 3 => self.inside(),
            Some((open, least, _)) => {
                if mark == open && length >= least && info.is_empty() {
                    self.open = None;
                }
                Place::Fence
            }
            None if mark == '`' && info.contains('`') => Place::Text,
            None => {
                self.open = Some((mark, length, number));
                refusal(info).map_or(Place::Fence, Place::Refused)
            }
        }
    }

    /// The line of a fence that was never closed.
    pub fn unclosed(&self) -> Option<usize> {
        self.open.map(|(_, _, number)| number)
    }

    fn inside(&self) -> Place {
        if self.open.is_some() { Place::Fence } else { Place::Text }
    }
}

/// Why a fence with this info string is refused, if it is.
fn refusal(info: &str) -> Option<String> {
    let words: Vec<&str> =
        info.split([',', ' ']).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [] => Some(
            "a fence names what it holds; use `text` when it is not code".into(),
        ),
        words if words.contains(&"ignore") => Some(
            "`ignore` hides code from every check; use `{{#code FILE:NAME}}`".into(),
        ),
        ["rust", "compile_fail", code] if is_error_code(code) => None,
        ["rust", ..] => Some(
            "Rust comes from compiled files: use `{{#code FILE:NAME}}`, or \
             `rust,compile_fail,E0xxx` for what must not compile"
                .into(),
        ),
        [language] if PLAIN.contains(language) => None,
        _ => Some(format!("a fence `{info}` is not one of: {}", PLAIN.join(", "))),
    }
}

fn is_error_code(word: &str) -> bool {
    word.strip_prefix('E').is_some_and(|code| {
        code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(info: &str) -> Option<String> {
        match Fences::default().next(1, &format!("```{info}")) {
            Place::Refused(why) => Some(why),
            _ => None,
        }
    }

    #[test]
    fn rust_by_hand_is_refused() {
        assert!(refused("rust").unwrap().contains("{{#code FILE:NAME}}"));
        assert!(refused("rust,no_run").is_some());
    }

    #[test]
    fn ignore_is_refused_whatever_it_stands_with() {
        assert!(refused("rust,ignore").unwrap().contains("`ignore`"));
        assert!(refused("text,ignore").unwrap().contains("`ignore`"));
    }

    #[test]
    fn compile_fail_needs_an_error_code() {
        assert_eq!(refused("rust,compile_fail,E0382"), None);
        assert!(refused("rust,compile_fail").is_some());
        assert!(refused("rust,compile_fail,E382").is_some());
    }

    #[test]
    fn text_is_allowed_and_silence_is_not() {
        assert_eq!(refused("text"), None);
        assert!(refused("").unwrap().contains("use `text`"));
    }

    #[test]
    fn a_fence_ends_at_its_own_mark() {
        let mut fences = Fences::default();
        let lines = ["````text", "```", "{{#code x}}", "````", "after"];

        let places: Vec<Place> =
            lines.iter().enumerate().map(|(i, line)| fences.next(i, line)).collect();

        assert_eq!(
            places[..4],
            [Place::Fence, Place::Fence, Place::Fence, Place::Fence]
        );
        assert_eq!(places[4], Place::Text);
    }

    #[test]
    fn a_fence_without_an_end_is_noticed() {
        let mut fences = Fences::default();
        fences.next(7, "```text");

        assert_eq!(fences.unclosed(), Some(7));
    }
}
