//! Watching: check, look for a save, look for a key, and again.
//!
//! The content of a handful of files is compared five times a second. File events do not arrive on
//! every file system that learners use; content does.

pub mod background;
pub mod saves;

use std::{
    io::{self, IsTerminal},
    sync::mpsc::TryRecvError,
    time::{Duration, Instant},
};

use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};

use background::{News, Running};
use saves::Saves;

use crate::{
    Chapter, Error,
    check::{self, Checked},
    cli::{
        commands::check as check_once,
        context::{Context, code},
        store,
        term::keys::{self, KEYS, Raw},
        words::{hint, overview, verdict},
    },
    progress::Progress,
};

/// How often the content of the files is compared.
const LOOK: Duration = Duration::from_millis(200);

/// How long one wait for a key lasts.
const KEY: Duration = Duration::from_millis(40);

/// Watches the exercise called `name`, or from the first that is not solved. Without a terminal it
/// checks once.
///
/// # Errors
///
/// The name is unknown, or the workbook itself cannot go on.
pub fn watch(context: &Context, name: Option<&str>) -> Result<u8, Error> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return check_once::check(context, name);
    }
    let _raw = Raw::enter()?;
    let mut watch = Watch::new(context);
    watch.start(name)?;
    while watch.turn()? {}
    Ok(code::DONE)
}

struct Watch<'a> {
    context: &'a Context,
    /// The exercise it shows.
    at: usize,
    /// The content that was last checked or is being checked.
    seen: Option<u64>,
    /// The exercises when they were last looked at.
    saves: Saves,
    /// What to say above the next page.
    note: Option<String>,
    looked: Instant,
    running: Option<Running>,
    /// The step the learner is at, none when every step passes.
    here: Option<usize>,
    /// The next hint to show.
    level: usize,
    /// Whether a solved exercise may be passed by: only until the first one that is not.
    searching: bool,
}

impl<'a> Watch<'a> {
    fn new(context: &'a Context) -> Self {
        Self {
            context,
            at: 0,
            seen: None,
            saves: Saves::new(&context.workbook),
            note: None,
            looked: Instant::now(),
            running: None,
            here: None,
            level: 1,
            searching: true,
        }
    }

