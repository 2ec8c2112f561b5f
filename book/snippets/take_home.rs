

#[path = "take_home/errors.rs"]
mod errors;
#[path = "take_home/first_light.rs"]
mod first_light;
#[path = "take_home/joinset.rs"]
mod joinset;
#[path = "take_home/retries.rs"]
mod retries;
#[path = "take_home/shutdown.rs"]
mod shutdown;
#[path = "take_home/task_tracker.rs"]
mod task_tracker;
#[path = "take_home/timeouts.rs"]
mod timeouts;
#[path = "take_home/tower.rs"]
mod tower;
