//! What the shop says, but for its tables.

use crate::{
    blame::Panic,
    numbers::Counts,
    part::{Given, Http, Part},
    port::End,
};

/// The width of a line: no line wraps on a terminal of 80 columns.
const WIDTH: usize = 79;

/// A line, cut where it is too wide.
pub fn fit(line: &str) -> String {
    if line.chars().count() <= WIDTH {
        return line.to_owned();
    }
    line.chars().take(WIDTH - 1).collect::<String>() + "…"
}

/// The first lines: which parts are whose. `without` are those that are put aside.
pub fn heads(given: &Given, without: &[Part]) -> String {
    let aside = |part: &Part| given.has(*part) && without.contains(part);
    let lines = [
        (given.whose, list(|part| given.has(*part) && !aside(part))),
        ("put aside", list(aside)),
        ("naive", list(|part| !given.has(*part))),
    ];
    let lines = lines.iter().filter(|(_, names)| !names.is_empty());
    lines.map(|(whose, names)| format!("{whose}: {names}\n")).collect()
}

/// How a naive part is replaced, while there is one.
pub fn how_to_replace(given: &Given, parts: &[Part]) -> Option<&'static str> {
    let naive = parts.iter().any(|part| !given.has(*part));
    naive.then_some(
        "A naive part gives way to yours when `cargo run -- check NAME` says solved.",
    )
}

/// Whose the port is, and what to type in another terminal.
pub fn how_to_ask(http: &Http, whose: &str, port: u16) -> String {
    let alone = if http.router_alone {
        "It has no `serve` yet (step 5): `axum::serve` serves its router.\n"
    } else {
        ""
    };
    format!(
        "Port {port} is open, with {whose}. In another terminal:\n{alone}\
         curl -i -H 'Authorization: Bearer {}' http://127.0.0.1:{port}/users\n\
         With {} you may also create (-d, as JSON) and delete.\n\
         cargo run --example crowd -- --port {port}",
        http.reader, http.admin
    )
}

/// How the port ended.
pub fn port_ended(end: End, port: u16, whose: &str) -> String {
    match end {
        End::Drained => format!("Port {port} is closed: all requests are answered."),
        End::Over => format!("Port {port} is closed, and not drained in time."),
        End::Early => {
            format!("Port {port} is closed: {whose} ended before the shop did.")
        }
        End::Fell => format!("There is no port {port} without it."),
        End::Stuck => {
            format!("Port {port} is not closed: {whose} did not end in time.")
        }
    }
}

/// What to type next, when there is something to compare. `lost` orders were lost when the shop closed.
pub fn onward(given: &Given, lost: u64) -> Option<String> {
    if lost > 0 && !given.has(Part::Shutdown) {
        return Some(
            "The naive shutdown lost orders. With one that drains:\n\
             cargo run --example shop -- --reference --compare shutdown"
                .into(),
        );
    }
    let part = Part::FLOOR.into_iter().find(|part| given.has(*part))?;
    let reference = if given.whose == "yours" { "" } else { "--reference " };
    Some(format!(
        "One part's share: cargo run --example shop -- {reference}--compare {part}"
    ))
}

fn list(is_in: impl Fn(&Part) -> bool) -> String {
    let names = Part::FLOOR.into_iter().filter(is_in).map(Part::name);
    names.collect::<Vec<_>>().join(", ")
}

/// The live line.
pub fn line(second: u64, counts: &Counts) -> String {
    let Counts { answered, refused, failed, late, lost, inside, .. } = counts;
    // Why not 79: a terminal shows `^C` behind it, and that must not wrap either.
    let line = format!(
        "{second:>4}s  answered {answered:>5}  refused {refused:>3}  failed {failed:>3}  \
         late {late:>3}  lost {lost:>2}  inside {inside:>3}"
    );
    line.chars().take(WIDTH - 2).collect()
}

