// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
#![allow(dead_code, missing_docs, clippy::duplicate_mod)]

mod aborts_and_returns;
mod asks_again_after_the_end;
mod awaits_the_handles_in_order;
mod collects_in_the_order_of_completion;
mod counts_the_values_it_waits_for;
mod drops_the_permit_in_the_loop;
mod expects_at_least_one_item;
mod fills_the_slot_before_it_looks;
mod gives_the_semaphore_too_many_permits;
mod joins_only_at_the_end;
mod leaves_the_call_unguarded;
mod leaves_the_join_loop_with_a_question_mark;
mod lets_the_others_finish;
mod replaces_the_panic;
mod skips_the_item_that_panicked;
mod spawns_everything_at_once;
mod stops_only_on_the_ways_out_it_knows;
mod stub;
mod takes_an_item_before_it_has_a_slot;
mod takes_the_permit_inside_the_task;
mod waits_for_the_oldest;
mod works_in_chunks;
mod yields_once_after_the_abort;

mod lazy {
    mod calls_once_and_returns;
    mod does_one_after_the_other;
    mod returns_no_values;
    mod waits_for_ever;
}
