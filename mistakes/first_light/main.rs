// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
#![allow(dead_code, missing_docs, clippy::duplicate_mod)]

mod blocks_the_thread;
mod cannot_flash_zero_times;
mod panics_when_the_wait_is_zero;
mod stub;
mod waits_after_the_last_flash;
mod waits_before_the_first_flash;

mod lazy {
    mod returns_at_once;
    mod waits_for_ever;
}
