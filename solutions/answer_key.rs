mod first_light;
#[path = "first_light/with_an_interval.rs"]
mod first_light_with_an_interval;
mod timeouts;
#[path = "timeouts/with_select.rs"]
mod timeouts_with_select;
