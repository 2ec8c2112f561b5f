// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
#![allow(dead_code, missing_docs, clippy::duplicate_mod)]

mod aborts_and_lets_go;
mod aborts_when_dropped;
mod accepts_at_the_last_instant;
mod accepts_during_the_drain;
mod calls_the_handler_outside;
mod closes_a_turn_later;
mod counts_a_panic_as_done;
mod dies_with_its_item;
mod does_not_wait_for_the_aborted;
mod drops_the_queue_at_the_signal;
mod forgets_the_unstarted;
mod gives_each_item_the_whole_drain;
mod holds_the_lock_while_working;
mod ignores_the_number_of_workers;
mod leaves_senders_waiting;
mod queues_without_a_bound;
mod stub;
mod waits_for_a_sender_nobody_polls;
mod waits_for_every_handle;
mod waits_without_a_limit;
mod works_in_batches;

mod lazy {
    mod accepts_and_forgets;
    mod refuses_everything;
    mod waits_for_ever;
}
