mod first_light;
#[path = "first_light/with_an_interval.rs"]
mod first_light_with_an_interval;
mod retries;
#[path = "retries/with_an_iterator.rs"]
mod retries_with_an_iterator;
#[path = "retries/with_one_timeout.rs"]
mod retries_with_one_timeout;
