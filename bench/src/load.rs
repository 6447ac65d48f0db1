//! The load over HTTP: keep-alive connections that ask, wait for the whole answer, and ask again.

use crate::municipality::{Asked, Server};
use std::error::Error as StdError;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What one turn gave.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    /// Answers per second.
    pub per_second: f64,
    /// The median time of an answer.
    pub p50: Duration,
    /// The time that 99 of 100 answers kept.
    pub p99: Duration,
}

/// Asks on `connections` at the same time, for `turn`.
pub async fn run(
    server: &Server,
    questions: &[Asked],
    path: impl Fn(&Asked) -> String,
    connections: usize,
    turn: Duration,
) -> Result<Turn, Box<dyn StdError>> {
    let began = Instant::now();
    let mut running = JoinSet::new();
    for number in 0..connections {
        let requests: Vec<Vec<u8>> = questions
            .iter()
            .skip(number)
            .step_by(connections)
            .map(|asked| request(asked, &path(asked), &server.address))
            .collect();
        let address = server.address.clone();
        running.spawn(async move {
            ask(&address, &requests, began + turn).await.map_err(|error| error.to_string())
        });
    }
    let mut times = Vec::new();
    while let Some(ended) = running.join_next().await {
        times.extend(ended??);
    }
    let took = began.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    let many = f64::from(u32::try_from(times.len())?);
    Ok(Turn { per_second: many / took, p50: at(50), p99: at(99) })
}

fn request(asked: &Asked, path: &str, address: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\r\n",
        asked.token
    )
    .into_bytes()
}

/// Asks them in turn on one connection, until then; gives how long each took.
pub async fn ask(
    address: &str,
    requests: &[Vec<u8>],
    until: Instant,
) -> Result<Vec<Duration>, Box<dyn StdError + Send + Sync>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut times = Vec::new();
    let mut buffer = Vec::with_capacity(64 * 1024);
    for request in requests.iter().cycle() {
        let began = Instant::now();
        if began >= until {
            break;
        }
        stream.write_all(request).await?;
        answer(&mut stream, &mut buffer).await?;
        times.push(began.elapsed());
    }
    Ok(times)
}

/// Reads one answer: the head, then as many bytes as it says.
async fn answer(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
) -> Result<(), Box<dyn StdError + Send + Sync>> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the server hung up".into());
        }
        let Some(head) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text =
            String::from_utf8_lossy(buffer.get(..head).unwrap_or_default()).to_ascii_lowercase();
        if !text.starts_with("http/1.1 20") {
            return Err(format!("not answered: {}", text.lines().next().unwrap_or_default()).into());
        }
        let length: usize = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .ok_or("no content-length")?
            .trim()
            .parse()?;
        while buffer.len() < head + 4 + length {
            if stream.read_buf(buffer).await? == 0 {
                return Err("the server hung up".into());
            }
        }
        return Ok(());
    }
}
