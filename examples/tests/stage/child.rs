//! A shop that gets real signals.

use std::{
    io::{BufRead, BufReader, Lines},
    process::{Child, ChildStdout, Command, Stdio},
};

/// The child. Cargo and the launcher become the program, so its signals are the program's.
pub struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    seen: Vec<String>,
}

impl Process {
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = super::command("shop", arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let stdout = child.stdout.take().expect("its output is piped");
        Process { child, lines: BufReader::new(stdout).lines(), seen: vec![] }
    }

    /// Reads on to the next line that has this text, and gives it.
    pub fn until(&mut self, wanted: &str) -> String {
        for line in self.lines.by_ref() {
            let line = line.expect("it prints text");
            self.seen.push(line.clone());
            if line.contains(wanted) {
                return line;
            }
        }
        panic!("never said `{wanted}`:\n{}", self.seen.join("\n"));
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, name: &str) {
        let (flag, id) = (format!("-{name}"), self.child.id().to_string());
        let sent = Command::new("kill").args([flag, id]).status();
        assert!(sent.expect("kill is there").success(), "the signal is sent");
    }

    /// The exit code, and everything it said.
    pub fn end(mut self) -> (Option<i32>, String) {
        self.seen.extend(self.lines.by_ref().map_while(Result::ok));
        let status = self.child.wait().expect("it ends");
        (status.code(), self.seen.join("\n"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A child that is still there when an assertion has failed.
        _ = self.child.kill();
    }
}
