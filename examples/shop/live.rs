//! The shop on the real clock, until somebody closes it. It runs on a thread of its own, with the code that
//! `--compare` runs; this thread only looks, so that Control-C is heard whatever a part does.

use std::{
    io::{self, IsTerminal, Write},
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
    blame::{self, Panic},
    floor::{self, Closed},
    load, local, minute,
    numbers::{Counts, Numbers},
    part::{Given, Parts},
    signals::Signals,
    table, words,
};

/// How often the line is drawn on a terminal.
const TICK: Duration = Duration::from_millis(100);

/// After so long without a beat the shop stands still.
const STILL: Duration = Duration::from_secs(3);

/// Runs the shop until a signal.
pub fn run(given: &Given, parts: Parts) -> ExitCode {
    let runtime = Builder::new_current_thread().enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(watch(given, parts)),
        Err(error) => fails(&format!("cannot begin: {error}")),
    }
}

fn fails(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(2)
}

async fn watch(given: &Given, parts: Parts) -> ExitCode {
    // Why before the shop opens: until a handler is registered, a signal ends the process.
    let mut signals = match Signals::new() {
        Ok(signals) => signals,
        Err(error) => return fails(&format!("cannot listen for signals: {error}")),
    };
    let shop = Shop::open(parts);
    let mut screen = Screen::new(given);
    let mut tick = interval(TICK);
    let mut closing: Option<Counts> = None;
    loop {
        tokio::select! {
            biased;
            signal = signals.next() => {
                let now = shop.numbers.now();
                if closing.is_some() {
                    screen.say(&format!("{signal} again: now. {}", words::left(&now)));
                    return ExitCode::from(128 + signal.number());
                }
                screen.say(&format!("{signal}: the door closes. {}", words::left(&now)));
                shop.close.send_replace(true);
                closing = Some(now);
            }
            _ = tick.tick() => {
                screen.look(&shop);
                match shop.end.try_recv() {
                    Err(TryRecvError::Empty) => {}
                    end => return screen.ends(&shop.numbers, end.ok(), closing),
                }
            }
        }
    }
}

/// The shop, as this thread sees it.
struct Shop {
    opened: Instant,
    numbers: Numbers,
    close: watch::Sender<bool>,
    beats: mpsc::Receiver<()>,
    end: mpsc::Receiver<Closed>,
}

impl Shop {
    fn open(parts: Parts) -> Self {
        let (numbers, close) = (Numbers::new(), watch::Sender::new(false));
        let (beat, beats) = mpsc::channel();
        let (done, end) = mpsc::channel();
        let (counted, signal) = (numbers.clone(), close.subscribe());
        // Why its handle is dropped: a thread that panics closes `end`, and so it is seen.
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_time().build();
            let runtime = runtime.expect("a runtime without I/O needs no resources");
            let closed = runtime.block_on(local::run(async {
                tokio::spawn(async move {
                    let mut tick = interval(TICK);
                    while beat.send(()).is_ok() {
                        tick.tick().await;
                    }
                });
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
        Self { opened: Instant::now(), numbers, close, beats, end }
    }
}

/// What is printed.
struct Screen<'a> {
    given: &'a Given,
    terminal: bool,
    /// The last second whose line was printed, where lines are not drawn over.
    second: Option<u64>,
    told: Option<(u64, u64)>,
    panics: Vec<Panic>,
    beat: Instant,
    still: bool,
}

impl<'a> Screen<'a> {
    fn new(given: &'a Given) -> Self {
        Self {
            given,
            terminal: io::stdout().is_terminal(),
            second: None,
            told: None,
            panics: vec![],
            beat: Instant::now(),
            still: false,
        }
    }

    /// A line that stays.
    fn say(&mut self, line: &str) {
        let clear = if self.terminal { "\r\x1b[K" } else { "" };
        self.put(&format!("{clear}{}\n", words::fit(line)));
    }

    fn put(&mut self, text: &str) {
        let mut out = io::stdout().lock();
        // Why dropped: whoever closed the pipe does not read any more, and the shop goes on to its signal.
        _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Draws what is new.
    fn look(&mut self, shop: &Shop) {
        let at = shop.opened.elapsed();
        self.story(at);
        for panic in blame::panics() {
            let known = |one: &Panic| one.place == panic.place;
            if !self.panics.iter().any(known) {
                self.say(&words::panicked(self.given, &panic));
            }
            self.panics.push(panic);
        }
        if shop.beats.try_iter().count() > 0 {
            (self.beat, self.still) = (Instant::now(), false);
        }
        if self.beat.elapsed() > STILL && !self.still {
            self.still = true;
            let who = words::whose(self.given, blame::last());
            self.say(&format!("The shop stands still: {who} does not give way."));
        }
        let second = at.as_secs();
        let counts = shop.numbers.now();
        let line = if *shop.close.borrow() {
            format!("{second:>4}s  closing. {}", words::left(&counts))
        } else {
            words::line(second, &counts)
        };
        if self.terminal {
            self.put(&format!("\r{line}\x1b[K"));
        } else if self.second != Some(second) {
            self.second = Some(second);
            self.put(&format!("{line}\n"));
        }
    }

    /// What begins in the minute.
    fn story(&mut self, at: Duration) {
        let (minute, second) = (at.as_secs() / 60, at.as_secs() % 60);
        let begun = minute::STORY.iter().rev().find(|one| one.second <= second);
        let Some(begun) = begun else { return };
        if self.told != Some((minute, begun.second)) {
            self.told = Some((minute, begun.second));
            self.say(&format!("{:>4}s  {}", at.as_secs(), begun.words));
        }
    }

    /// The last words, and the exit code.
    fn ends(
        &mut self,
        numbers: &Numbers,
        closed: Option<Closed>,
        closing: Option<Counts>,
    ) -> ExitCode {
        let counts = numbers.now();
        for panic in blame::panics() {
            self.say(&words::panicked(self.given, &panic));
            self.panics.push(panic);
        }
        let fell = closed.is_none();
        if fell {
            self.say("There is no shop without it.");
        }
        let stuck = closed.map_or_else(Vec::new, |closed| closed.stuck);
        for part in &stuck {
            let who = words::whose(self.given, Some(*part));
            self.say(&match closing {
                Some(_) => format!("{who} did not end the shop in time"),
                None => format!("{who} ended before anybody closed the shop"),
            });
        }
        let before = closing.map_or(0, |counts| counts.lost);
        let (lost, dropped) = (counts.lost - before, counts.dropped_receipts());
        let drained = !fell && stuck.is_empty() && lost + dropped == 0;
        self.say(&words::closed(lost, dropped));
        if !self.panics.is_empty() {
            self.say(&format!("panics in parts: {}", self.panics.len()));
        }
        self.put(&format!("\n{}", table::alone(&counts)));
        if let Some(line) = words::onward(self.given) {
            self.say(&line);
        }
        ExitCode::from(u8::from(!drained))
    }
}
