//! The scenes of `errors` with an answer in them.

use super::super::{
    DiagError, IpmiError, REQUEST, answer, is_retryable, log_line, outcome, run_all,
};

use std::{
    error::Error,
    fmt,
    future::{pending, poll_fn},
    iter::successors,
    panic::resume_unwind,
    pin::{Pin, pin},
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use kit::{ms, scenes::Stage, spawn};
use models::errors::{
    Any, Call, Chain, Check, Diag, End, Errors, Function, Happens::*, Ipmi, Is,
    Layer, Link, Payload, Scene, Who,
};
use tokio::{
    task::{Id, id, yield_now},
    time::{Instant, error::Elapsed, sleep, timeout},
};

pub async fn act(stage: Stage<Errors>, scene: &Scene) {
    for (n, chain) in scene.errors.iter().enumerate() {
        if let Any::Diag(diag) = &chain.root {
            let error = make(diag);
            stage.tell(Says(n, error.to_string()));
            if scene.step >= 2 {
                stage.tell(Has(n, links(&error)));
            }
        }
        if scene.step >= 5 {
            let error = build(chain).await;
            stage.tell(Retryable(n, is_retryable(&error)));
            if scene.step >= 6 {
                stage.tell(LogLine(n, log_line(&error)));
                let (status, text) = answer(&error);
                stage.tell(Answer(n, status, text));
            }
        }
    }
    let begun = Arc::default();
    let calls = scene.calls.iter().cloned().enumerate().map(|(n, call)| {
        let caller = Caller { stage: stage.clone(), begun: Arc::clone(&begun), n };
        spawn(caller.call(call))
    });
    for call in calls.collect::<Vec<_>>() {
        // A panic of the answer is told by the kit.
        _ = call.await;
    }
    // Whatever goes on without its caller goes on now.
    sleep(ms(10_000_000)).await;
}

/// Who makes call number `n`.
struct Caller {
    stage: Stage<Errors>,
    /// The tasks in which something has begun.
    begun: Arc<Mutex<Vec<Id>>>,
    n: usize,
}

impl Caller {
    async fn call(self, call: Call) {
        let n = self.n;
        sleep(call.at).await;
        if let Function::RunAll(limit, request) = call.of {
            let run = attended(&call, self.run(&call, limit));
            let found = match request {
                Some(request) => REQUEST.scope(request, run).await,
                None => run.await,
            };
            return match found {
                None => self.stage.tell(Leaves(n)),
                Some(outcomes) => {
                    self.stage.tell(Returns(n, outcomes.len()));
                    for (i, outcome) in outcomes.into_iter().enumerate() {
                        let outcome = outcome.map_err(|error| links(error.as_ref()));
                        self.stage.tell(Gets((n, i), outcome));
                    }
                }
            };
        }
        let check = &call.checks[0];
        let task = spawn(self.check((n, 0), check));
        if let Some(after) = check.aborted {
            let task = task.abort_handle();
            if after.is_zero() {
                task.abort();
            }
            spawn(async move {
                sleep(after).await;
                task.abort();
            });
        }
        if let Function::Outcome = call.of {
            match attended(&call, outcome(check.name, task)).await {
                None => self.stage.tell(Leaves(n)),
                Some(outcome) => {
                    let outcome = outcome.map_err(|error| links(error.as_ref()));
                    self.stage.tell(Gets((n, 0), outcome));
                }
            }
            return;
        }
        match attended(&call, task).await {
            None => self.stage.tell(Leaves(n)),
            Some(Ok(_)) => {}
            Some(Err(ended)) => {
                self.stage.tell(JoinError(n, name(DiagError::from(ended))))
            }
        }
    }

    fn run(
        &self,
        call: &Call,
        limit: Duration,
    ) -> impl Future<Output = Vec<anyhow::Result<()>>> {
        let checks = call.checks.iter().enumerate();
        let checks = checks.map(|(i, it)| (it.name, self.check((self.n, i), it)));
        self.begun.lock().unwrap().push(id());
        run_all(limit, checks.collect(), |name, error| {
            let chain = links(error.as_ref());
            self.stage.tell(Fails(self.n, name.to_owned(), chain));
        })
    }

    fn check(
        &self,
        who: Who,
        check: &Check,
    ) -> Pin<Box<dyn Future<Output = Result<(), DiagError>> + Send>> {
        let Check { takes, turns, end, .. } = check.clone();
        let (stage, begun) = (self.stage.clone(), self.begun.clone());
        let running = stage.begins(Dropped(who));
        Box::pin(async move {
            let own = !begun.lock().unwrap().contains(&id());
            begun.lock().unwrap().push(id());
            stage.tell(Begins(who, REQUEST.try_get().ok(), own));
            for _ in 0..turns {
                yield_now().await;
            }
            if takes > Duration::ZERO {
                sleep(takes).await;
            }
            running.ends();
            stage.tell(Ends(who, REQUEST.try_get().ok()));
            match end {
                End::Returns(end) => end.map_err(|diag| make(&diag)),
                End::Panics(Payload::Str(text)) => resume_unwind(Box::new(text)),
                End::Panics(Payload::String(text)) => {
                    resume_unwind(Box::new(text.to_owned()))
                }
                End::Panics(Payload::Number) => resume_unwind(Box::new(42)),
            }
        })
    }
}

/// What `future` gives to a caller that polls it when `call` says so.
async fn attended<T>(call: &Call, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let polls = async {
        sleep(call.unpolled).await;
        let first = Instant::now();
        let mut nap = pin!(sleep(call.nap));
        poll_fn(|cx| {
            let is_awake = nap.as_mut().poll(cx).is_ready();
            if !is_awake && Instant::now() > first {
                return Poll::Pending;
            }
            let answer = future.as_mut().poll(cx).map(Some);
            let once = call.patience == call.unpolled;
            if once && answer.is_pending() { Poll::Ready(None) } else { answer }
        })
        .await
    };
    timeout(call.patience, polls).await.ok().flatten()
}

fn make(diag: &Diag) -> DiagError {
    match diag.clone() {
        Diag::Ipmi(cause) => DiagError::Ipmi(make_cause(cause)),
        Diag::OverTemp(sensor, value, max) => {
            DiagError::OverTemp { sensor: sensor.to_owned(), value, max }
        }
        Diag::Timeout(after) => DiagError::Timeout(after),
        Diag::Panicked(text) => DiagError::Panicked(text),
        Diag::Cancelled => DiagError::Cancelled,
    }
}

fn make_cause(cause: Ipmi) -> IpmiError {
    match cause {
        Ipmi::Timeout => IpmiError::Timeout,
        Ipmi::NoSuchSensor => IpmiError::NoSuchSensor,
    }
}

fn name(error: DiagError) -> Diag {
    match error {
        DiagError::Ipmi(IpmiError::Timeout) => Diag::Ipmi(Ipmi::Timeout),
        DiagError::Ipmi(IpmiError::NoSuchSensor) => Diag::Ipmi(Ipmi::NoSuchSensor),
        DiagError::OverTemp { value, max, .. } => Diag::OverTemp("", value, max),
        DiagError::Timeout(after) => Diag::Timeout(after),
        DiagError::Panicked(text) => Diag::Panicked(text),
        DiagError::Cancelled => Diag::Cancelled,
    }
}

/// A walk along the sources.
fn links(error: &(dyn Error + 'static)) -> Vec<Link> {
    let link = |error: &(dyn Error + 'static)| {
        let is = if error.is::<DiagError>() {
            Is::DiagError
        } else if error.is::<IpmiError>() {
            Is::IpmiError
        } else {
            Is::Other
        };
        Link(is, error.to_string())
    };
    successors(Some(error), |&error| error.source()).map(link).collect()
}

async fn build(chain: &Chain) -> anyhow::Error {
    let mut error = match &chain.root {
        Any::Diag(diag) => make(diag).into(),
        Any::Ipmi(cause) => make_cause(*cause).into(),
        Any::Text(text) => anyhow::Error::msg(*text),
        Any::Elapsed => elapsed().await.into(),
        Any::Timeout => Timeout.into(),
    };
    for layer in &chain.layers {
        error = match layer {
            Layer::Context(Any::Diag(diag)) => error.context(make(diag)),
            Layer::Context(Any::Ipmi(cause)) => error.context(make_cause(*cause)),
            Layer::Context(Any::Text(text)) => error.context(*text),
            Layer::Context(Any::Elapsed) => error.context(elapsed().await),
            Layer::Context(Any::Timeout) => error.context(Timeout),
            Layer::Wrapped(n, text) => (0..*n)
                .fold(error, |error, _| anyhow::Error::new(Wrapped(text, error))),
        };
    }
    error
}

async fn elapsed() -> Elapsed {
    timeout(ms(0), pending::<()>()).await.unwrap_err()
}

/// Of another library.
#[derive(Debug, thiserror::Error)]
#[error("timeout")]
struct Timeout;

/// Of another library. Some print more than the message for `{:#}`.
#[derive(Debug)]
struct Wrapped(&'static str, anyhow::Error);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        if f.alternate() { write!(f, " ({:#})", self.1) } else { Ok(()) }
    }
}

impl Error for Wrapped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.1.as_ref())
    }
}
