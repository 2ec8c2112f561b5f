use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::oneshot,
    time::{Instant, advance, timeout},
};
use tokio_test::{assert_pending, assert_ready_eq, io::Builder, task};

const LIMIT: Duration = Duration::from_millis(200);

/// Asks a peer whether it is there.
async fn ping(mut line: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<[u8; 4]> {
    line.write_all(b"PING").await?;
    let mut answer = [0; 4];
    line.read_exact(&mut answer).await?;
    Ok(answer)
}

#[tokio::test(start_paused = true)]
async fn half_an_answer_is_no_answer() {
    let hangs = Duration::from_secs(60);
    let line = Builder::new().write(b"PING").read(b"PO").wait(hangs).build();
    let begun = Instant::now();

    let answer = timeout(LIMIT, ping(line)).await;

    assert!(answer.is_err(), "there is no answer at the limit");
    assert_eq!(begun.elapsed(), LIMIT);
}

#[tokio::test(start_paused = true)]
async fn an_answer_at_the_limit_is_in_time() {
    let (tell, told) = oneshot::channel();
    let mut call = task::spawn(timeout(LIMIT, told));

    assert_pending!(call.poll());
    advance(LIMIT).await;
    tell.send("PONG").unwrap();

    assert!(call.is_woken(), "whoever waits is woken when there is news");
    assert_ready_eq!(call.poll(), Ok(Ok("PONG")));
}
