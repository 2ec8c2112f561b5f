// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
#![allow(dead_code, missing_docs, clippy::duplicate_mod)]

mod asks_a_clone_again;
mod bounds_only_the_call;
mod calls_a_clone_that_is_not_ready;
mod calls_every_error_a_timeout;
mod clones_without_swapping;
mod gets_ready_in_the_future;
mod gives_the_call_a_limit_of_its_own;
mod gives_up_after_one_failure;
mod goes_on_waiting_after_the_limit;
mod holds_a_place_it_does_not_use;
mod is_always_ready;
mod lets_the_limit_win_late;
mod looks_at_its_timer_first;
mod makes_a_new_timer_in_every_poll;
mod puts_the_first_layer_innermost;
mod puts_the_limit_behind_the_wait;
mod puts_the_service_behind_a_lock;
mod remembers_that_it_was_ready;
mod runs_the_function_on_a_task;
mod runs_the_request_on_a_task;
mod says_ready_when_it_failed;
mod starts_the_clock_at_the_first_poll;
mod starts_the_clock_in_poll_ready;
mod starts_the_clock_with_the_service;
mod stub;
mod uses_the_last_layer_only;

mod lazy {
    mod passes_everything_through;
    mod says_elapsed_at_once;
    mod waits_for_ever;
}
