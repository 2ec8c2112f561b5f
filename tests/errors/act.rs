//! The scenes of `errors` with an answer in them.

use super::super::{
    DiagError, IpmiError, REQUEST, answer, is_retryable, log_line, outcome, run_all,
};

use std::{
    error::Error,
    fmt,
    future::{pending, poll_fn},
    io,
    iter::successors,
    panic::resume_unwind,
    pin::{Pin, pin},
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use kit::{gives_way, ms, scenes::Stage, spawn, stays};
use models::errors::{
    Any, Call, Chain, Check, Diag, End, Errors, Function, Happens, Ipmi, Layer,
    Scene, Who,
};
use tokio::{
    task::{Id, JoinHandle, id},
    time::{Instant, sleep, timeout},
};

type Waits<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The tasks in which somebody works already.
type Taken = Arc<Mutex<Vec<Id>>>;

pub async fn act(stage: Stage<Errors>, scene: &Scene) {
    for (n, chain) in scene.errors.iter().enumerate() {
        let tell = |what, said| stage.tell(Happens::Error(n, what, said));
        if let Any::Diag(diag) = &chain.root {
            let error = make(diag);
            tell("DiagError alone, to_string", format!("{:?}", error.to_string()));
            if scene.step >= 2 {
                tell("DiagError alone, chain", links(&error));
            }
        }
        if scene.step >= 5 {
            let error = build(chain).await;
            tell("is_retryable", is_retryable(&error).to_string());
            if scene.step >= 6 {
                tell("log_line", format!("{:?}", log_line(&error)));
                tell("answer", format!("{:?}", answer(&error)));
            }
        }
    }
    let taken = Taken::default();
    for (n, call) in scene.calls.iter().cloned().enumerate() {
        let (stage, taken) = (stage.clone(), taken.clone());
        spawn(async move { make_call(&stage, &taken, n, call).await });
    }
    // Whatever goes on without its caller goes on meanwhile.
    sleep(ms(10_000_000)).await;
}

async fn make_call(stage: &Stage<Errors>, taken: &Taken, n: usize, call: Call) {
    sleep(call.at).await;
    let checks = call.checks.iter().enumerate();
    let mut checks =
        checks.map(|(i, it)| (it.name, work(stage, taken, (n, i), &call)));
    let ended: Waits<'_, Vec<anyhow::Result<()>>> = if let Function::RunAll(limit) =
        call.of
    {
        taken.lock().unwrap().push(id());
        let failed = |name: &str, error: &anyhow::Error| {
            let chain = links(error.as_ref());
            stage.tell(Happens::Failed(n, name.to_owned(), chain));
        };
        Box::pin(run_all(limit, checks.collect(), failed))
    } else {
        let (name, check) = checks.next().unwrap();
        let task = spawn(check);
        if let Some(after) = call.checks[0].aborted {
            abort(&task, after);
        }
        if let Function::Outcome = call.of {
            let ended = outcome(name, task);
            Box::pin(async { vec![ended.await] })
        } else {
            let joined = async { task.await? };
            Box::pin(async { vec![joined.await.map_err(|e: DiagError| e.into())] })
        }
    };
    let ended = attended(stage, &call, ended);
    let ended = match call.request {
        Some(request) => REQUEST.scope(request, ended).await,
        None => ended.await,
    };
    let what = if ended.is_some() { "returns" } else { "is dropped" };
    stage.tell(Happens::Call(n, what));
    for (i, end) in ended.into_iter().flatten().enumerate() {
        let end =
            end.map_or_else(|error| links(error.as_ref()), |()| "Ok".to_owned());
        stage.tell(Happens::Gets((n, i), end));
    }
}

fn abort<T>(task: &JoinHandle<T>, after: Duration) {
    let task = task.abort_handle();
    if after.is_zero() {
        task.abort();
    }
    spawn(async move {
        sleep(after).await;
        task.abort();
    });
}

/// What a future gives to a caller that polls it when `call` says so.
async fn attended<T>(
    stage: &Stage<Errors>,
    call: &Call,
    mut future: Waits<'_, T>,
) -> Option<T> {
    let polls = async {
        sleep(call.first_poll() - call.at).await;
        let mut nap = pin!(sleep(call.nap.unwrap_or_default()));
        let first = Instant::now();
        stage.world().tires().await;
        poll_fn(|cx| {
            let naps = nap.as_mut().poll(cx).is_pending();
            if naps && Instant::now() > first {
                return Poll::Pending;
            }
            let answer = future.as_mut().poll(cx).map(Some);
            let once = call.leaves() == call.first_poll() && answer.is_pending();
            if once { Poll::Ready(None) } else { answer }
        })
        .await
    };
    stays(stage.world(), call.leaves() - call.at, polls).await.flatten()
}

fn work(
    stage: &Stage<Errors>,
    taken: &Taken,
    who: Who,
    call: &Call,
) -> Waits<'static, Result<(), DiagError>> {
    let (stage, taken) = (stage.clone(), taken.clone());
    let Check { turns, takes, end, .. } = call.checks[who.1].clone();
    let running = stage.begins(Happens::Check(who, "is dropped", call.request));
    let world = stage.world().clone();
    let work = async move {
        let is_own = !taken.lock().unwrap().contains(&id());
        taken.lock().unwrap().push(id());
        let begins = if is_own { "begins" } else { "begins in a task of another" };
        stage.tell(Happens::Check(who, begins, REQUEST.try_get().ok()));
        for turn in 0..turns {
            gives_way(turn).await;
        }
        if takes > Duration::ZERO {
            sleep(takes).await;
        }
        running.ends();
        stage.tell(Happens::Check(who, "ends", REQUEST.try_get().ok()));
        match end {
            End::Returns(end) => end.map_err(|diag| make(&diag)),
            End::PanicsWithStr(text) => resume_unwind(Box::new(text)),
            End::PanicsWithString(text) => resume_unwind(Box::new(text.to_owned())),
            End::PanicsWithBox(text) => {
                resume_unwind(Box::new(Box::<str>::from(text)))
            }
            End::PanicsWithNumber(number) => resume_unwind(Box::new(number)),
            End::PanicsWithError(diag) => resume_unwind(Box::new(make(&diag))),
        }
    };
    Box::pin(async move { world.greedily(work).await })
}

