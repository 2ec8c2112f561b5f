//! What an overload does to one worker, depending on what it takes next. No queue of a learner is
//! in this: the numbers belong to the order, not to anybody's code.

use std::collections::VecDeque;

use kit::{check, expect, ms};

use crate::load::{Job, newest_first, overload};

#[test]
fn a_burst_ruins_a_worker_who_begins_what_it_cannot_finish() {
    check("kit.1", async |world| {
        let late = |jobs: &mut VecDeque<Job>| {
            jobs.retain(Job::is_in_time);
            jobs.pop_front()
        };
        let doomed = |jobs: &mut VecDeque<Job>| {
            jobs.retain(|job| tokio::time::Instant::now() + ms(100) <= job.deadline);
            jobs.pop_front()
        };

        let (in_order, late, doomed, newest) = tokio::join!(
            overload(&world, "in order", VecDeque::pop_front),
            overload(&world, "sheds the late", late),
            overload(&world, "sheds the doomed", doomed),
            overload(&world, "newest first", newest_first),
        );

        let in_time = [in_order, late, doomed, newest];
        expect(in_time, [9, 9, 108, 101], "of 150 jobs so many are in time");
    });
}
