//! Code fences written by hand: which are allowed.

/// The languages a hand-written fence may name: none of them is Rust that claims to run.
const PLAIN: [&str; 6] = ["text", "console", "toml", "json", "http", "sql"];

/// Why a fence with this info string is refused, if it is.
pub fn refusal(info: &str) -> Option<String> {
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

    #[test]
    fn rust_by_hand_is_refused() {
        assert!(refusal("rust").unwrap().contains("{{#code FILE:NAME}}"));
        assert!(refusal("rust,no_run").is_some());
    }

    #[test]
    fn ignore_is_refused_whatever_it_stands_with() {
        assert!(refusal("rust,ignore").unwrap().contains("`ignore`"));
        assert!(refusal("text,ignore").unwrap().contains("`ignore`"));
    }

    #[test]
    fn compile_fail_needs_an_error_code() {
        assert_eq!(refusal("rust,compile_fail,E0382"), None);
        assert!(refusal("rust,compile_fail").is_some());
        assert!(refusal("rust,compile_fail,E382").is_some());
    }

    #[test]
    fn text_is_allowed_and_silence_is_not() {
        assert_eq!(refusal("text"), None);
        assert!(refusal("").unwrap().contains("use `text`"));
    }
}
