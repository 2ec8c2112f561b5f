//! Serves the pages on this machine, and builds them again when a source changes.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header::HOST},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

use crate::{
    build::{build, build_to_read},
    problem::BookError,
    watch::fingerprint,
};

/// How often to look for changes.
const LOOK: Duration = Duration::from_millis(500);
/// How many ports after the wanted one are tried.
const PORTS: u16 = 20;

/// Builds, serves and rebuilds until it is stopped. The first build is for a reader, so its
/// problems are told and do not stop it; the next ones follow a change and are strict.
///
/// # Errors
///
/// When there is no book to serve or no port is free.
pub async fn serve(root: PathBuf, out: PathBuf, port: u16) -> Result<(), BookError> {
    let before = fingerprint(&root);
    let problems = elsewhere(build_to_read, &root, &out).await?;
    problems.iter().for_each(|problem| eprintln!("warning: {problem}"));
    if !problems.is_empty() {
        eprintln!("The book is served all the same; `build` would refuse it.");
    }
    let listener = listen(port).await?;
    let address = listener.local_addr().map_err(listening)?;
    println!("The book is at http://{address}/");
    tokio::spawn(rebuild(root, out.clone(), before));
    axum::serve(listener, router(&out, address)).await.map_err(listening)
}

/// The pages in `out` for requests that mean `address`.
pub fn router(out: &Path, address: SocketAddr) -> Router {
    let pages = ServeDir::new(out);
    Router::new()
        .fallback_service(pages)
        .layer(from_fn_with_state(address, only_here))
}

/// Takes `port` or the next one that is free.
///
/// # Errors
///
/// When none is.
pub async fn listen(port: u16) -> Result<TcpListener, BookError> {
    let mut last = None;
    for port in port..=port.saturating_add(PORTS) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
    }
    let ports = format!("port {port} or the {PORTS} after it");
    let reason = last.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into());
    Err(BookError::file("listen on", Path::new(&ports))(reason))
}

fn listening(reason: std::io::Error) -> BookError {
    BookError::file("listen on", Path::new("the loopback address"))(reason)
}

/// Refuses requests for another host: a page elsewhere must not read this server by
/// pointing a name of its own at the loopback address.
async fn only_here(
    State(address): State<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let port = address.port();
    let known = [address.to_string(), format!("localhost:{port}")];
    if host.is_some_and(|host| known.iter().any(|name| name == host)) {
        next.run(request).await
    } else {
        (
            StatusCode::MISDIRECTED_REQUEST,
            "This server answers for localhost only.\n",
        )
            .into_response()
    }
}

async fn rebuild(root: PathBuf, out: PathBuf, mut before: u64) {
    loop {
        tokio::time::sleep(LOOK).await;
        let now = fingerprint(&root);
        if now == before {
            continue;
        }
        before = now;
        match elsewhere(build, &root, &out).await {
            Ok(()) => println!("Built again."),
            Err(error) => {
                eprintln!("{error}\nThe pages are those of the last good build.")
            }
        }
    }
}

/// Builds on a thread that may block.
async fn elsewhere<T: Send + 'static>(
    build: fn(&Path, &Path) -> Result<T, BookError>,
    root: &Path,
    out: &Path,
) -> Result<T, BookError> {
    let (root, out) = (root.to_path_buf(), out.to_path_buf());
    tokio::task::spawn_blocking(move || build(&root, &out))
        .await
        .unwrap_or_else(|error| Err(BookError::Render(error.to_string())))
}

#[cfg(test)]
#[path = "serve_tests.rs"]
mod tests;
