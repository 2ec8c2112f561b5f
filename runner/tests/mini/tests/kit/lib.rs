//! The smallest kit that speaks to the runner: it checks and writes a record.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Runs `scenario` and records what came of it.
pub fn check(rule: &str, scenario: impl FnOnce()) {
    let outcome = catch_unwind(AssertUnwindSafe(scenario));
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    let test = &test[test.find("step_").unwrap_or(0)..];
    let message = match &outcome {
        Ok(()) => String::new(),
        Err(payload) => said(payload.as_ref()),
    };
    if let Some(folder) = std::env::var_os("KIT_RECORD") {
        let kind = if message.contains("not yet") { "TODO" } else { "RULE" };
        let (outcome, kind) = match message.is_empty() {
            true => ("passed", "null".to_owned()),
            false => ("failed", format!("\"{kind}\"")),
        };
        let json = format!(
            "{{\"test\": \"{test}\", \"rule\": \"{rule}\", \"outcome\": \"{outcome}\", \
             \"kind\": {kind}, \"message\": \"{message}\", \"difference\": null, \
             \"seed\": 0, \"weather\": \"calm\", \"ended_ms\": 0, \"lanes\": [], \"events\": [], \
             \"expected\": null, \"report\": \"{rule}: {message}\"}}"
        );
        let file = std::path::Path::new(&folder).join(test.replace("::", "."));
        std::fs::write(file.with_extension("json"), json).unwrap();
    }
    if let Err(payload) = outcome {
        resume_unwind(payload);
    }
}

fn said(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    let text = text.or_else(|| payload.downcast_ref::<&str>().map(|s| s.to_string()));
    text.unwrap_or_default().replace(['"', '\n'], " ")
}
