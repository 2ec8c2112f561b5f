// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
#![allow(dead_code, missing_docs, clippy::duplicate_mod)]

mod abandons_the_current_request;
mod adds_the_limit_to_the_clock;
mod answers_one_request_a_connection;
mod asks_for_what_is_already_true;
mod closes_without_a_flush;
mod empties_the_pipe_first;
mod flips_a_coin_at_the_door;
mod flips_a_coin_for_each_request;
mod flushes_even_when_it_is_cut;
mod flushes_only_what_it_has_just_answered;
mod ignores_a_lost_sender;
mod ignores_the_second_signal;
mod keeps_the_door_open;
mod leaves_a_listener_for_the_second_signal;
mod leaves_idle_connections_open;
mod leaves_its_tasks_when_it_is_dropped;
mod leaves_them_to_finish_on_their_own;
mod lets_a_false_take_the_signal_back;
mod lets_one_connection_stop_the_server;
mod lets_them_run_on_after_the_limit;
mod never_closes_the_tracker;
mod never_gives_up;
mod restarts_the_limit_with_each_connection;
mod shouts_into_an_empty_room;
mod spins_on_a_lost_sender_while_it_drains;
mod stops_waiting_at_the_first_panic;
mod stub;
mod takes_a_lost_sender_for_the_second_signal;
mod takes_a_request_that_comes_with_the_signal;
mod takes_an_abort_for_the_end;
mod takes_any_change_for_the_signal;
mod tosses_a_coin_at_the_limit;
mod waits_for_a_change_that_has_happened;
mod waits_for_a_sender_that_is_gone;
mod wakes_only_those_who_wait;

mod lazy {
    mod returns_aborted;
    mod returns_drained;
    mod serves_one_request_and_returns;
    mod waits_for_ever;
    mod waits_for_the_signal;
}
