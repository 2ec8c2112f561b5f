//! What came, beside what is due.

use std::cmp::Reverse;

use record::Due;

use super::{
    contract::Contract,
    open::Open,
    story::{Event, Story},
    verdict::{Difference, Verdict},
};
use crate::failure::Expectation;

pub(super) fn verdict<C: Contract>(
    scene: &C::Scene,
    came: &Story<C::Event>,
) -> Verdict {
    if let Some(difference) = compare::<C>(scene, came) {
        return Verdict::Forbidden(difference.words);
    }
    let mut is_only = true;
    let is_judged = Open::default().each(
        |open| C::model(scene, open),
        |due| {
            is_only &= is_the_same(&due, came);
            false
        },
    );
    match is_only {
        _ if !is_judged => Verdict::Unjudged,
        true => Verdict::Due,
        false => Verdict::Open,
    }
}

/// When two stories part, and in how many events they differ: the nearest parts last, and differs in few.
type Nearness = (u64, Reverse<usize>);

/// The events of a story, and some of them.
type Events<'a, E> = &'a [(u64, E)];
type Found<'a, E> = Vec<(u64, &'a E)>;

/// Compares what came in `scene` with every story its contract allows.
pub(super) fn compare<C: Contract>(
    scene: &C::Scene,
    came: &Story<C::Event>,
) -> Option<Difference> {
    let mut is_allowed = false;
    let open = Open::default();
    let is_judged = open.each(
        |open| C::model(scene, open),
        |due| {
            is_allowed = is_the_same(&due, came);
            is_allowed
        },
    );
    if is_judged && !is_allowed {
        let (due, is_only) = nearest::<C>(scene, came)?;
        let parts = parts(&due, came)?;
        let due = Expectation { due: all(&due), parts: parts.due(), is_only };
        let (words, missing_at) = (parts.words, parts.missing_at);
        return Some(Difference { words, missing_at, due: Some(due) });
    }
    let words = C::law(scene, came).err()?;
    Some(Difference { words, missing_at: None, due: None })
}

/// The story that is nearest to what came, of several one whose order within an instant is right, too; and whether no
/// other is allowed.
fn nearest<C: Contract>(
    scene: &C::Scene,
    came: &Story<C::Event>,
) -> Option<(Story<C::Event>, bool)> {
    let mut nearest: Option<(Nearness, Vec<Story<C::Event>>)> = None;
    let mut is_only = true;
    Open::default().each(
        |open| C::model(scene, open),
        |due| {
            let known = nearest.as_ref().map(|(_, stories)| &stories[0]);
            is_only &= known.is_none_or(|known| is_the_same(known, &due));
            let how_near = nearness(&due, came);
            match &mut nearest {
                Some((other, _)) if *other > how_near => {}
                Some((other, stories)) if *other == how_near => stories.push(due),
                _ => nearest = Some((how_near, vec![due])),
            }
            false
        },
    );
    let mut stories = nearest?.1;
    if stories.iter().any(|due| C::law(scene, due).is_ok()) {
        stories.retain(|due| C::law(scene, due).is_ok());
    }
    let mut place = None;
    Open::default().each(
        |open| C::by_all_rules(scene, open).filter(|_| stories.len() > 1),
        |due| {
            place = stories.iter().position(|other| is_the_same(other, &due));
            place.is_some()
        },
    );
    Some((stories.swap_remove(place.unwrap_or(0)), is_only))
}

fn all<E: Event>(story: &Story<E>) -> Vec<Due> {
    let mut all: Vec<_> = story.events().iter().map(due).collect();
    all.sort_by_key(|due| due.at_ms);
    all
}

fn due<E: Event>((at_ms, event): &(u64, E)) -> Due {
    let (who, what) = event.words();
    Due { at_ms: *at_ms, who: who.to_owned(), what }
}

/// The first event that is not where it is due.
struct Parts {
    at_ms: u64,
    who: &'static str,
    what: String,
    words: String,
    missing_at: Option<u64>,
}

impl Parts {
    fn due(&self) -> Due {
        let (who, what) = (self.who.to_owned(), self.what.clone());
        Due { at_ms: self.at_ms, who, what }
    }
}

fn nearness<E: Event>(due: &Story<E>, came: &Story<E>) -> Nearness {
    let (missing, extra) = without_the_same(due.events(), came.events());
    let parts = missing.iter().chain(&extra).map(|(at, _)| *at).min();
    (parts.unwrap_or(u64::MAX), Reverse(missing.len() + extra.len()))
}

