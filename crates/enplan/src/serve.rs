//! The servers: the interface, and the figures on a port of their own.

use crate::settings::{ServeOptions, Settings};
use crate::signals::Signals;
use crate::telemetry;
use actix_web::dev::{Extensions, ServerHandle};
use actix_web::rt::net::TcpStream;
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use api::passwords::Passwords;
use api::{Clock, MOST_SKEW, Shared, Skew, Throttle, TrustedProxies};
use metrics_exporter_prometheus::PrometheusHandle;
use persistence::installation::{claim, ensure_fit};
use persistence::{Store, causes};
use serde_json::json;
use socket2::SockRef;
use std::any::Any;
use std::error::Error as StdError;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How often due jobs are looked for; those of a request are run at its end.
const JOBS_EVERY: Duration = Duration::from_secs(5);
/// Every this many rounds (each minute), deadlines are recalculated and missing partitions are created.
const SELDOM: u32 = 12;
/// The number of rounds before a partition that could not be attached is tried again, if later months have partitions.
const PARTITIONS_AGAIN: u32 = 10 * SELDOM;
/// The interval at which the machine's clock is compared with the database's.
const SKEW_EVERY: Duration = Duration::from_mins(1);
/// How often what was counted is summed up; else it would pile up where nobody asks for it (E1).
const UPKEEP_EVERY: Duration = Duration::from_secs(5);
/// How long a request may go on after the process was asked to end.
const DRAIN_SECONDS: u64 = 20;
/// The number of connections that one worker accepts; further ones wait in the system's queue.
const CONNECTIONS: usize = 1024;
/// The time for which an idle connection stays open for the next request.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// The time in which a client must send the head of a request, and close its connection.
const HEAD: Duration = Duration::from_secs(5);
/// The time for which a client may leave sent data unacknowledged or keep its receive window closed (F8).
const SLOWEST_READER: Duration = Duration::from_secs(30);

/// The reason why the server does not start.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error(
        "the machine's clock and the database's differ by {0} seconds, {most} are allowed: set them right (NTP)",
        most = MOST_SKEW.num_seconds()
    )]
    Skew(i64),
    #[error("the database's clock could not be read: {0}")]
    Clock(String),
}

/// Serves until the process is asked to end.
pub async fn run(options: ServeOptions) -> Result<(), Box<dyn StdError>> {
    // Signals are handled before any other process can know that this one runs.
    let mut signals = Signals::listen()?;
    let settings = options.resolve()?;
    telemetry::tell(settings.log);
    let (vault, demonstration) = (settings.keys.vault()?, settings.keys.demonstration);
    ensure_fit(&settings.store, &vault, demonstration).await?;
    claim(&settings.store.worker_url, &vault, demonstration).await?;
    let is_json = settings.json;
    let running = start(&settings).await?;
    let urls = json!({ "url": running.url(), "metricsUrl": running.metrics_url() });
    if is_json {
        print_line(&urls.to_string())?;
    } else {
        print_line(&format!(
            "enplan serves {}, figures at {}",
            running.url(),
            running.metrics_url()
        ))?;
    }
    running.finish(&mut signals).await
}

/// Tells whether the configuration holds and the database is fit.
pub async fn check(options: ServeOptions) -> Result<(), Box<dyn StdError>> {
    let settings = options.resolve()?;
    let vault = Arc::new(settings.keys.vault()?);
    ensure_fit(&settings.store, &vault, settings.keys.demonstration).await?;
    let store = Store::new(&settings.store, vault)?;
    measure(&store, &Skew::default()).await?;
    print_line("the configuration holds")?;
    Ok(())
}

