//! What a page shows of the `//!` lines at the top of stubs and mistakes.

use runner::header::Headers;

/// The rules under `//! # The contract`, in order, or why they cannot be shown.
///
/// # Errors
///
/// When there are none or their numbers do not run 1, 2, 3.
pub fn contract(text: &str) -> Result<Vec<String>, String> {
    let rules = runner::contract::rules(text);
    let wrong = rules.iter().zip(1..).find(|((number, _), due)| number != due);
    match wrong {
        Some(((number, _), due)) => {
            Err(format!("rule {number} comes after rule {}", due - 1))
        }
        None if rules.is_empty() => {
            Err("it has no rules under `//! # The contract`".into())
        }
        None => Ok(rules.into_iter().map(|(_, rule)| rule).collect()),
    }
}

/// The header of a wrong answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What goes wrong and what it costs.
    pub what: String,
    /// The real issue it comes from.
    pub source: String,
    /// The test path that catches it.
    pub caught_by: String,
}

/// Reads the header of a mistake.
///
/// # Errors
///
/// When a field is missing.
pub fn mistake(text: &str) -> Result<Mistake, String> {
    let headers = Headers::read(text);
    let required = |name: &str| {
        let text = headers.get(name).map(str::to_owned);
        text.ok_or_else(|| format!("its header has no `//! {name}:`"))
    };
    Ok(Mistake {
        what: required("Mistake")?,
        source: required("Source")?,
        caught_by: required("Caught by")?,
    })
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
