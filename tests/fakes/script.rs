//! A fake that answers its calls by script.

use std::{
    collections::VecDeque,
    fmt::Debug,
    sync::{Arc, Mutex},
};

use kit::{Failure, Lane, World, ms, ordinal};
use tokio::time::sleep;

/// One answer of a [`Script`].
#[derive(Clone, Debug)]
pub enum Reply<T, E> {
    /// At once, this value.
    Value(T),
    /// At once, this error.
    Error(E),
    /// After so many milliseconds, this value.
    ValueAfter(u64, T),
    /// After so many milliseconds, this error.
    ErrorAfter(u64, E),
    /// Never.
    Hang,
    /// A panic with this text.
    Panic(&'static str),
}

/// A dependency that answers by script. An unscripted call fails the test loudly.
pub struct Script<T, E> {
    world: World,
    lane: Lane,
    words: fn(&E) -> String,
    state: Arc<Mutex<State<T, E>>>,
}

impl<T, E> Clone for Script<T, E> {
    fn clone(&self) -> Self {
        Script {
            world: self.world.clone(),
            lane: self.lane.clone(),
            words: self.words,
            state: self.state.clone(),
        }
    }
}

struct State<T, E> {
    replies: VecDeque<Reply<T, E>>,
    calls: usize,
}

impl<T, E> Script<T, E> {
    /// Answers its calls with `replies`, in order, on the lane called `lane`. See
    /// [`Script::call`].
    pub fn new(
        world: &World,
        lane: &str,
        replies: impl IntoIterator<Item = Reply<T, E>>,
    ) -> Self {
        let replies = replies.into_iter().collect();
        let state = Arc::new(Mutex::new(State { replies, calls: 0 }));
        let words = |_: &E| "error".to_owned();
        Script { world: world.clone(), lane: world.lane(lane), words, state }
    }

    /// Draws its errors in these words.
    pub fn in_words(mut self, words: fn(&E) -> String) -> Self {
        self.words = words;
        self
    }

    /// How often it was called.
    pub fn calls(&self) -> usize {
        self.state.lock().unwrap().calls
    }

    /// One call: the next reply, drawn on the script's lane.
    ///
    /// # Errors
    ///
    /// What the script says.
    ///
    /// # Panics
    ///
    /// When the script says so, and when it has no reply left.
    pub async fn call(&self) -> Result<T, E> {
        let (nth, reply) = {
            let mut state = self.state.lock().unwrap();
            state.calls += 1;
            (state.calls, state.replies.pop_front())
        };
        let name = ordinal(nth);
        let Some(reply) = reply else {
            let lane = self.lane.name();
            self.lane.log(format!("{name}, unexpected"));
            let text =
                format!("{lane} was called a {name} time; that is one too many");
            self.world.fail(Failure::rule(&text));
        };
        let (after_ms, answer) = match reply {
            Reply::Value(value) => (0, Ok(value)),
            Reply::Error(error) => (0, Err(error)),
            Reply::ValueAfter(after_ms, value) => (after_ms, Ok(value)),
            Reply::ErrorAfter(after_ms, error) => (after_ms, Err(error)),
            Reply::Panic(text) => panic!("{text}"),
            Reply::Hang => {
                let _span = self.lane.span(format!("{name} (hangs)"));
                std::future::pending().await
            }
        };
        self.answer(&name, after_ms, &answer).await;
        answer
    }

    async fn answer(&self, name: &str, after_ms: u64, answer: &Result<T, E>) {
        let outcome = match answer {
            Ok(_) => "ok".to_owned(),
            Err(error) => (self.words)(error),
        };
        if after_ms == 0 {
            self.lane.log(format!("{name}: {outcome}"));
        } else {
            let span = self.lane.span(format!("{name}: {outcome}"));
            sleep(ms(after_ms)).await;
            span.end();
        }
        if self.world.weather().yields() {
            self.world.squeeze().await;
        }
    }
}
