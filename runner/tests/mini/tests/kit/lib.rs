//! The smallest kit that speaks to the runner: it checks and writes a sealed record.

#[allow(dead_code)] // Why: the runner uses the rest of it.
mod seal;

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::PathBuf,
    sync::OnceLock,
};

use seal::Key;

static FOLDER: OnceLock<Option<(PathBuf, Option<Key>)>> = OnceLock::new();

fn folder() -> Option<(PathBuf, Option<Key>)> {
    let folder = PathBuf::from(std::env::var_os("KIT_RECORD")?);
    let key = Key::take(&folder);
    Some((folder, key))
}

/// Runs `scenario` and records what came of it.
pub fn check(rule: &str, scenario: impl FnOnce()) {
    let folder = FOLDER.get_or_init(folder);
    let outcome = catch_unwind(AssertUnwindSafe(scenario));
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    let test = &test[test.find("step_").unwrap_or(0)..];
    let message = match &outcome {
        Ok(()) => String::new(),
        Err(payload) => said(payload.as_ref()),
    };
    if let Some((folder, key)) = folder {
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
        let file = folder.join(test.replace("::", ".")).with_extension("json");
        match key {
            Some(key) => key.write(&file, &json).unwrap(),
            None => std::fs::write(file, json).unwrap(),
        }
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