    fn chapter(&self) -> &'a Chapter {
        &self.context.workbook.chapters[self.at]
    }

    /// Goes to the exercise asked for, else to the first that is not known to be solved. One that was
    /// asked for is watched although it is solved: its steps beyond the core are worked on like that.
    fn start(&mut self, name: Option<&str>) -> Result<(), Error> {
        let workbook = &self.context.workbook;
        let asked = name.map(|name| workbook.position(name)).transpose()?;
        let at = asked.or_else(|| self.unsolved_from(0));
        self.searching = asked.is_none() && at.is_some();
        self.go(at.unwrap_or(workbook.chapters.len() - 1));
        Ok(())
    }

    fn unsolved_from(&self, from: usize) -> Option<usize> {
        let workbook = &self.context.workbook;
        let progress = Progress::peek(&workbook.root);
        (from..workbook.chapters.len()).find(|at| {
            let known = check::known(workbook, &workbook.chapters[*at], &progress);
            !known.is_some_and(|line| line.solved)
        })
    }

    fn go(&mut self, at: usize) {
        self.at = at;
        self.level = 1;
        self.here = self.chapter().step_at(&[]);
        self.check();
    }

    /// One turn: a key, a save, news of the check. False when it is time to go.
    fn turn(&mut self) -> Result<bool, Error> {
        if self.context.stop.requested() {
            return Ok(self.leave());
        }
        let what = "cannot read the keyboard";
        if event::poll(KEY).map_err(Error::io(what))?
            && let Event::Key(key) = event::read().map_err(Error::io(what))?
            && key.kind != KeyEventKind::Release
        {
            let control = key.modifiers.contains(KeyModifiers::CONTROL);
            match key.code {
                KeyCode::Char('c') if control => return Ok(self.leave()),
                KeyCode::Char('q') => return Ok(self.leave()),
                KeyCode::Char('h') => self.hint(),
                KeyCode::Char('n') => self.next(),
                KeyCode::Char('l') => self.list(),
                KeyCode::Char('c') => self.check(),
                _ => {}
            }
        }
        if self.looked.elapsed() >= LOOK {
            self.looked = Instant::now();
            self.look();
        }
        self.hear()?;
        Ok(true)
    }

    /// Stops what runs; its process is killed before the program ends.
    fn leave(&mut self) -> bool {
        if let Some(running) = self.running.take() {
            running.end();
        }
        keys::say("\n");
        false
    }

    /// Looks for a save. One during a check makes that check stale: it is stopped, not waited for. A save
    /// of another exercise means that the learner works on that one.
    fn look(&mut self) {
        let workbook = &self.context.workbook;
        let saved = self.saves.look(workbook);
        if check::fingerprint(workbook, self.chapter()).ok() != self.seen {
            self.check();
        } else if let Some(other) = saved.into_iter().find(|at| *at != self.at) {
            let file = workbook.chapters[other].exercise();
            let note = format!("{file} was saved: it is the one watched now");
            keys::say(&format!("\n{note}\n"));
            self.note = Some(note);
            self.searching = false;
            self.go(other);
        }
    }

    fn check(&mut self) {
        if let Some(running) = self.running.take() {
            running.replace();
        }
        let chapter = self.chapter();
        self.seen = check::fingerprint(&self.context.workbook, chapter).ok();
        keys::line(&format!("checking {} …", chapter.exercise()));
        self.running = Some(Running::start(self.context, chapter));
    }

    /// Hears what the check says.
    fn hear(&mut self) -> Result<(), Error> {
        while let Some(running) = &self.running {
            match running.news.try_recv() {
                Ok(News::Cargo(activity)) => keys::line(&activity.to_string()),
                Ok(News::Done(checked)) => {
                    self.running = None;
                    self.done(checked)?;
                }
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => self.running = None,
            }
        }
        Ok(())
    }

    fn done(&mut self, checked: Result<Checked, Error>) -> Result<(), Error> {
        let chapter = self.chapter();
        let checked = match checked {
            Ok(checked) => checked,
            Err(Error::Stopped) => return Ok(()),
            Err(error) => {
                let words = chain(&error);
                keys::page(&format!("the workbook cannot go on: {words}\n"));
                return Ok(());
            }
        };
        store::keep(self.context, chapter, &checked)?;
        if self.searching
            && checked.solved
            && let Some(next) = self.unsolved_from(self.at + 1)
        {
            self.go(next);
            return Ok(());
        }
        self.searching = false;
        let here = checked.here(chapter);
        if self.here != here {
            (self.here, self.level) = (here, 1);
        }
        let note = self.note.take().map_or(String::new(), |note| note + "\n\n");
        let (workbook, style) = (&self.context.workbook, self.context.style);
        let page = verdict::text(workbook, chapter, &checked, style);
        keys::page(&(note + &page));
        Ok(())
    }

    /// A hint for the step the learner is at; pressed again, the next level.
    fn hint(&mut self) {
        let chapter = self.chapter();
        let text = match self.here {
            None => hint::none(chapter),
            Some(step) => {
                let workbook = &self.context.workbook;
                hint::text(workbook, chapter, step, self.level)
                    .unwrap_or_else(|error| format!("{error}\n"))
            }
        };
        let more = if self.level < 3 { "h again says more\n" } else { "" };
        self.level = (self.level + 1).min(3);
        keys::say(&format!("\n{text}{more}\n{KEYS}\n"));
    }

    /// From a solved exercise the one that its page called next, from another the next that is not
    /// solved; behind the last one, the first.
    fn next(&mut self) {
        self.searching = false;
        let all = self.context.workbook.chapters.len();
        let solved = self.unsolved_from(self.at) != Some(self.at);
        let from = if solved { 0 } else { self.at + 1 };
        let next = self
            .unsolved_from(from)
            .or_else(|| self.unsolved_from(0).filter(|next| *next != self.at))
            .unwrap_or((self.at + 1) % all);
        self.go(next);
    }

    fn list(&self) {
        let progress = store::load(self.context);
        let current = Some(self.chapter().name.as_str());
        let workbook = &self.context.workbook;
        let rows = overview::rows(workbook, &progress, current, self.context.style);
        keys::say(&format!("\n{rows}\n{KEYS}\n"));
    }
}

fn chain(error: &Error) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    words
}
