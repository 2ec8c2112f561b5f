//! The shop as a process with a port, asked over real sockets.

use crate::stage::{self, Kept, Process, here, socket::Socket};

const PARTS: [&str; 7] = [
    "timeouts",
    "retries",
    "backpressure",
    "joinset",
    "shutdown",
    "worker_pool",
    "http",
];

const KEY: &str = "Authorization: Bearer reader-4f1c9a\r\n";
const ADMIN: &str = "Authorization: Bearer admin-77e0b2\r\n";

/// A shop on a port that the system has picked.
fn start(arguments: &[&str]) -> (Process, u16) {
    let mut shop = Process::start(&[arguments, &["--port", "0"]].concat());
    let line = shop.until(" is open, with ");
    let port = line.split_whitespace().nth(1).and_then(|port| port.parse().ok());
    (shop, port.expect("it says which"))
}

/// A termination, and what came of it when nobody held it up.
fn drains(shop: Process, port: u16) {
    shop.signal("TERM");
    let (code, all) = shop.end();
    let closed = format!("Port {port} is closed: all requests are answered.");
    assert!(all.contains(&closed), "{all}");
    assert!(all.contains("Drained: every order has its answer"), "{all}");
    assert_eq!(code, Some(0), "{all}");
    assert!(all.lines().all(|line| line.chars().count() < 80), "{all}");
}

#[test]
fn the_port_asks_for_a_key() {
    let _alone = here();
    for arguments in [&["--reference"][..], &["--reference", "--without", "http"]] {
        let (mut shop, port) = start(arguments);
        let mut client = Socket::connect(port);

        let answer = client.ask("GET", "/users", KEY);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.contains("{\"id\":1,\"name\":\"ada\"}"), "{answer}");
        let answer = client.ask("GET", "/users", "");
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        let answer = client.ask("GET", "/ready", "");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");

        shop.until("port: GET /users 200 ");
        drains(shop, port);
    }
}

