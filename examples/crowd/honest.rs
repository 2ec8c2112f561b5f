//! Clients that want an answer, and come whether or not those before have one.

use std::time::Duration;

use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until, timeout_at},
};

use crate::{COME, END, LEAVE, client};

/// From one to the next.
const PAUSE: Duration = Duration::from_millis(25);

/// How long one waits.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// An answer that takes longer is late.
const LATE: Duration = Duration::from_millis(100);

/// Whether an answer is not late.
pub fn is_in_time(took: Duration) -> bool {
    took <= LATE
}

/// What became of one request.
#[derive(Clone, Copy)]
pub struct Asked {
    /// When it was due, from the start.
    pub at: Duration,
    /// How long its 200 took from then on; `None` when none came.
    pub took: Option<Duration>,
}

/// The requests of the three times: alone, beside the others, and when those have left.
pub fn times(all: &[Asked]) -> [Vec<Asked>; 3] {
    let between = |from, to| {
        let is_in = |asked: &&Asked| (from..to).contains(&asked.at);
        all.iter().filter(is_in).copied().collect()
    };
    [between(Duration::ZERO, COME), between(COME, LEAVE), between(LEAVE, END)]
}

/// Sends requests until the end; one line a second says how those go that were due in it.
pub async fn ask(port: u16, start: Instant) -> Vec<Asked> {
    let mut clients = JoinSet::new();
    let mut all = vec![];
    let mut at = Duration::ZERO;
    let mut told = 0;
    while at < END {
        sleep_until(start + at).await;
        clients.spawn(one(port, start, at));
        while let Some(asked) = clients.try_join_next() {
            all.push(asked.expect("a client does not panic"));
        }
        at += PAUSE;
        if at > Duration::from_secs(told + 1) + LATE {
            says(told, &all);
            told += 1;
        }
    }
    all.extend(clients.join_all().await);
    says(told, &all);
    all.sort_by_key(|asked| asked.at);
    all
}

/// How those went that were due in this second.
fn says(second: u64, all: &[Asked]) {
    let here = all.iter().filter(|asked| asked.at.as_secs() == second);
    let in_time = here.filter(|asked| asked.took.is_some_and(is_in_time)).count();
    println!("{second:>3}s  in time: {in_time} of 40");
}

/// One request. It counts from when it was due, so that a crowd that is late itself hides nothing.
async fn one(port: u16, start: Instant, at: Duration) -> Asked {
    let due = start + at;
    let answer = client::ask(port, client::USERS.as_bytes());
    let answer = timeout_at(due + PATIENCE, answer).await;
    let took = matches!(answer, Ok(Ok(200))).then(|| due.elapsed());
    Asked { at, took }
}
