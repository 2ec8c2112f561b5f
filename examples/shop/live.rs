//! The shop on the real clock, until somebody closes it. It runs on a thread of its own, with the code that
//! `--compare` runs; this thread only looks, so that Control-C is heard whatever a part does.

use std::{
    process::ExitCode,
    sync::mpsc::{self, TryRecvError},
    thread,
    time::Duration,
};

use tokio::{
    runtime::Builder,
    sync::watch,
    time::{Instant, interval},
};

use crate::{
    beats::{self, Beats},
    floor::{self, Closed, GRACE, SPARE},
    load, local,
    numbers::{Counts, Numbers},
    part::{Given, Parts},
    port::{Bound, Port},
    screen::Screen,
    signals::Signals,
    words,
};

/// How often the line is drawn on a terminal.
const TICK: Duration = Duration::from_millis(100);

/// Runs the shop until a signal, with a port if there is one.
pub fn run(
    given: &Given,
    whose_port: &str,
    parts: Parts,
    port: Option<Bound>,
) -> ExitCode {
    let runtime = Builder::new_current_thread().enable_all().build();
    match runtime {
        Ok(runtime) => {
            let screen = Screen::new(given, whose_port);
            runtime.block_on(watch(screen, parts, port))
        }
        Err(error) => fails(&format!("cannot begin: {error}")),
    }
}

fn fails(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(2)
}

async fn watch(
    mut screen: Screen<'_>,
    parts: Parts,
    port: Option<Bound>,
) -> ExitCode {
    // Why before the shop opens: until a handler is registered, a signal ends the process.
    let mut signals = match Signals::new() {
        Ok(signals) => signals,
        Err(error) => return fails(&format!("cannot listen for signals: {error}")),
    };
    let mut port = port.zip(parts.http).map(|(bound, http)| bound.serve(http));
    let mut shop = Shop::open(parts);
    let mut tick = interval(TICK);
    let mut closing: Option<Counts> = None;
    loop {
        tokio::select! {
            biased;
            signal = signals.next() => {
                let now = shop.numbers.now();
                if let Some(before) = &closing {
                    screen.say(&format!("{signal} again: now. {}", words::left(&now)));
                    screen.ends_now(now, before);
                    return ExitCode::from(128 + signal.number());
                }
                shop.close.send_replace(true);
                port.iter_mut().for_each(Port::close);
                screen.say(&format!("{signal}: the door closes. {}", words::left(&now)));
                closing = Some(now);
            }
            _ = tick.tick() => {
                let ended = shop.has_ended();
                if let Some(port) = &mut port {
                    screen.looks_at(port, &shop, GRACE + SPARE);
                }
                let open = port.as_ref().filter(|port| !port.has_ended());
                screen.look(&mut shop, open);
                if ended && (open.is_none() || closing.is_none()) {
                    return screen.ends(&shop, closing);
                }
            }
        }
    }
}

/// The shop, as this thread sees it.
pub struct Shop {
    opened: Instant,
    /// What is counted.
    pub numbers: Numbers,
    /// Whether its thread gives way.
    pub beats: Beats,
    close: watch::Sender<bool>,
    end: mpsc::Receiver<Closed>,
    /// How it ended; `None` within is a panic.
    ended: Option<Option<Closed>>,
}

impl Shop {
    fn open(parts: Parts) -> Self {
        let (numbers, close) = (Numbers::new(), watch::Sender::new(false));
        let (beat, beats) = Beats::new();
        let (done, end) = mpsc::channel();
        let (counted, signal) = (numbers.clone(), close.subscribe());
        // Why its handle is dropped: a thread that panics closes `end`, and so it is seen.
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_time().build();
            let runtime = runtime.expect("a runtime without I/O needs no resources");
            let closed = runtime.block_on(local::run(async {
                tokio::spawn(beats::beat(beat));
                let (floor, street, closing) =
                    floor::open(parts, counted.clone(), signal.clone());
                let numbers = counted.clone();
                tokio::spawn(load::orders(floor, street, numbers, signal.clone()));
                closing.run(signal).await
            }));
            drop(runtime);
            counted.change(Counts::close);
            _ = done.send(closed);
        });
        Self { opened: Instant::now(), numbers, beats, close, end, ended: None }
    }

    /// How long it has been open.
    pub fn since(&self) -> Duration {
        self.opened.elapsed()
    }

    /// Whether somebody closes it.
    pub fn closes(&self) -> bool {
        *self.close.borrow()
    }

    /// Whether it has ended. It is asked before anybody looks at it.
    fn has_ended(&mut self) -> bool {
        if self.ended.is_none() {
            self.ended = match self.end.try_recv() {
                Err(TryRecvError::Empty) => None,
                end => Some(end.ok()),
            };
        }
        self.ended.is_some()
    }

    /// What its closing had to say; `None` when it fell over.
    pub fn closed(&self) -> Option<&Closed> {
        self.ended.as_ref()?.as_ref()
    }
}
