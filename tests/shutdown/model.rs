//! The contract of `exercises/shutdown.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours. What is the same for all connections is in `signal.rs`.

mod signal;
mod story;

use std::{collections::VecDeque, time::Duration};

use kit::scenes::{Contract, Open, Story};

use Happens::*;
use signal::Plan;
pub use story::{Ask, Closing, END, Happens, Outcome, Rules, Scene, What, name};

/// The contract of `shutdown`.
pub struct Shutdown;

impl Contract for Shutdown {
    type Scene = Scene;
    type Event = Happens;

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let plan = Plan::new(scene, open);
        let mut story = Story::default();
        let mut tell = |at: Duration, event: Happens| {
            if at < END && scene.rules.count(at, &event) {
                story.tell(at, event);
            }
        };
        // Rule 1: "At the signal the listener is dropped".
        if let Some(deaf) = plan.deaf {
            tell(plan.at(deaf), StopsListening);
        }
        let mut last = plan.signal.map(|signal| plan.at(signal));
        let mut left = 0;
        for (client, connects, ask) in scene.connects(&plan.groups) {
            let accepted = connects.max(plan.serves);
            if let Some(deaf) = plan.deaf.filter(|deaf| accepted >= *deaf) {
                open.sometimes(1, "a client waits at the door or comes too late");
                // "who is not accepted by then, or comes later, is refused".
                tell(plan.at(connects.max(deaf)), Refused(client));
                continue;
            }
            tell(plan.at(accepted), Accepted(client));
            let mut line = Line::new(scene, &plan, open, (client, accepted, ask));
            left += usize::from(!line.closes_by_itself());
            last = last.max(Some(line.now));
            line.told.into_iter().for_each(|(at, event)| tell(at, event));
        }
        let Some(last) = plan.signal.and(last) else { return Some(story) };
        match plan.stop {
            // Rule 3: "in the instant the last connection has closed".
            _ if left == 0 && !plan.is_dropped(last, open) => {
                tell(last, Returns(Outcome::Drained));
            }
            // Rule 5: "`Aborted` with their number".
            Some(stop) if left > 0 && !stop.is_drop => {
                tell(stop.at, Returns(Outcome::Aborted(left)));
            }
            _ => {}
        }
        Some(story)
    }

    /// Rules 3 and 5, within the instant of the return.
    fn law(_: &Scene, came: &Story<Happens>) -> Result<(), String> {
        let is_before = |event: &&Happens| !matches!(event, Returns(_));
        let mut after = came.whats().skip_while(is_before).skip(1);
        let is_other = |event: &Happens| matches!(event, Refused(_) | Leaves(_));
        let rule = "when `serve` returns, nothing that it began goes on";
        if after.all(is_other) { Ok(()) } else { Err(rule.to_owned()) }
    }
}

/// One connection.
struct Line<'a> {
    scene: &'a Scene,
    plan: &'a Plan,
    open: &'a Open,
    client: usize,
    now: Duration,
    /// How many groups of acts have been.
    passed: usize,
    pipe: VecDeque<Ask>,
    has_hung_up: bool,
    /// Since when there is the signal, and whether it is heard before anything else.
    signal: Option<(Duration, bool)>,
    begun: usize,
    ended: usize,
    answered: usize,
    /// When the flush is over that was begun last.
    sent: Option<Duration>,
    told: Vec<(Duration, Happens)>,
}

/// The connection is dropped, and has not closed by itself.
struct Stopped;

impl<'a> Line<'a> {
    fn new(
        scene: &'a Scene,
        plan: &'a Plan,
        open: &'a Open,
        (client, accepted, ask): (usize, usize, Option<Ask>),
    ) -> Self {
        let mut line = Line {
            scene,
            plan,
            open,
            client,
            now: plan.at(accepted),
            passed: 0,
            pipe: ask.into_iter().collect(),
            has_hung_up: false,
            signal: None,
            begun: 0,
            ended: 0,
            answered: 0,
            sent: None,
            told: vec![],
        };
        line.pass(accepted, true);
        line
    }

    fn closes_by_itself(&mut self) -> bool {
        let open = self.open;
        let closing = self.serve();
        let is_stopped = closing.is_err();
        let how = match closing {
            Ok(how) => how,
            Err(Stopped) if self.begun > self.ended => {
                open.sometimes(5, "a request is dropped");
                self.tell(Dropped(self.client, self.begun));
                Closing::Cut
            }
            Err(Stopped) if self.ended > self.answered => {
                open.sometimes(6, "a flush is cut short");
                // At a tie it may just be over.
                let is_sent = self.reads().is_zero() && open.either();
                let answered = Closing::Answered(self.ended);
                if is_sent { answered } else { Closing::Loses }
            }
            Err(Stopped) => Closing::Answered(self.ended),
        };
        self.tell(Closes(self.client, self.scene.rules.closing(how)));
        !is_stopped && self.now < END
    }

