//! The contract of `exercises/shutdown.rs` as a calculation. It is a solution without its futures:
//! read it when you have yours. What is the same for all connections is in
//! `signal.rs`, and in `line.rs` how time passes for one of them.

mod draw;
mod line;
mod signal;
mod story;
mod words;

use std::time::Duration;

use kit::scenes::{Contract, Judge, Open, Story, judge};

use Happens::*;
use line::{Line, Stopped};
use signal::Plan;
pub use story::{Ask, Closing, Happens, Outcome, Rules, Scene, What};
pub use words::name;

/// The contract of `shutdown`.
pub struct Shutdown;

impl Contract for Shutdown {
    type Scene = Scene;
    type Event = Happens;

    fn judge() -> &'static dyn Judge {
        judge::<Self>()
    }

    fn model(scene: &Scene, open: &Open) -> Option<Story<Happens>> {
        let plan = Plan::new(scene, open);
        let mut story = Story::default();
        let mut tell = |at: Duration, event: Happens| {
            if scene.rules.count(at, &event) {
                story.tell(at, event);
            }
        };
        if plan
            .groups
            .iter()
            .take(plan.serves)
            .any(|group| scene.sends(group).is_some())
        {
            open.sometimes(4, "a value is sent before `serve` is called");
        }
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
                // "a client that is not accepted by then, or that comes later, is refused".
                tell(plan.at(connects.max(deaf)), Refused(client));
                continue;
            }
            tell(plan.at(accepted), Accepted(client));
            let mut line = Line::new(scene, &plan, open, (client, accepted, ask));
            left += usize::from(!line.closes_by_itself());
            if line.is_unclear {
                return None;
            }
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
                if scene.sends(&plan.groups[stop.group]) == Some(true)
                    && plan.signal != Some(stop.group)
                {
                    open.sometimes(7, "one more `true` ends the drain");
                }
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
        let rule = "`serve` returns before all that it began is over";
        if after.all(is_other) { Ok(()) } else { Err(rule.to_owned()) }
    }
}

impl Line<'_> {
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
        !is_stopped && self.now < self.scene.rules.end()
    }

    /// Says how the connection closes, unless it is stopped.
    fn serve(&mut self) -> Result<Closing, Stopped> {
        let open = self.open;
        loop {
            self.until(self.now)?;
            // Rule 2: "No other request begins".
            if self.hears() {
                if !self.pipe.is_empty() {
                    open.sometimes(2, "a request waits at the signal");
                }
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
                self.is_idle = true;
                self.flush()?;
                self.is_idle = false;
            } else if self.has_hung_up || self.signal.is_some() {
                // Rule 1: "a connection answers what was sent, and closes".
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

    fn arrive(&mut self, answered: usize) {
        self.sent = None;
        self.answered = answered;
        if self.pipe.is_empty() && answered == self.begun {
            self.tell(Answered(self.client, answered));
        }
    }
}
