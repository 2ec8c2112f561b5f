//! What the page "Graceful shutdown" sends home: a connection of bytes, and the signal in the middle of it.

use std::time::Duration;

use tokio::{
    io::{
        AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, BufWriter,
    },
    join, select,
    time::{Instant, sleep},
};
use tokio_test::io::Builder;
use tokio_util::sync::CancellationToken;

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// Answers each line in capitals after 500 ms, until it hangs up or `stop` is cancelled.
async fn handle(
    connection: impl AsyncRead + AsyncWrite + Unpin,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let mut connection = BufReader::new(BufWriter::new(connection));
    let mut line = String::new();
    loop {
        line.clear();
        let read = select! {
            biased;
            () = stop.cancelled() => break,
            read = connection.read_line(&mut line) => read?,
        };
        if read == 0 {
            break;
        }
        sleep(ms(500)).await;
        let answer = line.to_uppercase();
        connection.write_all(answer.as_bytes()).await?;
    }
    connection.flush().await
}

#[tokio::test(start_paused = true)]
async fn the_current_request_is_answered_and_no_other_begins() {
    let start = Instant::now();
    let stop = CancellationToken::new();
    // The mock panics at any other byte, and when one is missing at its end.
    let connection = Builder::new().read(b"one\ntwo\n").write(b"ONE\n").build();

    let main = async {
        sleep(ms(100)).await;
        stop.cancel();
    };
    let (answered, ()) = join!(handle(connection, stop.clone()), main);

    answered.unwrap();
    assert_eq!(start.elapsed(), ms(500), "closed when the answer is flushed");
}
