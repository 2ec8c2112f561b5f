use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// Asks a server over a folder with one page, and returns its answer.
async fn ask(request: impl Fn(u16) -> String) -> String {
    let out = tempfile::tempdir().unwrap();
    std::fs::write(out.path().join("index.html"), "<p>here</p>").unwrap();
    let listener = listen(0).await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = router(out.path(), address);
    tokio::spawn(async move { axum::serve(listener, server).await });

    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(request(address.port()).as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn get(path: &str, host: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

#[tokio::test]
async fn a_page_is_served_under_both_names_of_this_machine() {
    let by_number = ask(|port| get("/", &format!("127.0.0.1:{port}"))).await;
    let by_name = ask(|port| get("/index.html", &format!("localhost:{port}"))).await;

    assert!(by_number.starts_with("HTTP/1.1 200"), "{by_number}");
    assert!(by_number.ends_with("<p>here</p>"), "{by_number}");
    assert!(by_name.starts_with("HTTP/1.1 200"), "{by_name}");
}

#[tokio::test]
async fn another_host_is_refused() {
    let answer = ask(|port| get("/", &format!("evil.example:{port}"))).await;

    assert!(answer.starts_with("HTTP/1.1 421"), "{answer}");
}

#[tokio::test]
async fn a_path_cannot_leave_the_folder() {
    let path = "/../../../../../../../../etc/passwd";
    let answer = ask(|port| get(path, &format!("127.0.0.1:{port}"))).await;

    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn nothing_can_be_posted() {
    let answer = ask(|port| {
        format!(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\n\
             Connection: close\r\n\r\n"
        )
    })
    .await;

    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
}

#[tokio::test]
async fn the_next_port_is_taken_when_one_is_not_free() {
    let first = listen(0).await.unwrap();
    let port = first.local_addr().unwrap().port();

    let second = listen(port).await.unwrap();

    assert!(second.local_addr().unwrap().port() > port);
}