#[test]
fn a_termination_drains_the_port() {
    let _alone = here();
    let (mut shop, port) = start(&["--reference"]);
    let mut kept = Socket::connect(port);
    assert!(kept.ask("GET", "/ready", "").starts_with("HTTP/1.1 200 "));
    let mut half = Socket::connect(port);
    assert!(half.ask("GET", "/ready", "").starts_with("HTTP/1.1 200 "));
    half.send("GET /ready HTTP/1.1\r\nHo");
    let mut under_way = Socket::connect(port);
    let body = "{\"name\":\"radia\"}";
    under_way.send(&format!(
        "POST /users HTTP/1.1\r\nHost: shop\r\n{ADMIN}Content-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    ));
    let asked_for = under_way.head().expect("its handler reads the body");
    assert!(asked_for.starts_with("HTTP/1.1 100 "), "{asked_for}");

    shop.signal("TERM");
    shop.until("SIGTERM: the door closes.");
    let ready = [
        kept.try_ask("GET /ready HTTP/1.1\r\nHost: shop\r\n\r\n"),
        half.try_ask("st: shop\r\n\r\n"),
    ];
    under_way.send(body);
    let answer = under_way.head();

    for ready in ready {
        let closed = ready.as_ref().is_none_or(|it| it.starts_with("HTTP/1.1 503 "));
        assert!(closed, "ready: {ready:?}");
    }
    let answer = answer.expect("a request under way is answered");
    // A machine that is very busy may take longer than the limit of a request.
    let statuses = ["HTTP/1.1 201 ", "HTTP/1.1 504 "];
    assert!(statuses.iter().any(|status| answer.starts_with(status)), "{answer}");
    assert!(!Socket::is_let_in(port), "nobody listens any more");
    let (code, all) = shop.end();
    assert!(all.contains(&format!("Port {port} is closed: all")), "{all}");
    assert_eq!(code, Some(0), "{all}");
}

#[test]
fn each_right_answer_can_serve_the_port() {
    let _alone = here();
    for answer in stage::other_answers("http") {
        let kept = Kept::new(&PARTS);
        kept.write("http", &answer);
        let (shop, port) = start(&["--kept", &kept.folder()]);

        let answer = Socket::connect(port).ask("GET", "/users/1", KEY);

        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        drains(shop, port);
    }
}

#[test]
fn whoever_has_solved_the_core_has_a_port() {
    let _alone = here();
    let kept = Kept::new(&PARTS);
    let begin = "let _stops_all = app.stop.clone().drop_guard();";
    kept.replace("http", begin, "todo!(\"step 5: accept connections\");");
    let (mut shop, port) = start(&["--kept", &kept.folder()]);

    shop.until("It has no `serve` yet (step 5): `axum::serve` serves its router.");
    let answer = Socket::connect(port).ask("GET", "/users", "");

    let is_its_own = answer.contains("{\"error\":\"Unauthorized\"}");
    assert!(is_its_own, "the naive router has no such body: {answer}");
    drains(shop, port);
}

#[test]
fn a_panic_in_the_port_is_told_as_the_learners() {
    let _alone = here();
    let kept = Kept::new(&PARTS);
    let begin = "let _stops_all = app.stop.clone().drop_guard();";
    kept.replace("http", begin, &format!("panic!(\"no door\");\n    {begin}"));
    let line = kept.line("http", "no door");
    let (mut shop, port) = start(&["--kept", &kept.folder()]);

    shop.until(&format!("your http panicked: no door at shop/kept/http.rs:{line}"));
    shop.until(&format!("There is no port {port} without it."));
    shop.until("answered");
    shop.signal("TERM");
    let (code, all) = shop.end();

    assert!(all.contains("Drained: every order has its answer"), "{all}");
    assert_eq!(code, Some(1), "{all}");
}

#[test]
fn a_part_that_does_not_compile_is_left_out_by_name() {
    let _alone = here();
    let kept = Kept::new(&PARTS);
    kept.replace("http", "app.database.list()", "app.database.lists()");
    let (mut shop, port) = start(&["--kept", &kept.folder()]);

    shop.until("   0s  answered");
    shop.signal("TERM");
    let (code, all) = shop.end();

    let open = format!("Port {port} is open, with the naive http.");
    assert!(all.contains(&open), "{all}");
    assert_eq!(code, Some(0), "{all}");
}

/// How many sockets of the process listen.
#[cfg(target_os = "linux")]
fn listeners(shop: &Process) -> usize {
    let id = shop.id();
    let files = std::fs::read_dir(format!("/proc/{id}/fd")).expect("it runs");
    let links =
        files.flatten().filter_map(|file| std::fs::read_link(file.path()).ok());
    let sockets: Vec<_> = links
        .filter_map(|link| {
            let name = link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
            Some(name.to_owned())
        })
        .collect();
    let is_ours = |line: &&str| {
        let mut columns = line.split_whitespace().skip(3);
        let (state, inode) = (columns.next(), columns.nth(5));
        state == Some("0A") && sockets.iter().any(|one| Some(&**one) == inode)
    };
    let tables = ["tcp", "tcp6"].map(|table| {
        std::fs::read_to_string(format!("/proc/{id}/net/{table}"))
            .unwrap_or_default()
    });
    tables.iter().flat_map(|table| table.lines()).filter(is_ours).count()
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_port_nothing_listens() {
    let _alone = here();
    let (mut with, _port) = start(&["--reference"]);
    with.until("   0s  answered");
    assert_eq!(listeners(&with), 1);
    drop(with);

    let mut without = Process::start(&["--reference"]);
    without.until("   0s  answered");

    assert_eq!(listeners(&without), 0);
}

#[test]
fn a_crowd_ends_by_itself() {
    let _alone = here();
    let (shop, port) = start(&["--reference"]);

    let said =
        stage::runs("crowd", &["--port", &port.to_string(), "--half-heads", "3"]);

    assert_eq!((said.code, &*said.err), (Some(0), ""), "{}", said.out);
    // What is asked is fixed; what is answered, and when, depends on the machine.
    for row in [
        "  alone                          80",
        "  beside the half heads         320",
        "half heads           3 of 3 connected,",
        "bodies of 256 KiB    16 sent,",
        "slow bodies          5 sent,",
    ] {
        assert!(said.out.contains(row), "{}", said.out);
    }
    assert!(said.out.lines().all(|line| line.chars().count() < 80), "{}", said.out);
    shop.signal("TERM");
    let (_, all) = shop.end();
    assert!(all.contains("SIGTERM: the door closes."), "{all}");
}
