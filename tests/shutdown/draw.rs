//! The scenes of `shutdown` as they are drawn.

use std::time::Duration;

use kit::{ms, scenes::Draw};

use super::story::{Act, Ask, SOON, What};

impl Act {
    pub(super) fn when(from: &Draw, what: What) -> Self {
        let after = match from.below(4) {
            0 | 1 => from.time().min(SOON),
            _ => ms(0),
        };
        Act { after, is_apart: from.once_in(2), what }
    }

    /// The server is dropped where the limit may be over, or a request, or with the act before it.
    pub(super) fn meets(from: &Draw, acts: &[Act], limit: Duration) -> Self {
        let takes = acts.iter().filter_map(|act| match act.what {
            What::Connect(_, ask) => Some(ask?.takes),
            What::Asks(_, _, ask) => Some(ask.takes),
            _ => None,
        });
        let ends: Vec<_> = takes.chain([limit, ms(0)]).collect();
        let after = from.one_of(&ends).min(SOON);
        Act { after, is_apart: from.once_in(2), what: What::DropsServer }
    }

    /// Perhaps all who are there, or the last of very many, hang up, which may be with the signal.
    pub(super) fn all_hang_up(from: &Draw, clients: usize) -> Vec<Self> {
        let those = if from.once_in(8) { clients.min(20) } else { 0 };
        let hang_up = |client| Act {
            after: ms(0),
            is_apart: false,
            what: What::HangsUp(client),
        };
        let mut acts: Vec<_> = (clients - those..clients).map(hang_up).collect();
        if let Some(first) = acts.first_mut() {
            *first = Act::when(from, first.what);
        }
        acts
    }

    /// Perhaps a request panics while another goes on, at best between the signal and the limit.
    pub(super) fn one_panics(
        from: &Draw,
        clients: &mut usize,
        limit: Duration,
    ) -> Vec<Self> {
        if !from.once_in(6) {
            return vec![];
        }
        *clients += 2;
        let takes = from.time().min(limit).min(SOON);
        let bad = Ask { takes, panics: true };
        let connects = |ask| Act {
            after: ms(0),
            is_apart: false,
            what: What::Connect(1, Some(ask)),
        };
        let signal = Act { after: ms(0), is_apart: true, what: What::Sends(true) };
        vec![connects(bad), connects(Ask::draw(from)), signal]
    }

    /// Perhaps main sends one more `true`, and leaves in the same instant.
    pub(super) fn says_it_and_leaves(from: &Draw) -> Vec<Self> {
        if !from.once_in(6) {
            return vec![];
        }
        let says = Act::when(from, What::Sends(true));
        let leaves = What::DropsSender;
        vec![says, Act { after: ms(0), is_apart: false, what: leaves }]
    }

    pub(super) fn draw(from: &Draw, clients: &mut usize) -> Self {
        let step = from.step();
        let kinds = ["connect", "asks", "connect", "asks", "asks", "hangs up"];
        let mut kinds = kinds.to_vec();
        kinds.push("sends true");
        kinds.extend(from.since(4, |_| vec!["sends false", "drops the sender"]));
        kinds.extend(from.since(5, |_| Some("drops the server")));
        kinds.extend(from.since(7, |_| vec!["sends true", "sends false"]));
        if *clients == 0 && step < 4 {
            kinds.truncate(1);
        }
        let kind = from.one_of(&kinds);
        let what = match kind {
            "sends true" => What::Sends(true),
            "sends false" => What::Sends(false),
            "drops the sender" => What::DropsSender,
            "drops the server" => What::DropsServer,
            _ if *clients == 0 || kind == "connect" => {
                let n = many(from, &[1, 1, 2], &[20, 150]);
                *clients += n;
                What::Connect(n, from.maybe(Ask::draw))
            }
            _ => {
                let client = *clients - 1 - from.below(*clients as u64) as usize;
                let n = many(from, &[1, 1, 2, 3], &[20, 40, 20, 40, 20, 1_100]);
                match kind {
                    "asks" => {
                        let ask = Ask::draw(from);
                        // Why: a server without tasks is polled for each of them, and a thousand polls are a spin.
                        let at_once = if ask.takes.is_zero() { 200 } else { n };
                        What::Asks(client, n.min(at_once), ask)
                    }
                    _ => What::HangsUp(client),
                }
            }
        };
        Act::when(from, what)
    }
}

impl Ask {
    fn draw(from: &Draw) -> Self {
        let takes = match from.time() {
            Duration::MAX => Duration::MAX,
            time => time.min(SOON),
        };
        Ask { takes, panics: from.since(3, |from| from.once_in(5)) }
    }
}

/// A few, and rarely many: not too many for a server that looks at all whenever it looks at one.
fn many(from: &Draw, few: &[usize], many: &[usize]) -> usize {
    let few = from.one_of(few);
    if from.once_in(60) { from.one_of(many) } else { few }
}
