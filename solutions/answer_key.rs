mod first_light;
#[path = "first_light/with_an_interval.rs"]
mod first_light_with_an_interval;
mod shutdown;