/// A line on standard output, at once.
pub fn print_line(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Prints a one-time pass phrase on standard output: with a tab after the user name, or as a line of JSON.
pub fn print_phrase(username: &str, phrase: &str, is_json: bool) -> io::Result<()> {
    if is_json {
        print_line(&json!({ "username": username, "oneTimePassPhrase": phrase }).to_string())
    } else {
        print_line(&format!("{username}\t{phrase}"))
    }
}

/// The servers, running.
pub struct Running {
    listen: SocketAddr,
    metrics: SocketAddr,
    server: JoinHandle<io::Result<()>>,
    interface: ServerHandle,
    figures: ServerHandle,
    beside: [JoinHandle<()>; 4],
}

impl Running {
    /// Where the interface is.
    pub fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// Where the figures are.
    pub fn metrics_url(&self) -> String {
        format!("http://{}/metrics", self.metrics)
    }

    /// Waits for a signal, and then until the last request has ended. A second signal ends the wait.
    pub async fn finish(mut self, signals: &mut Signals) -> Result<(), Box<dyn StdError>> {
        let ended = tokio::select! {
            ended = &mut self.server => ended,
            () = signals.next() => {
                tokio::task::spawn_local(self.interface.stop(true));
                tokio::select! {
                    ended = &mut self.server => ended,
                    () = signals.next() => {
                        self.interface.stop(false).await;
                        self.server.await
                    }
                }
            }
        };
        self.beside.iter().for_each(JoinHandle::abort);
        self.figures.stop(false).await;
        Ok(ended??)
    }
}

/// Starts the servers and the worker of due jobs.
pub async fn start(settings: &Settings) -> Result<Running, Box<dyn StdError>> {
    // The recorder is installed first, because metrics recorded before it are lost.
    let counted = telemetry::count()?;
    let vault = Arc::new(settings.keys.vault()?);
    let worker = Store::new(&settings.store, Arc::clone(&vault))?;
    let skew = Skew::default();
    measure(&worker, &skew).await?;
    let clock = Clock::system().corrected(skew.clone());
    let shared = Shared {
        clock: clock.clone(),
        tokens: Arc::new(settings.keys.tokens()?),
        passwords: Passwords::new(settings.hashing_workers),
        throttle: Arc::new(Throttle::default()),
        proxies: Arc::new(TrustedProxies::new(settings.trusted_proxies.clone())),
        strict_transport: settings.hsts_seconds,
    };

    let store = settings.store.clone();
    let server =
        HttpServer::new(move || api::app(store.clone(), Arc::clone(&vault), shared.clone()))
            .workers(settings.workers)
            .max_connections(CONNECTIONS)
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(HEAD)
            .client_disconnect_timeout(HEAD)
            .shutdown_timeout(DRAIN_SECONDS)
            .disable_signals()
            .tcp_nodelay(true)
            .on_connect(give_up_on_slow_readers)
            .bind(settings.listen)?;
    let listen = first(&server.addrs())?;
    let server = server.run();
    let handle = counted.clone();
    let sum_up = tokio::task::spawn_local(async move {
        loop {
            tokio::time::sleep(UPKEEP_EVERY).await;
            handle.run_upkeep();
        }
    });
    let figures = HttpServer::new(move || {
        App::new().app_data(Data::new(counted.clone())).route("/metrics", web::get().to(show))
    })
    .workers(1)
    .max_connections(CONNECTIONS)
    .disable_signals()
    .on_connect(give_up_on_slow_readers)
    .bind(settings.metrics)?;
    let metrics = first(&figures.addrs())?;
    let figures = figures.run();
    let handle = figures.handle();
    tokio::task::spawn_local(figures);
    Ok(Running {
        listen,
        metrics,
        interface: server.handle(),
        server: tokio::task::spawn_local(server),
        figures: handle,
        beside: [
            sum_up,
            tokio::task::spawn_local(follow_clock(worker.clone(), skew)),
            tokio::task::spawn_local(telemetry::tell_figures(worker.clone(), clock.clone())),
            tokio::task::spawn_local(run_jobs(worker, clock)),
        ],
    })
}

/// Disconnects clients that do not read their responses.
fn give_up_on_slow_readers(connection: &dyn Any, _: &mut Extensions) {
    if let Some(stream) = connection.downcast_ref::<TcpStream>() {
        // On other systems the proxy must do this (docs/OPERATIONS.md).
        #[cfg(target_os = "linux")]
        let _ = SockRef::from(stream).set_tcp_user_timeout(Some(SLOWEST_READER));
    }
}

/// Compares the machine's clock with the database's; an error if they differ by too much.
async fn measure(store: &Store, skew: &Skew) -> Result<(), StartError> {
    let clock = Clock::system();
    let ahead = store.clock_skew(|| clock.now()).await;
    let ahead = ahead.map_err(|error| StartError::Clock(causes(&error)))?;
    skew.is(ahead);
    if ahead.abs() > MOST_SKEW { Err(StartError::Skew(ahead.abs().num_seconds())) } else { Ok(()) }
}

/// Follows the database's clock even if it changes, because agreement between all instances matters more than the
/// correct time.
async fn follow_clock(store: Store, skew: Skew) {
    loop {
        tokio::time::sleep(SKEW_EVERY).await;
        if let Err(error) = measure(&store, &skew).await {
            tracing::error!(error = causes(&error), "the machine's clock");
        }
    }
}

/// Runs the rounds. Each step is independent and logs its own failures.
async fn run_jobs(store: Store, clock: Clock) {
    let mut partitions_at = 0;
    for round in 0_u32.. {
        tokio::time::sleep(JOBS_EVERY).await;
        let now = clock.now();
        let _ = store.run_due_jobs(now).await;
        // Looks at everybody, so less often; what an act ends it ends at once.
        if round.is_multiple_of(SELDOM) {
            let _ = store.reckon_deadlines(now).await;
        }
        if round >= partitions_at {
            partitions_at = round.saturating_add(keep_partitions(&store, &clock).await);
        }
    }
}

/// Returns the number of rounds until the partitions are checked again.
async fn keep_partitions(store: &Store, clock: &Clock) -> u32 {
    let now = clock.now();
    match store.keep_partitions_ahead(now).await {
        Ok(waiting) if waiting.is_empty() => return SELDOM,
        Ok(waiting) => {
            let waiting = waiting.join(", ");
            tracing::warn!(waiting, "partitions of the logs wait until nobody reads the logs");
        }
        Err(error) => {
            tracing::error!(error = causes(&error), "partitions of the logs could not be made");
        }
    }
    // If the current or the next month has no partition, new rows must be moved later, so the next attempt follows
    // soon.
    match store.partitions_ahead(now).await {
        Ok(ahead) if ahead.months > 1 => PARTITIONS_AGAIN,
        _ => SELDOM,
    }
}

async fn show(counted: Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(telemetry::render(&counted))
}

fn first(addresses: &[SocketAddr]) -> io::Result<SocketAddr> {
    addresses.first().copied().ok_or_else(|| io::Error::other("no address to listen on"))
}
