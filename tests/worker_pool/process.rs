//! `examples/worker_pool_reference.rs` as a child process that gets real signals. The child is this
//! binary itself, playing the example. Nothing here looks at a clock: each signal is sent when the child
//! has said what it is doing, and the counts come from what it printed.
//!
//! And the right answers with as much room as there can be.
// The example brings its solution, and each solution its suite.
#![allow(dead_code, unused_imports, clippy::duplicate_mod)]

#[path = "../../examples/worker_pool_reference.rs"]
mod example;
#[path = "../../solutions/worker_pool/with_a_shared_queue.rs"]
mod with_a_shared_queue;
#[path = "../../solutions/worker_pool/with_worker_loops.rs"]
mod with_worker_loops;

use std::{
    num::NonZeroUsize,
    panic::{self, UnwindSafe, catch_unwind},
    process::ExitCode,
};

use libtest_mimic::{Arguments, Failed, Trial, run};
use tokio::sync::Semaphore;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Two numbers, as no harness is called.
    let is_number = |argument: &String| argument.parse::<u64>().is_ok();
    if arguments.len() == 2 && arguments.iter().all(is_number) {
        return example::main();
    }
    let mut trials = sizes();
    trials.extend(on_signals());
    let mut arguments = Arguments::from_args();
    // One at a time: the panic hook is everybody's.
    arguments.test_threads.get_or_insert(1);
    run(&arguments, trials).exit_code()
}

/// How large a right answer may be.
macro_rules! asked {
    ($name:literal, $pool:ty) => {
        Trial::test(concat!("sizes::", $name), || {
            let most = Semaphore::MAX_PERMITS;
            let open = |capacity| {
                let capacity = NonZeroUsize::new(capacity).expect("there is some");
                let workers = NonZeroUsize::MIN;
                drop(<$pool>::new(workers, capacity, |_: usize| async {}));
            };
            kit::threads().block_on(async { open(most) });
            panics(|| kit::threads().block_on(async { open(most + 1) }))
        })
    };
}

/// Whether `larger` panics, which is said to nobody.
fn panics(larger: impl FnOnce() + UnwindSafe) -> Result<(), Failed> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let panicked = catch_unwind(larger).is_err();
    panic::set_hook(hook);
    panicked
        .then_some(())
        .ok_or_else(|| "more than the docs allow was opened".into())
}

fn sizes() -> Vec<Trial> {
    vec![
        asked!("worker_pool", example::pool::Pool<usize>),
        asked!("with_a_shared_queue", with_a_shared_queue::Pool<usize>),
        asked!("with_worker_loops", with_worker_loops::Pool<usize>),
    ]
}

/// Signals are Unix's: elsewhere there is nothing to try.
#[cfg(not(unix))]
fn on_signals() -> Vec<Trial> {
    vec![]
}

#[cfg(unix)]
fn on_signals() -> Vec<Trial> {
    let test = |name: &str, test: fn()| {
        Trial::test(format!("on_signals::{name}"), move || {
            test();
            Ok(())
        })
    };
    vec![
        test("it_says_first_whose_pool_it_is", unix::it_says_whose_pool_it_is),
        test("an_interrupt_drains", || unix::a_signal_drains("INT")),
        test("a_termination_drains", || unix::a_signal_drains("TERM")),
        test("a_second_interrupt_ends_it", || unix::a_second_ends_it("INT", 130)),
        test("a_second_termination_ends_it", || unix::a_second_ends_it("TERM", 143)),
        test("the_limit_aborts", unix::the_limit_aborts),
    ]
}

#[cfg(unix)]
mod unix {
    use std::{
        io::{BufRead, BufReader, Lines},
        process::{Child, ChildStdout, Command, Stdio},
    };

    const AN_HOUR: &str = "3600000";

    struct Process {
        child: Child,
        lines: Lines<BufReader<ChildStdout>>,
        seen: Vec<String>,
    }

    impl Process {
        fn start(takes_ms: &str, drain_ms: &str) -> Self {
            let me = std::env::current_exe().expect("this binary has a path");
            let mut command = Command::new(me);
            command.args([takes_ms, drain_ms]).stdout(Stdio::piped());
            let mut child = command.spawn().expect("it starts");
            let stdout = child.stdout.take().expect("its output is piped");
            Process { child, lines: BufReader::new(stdout).lines(), seen: vec![] }
        }

        fn until(&mut self, wanted: &str) {
            for line in self.lines.by_ref() {
                let line = line.expect("it prints text");
                let found = line.contains(wanted);
                self.seen.push(line);
                if found {
                    return;
                }
            }
            panic!("never said `{wanted}`:\n{}", self.seen.join("\n"));
        }

        fn signal(&self, name: &str) {
            let (flag, id) = (format!("-{name}"), self.child.id().to_string());
            let sent = Command::new("kill").args([flag, id]).status();
            assert!(sent.expect("kill is there").success(), "the signal is sent");
        }

        /// The exit code, and everything it said.
        fn end(mut self) -> (Option<i32>, Vec<String>) {
            self.seen.extend(self.lines.by_ref().map_while(Result::ok));
            let status = self.child.wait().expect("it ends");
            (status.code(), std::mem::take(&mut self.seen))
        }
    }

    impl Drop for Process {
        fn drop(&mut self) {
            // A child that is still there when an assertion has failed.
            _ = self.child.kill();
        }
    }

    fn count(said: &[String], word: &str) -> usize {
        said.iter()
            .filter(|line| line.starts_with("job ") && line.ends_with(word))
            .count()
    }

    pub fn it_says_whose_pool_it_is() {
        let mut process = Process::start("60", AN_HOUR);

        process.until("job 0 begins");

        assert_eq!(process.seen[0], crate::example::WHOSE, "it is the first line");
    }

    pub fn a_signal_drains(signal: &str) {
        let mut process = Process::start("60", AN_HOUR);

        process.until("job 2 begins");
        process.signal(signal);
        let (code, said) = process.end();

        let all = said.join("\n");
        assert_eq!(code, Some(0), "all done is a success\n{all}");
        let accepted = count(&said, " accepted");
        assert_eq!(
            count(&said, " ends"),
            accepted,
            "what was accepted is done\n{all}"
        );
        let last = format!("accepted {accepted}: {accepted} done, 0 panicked");
        assert!(all.contains(&last), "the report says so\n{all}");
    }

    pub fn a_second_ends_it(signal: &str, expected: i32) {
        let mut process = Process::start(AN_HOUR, AN_HOUR);

        process.until("job 0 begins");
        process.signal(signal);
        process.until("draining");
        process.signal(signal);
        let (code, said) = process.end();

        let all = said.join("\n");
        assert_eq!(code, Some(expected), "128 plus the signal\n{all}");
        assert_eq!(count(&said, " ends"), 0, "nothing was waited for\n{all}");
    }

    pub fn the_limit_aborts() {
        let mut process = Process::start(AN_HOUR, "30");

        process.until("job 3 begins");
        process.signal("TERM");
        let (code, said) = process.end();

        let all = said.join("\n");
        assert_eq!(code, Some(1), "work was cut\n{all}");
        assert!(all.contains("0 done, 0 panicked, 4 aborted"), "and counted\n{all}");
    }
}
