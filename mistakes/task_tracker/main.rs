// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
#![allow(dead_code, missing_docs, clippy::duplicate_mod)]

mod adds_the_grace_to_the_clock;
mod asks_before_it_counts;
mod believes_that_close_refuses;
mod calls_every_end_a_finish;
mod counts_itself_while_it_waits;
mod forgets_what_it_has_told;
mod gives_up_and_calls_it_stopped;
mod hands_out_its_own_token;
mod holds_the_lock_while_it_calls;
mod leaks_the_place_of_a_task_that_cannot_be_made;
mod loses_the_panics;
mod moves_only_a_field_of_the_guard;
mod queues_until_somebody_waits;
mod sleeps_through_the_grace;
mod stops_and_returns;
mod stops_at_once;
mod stub;
mod takes_empty_for_closed;
mod tells_nobody;
mod waits_for_a_snapshot;
mod waits_without_closing;
mod wakes_one_of_those_who_wait;

mod lazy {
    mod calls_once_and_returns;
    mod refuses_everything;
    mod returns_the_default;
    mod waits_for_ever;
}
