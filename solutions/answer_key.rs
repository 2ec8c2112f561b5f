mod first_light;
#[path = "first_light/with_an_interval.rs"]
mod first_light_with_an_interval;
mod worker_pool;
#[path = "worker_pool/with_worker_loops.rs"]
mod worker_pool_with_worker_loops;
