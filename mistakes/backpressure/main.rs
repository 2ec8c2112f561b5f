// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
#![allow(dead_code, missing_docs, clippy::duplicate_mod)]

mod acquires_the_bytes_in_a_task;
mod asks_in_two_orders;
mod calls_a_closed_queue_full;
mod charges_a_giant_less;
mod checks_and_then_takes;
mod closes_for_newcomers_only;
mod drops_what_does_not_fit;
mod forgets_what_it_accepted;
mod gives_way_with_an_item_in_hand;
mod keeps_the_place_of_a_dropped_permit;
mod leaves_those_who_wait_for_bytes;
mod lets_the_bytes_go_at_once;
mod lets_the_small_overtake;
mod looks_at_the_clock_before_it_waits;
mod loses_the_bytes_of_a_dropped_permit;
mod panics_when_nobody_receives;
mod polls_for_a_place;
mod promises_a_place_it_does_not_hold;
mod returns_bytes_through_a_full_channel;
mod sheds_in_silence;
mod sheds_only_what_has_expired;
mod spawns_a_task_per_send;
mod stands_in_two_lines;
mod stub;
mod takes_a_yield_for_a_no;
mod tries_before_it_lines_up;
mod uses_an_unbounded_channel;
mod waits_behind_its_own_future;
mod waits_for_more_than_there_is;
mod wastes_a_permit_after_the_close;

mod lazy {
    mod is_always_closed;
    mod refuses_everything;
    mod takes_everything;
    mod waits_for_ever;
}
