//! What the page "Errors" sends home: the end of a task, poll by poll.

#[allow(dead_code)]
#[path = "../../../solutions/errors.rs"]
mod answer;

use std::time::Duration;

use tokio::time::sleep;
use tokio_test::{assert_pending, assert_ready_err, task::spawn};

use answer::{log_line, outcome};

#[tokio::test(start_paused = true)]
async fn a_panic_is_told_when_the_task_has_ended() {
    let ms = Duration::from_millis;
    let task = tokio::spawn(async move {
        sleep(ms(100)).await;
        panic!("boom")
    });

    let mut told = spawn(outcome("GPU", task));
    assert_pending!(told.poll(), "the task is still at work");
    sleep(ms(101)).await;

    assert!(told.is_woken(), "the task has ended");
    let error = assert_ready_err!(told.poll());
    assert_eq!(log_line(&error), "GPU diagnostic failed: Task panicked: boom");
}
