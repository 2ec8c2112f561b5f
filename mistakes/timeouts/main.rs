// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
#![allow(dead_code, missing_docs, clippy::duplicate_mod)]

mod asks_the_clock_between_messages;
mod begins_a_new_limit_at_every_message;
mod calls_every_failure_a_timeout;
mod counts_in_whole_seconds;
mod detaches_the_task;
mod does_everything_in_one_poll;
mod forgets_the_deadline;
mod forgets_the_limit_of_the_step;
mod leaves_the_clock_no_turn;
mod looks_at_the_clock_first;
mod measures_afterwards;
mod passes_over_failures;
mod promises_time_that_is_not_there;
mod refuses_what_is_ready;
mod reports_the_clipped_limit;
mod runs_it_in_the_caller;
mod says_at_the_start_how_it_will_end;
mod sleeps_between_pieces;
mod stub;
mod takes_a_flood_in_one_go;
mod takes_any_answer_for_health;
mod takes_each_lost_task_for_a_panic;
mod takes_no_time_left_for_no_limit;
mod takes_the_next_message_for_its_own;
mod unwraps_the_join;

mod lazy {
    mod calls_once_and_returns;
    mod returns_the_default;
    mod waits_for_ever;
}