/// A walk along the sources.
fn links(error: &(dyn Error + 'static)) -> String {
    let link = |error: &(dyn Error + 'static)| match error {
        diag if diag.is::<DiagError>() => {
            format!("DiagError {:?}", diag.to_string())
        }
        ipmi if ipmi.is::<IpmiError>() => {
            format!("IpmiError {:?}", ipmi.to_string())
        }
        other => format!("{:?}", other.to_string()),
    };
    let links = successors(Some(error), |&error| error.source()).map(link);
    // One that is its own source has no end.
    links.take(9).collect::<Vec<_>>().join(" <- ")
}

fn make(diag: &Diag) -> DiagError {
    match *diag {
        Diag::Ipmi(cause) => DiagError::Ipmi(make_ipmi(cause)),
        Diag::OverTemp(sensor, value, max) => {
            DiagError::OverTemp { sensor: sensor.to_owned(), value, max }
        }
        Diag::Timeout(limit) => DiagError::Timeout(limit),
        Diag::Panicked(text) => DiagError::Panicked(text.to_owned()),
        Diag::Cancelled => DiagError::Cancelled,
    }
}

fn make_ipmi(cause: Ipmi) -> IpmiError {
    match cause {
        Ipmi::Timeout => IpmiError::Timeout,
        Ipmi::NoSuchSensor => IpmiError::NoSuchSensor,
    }
}

async fn build(chain: &Chain) -> anyhow::Error {
    let mut error = match chain.root {
        Any::Diag(ref diag) => make(diag).into(),
        Any::Ipmi(cause) => make_ipmi(cause).into(),
        Any::Other("timed out") => io::Error::from(io::ErrorKind::TimedOut).into(),
        Any::Other("timeout") => Timeout.into(),
        Any::Other(_) => timeout(ms(0), pending::<()>()).await.unwrap_err().into(),
        Any::Text(text) => anyhow::Error::msg(text),
    };
    for layer in &chain.layers {
        error = match *layer {
            Layer::Context(Any::Diag(ref diag)) => error.context(make(diag)),
            Layer::Context(Any::Ipmi(cause)) => error.context(make_ipmi(cause)),
            Layer::Context(Any::Text(text) | Any::Other(text)) => {
                error.context(text)
            }
            Layer::Around(text, times) => {
                (0..times).fold(error, |error, _| Around(text, error).into())
            }
        };
    }
    error
}

/// Of another library.
#[derive(Debug, thiserror::Error)]
#[error("timeout")]
struct Timeout;

/// Of another library, too. Its message is `{}`; asked for more, it tells its causes as well.
#[derive(Debug, thiserror::Error)]
struct Around(&'static str, #[source] anyhow::Error);

impl fmt::Display for Around {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return write!(f, "{} ({:#})", self.0, self.1);
        }
        f.write_str(self.0)
    }
}
