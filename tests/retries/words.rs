//! The scenes of `retries` in words.

use std::time::Duration;

use kit::{
    ordinal,
    scenes::{counted, told, told_after},
};

use super::{Call, HOUR, Reply, Scene, Store, What};

pub(super) fn of(scene: &Scene) -> Vec<String> {
    let mut policy = vec![];
    if scene.step >= 3 {
        policy.push(format!("attempts {}", scene.attempts));
    }
    if scene.step >= 2 {
        policy.push(format!("base {}, cap {}", told(scene.base), told(scene.cap)));
    }
    let limit = |limit| format!("attempt_limit {}", told(limit));
    let deadline = |limit| format!("deadline {}", told(limit));
    policy.extend(scene.attempt_limit.map(limit));
    policy.extend(scene.deadline.map(deadline));
    policy.extend(scene.idempotent.then(|| "idempotent".to_owned()));
    let mut lines = vec![policy.join(", ")];
    if let Some(Store { most, earned, .. }) = scene.budget {
        let most = most / 100;
        lines.push(format!("budget of {most} retries, a call earns {earned}/100"));
    }
    if !scene.jitter.is_empty() {
        let (tenths, adds) = (&scene.jitter, told(scene.jitter_adds));
        let of = "tenths of the wait it is given";
        lines.push(format!("jitter gives {tenths:?} {of}, and {adds} on top"));
    }
    lines.extend(scene.calls.iter().enumerate().map(|(i, call)| call.words(i)));
    if let Some((base, cap, n)) = scene.backoff {
        let of = format!("base {} and cap {}", told(base), told(cap));
        lines.push(format!(
            "backoff of {of} after {}",
            counted(n as usize, "failure")
        ));
    }
    if let Some((wait, n)) = scene.full_jitter {
        let wait = told(wait);
        lines.push(format!("full_jitter of {wait} with random 0.{n:03}"));
    }
    lines
}

impl Call {
    fn words(&self, before: usize) -> String {
        let mut words = String::new();
        if before > 0 {
            let (nth, after) = (ordinal(before + 1), told(self.after));
            words += &format!("{nth} call, {after} later: ");
        }
        for (i, reply) in self.replies.iter().enumerate() {
            words += &format!("attempt {} {}, ", i + 1, reply.words());
        }
        words += &format!("attempt {} succeeds at once", self.replies.len() + 1);
        if !self.unpolled.is_zero() {
            words += &format!("; first polled {} late", told(self.unpolled));
        }
        if let Some(busy) = self.busy {
            let (from, busy) = (told_after(self.patience), told(busy));
            words +=
                &format!("; {from} the caller is busy, and polls it {busy} later");
        } else if self.patience < HOUR {
            words += &format!("; the caller leaves after {}", told(self.patience));
            if !self.nap.is_zero() {
                words += &format!(", and drops the call {} later", told(self.nap));
            }
        }
        words
    }
}

impl Reply {
    fn words(&self) -> String {
        let when = told_after(self.after);
        match self.what {
            _ if self.after == Duration::MAX => "never ends".to_owned(),
            What::Value => format!("succeeds {when}"),
            What::Transient => format!("fails {when}"),
            What::Permanent => format!("fails for good {when}"),
            What::RetryAfter(asked) => {
                format!("fails {when} with RetryAfter({})", told(asked))
            }
        }
    }
}
