//! The servers: the interface, and the figures on a port of their own.

use crate::settings::{ServeOptions, Settings};
use crate::telemetry;
use actix_web::dev::ServerHandle;
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use api::passwords::Passwords;
use api::{Clock, Shared, Throttle, TrustedProxies};
use metrics_exporter_prometheus::PrometheusHandle;
use persistence::installation::ensure_fit;
use persistence::{Store, StoreError};
use serde_json::json;
use std::error::Error as StdError;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How often due jobs are looked for; those of a request are run at its end.
const JOBS_EVERY: Duration = Duration::from_secs(5);
/// In how many of these rounds it looks once for deadlines to be told: each minute.
const DEADLINES_EVERY: u32 = 12;
/// How often what was counted is summed up; else it would pile up where nobody asks for it (E1).
const UPKEEP_EVERY: Duration = Duration::from_secs(5);
/// How long a request may go on after the process was asked to end.
const DRAIN_SECONDS: u64 = 20;

/// Serves until the process is asked to end.
pub async fn run(options: ServeOptions) -> Result<(), Box<dyn StdError>> {
    let settings = options.resolve()?;
    telemetry::tell(&settings.log);
    ensure_fit(&settings.store, settings.keys.demonstration).await?;
    let is_json = settings.json;
    let running = start(&settings)?;
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
    running.finish().await
}

/// Tells whether the configuration holds and the database is fit.
pub async fn check(options: ServeOptions) -> Result<(), Box<dyn StdError>> {
    let settings = options.resolve()?;
    ensure_fit(&settings.store, settings.keys.demonstration).await?;
    print_line("the configuration holds")?;
    Ok(())
}

/// A line on standard output, at once.
pub fn print_line(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// The servers, running.
pub struct Running {
    listen: SocketAddr,
    metrics: SocketAddr,
    server: JoinHandle<io::Result<()>>,
    figures: ServerHandle,
    jobs: JoinHandle<()>,
    upkeep: JoinHandle<()>,
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

    /// Waits until the process is asked to end, and the last request has been answered.
    pub async fn finish(self) -> Result<(), Box<dyn StdError>> {
        let ended = self.server.await?;
        self.jobs.abort();
        self.upkeep.abort();
        self.figures.stop(false).await;
        Ok(ended?)
    }
}

/// Starts the servers and the worker of due jobs.
pub fn start(settings: &Settings) -> Result<Running, Box<dyn StdError>> {
    let clock = Clock::system();
    let shared = Shared {
        clock: clock.clone(),
        tokens: Arc::new(settings.keys.tokens()?),
        passwords: Passwords::new(settings.hashing_workers),
        throttle: Arc::new(Throttle::default()),
        proxies: Arc::new(TrustedProxies::new(settings.trusted_proxies.clone())),
        strict_transport: settings.hsts_seconds,
    };
    let vault = Arc::new(settings.keys.vault()?);
    let jobs = Store::new(&settings.store, Arc::clone(&vault))?;
    let counted = telemetry::count()?;

    let store = settings.store.clone();
    let server =
        HttpServer::new(move || api::app(store.clone(), Arc::clone(&vault), shared.clone()))
            .workers(settings.workers)
            .shutdown_timeout(DRAIN_SECONDS)
            .tcp_nodelay(true)
            .bind(settings.listen)?;
    let listen = first(&server.addrs())?;
    let handle = counted.clone();
    let upkeep = tokio::task::spawn_local(async move {
        loop {
            tokio::time::sleep(UPKEEP_EVERY).await;
            handle.run_upkeep();
        }
    });
    let figures = HttpServer::new(move || {
        App::new().app_data(Data::new(counted.clone())).route("/metrics", web::get().to(show))
    })
    .workers(1)
    .disable_signals()
    .bind(settings.metrics)?;
    let metrics = first(&figures.addrs())?;
    let figures = figures.run();
    let handle = figures.handle();
    tokio::task::spawn_local(figures);
    Ok(Running {
        listen,
        metrics,
        server: tokio::task::spawn_local(server.run()),
        figures: handle,
        jobs: tokio::task::spawn_local(run_jobs(jobs, clock)),
        upkeep,
    })
}

async fn run_jobs(store: Store, clock: Clock) {
    for round in 0_u32.. {
        tokio::time::sleep(JOBS_EVERY).await;
        let now = clock.now();
        // Looks at everybody, so less often; what an act ends it ends at once.
        let reckoned = if round.is_multiple_of(DEADLINES_EVERY) {
            store.reckon_deadlines(now).await
        } else {
            Ok(())
        };
        let ran = store.run_due_jobs(now).await.map(|_| ());
        match reckoned.and(ran) {
            Ok(()) => {}
            Err(StoreError::Unavailable(error)) => {
                tracing::warn!(%error, "jobs wait for the database");
            }
            Err(error) => tracing::error!(%error, "due jobs could not be run"),
        }
    }
}

async fn show(counted: Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(counted.render())
}

fn first(addresses: &[SocketAddr]) -> io::Result<SocketAddr> {
    addresses.first().copied().ok_or_else(|| io::Error::other("no address to listen on"))
}
