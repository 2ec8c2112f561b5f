//! What is given in a scene, and what happens in it, or should.

use std::time::Duration;

use super::draw::Draw;

/// What is given in a scene.
pub trait Setting: Send + Sync + 'static {
    /// A scene that holds what the rules up to [`Draw::step`] speak of, and nothing else.
    fn draw(from: &Draw) -> Self;

    /// The scene in lines.
    fn words(&self) -> Vec<String>;
}

/// Something that can happen in the scenes of a chapter.
pub trait Event: Clone + PartialEq + Send + Sync + 'static {
    /// Who does what: `("attempt", "2 begins")`. The first word is a column of the timeline, and both
    /// together are a sentence.
    fn words(&self) -> (&'static str, String);
}

/// Events and when they happen, in milliseconds since the scene began.
#[derive(Clone, Debug)]
pub struct Story<E>(Vec<(u64, E)>);

impl<E> Default for Story<E> {
    fn default() -> Self {
        Story(vec![])
    }
}

impl<E> Story<E> {
    /// It goes on: at `at`, `event`.
    pub fn tell(&mut self, at: Duration, event: E) {
        self.0.push((at.as_millis() as u64, event));
    }

    /// The events with their milliseconds, in the order they were told.
    pub fn events(&self) -> &[(u64, E)] {
        &self.0
    }

    /// The events alone, in the order they were told.
    pub fn whats(&self) -> impl Iterator<Item = &E> {
        self.0.iter().map(|(_, event)| event)
    }
}

/// A length of time in words: `100 ms`, `0.5 ms`, or `Duration::MAX`.
pub fn told(time: Duration) -> String {
    let parts = f64::from(time.subsec_nanos() % 1_000_000);
    match time {
        Duration::MAX => "Duration::MAX".to_owned(),
        _ if parts == 0.0 => format!("{} ms", time.as_millis()),
        _ => format!("{} ms", time.as_millis() as f64 + parts / 1e6),
    }
}

/// When the clock shows that `at` has come: it has whole milliseconds, and nothing comes early.
pub fn on_the_clock(at: Duration) -> Duration {
    let millis = at.saturating_add(Duration::from_nanos(999_999)).as_millis();
    millis.try_into().map_or(Duration::MAX, Duration::from_millis)
}

/// How many there are: `1 place`, `2 places`.
pub fn counted(n: usize, what: &str) -> String {
    let end = if n == 1 { "" } else { "s" };
    format!("{n} {what}{end}")
}

/// When something ends that takes so long: `at once`, `after 100 ms`, `never`.
pub fn told_after(time: Duration) -> String {
    match time {
        Duration::ZERO => "at once".to_owned(),
        Duration::MAX => "never".to_owned(),
        _ => format!("after {}", told(time)),
    }
}
