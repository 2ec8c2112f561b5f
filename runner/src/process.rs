//! Running a command under a time limit, with its output capped, so that nothing hangs or floods us.

use std::{
    io::{self, Read},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::Error;

/// How often a running command is looked at.
const TICK: Duration = Duration::from_millis(4);

/// How long readers may take to see the end of a pipe after the process is gone.
const DRAIN: Duration = Duration::from_millis(300);

/// How long a test binary may run before it is killed. Others give up sooner: the kit a thread after three seconds
/// without a sign of life (`tests/kit/watchdog.rs`) and the round of a race after five (`tests/kit/race.rs`), so
/// that a test names its own hang; the gate wants a mistake caught within two (`gate/src/answers.rs`). Races have
/// [`Limits::RACES`].
pub const PATIENCE: Duration = Duration::from_secs(10);

/// What a command may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time until it is killed; none for a build, which may be the first.
    pub time: Option<Duration>,
    /// Bytes kept of each stream: the first three quarters and the last quarter.
    pub kept: usize,
}

impl Limits {
    /// A test binary: all our patience, one mebibyte.
    pub const TEST: Self = Self { time: Some(PATIENCE), kept: 1 << 20 };
    /// Races: they take seconds, and several times as long on a machine that has other work. The kit gives up a
    /// round that does not end (`tests/kit/race.rs`), so that this is hardly ever seen.
    pub const RACES: Self =
        Self { time: Some(Duration::from_secs(120)), ..Self::TEST };
    /// A cargo call: as long as it takes, sixteen mebibytes.
    pub const BUILD: Self = Self { time: None, kept: 1 << 24 };
}

/// A request to stop what is running: set by Control-C or by a newer save.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// A request that Control-C and the end of the terminal make.
    ///
    /// # Errors
    ///
    /// The signal handlers cannot be set.
    pub fn on_interrupt() -> Result<Self, Error> {
        let stop = Self::default();
        #[cfg(unix)]
        let signals = [
            signal_hook::consts::SIGINT,
            signal_hook::consts::SIGTERM,
            signal_hook::consts::SIGHUP,
        ];
        #[cfg(not(unix))]
        let signals = [signal_hook::consts::SIGINT];
        for signal in signals {
            signal_hook::flag::register(signal, stop.0.clone())
                .map_err(Error::io("cannot listen for Control-C"))?;
        }
        Ok(stop)
    }

    /// Asks for the stop.
    pub fn request(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked for.
    pub fn requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal.
    Signal(i32),
    /// Killed at the time limit.
    TimedOut,
}

/// What a process wrote to one stream.
#[derive(Debug, Default, Clone)]
pub struct Output {
    /// What was kept.
    pub text: String,
    /// How many bytes there were in all.
    pub total: u64,
}

/// A process that has ended.
#[derive(Debug)]
pub struct Finished {
    /// How.
    pub ending: Ending,
    /// Standard output.
    pub stdout: Output,
    /// Standard error.
    pub stderr: Output,
    /// Real time from start to end.
    pub took: Duration,
}

/// Runs a command to its end, its limit, or a requested stop. `watch` is called every few milliseconds
/// with what the process has written to standard error so far.
///
/// # Errors
///
/// The command cannot be started, or the stop was requested.
pub fn run(
    command: &mut Command,
    limits: Limits,
    stop: &Stop,
    watch: &mut dyn FnMut(&str, Duration),
) -> Result<Finished, Error> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    own_group(command);
    let what = format!("cannot start {}", command.get_program().display());
    let start = Instant::now();
    let mut child = command.spawn().map_err(Error::io(what))?;
    let stdout = Reader::start(child.stdout.take(), limits.kept);
    let stderr = Reader::start(child.stderr.take(), limits.kept);
    let mut tick = || watch(&stderr.so_far(), start.elapsed());
    let ending = wait(&mut child, limits.time, stop, &mut tick)?;
    let took = start.elapsed();
    let (stdout, stderr) = (stdout.finish(), stderr.finish());
    Ok(Finished { ending, stdout, stderr, took })
}

