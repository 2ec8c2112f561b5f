//! Writing on the timeline.

use std::{
    future::Future,
    panic::Location,
    pin::Pin,
    sync::atomic::Ordering::SeqCst,
    task::{Context, Poll},
};

use record::{EventKind, Expected};
use tokio::time::sleep;

use crate::{
    failure::Failure,
    ms,
    times::{self, first_difference_of, ordinal},
    world::World,
};

/// One column of the timeline. Cheap to clone, usable in every task.
#[derive(Clone)]
pub struct Lane {
    world: World,
    index: usize,
}

impl World {
    /// The lane called `name` on the timeline.
    pub fn lane(&self, name: &str) -> Lane {
        let index = self.0.tape.lock().unwrap().lane(name);
        Lane { world: self.clone(), index }
    }

    /// The n-th event that came happened now, on the lane that its words name.
    pub(crate) fn draws_later(&self, n: usize) {
        if self.is_told() {
            let now = self.now_ms();
            self.0.tape.lock().unwrap().put_later(now, n);
        }
    }

    /// Whether the story goes on: what drops because the run has failed is not part of it.
    fn is_told(&self) -> bool {
        self.0.failure.lock().unwrap().is_none() && !self.0.over.load(SeqCst)
    }
}

impl Lane {
    fn put(&self, kind: EventKind, what: String, span: Option<u32>) {
        if !self.world.is_told() {
            return;
        }
        let now = self.world.now_ms();
        let mut tape = self.world.0.tape.lock().unwrap();
        tape.put(now, self.index, kind, what, span);
    }

    /// `what` happened now, for a destructor: no touch is counted, because a spin found while
    /// another panic unwinds would abort the process.
    pub fn log_in_drop(&self, what: impl Into<String>) {
        self.put(EventKind::Mark, what.into(), None);
    }

    /// Counts a touch under the lane's name. See [`World::touch`].
    ///
    /// # Panics
    ///
    /// Ends the test when there are too many.
    pub fn touch(&self) {
        self.world.touch(|| self.name());
    }

    /// The lane's name.
    pub fn name(&self) -> String {
        self.world.0.tape.lock().unwrap().lanes[self.index].clone()
    }

    /// It happened now; named by its number: 1st, 2nd, 3rd.
    pub fn mark(&self) {
        self.log(ordinal(self.count() + 1));
    }

    /// `what` happened now.
    pub fn log(&self, what: impl Into<String>) {
        self.put(EventKind::Mark, what.into(), None);
        self.touch();
    }

    /// `what` begins now. It ends with [`Span::end`]; dropped before that, it is drawn as
    /// dropped.
    pub fn span(&self, what: impl Into<String>) -> Span {
        let what = what.into();
        let id = self.world.0.tape.lock().unwrap().next_span();
        self.put(EventKind::Begin, what.clone(), Some(id));
        self.touch();
        Span { lane: self.clone(), what, id, ended: false }
    }

    /// Draws `future` from its first poll to its end, or to the instant it is dropped.
    pub fn watch<F: Future>(
        &self,
        what: impl Into<String>,
        future: F,
    ) -> Watched<F> {
        Watched {
            lane: self.clone(),
            what: what.into(),
            future: Box::pin(future),
            span: None,
        }
    }

    /// Work that takes exactly `takes_ms`, whatever the weather.
    pub async fn takes(&self, what: impl Into<String>, takes_ms: u64) {
        let span = self.span(what);
        sleep(ms(takes_ms)).await;
        span.end();
    }

    /// How many marks the lane holds.
    pub fn count(&self) -> usize {
        self.world.0.tape.lock().unwrap().marks[self.index]
    }

    /// The marks so far: when, and what.
    pub fn marks(&self) -> Vec<(u64, String)> {
        self.events(EventKind::Mark)
    }

    /// The spans that began: when, and what.
    pub fn begun(&self) -> Vec<(u64, String)> {
        self.events(EventKind::Begin)
    }

    /// The spans that ended by themselves: when, and what.
    pub fn ended(&self) -> Vec<(u64, String)> {
        self.events(EventKind::End)
    }

