//! A check on a thread of its own: the one who watches goes on looking for keys and saves.

use std::{
    sync::mpsc::{self, Receiver},
    thread,
};

use crate::{
    Chapter, Error, Workbook,
    cargo::Activity,
    check::{self, Checked},
    cli::context::Context,
    process::Stop,
};

/// What a check on its thread says.
#[derive(Debug)]
pub enum News {
    /// What cargo is doing.
    Cargo(Activity),
    /// What the check found; the last news.
    Done(Result<Checked, Error>),
}

/// A check that runs.
#[derive(Debug)]
pub struct Running {
    /// What it says.
    pub news: Receiver<News>,
    stop: Stop,
}

impl Running {
    /// Starts a check.
    pub fn start(context: &Context, chapter: &Chapter) -> Self {
        let chapter = chapter.clone();
        let root = context.workbook.root.clone();
        let stop = Stop::default();
        let way = context.way(&stop);
        let (send, news) = mpsc::channel();
        thread::spawn(move || {
            // Why the results of `send` are dropped: nobody hears a check that was replaced.
            let mut say = |activity| _ = send.send(News::Cargo(activity));
            let checked = Workbook::open(&root).and_then(|workbook| {
                check::check(&workbook, &chapter, &way, &mut say)
            });
            _ = send.send(News::Done(checked));
        });
        Self { news, stop }
    }

    /// Asks it to stop: a newer save made it stale.
    pub fn replace(self) {
        self.stop.request();
    }

    /// Stops it and waits until its process is killed.
    pub fn end(self) {
        self.stop.request();
        while let Ok(News::Cargo(_)) = self.news.recv() {}
    }
}