/// Where two stories part, if they do. The order within one instant does not count.
fn parts<E: Event>(due: &Story<E>, came: &Story<E>) -> Option<Parts> {
    let (missing, extra) = without_the_same(due.events(), came.events());
    let first_missing = first(&missing, &extra);
    let first_extra = first(&extra, &missing);
    let (at_ms, event, words, is_missing) = match (first_missing, first_extra) {
        (None, None) => return None,
        (Some(due), came) if came.is_none_or(|came| due.0 <= came.0) => {
            (due.0, due.1, not_in_time(*due, &extra), true)
        }
        (_, Some(came)) => (came.0, came.1, not_due(*came, &missing), false),
        (Some(_), None) => unreachable!("the arm above has it"),
    };
    let (who, what) = event.words();
    let missing_at = is_missing.then_some(at_ms);
    Some(Parts { at_ms, who, what, words, missing_at })
}

/// The first of these; of several at one instant one that the others have at another instant, for there the reader
/// sees by how much it is early or late.
fn first<'a, 'b, E: PartialEq>(
    these: &'b [(u64, &'a E)],
    others: &[(u64, &'a E)],
) -> Option<&'b (u64, &'a E)> {
    let is_alone = |it: &E| !others.iter().any(|(_, other)| *other == it);
    these.iter().min_by_key(|(at, it)| (*at, is_alone(it)))
}

/// What was due at some instant and did not come then.
fn not_in_time<E: Event>((at, due): (u64, &E), extra: &[(u64, &E)]) -> String {
    let said = format!("due at {at} ms: {}", sentence(due));
    if let Some((came_at, _)) = extra.iter().find(|(_, came)| *came == due) {
        let late = came_at - at;
        return format!("{said}; it comes at {came_at} ms, {late} ms too late");
    }
    let who = due.words().0;
    let is_instead = |came: &(u64, &E)| came.0 == at && came.1.words().0 == who;
    if let Some((_, came)) = extra.iter().find(|came| is_instead(came)) {
        return format!("{said}; what comes instead: {}", sentence(*came));
    }
    match extra.iter().min_by_key(|(at, _)| *at) {
        Some((at, came)) => {
            let came = sentence(*came);
            format!("{said}; it does not come, but at {at} ms: {came}")
        }
        None => format!("{said}; it does not come"),
    }
}

/// What came at some instant and was not due then.
fn not_due<E: Event>((at, came): (u64, &E), missing: &[(u64, &E)]) -> String {
    let said = format!("at {at} ms {}", sentence(came));
    if let Some((due_at, _)) = missing.iter().find(|(_, due)| *due == came) {
        let early = due_at - at;
        return format!("{said}; that is due at {due_at} ms: {early} ms too early");
    }
    match missing.iter().min_by_key(|(at, _)| *at) {
        Some((at, due)) => {
            let due = sentence(*due);
            format!("{said}; that is not due, but at {at} ms: {due}")
        }
        None => format!("{said}; that is not due"),
    }
}

fn sentence<E: Event>(event: &E) -> String {
    let (who, what) = event.words();
    format!("{who} {what}")
}

/// Whether both tell the same. The order within one instant does not count.
fn is_the_same<E: Event>(due: &Story<E>, came: &Story<E>) -> bool {
    let (due, came) = behind_the_same_start(due.events(), came.events());
    let mut rest = Rest::of(came);
    due.len() == came.len() && due.iter().all(|(at, it)| rest.takes(*at, it))
}

/// The events of each story that the other one has not at the same instant.
fn without_the_same<'a, E: PartialEq>(
    due: Events<'a, E>,
    came: Events<'a, E>,
) -> (Found<'a, E>, Found<'a, E>) {
    let (due, came) = behind_the_same_start(due, came);
    let mut rest = Rest::of(came);
    let due = due.iter().map(|(at, event)| (*at, event));
    let missing = due.filter(|(at, event)| !rest.takes(*at, event)).collect();
    (missing, rest.0)
}

/// What is left of both behind what they have in common: most stories are the same from the first event to the
/// last.
fn behind_the_same_start<'a, E: PartialEq>(
    due: Events<'a, E>,
    came: Events<'a, E>,
) -> (Events<'a, E>, Events<'a, E>) {
    let same = due.iter().zip(came).take_while(|(due, came)| due == came).count();
    (&due[same..], &came[same..])
}

/// Events of which some are taken out, by the time at which they come.
struct Rest<'a, E>(Found<'a, E>);

impl<'a, E: PartialEq> Rest<'a, E> {
    fn of(events: Events<'a, E>) -> Self {
        let mut rest: Vec<_> = events.iter().map(|(at, it)| (*at, it)).collect();
        rest.sort_by_key(|(at, _)| *at);
        Rest(rest)
    }

    /// Takes one such event of this instant, if there is one.
    fn takes(&mut self, at: u64, event: &E) -> bool {
        let first = self.0.partition_point(|(earlier, _)| *earlier < at);
        let mut then = self.0[first..].iter().take_while(|(then, _)| *then == at);
        let found = then.position(|(_, other)| *other == event);
        found.map(|place| self.0.remove(first + place)).is_some()
    }
}
