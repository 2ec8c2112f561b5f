//! Telling a thread that works from a thread that waits, once it has shown no sign of life.

use std::fs;

/// Units of processor time in a tenth of a second: clock ticks, of which Linux tells a hundred a second (proc(5),
/// `utime`).
const UNITS: u64 = 10;

/// A thread as the kernel knows it; only Linux tells.
pub(crate) struct Thread(Option<String>);

/// What the kernel says of a thread.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    /// It waits for something instead of working.
    pub(crate) sleeps: bool,
    /// Processor time that it has used, in tenths of a second.
    pub(crate) used_tenths: u64,
}

impl Thread {
    /// The calling thread.
    pub(crate) fn current() -> Self {
        let link = fs::read_link("/proc/thread-self").ok();
        Thread(link.map(|path| format!("/proc/{}/stat", path.display())))
    }

    /// Its state and its times (proc(5): fields 3, 14 and 15 of `stat`).
    pub(crate) fn seen(&self) -> Option<Seen> {
        let stat = fs::read_to_string(self.0.as_ref()?).ok()?;
        // The second field is the name in brackets, which may hold spaces.
        let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let time = |at: usize| fields.get(at)?.parse::<u64>().ok();
        let used_tenths = (time(11)? + time(12)?) / UNITS;
        Some(Seen { sleeps: *fields.first()? == "S", used_tenths })
    }
}
