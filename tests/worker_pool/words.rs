//! The scenes of `worker_pool` in words.

use std::time::Duration;

use kit::{
    ordinal,
    scenes::{told, told_after},
};

use super::{End, Life, MOST, Scene, Sender, Sending, Way, Work};

/// The scene in lines.
pub(super) fn of(scene: &Scene) -> Vec<String> {
    let mut pool = match scene.workers {
        1 => "1 worker".to_owned(),
        n => format!("{n} workers"),
    };
    if scene.step >= 2 {
        let capacity = match scene.capacity {
            usize::MAX => "usize::MAX".to_owned(),
            n if n == MOST => "Semaphore::MAX_PERMITS".to_owned(),
            n if n > MOST => "Semaphore::MAX_PERMITS + 1".to_owned(),
            n => n.to_string(),
        };
        pool += &format!(", capacity {capacity}");
    }
    let senders = scene.senders.iter().filter(|it| !it.sendings.is_empty());
    let senders = senders.enumerate().map(|(i, it)| sender(it, i + 1));
    [pool].into_iter().chain(senders).chain(scene.end.as_ref().map(end)).collect()
}

fn sender(of: &Sender, n: usize) -> String {
    let way = match of.way {
        Way::Own => "with a handle of its own",
        Way::Clone => "with a clone whose original is dropped",
        Way::Shared => "with a handle that others use as well",
        Way::Late => "with a handle that it asks for when it has an item",
    };
    let same = |a: &Sending, b: &Sending| {
        b.after.is_zero() && (a.work, a.life) == (b.work, b.life)
    };
    let items: Vec<_> = of.sendings.chunk_by(same).map(items).collect();
    format!("{} sender, {way}: {}", ordinal(n), items.join(", "))
}

/// Items that are alike.
fn items(of: &[Sending]) -> String {
    let Sending { number, after, work, life } = of[0];
    let last = number + of.len() - 1;
    let who = if last > number {
        let to = if of.len() == 2 { "and" } else { "to" };
        format!("items {number} {to} {last} which each {}", does(work, ""))
    } else {
        format!("item {number} which {}", does(work, "s"))
    };
    format!("{} {who}{}", told_after(after), lives(life, "`send`"))
}

/// What the handler does: it ends, they end.
fn does(work: Work, s: &str) -> String {
    match work {
        Work::Ends(Duration::MAX, _) | Work::Panics(Duration::MAX) => {
            format!("never end{s}")
        }
        Work::Ends(after, 0) => format!("end{s} {}", told_after(after)),
        Work::Ends(after, n) => {
            let often = ["no time", "once", "twice", "3 times"][n as usize];
            format!("give{s} way {often} and end{s} {}", told_after(after))
        }
        Work::Panics(after) => format!("panic{s} {}", told_after(after)),
        Work::PanicsAtOnce => format!("panic{s} before there is a future"),
    }
}

/// What its caller does with a future.
fn lives(life: Life, what: &str) -> String {
    match life {
        Life::Stays => String::new(),
        Life::Nudged(every) => {
            format!(
                " ({what} is polled once more every {}, five times)",
                told(every)
            )
        }
        Life::Leaves(after) => {
            format!(" ({what} is dropped {} after its first poll)", told(after))
        }
        Life::Sleeps { after, nap, leaves } => {
            let then = if leaves { "dropped" } else { "polled again" };
            let (after, nap) = (told(after), told(nap));
            format!(
                " ({what} is polled for {after}, then not for {nap}, then {then})"
            )
        }
        Life::Unpolled => format!(" ({what} is dropped before its first poll)"),
    }
}

fn end(of: &End) -> String {
    let at = told(of.at);
    let when = if of.is_last {
        format!("{at} after the last answer of `send`")
    } else {
        format!("at {at}")
    };
    let Some(shutdown) = of.shutdown else {
        return format!("{when} the pool is dropped");
    };
    let drain = told(shutdown.drain);
    let mut words = format!("{when} `shutdown` is called with a drain of {drain}");
    if !shutdown.unpolled.is_zero() {
        words += &format!(", first polled {} later", told(shutdown.unpolled));
    }
    if shutdown.sends {
        words += ", and then its task sends one item more";
    }
    words + &lives(shutdown.life, "it")
}
