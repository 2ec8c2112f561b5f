mod first_light;
#[path = "first_light/with_an_interval.rs"]
mod first_light_with_an_interval;
mod joinset;
#[path = "joinset/with_a_semaphore.rs"]
mod joinset_with_a_semaphore;
#[path = "joinset/with_futures_polled_in_place.rs"]
mod joinset_with_futures_polled_in_place;