    /// The spans that were dropped before they ended: when, and what.
    pub fn dropped(&self) -> Vec<(u64, String)> {
        self.events(EventKind::Drop)
    }

    fn events(&self, kind: EventKind) -> Vec<(u64, String)> {
        let tape = self.world.0.tape.lock().unwrap();
        let mine = tape.events.iter();
        let mine = mine.filter(|e| e.lane == self.index && e.kind == kind);
        mine.map(|e| (e.at_ms, e.what.clone())).collect()
    }

    /// Fails with `rule` unless the lane was marked at exactly these milliseconds.
    ///
    /// # Panics
    ///
    /// Ends the test, with both rows of times on the timeline.
    #[track_caller]
    pub fn expect_at(&self, at_ms: impl Into<Vec<u64>>, rule: &str) {
        self.expect_times(EventKind::Mark, at_ms.into(), rule, Location::caller());
    }

    /// Fails with `rule` unless spans ended on this lane at exactly these milliseconds.
    ///
    /// # Panics
    ///
    /// Ends the test, with both rows of times on the timeline.
    #[track_caller]
    pub fn expect_ended_at(&self, at_ms: impl Into<Vec<u64>>, rule: &str) {
        self.expect_times(EventKind::End, at_ms.into(), rule, Location::caller());
    }

    /// Fails with `rule` unless spans began on this lane at exactly these milliseconds.
    ///
    /// # Panics
    ///
    /// Ends the test, with both rows of times on the timeline.
    #[track_caller]
    pub fn expect_begun_at(&self, at_ms: impl Into<Vec<u64>>, rule: &str) {
        self.expect_times(EventKind::Begin, at_ms.into(), rule, Location::caller());
    }

    /// Fails with `rule` unless spans were dropped on this lane at exactly these milliseconds.
    ///
    /// # Panics
    ///
    /// Ends the test, with both rows of times on the timeline.
    #[track_caller]
    pub fn expect_dropped_at(&self, at_ms: impl Into<Vec<u64>>, rule: &str) {
        self.expect_times(EventKind::Drop, at_ms.into(), rule, Location::caller());
    }

    fn expect_times(
        &self,
        kind: EventKind,
        expected: Vec<u64>,
        rule: &str,
        location: &Location<'_>,
    ) {
        let (observed, names): (Vec<u64>, Vec<String>) =
            self.events(kind).into_iter().unzip();
        let difference = if times::are_numbered(&names) {
            first_difference_of(kind, &expected, &observed)
        } else {
            times::other_times(&expected, &observed, &names, kind)
        };
        let Some(difference) = difference else { return };
        let difference = format!("of {}, {difference}", self.name());
        let mut failure = Failure::rule(rule).difference(difference).at(location);
        failure.expected =
            Some(Expected { lane: self.index, kind, at_ms: expected });
        self.world.fail(failure);
    }
}

/// Something that has begun. See [`Lane::span`].
pub struct Span {
    lane: Lane,
    what: String,
    id: u32,
    ended: bool,
}

impl Span {
    /// It ended by itself.
    pub fn end(mut self) {
        self.ended = true;
        self.lane.put(EventKind::End, self.what.clone(), Some(self.id));
    }

    /// It ended in a way of its own, "item 1 fails": a mark, drawn instead of the end.
    pub fn end_with(mut self, what: impl Into<String>) {
        self.ended = true;
        self.lane.put(EventKind::Mark, what.into(), Some(self.id));
    }

    /// It ended by itself, and `how` is written behind its name.
    pub fn end_as(mut self, how: &str) {
        self.what = format!("{} ({how})", self.what);
        self.end();
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        if !self.ended {
            self.lane.put(EventKind::Drop, self.what.clone(), Some(self.id));
        }
    }
}

/// See [`Lane::watch`].
pub struct Watched<F> {
    lane: Lane,
    what: String,
    future: Pin<Box<F>>,
    span: Option<Span>,
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        if self.span.is_none() {
            let span = self.lane.span(self.what.clone());
            self.span = Some(span);
        }
        let answer = self.future.as_mut().poll(cx);
        if answer.is_ready()
            && let Some(span) = self.span.take()
        {
            span.end();
        }
        answer
    }
}
