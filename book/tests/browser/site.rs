//! The book, built once for a test and served on this machine.

use std::{net::SocketAddr, path::Path};

use builder::{build::build, serve, sources::find_root};
use tempfile::TempDir;

/// A built book on disk and behind a server.
pub struct Site {
    out: TempDir,
    address: SocketAddr,
    _server: tokio::runtime::Runtime,
}

impl Site {
    /// Builds the book and starts its server.
    pub fn build() -> Self {
        let out = tempfile::tempdir().expect("a temporary folder");
        let root = find_root().expect("the workbook around this test");
        build(&root, &out.path().join("book"))
            .unwrap_or_else(|error| panic!("{error}"));
        let server = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = server.block_on(serve::listen(3000)).expect("a free port");
        let address =
            listener.local_addr().expect("a bound listener has an address");
        let router = serve::router(&out.path().join("book"), address);
        server.spawn(async move { axum::serve(listener, router).await });
        Self { out, address, _server: server }
    }

    /// The pages a reader can open, by file name.
    pub fn pages(&self) -> Vec<String> {
        let mut pages = vec![];
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            for entry in
                std::fs::read_dir(self.path(&folder)).expect("a folder").flatten()
            {
                let name =
                    format!("{folder}{}", entry.file_name().to_string_lossy());
                if entry.path().is_dir() {
                    folders.push(format!("{name}/"));
                } else if name.ends_with(".html") && !is_part(&name) {
                    pages.push(name);
                }
            }
        }
        pages.sort();
        pages
    }

    /// The address of a page on disk.
    pub fn file(&self, page: &str) -> String {
        format!("file://{}", self.path(page).display())
    }

    /// The address of a page on the server.
    pub fn url(&self, page: &str) -> String {
        format!("http://{}/{page}", self.address)
    }

    fn path(&self, page: &str) -> std::path::PathBuf {
        Path::new(self.out.path()).join("book").join(page)
    }
}

/// What is not a page: the frame of the sidebar, and what a server sends for a missing page.
fn is_part(name: &str) -> bool {
    matches!(name, "toc.html" | "404.html")
}
