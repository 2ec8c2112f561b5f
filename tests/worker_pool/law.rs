//! What holds in every scene of `worker_pool`, whoever meets whom at one instant.

use std::collections::HashSet;

use kit::scenes::Story;

use super::{
    Happens::{self, *},
    Scene, Told,
};

#[derive(Default)]
struct Count {
    accepted: HashSet<usize>,
    in_work: HashSet<usize>,
    begun: HashSet<usize>,
    /// Given back, left, or dropped.
    out: HashSet<usize>,
    /// When items ended, and whether they panicked.
    ended: Vec<(u64, bool)>,
    aborted: usize,
    is_closed: bool,
    has_returned: bool,
}

/// # Errors
///
/// The sentence that is not true.
pub fn law(scene: &Scene, came: &Story<Happens>) -> Result<(), String> {
    let mut count = Count::default();
    for (at_ms, event) in came.events() {
        count.add(*at_ms, event)?;
        count.fits(scene)?;
        if let Returns(told) = event {
            are_in_order(scene, &told.unstarted)?;
        }
    }
    Ok(())
}

impl Count {
    fn add(&mut self, at_ms: u64, event: &Happens) -> Result<(), String> {
        if self.has_returned
            && matches!(event, Begins(_) | Ends(_) | Panics(_) | Aborted(_))
        {
            return Err(
                "an item is in work after `shutdown` has returned".to_owned()
            );
        }
        match event {
            // Rule 5: "From the first poll of `shutdown` nothing is accepted".
            Accepted(n) if self.is_closed => {
                return Err(format!(
                    "item {n} is accepted after the first poll of `shutdown`"
                ));
            }
            Accepted(n) => _ = self.accepted.insert(*n),
            Begins(n) if !self.begun.insert(*n) => {
                return Err(format!("item {n} begins twice"));
            }
            Begins(n) if self.out.contains(n) => {
                return Err(format!("item {n} begins and is not the pool's"));
            }
            Begins(n) => _ = self.in_work.insert(*n),
            Ends(n) | Panics(n) => {
                self.in_work.remove(n);
                self.ended.push((at_ms, matches!(event, Panics(_))));
            }
            Aborted(n) => {
                self.in_work.remove(n);
                self.aborted += 1;
            }
            Refused(n) | Leaves(n) | Lost(n) => _ = self.out.insert(*n),
            Polled => self.is_closed = true,
            Returns(told) => {
                self.has_returned = true;
                return self.agrees(at_ms, told);
            }
            NewPanics | Gone | Quits | Remain(_) => {}
        }
        Ok(())
    }

    /// Rules 1 and 2.
    fn fits(&self, scene: &Scene) -> Result<(), String> {
        let (in_work, workers) = (self.in_work.len(), scene.workers);
        if in_work > workers {
            let workers = counted(workers, "worker");
            return Err(format!(
                "{in_work} items are in work at once, with {workers}"
            ));
        }
        let over = self.ended.len() + self.aborted;
        let held = self.accepted.len().saturating_sub(over);
        if held > workers.saturating_add(scene.capacity) {
            return Err(format!(
                "{held} items are accepted and not over, more than fit"
            ));
        }
        Ok(())
    }

    /// Rule 7: "in the report exactly once". What ends in the last instant may count as aborted.
    fn agrees(&self, at_ms: u64, told: &Told) -> Result<(), String> {
        let in_report =
            told.done + told.panicked + told.aborted + told.unstarted.len();
        let accepted = self.accepted.len();
        if in_report != accepted {
            let (accepted, told) =
                (counted(accepted, "item"), counted(in_report, "item"));
            return Err(format!("accepted: {accepted}; in the report: {told}"));
        }
        for (panicked, reported) in [(false, told.done), (true, told.panicked)] {
            let of_them = self.ended.iter().filter(|it| it.1 == panicked);
            let (all, before) =
                (of_them.clone().count(), of_them.filter(|it| it.0 < at_ms).count());
            if reported < before || reported > all {
                let how = if panicked { "panicked" } else { "ended" };
                let all = counted(all, "item");
                return Err(format!("{how}: {all}; in the report: {reported}"));
            }
        }
        let mut seen = HashSet::new();
        let is_back = |n: &usize| {
            self.accepted.contains(n)
                && !self.begun.contains(n)
                && !self.out.contains(n)
        };
        match told.unstarted.iter().find(|n| !is_back(n) || !seen.insert(**n)) {
            Some(n) => Err(format!(
                "item {n} is handed back, and is not the pool's to give"
            )),
            None => Ok(()),
        }
    }
}

/// Rule 6: "oldest first". Who of two senders was first is not told, but each sends one item after the other.
fn are_in_order(scene: &Scene, unstarted: &[usize]) -> Result<(), String> {
    for sender in &scene.senders {
        let sent = |n: &&usize| sender.sendings.iter().any(|it| it.number == **n);
        let back: Vec<_> = unstarted.iter().filter(sent).collect();
        if let Some(pair) = back.windows(2).find(|pair| pair[0] > pair[1]) {
            return Err(format!(
                "item {} is handed back before item {}, which was sent first",
                pair[0], pair[1]
            ));
        }
    }
    Ok(())
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
