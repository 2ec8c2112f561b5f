//! The port of the shop as a learner has it, with requests as curl sends them. Nothing here looks at a clock: each
//! signal is sent when the child has said, or answered, what it is doing.

#[path = "../shop/lines.rs"]
#[allow(dead_code)]
mod lines;
#[cfg(unix)]
mod on_the_port;
// Why `allow(dead_code)`: it is the stage of the test `shop`, too.
#[allow(dead_code)]
mod stage;

use std::net::TcpListener;

use stage::here;

#[test]
fn bad_arguments_have_one_line() {
    let _alone = here();
    for (arguments, line) in [
        (&["--port", "70000"][..], "`70000` is no port; try --port 3000"),
        (
            &["--port", "0", "--files", "3"],
            "`3` is no number of files; the least is 32",
        ),
        (&["--files", "64"], "`--files` goes with a port: try --port 3000"),
        (
            &["--without", "http"],
            "`--without http` goes with a port: try --port 3000",
        ),
        (
            &["--compare", "retries", "--port", "0"],
            "`--compare` runs without a port: leave one out",
        ),
    ] {
        let said = stage::run(arguments);

        assert_eq!((said.code, said.err.trim_end()), (Some(2), line));
        assert_eq!(said.out, "");
    }
}

#[test]
fn what_has_no_minute_is_told_where_to_look() {
    let _alone = here();

    let said = stage::run(&["--compare", "http"]);

    assert_eq!((said.code, &*said.out), (Some(2), ""));
    assert!(said.err.starts_with("http has no minute on the paused clock"));
    assert!(said.err.contains("cargo run --example crowd -- --port 3000"));
}

#[test]
fn a_port_in_use_is_one_line() {
    let _alone = here();
    let other = TcpListener::bind(("127.0.0.1", 0)).expect("there is a port");
    let port = other.local_addr().expect("it is bound").port();

    let said = stage::run(&["--reference", "--port", &port.to_string()]);

    let line = format!("port {port} is in use by another program; try --port ");
    assert!(said.err.starts_with(&line), "{}", said.err);
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    assert_eq!((said.code, &*said.out), (Some(2), ""));
}

#[test]
fn a_crowd_without_a_shop_is_one_line() {
    let _alone = here();
    let nobody = {
        let gone = TcpListener::bind(("127.0.0.1", 0)).expect("there is a port");
        gone.local_addr().expect("it is bound").port().to_string()
    };
    for (arguments, line) in [
        (&[][..], "the port of the shop is missing; try --port 3000".to_owned()),
        (
            &["--port", "10.0.0.1:80"],
            "`10.0.0.1:80` is no port of this machine; try --port 3000".into(),
        ),
        (
            &["--port", "3000", "--half-heads", "9000"],
            "`9000` is no number from 0 to 150".into(),
        ),
        (&["--port", &nobody], format!("nobody listens on port {nobody}; try ")),
    ] {
        let said = stage::runs("crowd", arguments);

        assert!(said.err.starts_with(&line), "{}", said.err);
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
        assert_eq!((said.code, &*said.out), (Some(2), ""));
    }
}

#[test]
fn a_second_has_five_lines_and_a_number() {
    let lines = lines::Lines::default();
    let write = |from: usize, to: usize| {
        (from..to).for_each(|line| lines.write(|| line.to_string()));
    };

    write(0, 4);
    assert_eq!(lines.take(0), ["0", "1", "2", "3"]);
    write(4, 9);
    assert_eq!(lines.take(0), ["4"], "the second has one line left");
    write(9, 10);
    assert_eq!(lines.take(1), ["5 more"]);
    write(10, 12);
    assert_eq!(lines.take(1), ["10", "11"], "the next second has five again");
    assert_eq!(lines.take(2), [""; 0]);
}
