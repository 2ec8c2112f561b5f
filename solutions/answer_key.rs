// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
mod backpressure;
#[path = "backpressure/with_one_lock.rs"]
mod backpressure_with_one_lock;
#[path = "backpressure/with_oneshots.rs"]
mod backpressure_with_oneshots;
mod errors;
#[path = "errors/with_channels.rs"]
mod errors_with_channels;
#[path = "errors/with_handles_polled_in_place.rs"]
mod errors_with_handles_polled_in_place;
mod first_light;
#[path = "first_light/with_an_interval.rs"]
mod first_light_with_an_interval;
#[path = "first_light/with_instants.rs"]
mod first_light_with_instants;
mod joinset;
#[path = "joinset/with_a_semaphore.rs"]
mod joinset_with_a_semaphore;
#[path = "joinset/with_futures_polled_in_place.rs"]
mod joinset_with_futures_polled_in_place;
mod retries;
#[path = "retries/with_an_iterator.rs"]
mod retries_with_an_iterator;
#[path = "retries/with_one_timeout.rs"]
mod retries_with_one_timeout;
mod shutdown;
#[path = "shutdown/with_a_cancellation_token.rs"]
mod shutdown_with_a_cancellation_token;
#[path = "shutdown/with_channels_that_close.rs"]
mod shutdown_with_channels_that_close;
mod task_tracker;
#[path = "task_tracker/with_a_watched_count.rs"]
mod task_tracker_with_a_watched_count;
#[path = "task_tracker/with_a_watcher_for_each_task.rs"]
mod task_tracker_with_a_watcher_for_each_task;
mod timeouts;
#[path = "timeouts/with_polls.rs"]
mod timeouts_with_polls;
#[path = "timeouts/with_select.rs"]
mod timeouts_with_select;
mod tower;
#[path = "tower/with_one_timeout.rs"]
mod tower_with_one_timeout;
#[path = "tower/with_pin_projection.rs"]
mod tower_with_pin_projection;
mod worker_pool;
#[path = "worker_pool/with_a_shared_queue.rs"]
mod worker_pool_with_a_shared_queue;
#[path = "worker_pool/with_worker_loops.rs"]
mod worker_pool_with_worker_loops;
