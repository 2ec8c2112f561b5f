// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
#![allow(dead_code, missing_docs, clippy::duplicate_mod)]

mod adds_a_quarter_at_most;
mod adds_the_deadline_to_the_clock;
mod caps_every_wait_but_the_first;
mod counts_retries_instead_of_attempts;
mod cuts_the_jitter_off;
mod cuts_what_the_server_asks;
mod doubles_before_the_first_wait;
mod doubles_past_the_cap;
mod earns_with_every_attempt;
mod falls_back_to_no_wait;
mod feeds_jitter_back;
mod forgets_the_server_at_the_deadline;
mod forgets_what_went_wrong;
mod gives_back_what_it_never_took;
mod gives_up_at_the_first_timeout;
mod jitters_past_the_cap;
mod keeps_half_of_the_wait;
mod keeps_the_retry_of_a_call_that_left;
mod lets_the_last_attempt_overrun;
mod limits_all_attempts_together;
mod looks_at_the_clock_after_the_wait;
mod numbers_the_attempts_from_zero;
mod overflows_before_it_caps;
mod panics_at_a_huge_header;
mod panics_without_a_wait;
mod pays_for_attempts_it_never_makes;
mod repeats_what_may_have_happened;
mod reports_the_first_error;
mod restarts_the_deadline_with_each_attempt;
mod retries_what_cannot_succeed;
mod sets_a_deadline_where_there_is_none;
mod stub;
mod takes_the_longer_of_both;
mod takes_the_retry_after_the_wait;
mod waits_after_the_last_failure;
mod waits_beside_the_old_attempt;
mod waits_the_same_each_time;

mod lazy {
    mod calls_once_and_returns;
    mod returns_an_error;
    mod waits_for_ever;
}