/// Waits for the end of a process, and makes it end at the limit or at a requested stop.
fn wait(
    child: &mut Child,
    limit: Option<Duration>,
    stop: &Stop,
    tick: &mut dyn FnMut(),
) -> Result<Ending, Error> {
    let start = Instant::now();
    loop {
        let ended =
            child.try_wait().map_err(Error::io("cannot wait for a process"))?;
        if let Some(status) = ended {
            // Why not what a build has started: that may be a cache that others use.
            if limit.is_some() {
                kill_group(child);
            }
            return Ok(ending(status));
        }
        if stop.requested() {
            kill(child);
            return Err(Error::Stopped);
        }
        if limit.is_some_and(|limit| start.elapsed() >= limit) {
            kill(child);
            return Ok(Ending::TimedOut);
        }
        tick();
        thread::sleep(TICK);
    }
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

/// Kills a process and, on Unix, whatever it started.
fn kill(child: &mut Child) {
    kill_group(child);
    _ = child.kill();
    _ = child.wait();
}

/// Kills whatever a process started, on Unix.
fn kill_group(child: &Child) {
    #[cfg(not(unix))]
    let _ = child;
    #[cfg(unix)]
    if let Some(group) =
        i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw)
    {
        // Why both results are dropped: the process may have ended meanwhile, which is what we want.
        _ = rustix::process::kill_process_group(
            group,
            rustix::process::Signal::KILL,
        );
    }
}

fn ending(status: ExitStatus) -> Ending {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Ending::Signal(signal);
    }
    Ending::Exited(status.code().unwrap_or(-1))
}

/// Reads one stream on a thread of its own and keeps its beginning and its end.
struct Reader {
    kept: Arc<Mutex<Kept>>,
    thread: thread::JoinHandle<()>,
}

#[derive(Default)]
struct Kept {
    head: Vec<u8>,
    tail: Vec<u8>,
    total: u64,
}

impl Reader {
    fn start(stream: Option<impl Read + Send + 'static>, limit: usize) -> Self {
        let kept = Arc::new(Mutex::new(Kept::default()));
        let shared = kept.clone();
        let thread = thread::spawn(move || {
            let mut chunk = vec![0; 1 << 16];
            let Some(mut stream) = stream else { return };
            loop {
                match stream.read(&mut chunk) {
                    Ok(0) => return,
                    Ok(length) => lock(&shared).put(&chunk[..length], limit),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => return,
                }
            }
        });
        Self { kept, thread }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&lock(&self.kept).head).into_owned()
    }

    /// The output once the stream has ended. A process that outlived its parent may hold the stream
    /// open: then what is there is what counts.
    fn finish(self) -> Output {
        let start = Instant::now();
        while !self.thread.is_finished() && start.elapsed() < DRAIN {
            thread::sleep(Duration::from_millis(1));
        }
        let kept = lock(&self.kept);
        let mut text = String::from_utf8_lossy(&kept.head).into_owned();
        let shown = (kept.head.len() + kept.tail.len()) as u64;
        if kept.total > shown {
            text.push_str("\n[… cut …]\n");
        }
        text.push_str(&String::from_utf8_lossy(&kept.tail));
        Output { text, total: kept.total }
    }
}

impl Kept {
    fn put(&mut self, bytes: &[u8], limit: usize) {
        self.total += bytes.len() as u64;
        let room = (limit / 4 * 3).saturating_sub(self.head.len());
        let (first, rest) = bytes.split_at(room.min(bytes.len()));
        self.head.extend_from_slice(first);
        self.tail.extend_from_slice(rest);
        let over = self.tail.len().saturating_sub(limit / 4);
        self.tail.drain(..over);
    }
}

fn lock(kept: &Mutex<Kept>) -> std::sync::MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
