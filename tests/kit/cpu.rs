//! Telling a thread that works from a thread that waits, once it has shown no sign of life.

use std::fs;

/// A thread as the kernel knows it; only Linux tells.
pub(crate) struct Thread(Option<String>);

impl Thread {
    /// The calling thread.
    pub(crate) fn current() -> Self {
        let link = fs::read_link("/proc/thread-self").ok();
        Thread(link.map(|path| format!("/proc/{}/stat", path.display())))
    }

    /// Whether it waits for something instead of working (proc(5): field 3 of `stat` is `S`).
    // Why the state and not the time used: on a busy machine a thread that never pauses uses
    // little time, but it never sleeps either.
    pub(crate) fn sleeps(&self) -> Option<bool> {
        let stat = fs::read_to_string(self.0.as_ref()?).ok()?;
        // The second field is the name in brackets, which may hold spaces.
        let state = stat.rsplit_once(')')?.1.split_whitespace().next()?;
        Some(state == "S")
    }
}
