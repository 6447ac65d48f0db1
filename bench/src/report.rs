//! The figures, as a page.

use crate::Question;
use crate::load::Turn;
use std::fmt::Write as _;
use std::time::Duration;

/// What the turns gave.
#[derive(Debug, Default)]
pub struct Figures {
    /// Over HTTP.
    pub http: Vec<Turn>,
    /// pgbench with the log row in the transaction.
    pub logged: Vec<f64>,
    /// pgbench without it.
    pub unlogged: Vec<f64>,
}

/// The medians of one question at one size.
#[derive(Debug)]
pub struct Row {
    question: Question,
    people: usize,
    per_second: f64,
    p50: Duration,
    p99: Duration,
    logged: f64,
    unlogged: f64,
}

impl Row {
    /// The medians.
    pub fn new(question: Question, people: usize, figures: &Figures) -> Self {
        let of = |pick: fn(&Turn) -> f64| median(figures.http.iter().map(pick).collect());
        Self {
            question,
            people,
            per_second: of(|turn| turn.per_second),
            p50: Duration::from_secs_f64(of(|turn| turn.p50.as_secs_f64())),
            p99: Duration::from_secs_f64(of(|turn| turn.p99.as_secs_f64())),
            logged: median(figures.logged.clone()),
            unlogged: median(figures.unlogged.clone()),
        }
    }

    /// As a line of the table.
    pub fn line(&self) -> String {
        format!(
            "| {} | {} | {:.0} | {:.2} | {:.2} | {:.1} | {:.0} | **{:.2}** | {:.0} | {:.2} |",
            self.question.name(),
            self.people,
            self.per_second,
            self.p50.as_secs_f64() * 1e3,
            self.p99.as_secs_f64() * 1e3,
            self.p99.as_secs_f64() / self.p50.as_secs_f64(),
            self.logged,
            self.per_second / self.logged,
            self.unlogged,
            self.per_second / self.unlogged,
        )
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let at = |index: usize| values.get(index).copied().unwrap_or_default();
    // Of an even number the mean of the two in the middle: the upper one alone would flatter.
    if values.len().is_multiple_of(2) {
        f64::midpoint(at(middle.saturating_sub(1)), at(middle))
    } else {
        at(middle)
    }
}

/// The whole page.
pub fn page(
    rows: &[Row],
    connections: usize,
    turns: usize,
    seconds: u64,
    pool_size: usize,
) -> String {
    let mut page = format!(
        "# Figures\n\nWritten by `cargo run --release -p bench`. One machine serves load generator, server and database at once \
         ({} processors); {connections} connections, {pool_size} database connections a worker; medians of {turns} turns of {seconds} s, \
         both sides taking turns. The machine's speed drifts: only ratios within one run count.\n\n\
         HTTP with everything on: token, row security, policy, access log durable before the answer. The ceiling is pgbench \
         (prepared) sending the same statements: opening with the actor, who acts, the read, the log row in that transaction; \
         beside it without the log row.\n\n\
         Goals: at least 0.5 of the ceiling with its log row, p99 at most 8 × p50, the larger at most 1.3 × slower.\n\n\
         | what | young people | HTTP/s | p50 ms | p99 ms | p99/p50 | ceiling/s, logged | ratio | ceiling/s, unlogged | ratio |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
        std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
    );
    for row in rows {
        let _ = writeln!(page, "{}", row.line());
    }
    page.push_str("\n| what | slower at the larger size |\n|---|---|\n");
    for question in [Question::CaseFile, Question::List] {
        let of: Vec<&Row> = rows.iter().filter(|row| row.question == question).collect();
        if let (Some(small), Some(large)) = (of.first(), of.last()) {
            let _ = writeln!(
                page,
                "| {} | {:.2} × |",
                question.name(),
                small.per_second / large.per_second
            );
        }
    }
    page
}
