use std::time::Duration;

use tokio::time::advance;
use tokio_test::{assert_pending, assert_ready_err, assert_ready_ok, task};
use tower::timeout::{TimeoutLayer, error::Elapsed};
use tower_test::{assert_request_eq, mock};

const LIMIT: Duration = Duration::from_millis(100);

#[tokio::test(start_paused = true)]
async fn the_limit_runs_from_call() {
    let layer = TimeoutLayer::new(LIMIT);
    let (mut service, mut backend) = mock::spawn_layer::<&str, &str, _>(layer);

    backend.allow(0);
    assert_pending!(service.poll_ready());
    advance(LIMIT * 10).await;
    backend.allow(1);
    assert_ready_ok!(service.poll_ready());

    let mut answer = task::spawn(service.call("GET /"));
    let _reply = assert_request_eq!(backend, "GET /");
    assert_pending!(answer.poll());
    advance(LIMIT).await;

    assert!(answer.is_woken(), "the limit wakes whoever waits");
    let error = assert_ready_err!(answer.poll());
    assert!(error.is::<Elapsed>(), "{error}");
}
