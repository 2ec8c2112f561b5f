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

    /// Processor time used so far, in clock ticks (proc(5): fields 14 and 15 of `stat`).
    pub(crate) fn ticks(&self) -> Option<u64> {
        let stat = fs::read_to_string(self.0.as_ref()?).ok()?;
        // The second field is the name in brackets, which may hold spaces.
        let fields: Vec<&str> =
            stat.rsplit_once(')')?.1.split_whitespace().collect();
        let field = |n: usize| fields.get(n - 3)?.parse::<u64>().ok();
        Some(field(14)? + field(15)?)
    }
}