    /// Says how the connection closes, unless it is stopped.
    fn serve(&mut self) -> Result<Closing, Stopped> {
        let open = self.open;
        loop {
            self.until(self.now)?;
            // Rule 2: "No other request begins".
            if self.hears() {
                break;
            }
            if let Some(ask) = self.pipe.pop_front() {
                // Rule 6 asks for a flush when no request waits. One that comes before is as good.
                let is_full = self.ended > self.answered && !self.reads().is_zero();
                let flush = if is_full { open.one_of(3) } else { 0 };
                if flush == 1 {
                    self.pipe.push_front(ask);
                    self.flush()?;
                } else if self.panics(ask, flush == 2)? {
                    // Rule 3: "closes its own connection and nothing else".
                    return Ok(Closing::Cut);
                }
            } else if self.ended > self.answered {
                self.flush()?;
            } else if self.has_hung_up || self.signal.is_some() {
                // Rule 1: "it answers what was sent, and closes".
                break;
            } else {
                self.wait()?;
            }
        }
        // Rule 6: "and before the connection closes".
        if self.ended > self.answered {
            self.flush()?;
        }
        Ok(Closing::Answered(self.answered))
    }

    /// Processes a request, perhaps beside a flush, and says whether it panics.
    fn panics(&mut self, ask: Ask, is_beside: bool) -> Result<bool, Stopped> {
        let (client, open, before) = (self.client, self.open, self.ended);
        self.begun += 1;
        self.tell(Begins(client, self.begun));
        let end = self.now.saturating_add(ask.takes);
        let sent = is_beside.then(|| self.sent_at());
        if let Some(sent) = sent.filter(|sent| *sent <= end) {
            self.until(sent)?;
            self.arrive(before);
        }
        self.until(end)?;
        if ask.panics {
            open.sometimes(3, "a request panics");
            self.tell(Panics(client, self.begun));
            return Ok(true);
        }
        self.ended += 1;
        self.tell(Ends(client, self.begun));
        if let Some(sent) = sent.filter(|sent| *sent > end) {
            self.until(sent)?;
            self.arrive(before);
        }
        Ok(false)
    }

    fn flush(&mut self) -> Result<(), Stopped> {
        if !self.reads().is_zero() {
            let sent = self.sent_at();
            self.until(sent)?;
        }
        self.arrive(self.ended);
        Ok(())
    }

    /// When a flush is over that goes on or begins now.
    fn sent_at(&mut self) -> Duration {
        let sent = self.now.saturating_add(self.reads());
        self.now.max(*self.sent.get_or_insert(sent))
    }

    fn arrive(&mut self, answered: usize) {
        self.sent = None;
        self.answered = answered;
        if self.pipe.is_empty() {
            self.tell(Answered(self.client, answered));
        }
    }

    /// Waits for something to do.
    fn wait(&mut self) -> Result<(), Stopped> {
        let mut later = self.passed..self.plan.groups.len();
        let next = later.find(|group| self.matters(*group));
        let stop = self.plan.stop.filter(|stop| next.is_none_or(|g| stop.group < g));
        match (stop, next) {
            (Some(stop), _) => {
                self.now = stop.at;
                return Err(Stopped);
            }
            (None, Some(group)) => {
                self.now = self.plan.at(group);
                self.pass(group, false);
            }
            // For ever.
            (None, None) => (self.now, self.has_hung_up) = (Duration::MAX, true),
        }
        Ok(())
    }

    /// Goes on to `at`, where something ends, unless the connection is stopped first.
    fn until(&mut self, at: Duration) -> Result<(), Stopped> {
        while let Some(group) = self.plan.groups.get(self.passed) {
            let is_tie =
                group.at == at && !group.is_apart && self.matters(self.passed);
            if group.at > at || (group.at == at && !(is_tie && self.open.either())) {
                break;
            }
            self.pass(self.passed, true);
        }
        if let Some(stop) = self.plan.stop.filter(|stop| stop.at < END) {
            let is_due = stop.is_drop || self.signal.is_some();
            let is_tie = stop.at == at && !stop.is_last && is_due;
            if stop.at < at || (is_tie && self.open.either()) {
                self.now = stop.at;
                return Err(Stopped);
            }
        }
        self.now = at;
        Ok(())
    }

    /// All groups up to this one have been. Whoever is busy may hear of the signal a little later.
    fn pass(&mut self, group: usize, is_busy: bool) {
        let (scene, plan) = (self.scene, self.plan);
        let mut is_busy = is_busy;
        for group in self.passed..=group {
            for what in scene.acts_of(&plan.groups[group]) {
                match what {
                    What::Asks(client, n, ask) if client == self.client => {
                        let n = if self.has_hung_up { 0 } else { n };
                        self.pipe.extend(vec![ask; n]);
                        is_busy |= self.signal.is_none();
                    }
                    What::HangsUp(client) if client == self.client => {
                        self.has_hung_up = true;
                        is_busy |= self.signal.is_none();
                    }
                    What::Sends(_) | What::DropsSender
                        if plan.signal == Some(group) =>
                    {
                        self.signal = Some((plan.at(group), !is_busy));
                    }
                    _ => {}
                }
            }
        }
        self.passed = group + 1;
    }

    fn hears(&mut self) -> bool {
        let Some((at, is_first)) = self.signal else { return false };
        let hears = is_first || at < self.now || self.open.either();
        self.signal = Some((at, hears));
        hears
    }

    /// Whether a group of acts is something that an idle connection wakes up for.
    fn matters(&self, group: usize) -> bool {
        let is_it = |what| match what {
            What::Asks(client, ..) | What::HangsUp(client) => client == self.client,
            _ => false,
        };
        let mut acts = self.scene.acts_of(&self.plan.groups[group]);
        self.plan.signal == Some(group) || acts.any(is_it)
    }

    fn reads(&self) -> Duration {
        self.scene.reads[self.client]
    }

    fn tell(&mut self, event: Happens) {
        self.told.push((self.now, event));
    }
}
