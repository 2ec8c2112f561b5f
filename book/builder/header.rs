//! What the `//!` lines at the top of stubs and mistakes say.

/// The rules under `//! # The contract`, in order, or why they cannot be read.
///
/// # Errors
///
/// When there is no contract or its numbers do not run 1, 2, 3.
pub fn contract(text: &str) -> Result<Vec<String>, String> {
    let docs = docs(text);
    let start = docs
        .iter()
        .position(|line| line.trim() == "# The contract")
        .ok_or("it has no `//! # The contract`")?;
    let mut rules: Vec<String> = Vec::new();
    for line in &docs[start + 1..] {
        if line.starts_with('#') {
            break;
        }
        match numbered(line) {
            Some((number, rule)) if number == rules.len() + 1 => {
                rules.push(rule.into())
            }
            Some((number, _)) => {
                return Err(format!(
                    "rule {number} comes after rule {}",
                    rules.len()
                ));
            }
            None if line.trim().is_empty() => {}
            None if line.starts_with(' ') => match rules.last_mut() {
                Some(rule) => *rule = format!("{rule} {}", line.trim()),
                None => {
                    return Err("its contract begins with an indented line".into());
                }
            },
            None if rules.is_empty() => {}
            None => break,
        }
    }
    if rules.is_empty() {
        Err("its contract has no rules".into())
    } else {
        Ok(rules)
    }
}

/// The header of a wrong answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What goes wrong and what it costs.
    pub what: String,
    /// The real issue it comes from.
    pub source: String,
    /// The test paths that catch it.
    pub caught_by: String,
}

/// Reads the header of a mistake.
///
/// # Errors
///
/// When a field is missing.
pub fn mistake(text: &str) -> Result<Mistake, String> {
    let docs = docs(text);
    let field = |name: &str| {
        let start = docs.iter().position(|line| line.starts_with(name))?;
        let mut value = docs[start][name.len()..].trim().to_owned();
        for line in docs[start + 1..].iter().take_while(|line| line.starts_with(' '))
        {
            value = format!("{value} {}", line.trim());
        }
        Some(value)
    };
    let required =
        |name: &str| field(name).ok_or(format!("its header has no `//! {name}`"));
    Ok(Mistake {
        what: required("Mistake:")?,
        source: required("Source:")?,
        caught_by: required("Caught by:")?,
    })
}

/// The `//!` lines at the top, without their marker and one space.
fn docs(text: &str) -> Vec<&str> {
    text.lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect()
}

/// `3. text` at the start of a line.
pub fn numbered(line: &str) -> Option<(usize, &str)> {
    let (number, rest) = line.split_once(". ")?;
    Some((number.parse().ok()?, rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_may_wrap() {
        let text = "//! Retries.\n//!\n//! # The contract\n//!\n//! 1. One\n//!    goes on.\n\
                    //! 2. Two.\n//!\n//! # Cancel safety\n//!\n//! 3. no\n\nfn f() {}\n";

        assert_eq!(contract(text).unwrap(), ["One goes on.", "Two."]);
    }

    #[test]
    fn a_gap_in_the_numbers_is_an_error() {
        let text = "//! # The contract\n//! 1. One.\n//! 3. Three.\n";

        assert_eq!(contract(text).unwrap_err(), "rule 3 comes after rule 1");
    }

    #[test]
    fn a_file_without_a_contract_is_an_error() {
        assert!(contract("fn f() {}").is_err());
        assert!(contract("//! # The contract\n").is_err());
    }

    #[test]
    fn fields_of_a_mistake_may_wrap() {
        let text = "//! Mistake: waits,\n//!   then waits.\n//! Source: <https://e.org/1>\n\
                    //! Caught by: step_1_a::b\n//! Hint: look.\n";

        let header = mistake(text).unwrap();

        assert_eq!(header.what, "waits, then waits.");
        assert_eq!(header.source, "<https://e.org/1>");
        assert_eq!(header.caught_by, "step_1_a::b");
    }

    #[test]
    fn a_missing_field_is_an_error() {
        let error = mistake("//! Mistake: waits.\n").unwrap_err();

        assert_eq!(error, "its header has no `//! Source:`");
    }
}
