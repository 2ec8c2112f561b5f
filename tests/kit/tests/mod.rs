//! The instruments, tested. What a whole test process prints is tested in `watchdogs.rs`.

mod bells;
mod hangs;
mod instruments;
mod races;
mod reports;
mod rows;
mod scenes;
mod speaking;
mod workers;
