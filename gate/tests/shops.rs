//! What the shop freezes, broken on a copy.

use super::{Copy, PAGE, STUB, bites};

const NAIVE: &str = "examples/shop/parts/first_light/naive.rs";
const FAKE: &str = "tests/fakes/requests/server.rs";
const NETWORK: &str = "examples/shop/requests.rs";

/// Makes `first_light` a part of the shop.
fn part(copy: &Copy, signature: &str) {
    copy.write(NAIVE, &format!("{signature} {{}}\n"));
}

#[test]
fn frozen_signatures() {
    let as_in_the_stub =
        "pub async fn signal(lamp: impl FnMut(), flashes: u32, every: Duration)";
    bites(STUB, "`fn signal` is not as in", |copy| {
        part(copy, &as_in_the_stub.replace("u32", "usize"));
    });
    bites(STUB, "`fn signal` is not as in", |copy| {
        part(copy, as_in_the_stub);
        copy.replace(STUB, "flashes: u32", "flashes: u64");
    });
    bites(PAGE, "there is no {{#shop first_light}}", |copy| {
        part(copy, as_in_the_stub);
    });
    bites(STUB, "`Lamp<T>::flash` is not as in", |copy| {
        part(
            copy,
            "struct Lamp; impl<T: Send> Lamp<T> { pub fn flash(&self) {} } fn f()",
        );
    });
    bites(NETWORK, "`Listener::accept` is not as in", |copy| {
        let text = copy.read(FAKE);
        copy.write(NETWORK, &text.replace("pub async fn accept", "pub fn accept"));
    });
}

#[test]
fn frozen_fakes_of_the_network() {
    const FAKE: &str = "tests/fakes_net/log.rs";
    const OURS: &str = "examples/shop/customers/log.rs";
    let fake = "pub struct Log; impl Log { pub fn write(&self, line: Line) {} \
                pub fn lines(&self) -> Vec<String> { vec![] } }\n";
    let ours = "pub struct Log; impl Log { pub fn write(&self, line: Line) {} }\n";
    bites(FAKE, "`Log::write` is not as in", |copy| {
        copy.write(FAKE, fake);
        copy.write(OURS, &ours.replace("line: Line", "line: &Line"));
    });
    let copy = super::reduced();
    copy.write(FAKE, fake);
    copy.write(OURS, ours);

    let findings = gate::shop::frozen(&copy.workbook());

    assert!(findings.is_empty(), "a service does not use all of a fake");
}

#[test]
fn what_is_the_same_is_not_named() {
    let copy = super::reduced();
    part(
        &copy,
        "pub async fn signal(lamp: impl FnMut(), flashes: u32, every: Duration)",
    );
    copy.write(NETWORK, &copy.read(FAKE));

    let findings = gate::shop::frozen(&copy.workbook());

    let said: Vec<_> = findings.iter().map(|finding| &*finding.sentence).collect();
    assert_eq!(said, ["there is no {{#shop first_light}}"]);
}
