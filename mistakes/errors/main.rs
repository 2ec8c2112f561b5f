// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
#![allow(dead_code, missing_docs, clippy::duplicate_mod)]

mod aborts_what_it_was_lent;
mod asks_the_outermost_error_only;
mod calls_a_cancel_a_panic;
mod calls_every_join_error_a_panic;
mod cuts_the_duration_to_seconds;
mod detaches_at_the_limit;
mod drops_what_was_said_before;
mod flattens_the_cause;
mod forgets_the_request;
mod hides_behind_its_cause;
mod keeps_the_cause_to_itself;
mod labels_only_the_join_error;
mod logs_many_lines;
mod logs_the_outermost_message_only;
mod loses_the_inner_error;
mod matches_the_words;
mod prints_the_cause_and_returns_it;
mod prints_the_join_error;
mod reads_only_literal_panics;
mod retries_what_it_does_not_know;
mod returns_them_as_they_end;
mod stops_at_the_first_failure;
mod stub;
mod takes_any_end_for_a_pass;
mod tells_the_client_the_cause;
mod tells_the_failures_at_the_end;

mod lazy {
    mod calls_once_and_returns;
    mod returns_an_error;
    mod returns_the_default;
    mod waits_for_ever;
}
