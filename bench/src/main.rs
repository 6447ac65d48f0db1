//! Enplan over HTTP, beside pgbench sending the same statements to the same database in the same run.
//!
//! `cargo build --release && cargo run --release -p bench` writes `bench/RESULTS.md`; with `-- --leader` it tells what
//! the leader of one large unit waits for, with `-- --hotline 1000000` how the hotline does with so many contacts, with
//! `-- --transitions` how long the shared overview of 15,000 needs takes, with `-- --sign-ins 127.0.0.1:8080 --pid PID`
//! how a server that runs (a demonstration's) bears 10,000 sign-ins with names that nobody has. The machine's speed
//! drifts: only ratios within one run count, so both sides take turns.

mod ceiling;
mod hotline;
mod leader;
mod load;
mod municipality;
mod report;
mod sign_ins;
mod transitions;

use api::Clock;
use clap::Parser;
use municipality::{Asked, Municipality, Population};
use report::{Figures, Row};
use std::error::Error as StdError;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// The case file of one young person.
    CaseFile,
    /// The first page (50) of the list of young people.
    List,
}

impl Question {
    /// What it is called.
    const fn name(self) -> &'static str {
        match self {
            Self::CaseFile => "case file",
            Self::List => "list of 50",
        }
    }

    /// Where it is asked.
    fn path(self, asked: &Asked) -> String {
        match self {
            Self::CaseFile => format!("/api/v1/young-people/{}/case-file", asked.young_person),
            Self::List => "/api/v1/young-people".to_owned(),
        }
    }
}

/// How to measure.
#[derive(Debug, Parser)]
struct Options {
    /// Young people in each database.
    #[arg(long, value_delimiter = ',', default_values_t = [15_000, 200_000])]
    people: Vec<usize>,
    /// Connections at the same time.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Seconds of each turn.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Turns of each side; the median counts.
    #[arg(long, default_value_t = 3)]
    turns: usize,
    /// The `enplan` program, built with --release.
    #[arg(long, default_value = "target/release/enplan")]
    enplan: PathBuf,
    /// Where the databases are kept between runs.
    #[arg(long, default_value = "/var/lib/enplan/bench")]
    data: PathBuf,
    /// Database connections of each worker.
    #[arg(long, default_value_t = 2)]
    pool_size: usize,
    /// Only what a leader asks of one large unit, one question after the other; told, and written nowhere.
    #[arg(long)]
    leader: bool,
    /// Only the hotline, with so many contacts: searching them, and logging one; told, and written nowhere.
    #[arg(long)]
    hotline: Option<usize>,
    /// Only the shared overview of transitions, of as many needs as young people; told, and written nowhere.
    #[arg(long)]
    transitions: bool,
    /// Only 10,000 wrong sign-ins on 200 connections, at a server that runs here; told, and written nowhere.
    #[arg(long, requires = "pid")]
    sign_ins: Option<SocketAddr>,
    /// The process of that server.
    #[arg(long)]
    pid: Option<u32>,
    /// An account of that server that signs in meanwhile.
    #[arg(long, default_value = "jv.sagsbehandler")]
    username: String,
    /// Its pass phrase.
    #[arg(long, default_value = "enplan-demo")]
    password: String,
    /// Where the figures are written.
    #[arg(long, default_value = "bench/RESULTS.md")]
    out: PathBuf,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let options = Options::parse();
    let turn = Duration::from_secs(options.seconds);
    if let (Some(address), Some(pid)) = (options.sign_ins, options.pid) {
        let account = (options.username, options.password);
        let target = sign_ins::Target { address, pid, account };
        let measured = sign_ins::measure(target, 10_000, 200).await;
        return measured.map_err(|error| error.to_string().into());
    }
    if options.leader {
        return leader::measure(&options, turn).await;
    }
    if options.transitions {
        return transitions::measure(&options, turn).await;
    }
    if let Some(contacts) = options.hotline {
        return hotline::measure(&options, contacts, turn).await;
    }
    let mut rows = Vec::new();
    for people in &options.people {
        eprintln!("{people} young people: preparing …");
        let place =
            Municipality::prepare(&options.data, Population::Cases, *people, Clock::system().now())
                .await?;
        let server = place.serve(&options.enplan, options.pool_size)?;
        for question in [Question::CaseFile, Question::List] {
            let path = |asked: &Asked| question.path(asked);
            load::run(&server, &place.questions, path, options.connections, Duration::from_secs(2))
                .await?;
            let mut figures = Figures::default();
            for _ in 0..options.turns {
                figures.http.push(
                    load::run(&server, &place.questions, path, options.connections, turn).await?,
                );
                figures.logged.push(ceiling::run(
                    &place,
                    question,
                    true,
                    options.connections,
                    turn,
                )?);
                figures.unlogged.push(ceiling::run(
                    &place,
                    question,
                    false,
                    options.connections,
                    turn,
                )?);
            }
            let row = Row::new(question, *people, &figures);
            eprintln!("{}", row.line());
            rows.push(row);
        }
    }
    let page =
        report::page(&rows, options.connections, options.turns, options.seconds, options.pool_size);
    std::fs::write(&options.out, page)?;
    Ok(())
}