/// What is still to do.
pub fn left(counts: &Counts) -> String {
    let receipts = counts.unposted() - counts.turned_away;
    format!(
        "Inside: {}; receipts to post: {receipts}",
        count(counts.inside, "order")
    )
}

/// What is still to do when the shop has closed.
pub fn still_open(port: u16) -> String {
    format!("Port {port} is not done with somebody.")
}

/// How it ended: what was lost when it closed, and what the post had refused until then.
pub fn closed(lost: u64, receipts: u64, refused: u64) -> String {
    let went_out = match refused {
        0 => ", every receipt went out".to_owned(),
        _ => format!("; the post has refused {}", count(refused, "receipt")),
    };
    match (lost, receipts) {
        (0, 0) => format!("Drained: every order has its answer{went_out}."),
        (_, 0) => format!("Not drained: {} lost{went_out}.", count(lost, "order")),
        _ => format!(
            "Not drained: {} and {} lost.",
            count(lost, "order"),
            count(receipts, "receipt")
        ),
    }
}

fn count(number: u64, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{s}")
}

/// `your retries`, `the reference's retries`, `the naive retries`, or the shop itself.
pub fn whose(given: &Given, part: Option<Part>) -> String {
    match part {
        None => "the shop itself".into(),
        Some(part) if !given.has(part) => format!("the naive {part}"),
        Some(part) if given.whose == "yours" => format!("your {part}"),
        Some(part) => format!("the {}'s {part}", given.whose),
    }
}

/// Whose the port is, when `without` is put aside.
pub fn whose_port(given: &Given, without: &[Part]) -> String {
    let aside = without.contains(&Part::Http);
    if aside { "the naive http".into() } else { whose(given, Some(Part::Http)) }
}

/// A panic, told once; the place is never cut.
pub fn panicked(given: &Given, panic: &Panic) -> String {
    let Panic { part, message, place } = panic;
    let (who, tail) = (whose(given, *part), format!(" at {place}"));
    let room = WIDTH.saturating_sub(who.len() + " panicked: ".len() + tail.len());
    let message = if message.chars().count() > room {
        message.chars().take(room.max(1) - 1).collect::<String>() + "…"
    } else {
        message.clone()
    };
    format!("{who} panicked: {message}{tail}")
}

/// Why both columns have lost orders.
pub const BOTH_LOSE: &str =
    "Both lose orders when they close, since their shutdown is the naive one.";

/// What to look at when a part is compared with its naive form, and why.
pub fn look(part: Part) -> &'static str {
    match part {
        Part::Timeouts => {
            "Look at answered: without a limit a clerk waits for as long as the dairy hangs.\n\
             Eight such calls hold all eight clerks, and the orders behind them find no\n\
             place, or wait too long where the queue has no end."
        }
        Part::Retries => {
            "Look at failed: the bakery is down for half a second at a time. Five attempts\n\
             at once all meet it down, and save no order. With a wait before each, twice\n\
             as long every time, one of them meets it well."
        }
        Part::Backpressure => {
            "Look at late: in a rush more orders come than the clerks can serve. A queue\n\
             without an end takes them all and answers too late; one with an end says no\n\
             at once to some, and what it takes is answered in time."
        }
        Part::Joinset => {
            "Look at p50: an order needs three suppliers. Asked one after the other\n\
             they take as long as all three, asked at once as long as the slowest. Clerks\n\
             are free sooner, so fewer orders are refused in the rush, too."
        }
        Part::Shutdown => {
            "Look at lost: the shop is closed in the evening rush. One that stops at once\n\
             leaves these clients without a word: is the order in, or not? One that drains\n\
             takes no new order and answers those it has."
        }
        Part::WorkerPool => {
            "Look at the receipts: a task for each sends more at once than the post takes,\n\
             which refuses the rest, and at the end nobody waits for those on their way.\n\
             A pool sends thirty at once, lets the others wait, and ends when all are out."
        }
        // It is compared by a load from outside.
        Part::Http => "",
    }
}
