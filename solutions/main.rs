#[path = "answer_key.rs"]
mod answer_key;
